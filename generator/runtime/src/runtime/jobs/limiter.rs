//! Limits how often a job is polled, and passes the outcome of a poll to all who wait for it. A handle and its clones share
//! one limiter.
//!
//! No lock is held while a caller waits or polls. A future that is dropped, or kept and no longer polled, delays others for
//! one interval at most. No caller starves because others poll more often.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::hash::{Hash, Hasher};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};
use tokio::time::{Instant, timeout_at};

use crate::runtime::call::options::Echoes;
use crate::runtime::error::mask::Mask;

/// The state that a handle shares with its clones: when the job was polled, with which outcome, and what its start has sent.
/// It is neither compared, hashed nor serialized with the handle.
#[derive(Clone, Default)]
pub struct PollLimiter {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    turns: Mutex<Turns>,
    /// What responses may echo from the start. Set if the job was started in this process.
    start: OnceLock<Arc<Mask>>,
}

/// By how much others give way to the caller who has waited longest, if they may poll at the same time.
const HEAD_START: Duration = Duration::from_millis(1);

#[derive(Default)]
struct Turns {
    /// The polls after which the next one has to wait: the latest, and each earlier one with a longer minimum than all
    /// after it. Empty before the first poll.
    polled: Vec<Polled>,
    /// When the first poll succeeded or failed.
    first_outcome: Option<Instant>,
    /// The caller who has waited longest, as far as is known. It is cleared when another caller polls, because its future
    /// may no longer be polled itself.
    first_in_line: Option<Claim>,
    claims: u64,
    /// In the order of their start. Each ends later than all after it, because a shorter pause does not end a longer one.
    pauses: Vec<Pause>,
    /// The channels of the callers that are polling, each with the address of its client or of its options. Listeners keep a
    /// channel alive and borrow what has the address, so nothing else can have it while the channel is alive.
    channels: Vec<(usize, Weak<Channel>)>,
}

/// The outcome of the latest poll by a client. It may be large, so it is dropped with the last listener.
type Channel = Sender<Option<Outcome>>;

/// A poll that was sent or that has ended.
struct Polled {
    at: Instant,
    /// The [`Window::minimum`] of the caller who sent it.
    minimum: Duration,
}

/// The position of a caller in the queue of those who wait.
#[derive(Clone, Copy, PartialEq)]
struct Claim {
    /// When the caller may poll if no one else does. It is fixed when the caller starts to wait, so that others who poll
    /// more often cannot postpone it forever.
    due: Instant,
    number: u64,
}

/// A pause that the service requires with `Retry-After`. It holds for all callers, and each waits for it up to its own
/// [`Window::longest`].
#[derive(Clone, Copy)]
struct Pause {
    start: Instant,
    length: Duration,
}

/// The maximum number of pauses that are kept at the same time.
const MAX_PAUSES: usize = 16;

impl Pause {
    /// Returns when the pause ends for a caller with this longest pause.
    fn end_for(&self, longest: Duration) -> Instant {
        self.start + self.length.min(longest)
    }

    fn end(&self) -> Instant {
        self.start + self.length
    }
}

/// The outcome of a poll, for all callers who wait with the same client. Another client may have another credential or
/// server, so it has to poll itself.
#[derive(Clone)]
pub(crate) struct Outcome {
    /// Whether the job has ended.
    pub(crate) is_end: bool,
    pub(crate) value: Arc<dyn Any + Send + Sync>,
}

/// The time during which a caller wants to poll.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) earliest: Instant,
    /// No poll is sent at or after this time.
    pub(crate) end: Instant,
    /// The minimum time after the last poll. After a poll by another caller, the smaller minimum of the two applies.
    pub(crate) minimum: Duration,
    /// The longest pause that the caller waits for. A longer one keeps the caller from polling for this time.
    pub(crate) longest: Duration,
}

/// What a caller who wants to poll has to do.
pub(crate) enum Turn {
    /// Poll now.
    Own,
    /// Use this outcome: another caller has polled with the same client in the meantime.
    Shared(Outcome),
    /// Give up: the service requires a longer pause than the caller waits for. This is the rest of the pause.
    TooLong(Duration),
    /// Stop: the window has ended.
    Over,
}

impl PollLimiter {
    /// Records that the job was started just now. `pause` is what the response requires before the first poll, and `echoes`
    /// what the responses to polls may echo.
    pub(crate) fn started(&self, pause: Duration, echoes: Mask) {
        let _set_before = self.shared.start.set(Arc::new(echoes));
        self.turns().pause_for(Instant::now(), pause);
    }

    /// Returns what responses to polls may echo from the start.
    pub(crate) fn echoes(&self) -> Echoes {
        self.shared.start.get().map_or(Echoes::Unknown, |echoes| Echoes::Start(echoes.clone()))
    }

    /// Returns how long ago the first poll of the job succeeded or failed, if the job was started in this process.
    pub(crate) fn polled_for(&self) -> Option<Duration> {
        self.shared.start.get()?;
        self.turns().first_outcome.map(|first| first.elapsed())
    }

