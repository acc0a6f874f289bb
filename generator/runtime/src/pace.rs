//! When a job may be polled again, and what the latest poll brought: shared by a handle and its clones, whatever their
//! users do.
//!
//! Nobody holds a lock while waiting or polling. A future that is dropped, or kept and no longer polled, delays nobody
//! for longer than one interval.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};
use tokio::time::{Instant, timeout_at};

use super::mask::Mask;
use super::options::Echoes;

/// What a handle and its clones share: when the job was polled, what came of it, and what its start has sent. It is
/// neither a part of the handle's identity nor serialized with it.
#[derive(Clone, Default)]
pub struct Pace {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    turns: Mutex<Turns>,
    /// Set if the job was started in this process.
    start: OnceLock<Start>,
}

struct Start {
    at: Instant,
    echoes: Arc<Mask>,
}

#[derive(Default)]
struct Turns {
    /// When a poll was last sent or answered. `None` before the first.
    last: Option<Instant>,
    pause: Option<Pause>,
    /// The channels of the clients that poll now, each with the address of its client. The listeners keep a channel
    /// alive, and each of them borrows its client. So no other client has that address while the channel is alive.
    channels: Vec<(usize, Weak<Channel>)>,
}

/// The outcome of a client's latest poll. It may be large, and is dropped with the last listener.
type Channel = Sender<Option<Outcome>>;

/// A pause that the service has asked for in `Retry-After`.
#[derive(Clone, Copy)]
struct Pause {
    until: Instant,
    /// Until when the service wishes it to last. Later than `until` if that is longer than anybody waits.
    wish: Instant,
}

/// The outcome of a poll, for all callers who wait with the same client. Another client may have another credential or
/// another server, and has to poll by itself.
#[derive(Clone)]
pub(super) struct Outcome {
    /// Whether the job is over.
    pub(super) is_end: bool,
    pub(super) value: Arc<dyn Any + Send + Sync>,
}

/// When a caller wants to poll.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) earliest: Instant,
    /// Nothing is sent from here on.
    pub(super) end: Instant,
    /// The least time since the last poll.
    pub(super) minimum: Duration,
    /// The longest pause that the caller waits for.
    pub(super) longest: Duration,
}

/// What becomes of a caller who wants to poll.
pub(super) enum Turn {
    /// It is time, and the caller polls.
    Own,
    /// Another caller has polled with the same client in the meantime.
    Heard(Outcome),
    /// The service asks for a longer pause than the caller waits for: what is left of it.
    TooLong(Duration),
    /// The end of the window.
    Over,
}

impl Pace {
    /// The job was started just now, by a request whose response may pause the first poll. `echoes` is what responses
    /// to later polls may echo.
    pub(super) fn started(&self, asked: Duration, longest: Duration, echoes: Mask) {
        let at = Instant::now();
        let _set_before = self.shared.start.set(Start { at, echoes: Arc::new(echoes) });
        self.turns().pause_for(at, asked, longest);
    }

    /// What responses to polls may echo of the start.
    pub(super) fn echoes(&self) -> Echoes {
        self.shared.start.get().map_or(Echoes::Unknown, |start| Echoes::Start(start.echoes.clone()))
    }

    /// How long ago the job was started, if in this process.
    pub(super) fn age(&self) -> Option<Duration> {
        self.shared.start.get().map(|start| start.at.elapsed())
    }

    /// Receives the outcome of every poll by the same client from now on. `client` is its address.
    pub(super) fn listen(&self, client: usize) -> Listener<'_> {
        let channel = self.turns().channel(client);
        let news = Some(channel.subscribe());
        Listener { pace: self, channel, news }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.shared.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn channel(&mut self, client: usize) -> Arc<Channel> {
        self.channels.retain(|(_, channel)| channel.strong_count() > 0);
        let mut known = self.channels.iter().filter(|(other, _)| *other == client);
        if let Some(channel) = known.find_map(|(_, channel)| channel.upgrade()) {
            return channel;
        }
        let channel = Arc::new(Channel::default());
        self.channels.push((client, Arc::downgrade(&channel)));
        channel
    }

    /// The caller's turn, which is taken, or when to look again.
    fn look(&mut self, window: &Window) -> Result<Turn, Instant> {
        let now = Instant::now();
        if now >= window.end {
            return Ok(Turn::Over);
        }
        let pause = self.pause.filter(|pause| pause.until > now);
        if let Some(Pause { until, wish }) = pause
            && (wish > until || until - now > window.longest)
        {
            return Ok(Turn::TooLong(wish - now));
        }
        let next = self.last.map_or(now, |last| last + window.minimum);
        let due = window.earliest.max(next).max(pause.map_or(now, |pause| pause.until));
        if due > now {
            return Err(due);
        }
        self.last = Some(now);
        Ok(Turn::Own)
    }

    /// A shorter pause does not end a longer one.
    fn pause_for(&mut self, now: Instant, asked: Duration, longest: Duration) {
        let pause = Pause { until: now + asked.min(longest), wish: now + asked };
        if pause.until > now && self.pause.is_none_or(|earlier| earlier.until <= pause.until) {
            self.pause = Some(pause);
        }
    }
}

/// A caller who waits for a turn or for the outcome of another caller's poll with the same client.
pub(super) struct Listener<'a> {
    pace: &'a Pace,
    channel: Arc<Channel>,
    /// Only while listening.
    news: Option<Receiver<Option<Outcome>>>,
}

impl Listener<'_> {
    /// Waits until the caller may poll or another caller has polled with the same client. A turn that is taken delays the others by one
    /// interval only, whatever becomes of the caller.
    pub(super) async fn turn(&mut self, window: &Window) -> Turn {
        loop {
            let found = self.pace.turns().look(window);
            match found {
                Ok(turn) => return turn,
                Err(due) => {
                    if let Ok(outcome) = timeout_at(due.min(window.end), self.heard()).await {
                        return Turn::Heard(outcome);
                    }
                }
            }
        }
    }

    /// The caller's own poll, unless another caller's poll shows before that the job is over.
    pub(super) async fn unless_over<T>(&mut self, polling: impl Future<Output = T>) -> Result<T, Outcome> {
        let mut polling = pin!(polling);
        let mut over = pin!(async {
            loop {
                let outcome = self.heard().await;
                if outcome.is_end {
                    return outcome;
                }
            }
        });
        poll_fn(|context| match polling.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending => over.as_mut().poll(context).map(Err),
        })
        .await
    }

    /// The caller's own poll was answered now. The callers with the same client receive the outcome.
    pub(super) fn answered(mut self, asked: Duration, longest: Duration, outcome: impl FnOnce() -> Outcome) {
        self.news = None;
        let outcome = (self.channel.receiver_count() > 0).then(outcome);
        let mut turns = self.pace.turns();
        let now = Instant::now();
        turns.last = Some(now);
        turns.pause_for(now, asked, longest);
        // While the turns are locked: whoever finds that it is not time yet also hears why.
        let replaced = outcome.and_then(|outcome| self.channel.send_replace(Some(outcome)));
        drop(turns);
        drop(replaced);
    }

    /// The next outcome.
    async fn heard(&mut self) -> Outcome {
        while let Some(news) = &mut self.news
            && news.changed().await.is_ok()
        {
            if let Some(outcome) = news.borrow_and_update().clone() {
                return outcome;
            }
        }
        // The listener holds the sender.
        std::future::pending().await
    }
}

impl PartialEq for Pace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Pace {}

/// The name alone: what is in it concerns nobody, and may be secret.
impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}
