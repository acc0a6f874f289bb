//! When work may be asked for again: kept by a handle and its clones together, whatever their users do.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When the next question may be asked. Not a part of the handle's identity, and not written with it.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    due: Arc<Mutex<Option<Instant>>>,
}

impl Pace {
    /// The earliest time of the next question; now, if there was none yet.
    pub(super) fn due(&self) -> Instant {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(Instant::now)
    }

    /// A question is asked, or was answered, now: the next is not to be asked before this much later.
    pub(super) fn asked(&self, minimum: Duration) {
        let next = Instant::now() + minimum.min(Duration::from_hours(8760));
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        *due = Some(due.map_or(next, |due| due.max(next)));
    }
}

impl PartialEq for Pace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Pace {}