    /// Returns a listener that receives the outcome of every poll by the same client from now on. `source` is the address of
    /// the client, or of options with which only this caller polls.
    pub(crate) fn listen(&self, source: usize) -> Listener<'_> {
        let channel = self.turns().channel(source);
        let outcomes = Some(channel.subscribe());
        Listener { limiter: self, channel, outcomes, claim: None }
    }

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.shared.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn channel(&mut self, source: usize) -> Arc<Channel> {
        self.channels.retain(|(_, channel)| channel.strong_count() > 0);
        let mut known = self.channels.iter().filter(|(other, _)| *other == source);
        if let Some(channel) = known.find_map(|(_, channel)| channel.upgrade()) {
            return channel;
        }
        let channel = Arc::new(Channel::default());
        self.channels.push((source, Arc::downgrade(&channel)));
        channel
    }

    /// Returns the claim of a caller who starts to wait.
    fn claim(&mut self, window: &Window) -> Claim {
        self.claims = self.claims.wrapping_add(1);
        let next = self.polled.last().map(|last| last.at + window.minimum);
        Claim { due: next.map_or(window.earliest, |next| next.max(window.earliest)), number: self.claims }
    }

    /// Returns what the caller has to do, or when to check again. [`Turn::Own`] is recorded as a poll.
    fn check(&mut self, window: &Window, claim: Claim) -> Result<Turn, Instant> {
        let now = Instant::now();
        if now >= window.end {
            return Ok(Turn::Over);
        }
        let pauses = self.pauses.iter().filter(|pause| pause.end_for(window.longest) > now);
        if let Some(pause) = pauses.clone().find(|pause| pause.length > window.longest) {
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

    /// Whether another caller who may poll by now has waited longer.
    fn is_overtaking(&self, claim: Claim, now: Instant) -> bool {
        self.first_in_line.is_some_and(|first| first.due < claim.due && first.due <= now)
    }

    fn withdraw(&mut self, claim: Claim) {
        self.first_in_line = self.first_in_line.filter(|first| *first != claim);
    }

    /// Records that a poll was sent or has ended.
    fn polled(&mut self, now: Instant, minimum: Duration) {
        self.polled.retain(|earlier| earlier.minimum > minimum && earlier.at + earlier.minimum > now);
        self.polled.push(Polled { at: now, minimum });
    }

    /// Records a pause that starts now.
    fn pause_for(&mut self, now: Instant, length: Duration) {
        if length.is_zero() {
            return;
        }
        self.pauses.retain(|earlier| earlier.end() > now + length);
        if self.pauses.len() == MAX_PAUSES {
            self.pauses.pop();
        }
        self.pauses.push(Pause { start: now, length });
    }
}

/// A caller who waits for a turn or for the outcome of another caller's poll with the same client.
pub(crate) struct Listener<'a> {
    limiter: &'a PollLimiter,
    channel: Arc<Channel>,
    /// `None` once the caller's own poll has ended.
    outcomes: Option<Receiver<Option<Outcome>>>,
    /// Set while it waits for a turn, and after.
    claim: Option<Claim>,
}

impl Listener<'_> {
    /// Waits until the caller may poll, or until another caller has polled with the same client. The turn delays others by
    /// one interval only, even if the caller does not poll.
    pub(crate) async fn turn(&mut self, window: &Window) -> Turn {
        let claim = self.limiter.turns().claim(window);
        self.claim = Some(claim);
        loop {
            let checked = self.limiter.turns().check(window, claim);
            match checked {
                Ok(turn) => return turn,
                Err(due) => {
                    if let Ok(outcome) = timeout_at(due.min(window.end), self.next_outcome()).await {
                        return Turn::Shared(outcome);
                    }
                }
            }
        }
    }

    /// Awaits the caller's own poll. Returns the outcome of another caller's poll instead if that ends first and shows that the
    /// job has ended.
    pub(crate) async fn unless_ended<T>(&mut self, polling: impl Future<Output = T>) -> Result<T, Outcome> {
        let mut polling = pin!(polling);
        let mut ended = pin!(async {
            loop {
                let outcome = self.next_outcome().await;
                if outcome.is_end {
                    return outcome;
                }
            }
        });
        poll_fn(|context| match polling.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending => ended.as_mut().poll(context).map(Err),
        })
        .await
    }

    /// Records that the caller's own poll has ended, and sends the outcome to the other callers with the same client. `pause`
    /// is what the response requires before the next poll.
    pub(crate) fn finish(mut self, pause: Duration, window: &Window, outcome: impl FnOnce() -> Outcome) {
        // The caller must not count as a receiver of its own outcome.
        self.outcomes = None;
        let outcome = (self.channel.receiver_count() > 0).then(outcome);
        let mut turns = self.limiter.turns();
        let now = Instant::now();
        turns.first_outcome.get_or_insert(now);
        turns.polled(now, window.minimum);
        turns.pause_for(now, pause);
        // Sent while the turns are locked, so that a caller who finds that it has to wait also receives the outcome.
        let replaced = outcome.and_then(|outcome| self.channel.send_replace(Some(outcome)));
        drop(turns);
        drop(replaced);
    }

    /// Waits for the next outcome of another caller's poll.
    async fn next_outcome(&mut self) -> Outcome {
        while let Some(outcomes) = &mut self.outcomes
            && outcomes.changed().await.is_ok()
        {
            if let Some(outcome) = outcomes.borrow_and_update().clone() {
                return outcome;
            }
        }
        // Not reached while waiting: the listener owns a sender, so the channel is not closed.
        std::future::pending().await
    }
}

/// Withdraws the claim, so that others do not give way to a caller who no longer waits.
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

/// Hashes nothing, because all are equal.
impl Hash for PollLimiter {
    fn hash<S: Hasher>(&self, _: &mut S) {}
}

/// Shows the name only, because the content may be secret.
impl fmt::Debug for PollLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PollLimiter")
    }
}
