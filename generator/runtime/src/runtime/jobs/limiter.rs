//! When a job may be polled again, and what the latest poll brought: shared by a handle and its clones, whatever their
//! users do.
//!
//! Nobody holds a lock while waiting or polling. A future that is dropped, or kept and no longer polled, delays nobody
//! for longer than one interval. Nobody waits for ever because others poll more often.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};
use tokio::time::{Instant, timeout_at};

use crate::runtime::call::options::Echoes;
use crate::runtime::error::mask::Mask;

/// What a handle and its clones share: when the job was polled, what came of it, and what its start has sent. It is
/// neither a part of the handle's identity nor serialized with it.
#[derive(Clone, Default)]
pub struct PollLimiter {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    turns: Mutex<Turns>,
    /// What responses may echo of the start. Set if the job was started in this process.
    start: OnceLock<Arc<Mask>>,
}

/// The advantage of the caller who has waited longest over the others who may poll at the same time.
const HEAD_START: Duration = Duration::from_millis(1);

#[derive(Default)]
struct Turns {
    /// The polls that the next one has to keep its distance from: the latest, and each earlier one with a longer
    /// minimum than all after it. Empty before the first poll.
    polled: Vec<Polled>,
    /// When the first poll was answered or failed.
    first_outcome: Option<Instant>,
    /// The caller who has waited longest, as far as is known. It is not kept when another caller polls, because its
    /// future may be one that is no longer polled.
    first_in_line: Option<Claim>,
    claims: u64,
    /// By time, each longer than all after it: a shorter pause does not end a longer one.
    pauses: Vec<Pause>,
    /// The channels of the clients that poll now, each with the address of its client. The listeners keep a channel
    /// alive, and each of them borrows its client. So no other client has that address while the channel is alive.
    channels: Vec<(usize, Weak<Channel>)>,
}

/// The outcome of a client's latest poll. It may be large, and is dropped with the last listener.
type Channel = Sender<Option<Outcome>>;

/// A poll that was sent or answered.
struct Polled {
    at: Instant,
    /// The minimum of the caller who sent it.
    minimum: Duration,
}

/// A caller's place in the line of those who wait.
#[derive(Clone, Copy, PartialEq)]
struct Claim {
    /// When the caller may poll if nobody else does. It is fixed when the caller begins to wait, so that others who poll
    /// more often cannot put it off for ever.
    due: Instant,
    number: u64,
}

/// A pause that the service has asked for in `Retry-After`. Each caller waits for it up to its own longest pause, however
/// long the client waits that received it.
#[derive(Clone, Copy)]
struct Pause {
    from: Instant,
    asked: Duration,
}

/// More pauses than these at the same time are not kept.
const MOST_PAUSES: usize = 16;

impl Pause {
    /// When it is over for a caller with this longest pause.
    fn end_for(&self, longest: Duration) -> Instant {
        self.from + self.asked.min(longest)
    }

    fn end(&self) -> Instant {
        self.from + self.asked
    }
}

/// The outcome of a poll, for all callers who wait with the same client. Another client may have another credential or
/// another server, and has to poll by itself.
#[derive(Clone)]
pub(crate) struct Outcome {
    /// Whether the job is over.
    pub(crate) is_end: bool,
    pub(crate) value: Arc<dyn Any + Send + Sync>,
}

/// When a caller wants to poll.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) earliest: Instant,
    /// Nothing is sent from here on.
    pub(crate) end: Instant,
    /// The least time since the last poll. A poll that another caller sends while this one waits counts with the
    /// smaller minimum of the two.
    pub(crate) minimum: Duration,
    /// The longest pause that the caller waits for, which is also the longest time for which a pause stops it.
    pub(crate) longest: Duration,
}

/// What becomes of a caller who wants to poll.
pub(crate) enum Turn {
    /// It is time, and the caller polls.
    Own,
    /// Another caller has polled with the same client in the meantime.
    Heard(Outcome),
    /// The service asks for a longer pause than the caller waits for: what is left of it.
    TooLong(Duration),
    /// The end of the window.
    Over,
}

impl PollLimiter {
    /// The job was started just now, by a request whose response may pause the first poll. `echoes` is what responses
    /// to later polls may echo.
    pub(crate) fn started(&self, asked: Duration, echoes: Mask) {
        let _set_before = self.shared.start.set(Arc::new(echoes));
        self.turns().pause_for(Instant::now(), asked);
    }

    /// What responses to polls may echo of the start.
    pub(crate) fn echoes(&self) -> Echoes {
        self.shared.start.get().map_or(Echoes::Unknown, |echoes| Echoes::Start(echoes.clone()))
    }

