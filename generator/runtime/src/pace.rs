//! When work may be asked for again: kept by a handle and its clones together, whatever their users do.
//!
//! Nobody holds a lock while waiting or asking: a future that is dropped, or kept and no longer polled, is in nobody's way.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// When the next question may be asked. Not a part of the handle's identity, and not written with it.
#[derive(Clone, Default)]
pub struct Pace {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    /// Nobody asks before this. `None` until the first question.
    due: Option<Instant>,
    /// Who waits to ask, in the order in which they came.
    waiting: Vec<u64>,
    /// How many have waited so far.
    came: u64,
}

/// What one who waits finds.
enum Found {
    /// It is time, and nobody else will ask now.
    Turn,
    /// It is not time.
    NotBefore(Instant),
    /// It is time, but another has waited for longer.
    Another,
}

impl Pace {
    /// How long it is until the next question may be asked.
    pub(super) fn left(&self) -> Duration {
        self.lock().due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()))
    }

    /// Waits until a question may be asked, and takes the turn: nobody else has one within the minimum after it. False,
    /// and nothing is taken, if that is not before the end. Of those who wait, the one who came first asks first.
    pub(super) async fn turn(&self, earliest: Instant, end: Instant, minimum: Duration) -> bool {
        sleep_if_ahead(earliest.min(end)).await;
        let place = Place::new(self);
        let mut has_yielded = false;
        while Instant::now() < end {
            match self.look(&place, has_yielded, minimum) {
                Found::Turn => return true,
                Found::NotBefore(due) => {
                    sleep_if_ahead(due.min(end)).await;
                    has_yielded = false;
                }
                // Once only: the other may be a future that nobody polls any more.
                Found::Another => {
                    yield_once().await;
                    has_yielded = true;
                }
            }
        }
        false
    }

    /// A question was answered now: the next is not to be asked before this much later.
    pub(super) fn answered(&self, pause: Duration) {
        let next = Instant::now() + pause;
        let mut shared = self.lock();
        shared.due = Some(shared.due.map_or(next, |due| due.max(next)));
    }

    fn look(&self, place: &Place<'_>, has_yielded: bool, minimum: Duration) -> Found {
        let now = Instant::now();
        let mut shared = self.lock();
        match shared.due {
            Some(due) if due > now => Found::NotBefore(due),
            _ if !has_yielded && shared.waiting.first() != Some(&place.number) => Found::Another,
            _ => {
                shared.due = Some(now + minimum);
                Found::Turn
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, given up when dropped.
struct Place<'a> {
    pace: &'a Pace,
    number: u64,
}

impl<'a> Place<'a> {
    fn new(pace: &'a Pace) -> Self {
        let mut shared = pace.lock();
        shared.came += 1;
        let number = shared.came;
        shared.waiting.push(number);
        Self { pace, number }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pace.lock().waiting.retain(|number| *number != self.number);
    }
}

/// A timer is as late as its clock is coarse, also where there is nothing to wait for.
async fn sleep_if_ahead(instant: Instant) {
    if instant > Instant::now() {
        sleep_until(instant).await;
    }
}

/// Lets whoever has been woken at the same time go first.
async fn yield_once() {
    let mut has_yielded = false;
    poll_fn(|context| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl PartialEq for Pace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Pace {}

/// The name alone: what is in it concerns nobody.
impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}