    /// How long ago the first poll of the job was answered or failed, if the job was started in this process.
    pub(crate) fn polled_for(&self) -> Option<Duration> {
        self.shared.start.get()?;
        self.turns().first_outcome.map(|first| first.elapsed())
    }

    /// Receives the outcome of every poll by the same client from now on. `client` is its address.
    pub(crate) fn listen(&self, client: usize) -> Listener<'_> {
        let channel = self.turns().channel(client);
        let news = Some(channel.subscribe());
        Listener { limiter: self, channel, news, claim: None }
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

    /// The claim of a caller who begins to wait.
    fn claim(&mut self, window: &Window) -> Claim {
        self.claims = self.claims.wrapping_add(1);
        let next = self.polled.last().map(|last| last.at + window.minimum);
        Claim { due: next.map_or(window.earliest, |next| next.max(window.earliest)), number: self.claims }
    }

    /// The caller's turn, which is taken, or when to look again.
    fn look(&mut self, window: &Window, claim: Claim) -> Result<Turn, Instant> {
        let now = Instant::now();
        if now >= window.end {
            return Ok(Turn::Over);
        }
        let pauses = self.pauses.iter().filter(|pause| pause.end_for(window.longest) > now);
        if let Some(pause) = pauses.clone().find(|pause| pause.asked > window.longest) {
            return Ok(Turn::TooLong(pause.end() - now));
        }
        let distant = self.polled.iter().map(|polled| polled.at + polled.minimum.min(window.minimum));
        let due = distant.chain(pauses.map(Pause::end)).fold(claim.due, Instant::max);
        let due = if self.is_overtaking(claim, now) { due + HEAD_START } else { due };
        if due > now {
            if self.first_in_line.is_none_or(|first| claim.due < first.due) {
                self.first_in_line = Some(claim);
            }
            return Err(due);
        }
        self.polled(now, window.minimum);
        self.first_in_line = None;
        Ok(Turn::Own)
    }

    /// Whether a caller who could poll by now has waited longer.
    fn is_overtaking(&self, claim: Claim, now: Instant) -> bool {
        self.first_in_line.is_some_and(|first| first.due < claim.due && first.due <= now)
    }

    fn withdraw(&mut self, claim: Claim) {
        self.first_in_line = self.first_in_line.filter(|first| *first != claim);
    }

    /// A poll was sent or answered now.
    fn polled(&mut self, now: Instant, minimum: Duration) {
        self.polled.retain(|earlier| earlier.minimum > minimum && earlier.at + earlier.minimum > now);
        self.polled.push(Polled { at: now, minimum });
    }

    /// The service asks for a pause from now on.
    fn pause_for(&mut self, now: Instant, asked: Duration) {
        if asked.is_zero() {
            return;
        }
        self.pauses.retain(|earlier| earlier.end() > now + asked);
        if self.pauses.len() == MOST_PAUSES {
            self.pauses.pop();
        }
        self.pauses.push(Pause { from: now, asked });
    }
}

/// A caller who waits for a turn or for the outcome of another caller's poll with the same client.
pub(crate) struct Listener<'a> {
    limiter: &'a PollLimiter,
    channel: Arc<Channel>,
    /// Only while listening.
    news: Option<Receiver<Option<Outcome>>>,
    /// Since it waits for a turn.
    claim: Option<Claim>,
}

impl Listener<'_> {
    /// Waits until the caller may poll or another caller has polled with the same client. A turn that is taken delays
    /// the others by one interval only, whatever becomes of the caller.
    pub(crate) async fn turn(&mut self, window: &Window) -> Turn {
        let claim = self.limiter.turns().claim(window);
        self.claim = Some(claim);
        loop {
            let found = self.limiter.turns().look(window, claim);
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
    pub(crate) async fn unless_over<T>(&mut self, polling: impl Future<Output = T>) -> Result<T, Outcome> {
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
    pub(crate) fn answered(mut self, asked: Duration, window: &Window, outcome: impl FnOnce() -> Outcome) {
        self.news = None;
        let outcome = (self.channel.receiver_count() > 0).then(outcome);
        let mut turns = self.limiter.turns();
        let now = Instant::now();
        turns.first_outcome.get_or_insert(now);
        turns.polled(now, window.minimum);
        turns.pause_for(now, asked);
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

/// Nobody gives way to a caller who has gone.
impl Drop for Listener<'_> {
    fn drop(&mut self) {
        if let Some(claim) = self.claim {
            self.limiter.turns().withdraw(claim);
        }
    }
}

impl PartialEq for PollLimiter {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for PollLimiter {}

/// The name alone: what is in it concerns nobody, and may be secret.
impl fmt::Debug for PollLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PollLimiter")
    }
}
