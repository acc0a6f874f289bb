//! The time limits of a call and its attempts. They use the clock of tokio, so that tests can pause it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Timeout, timeout_at};

use crate::runtime::error::kind::TimeoutKind;

/// Longer than any useful limit, but short enough not to overflow a clock.
pub(crate) const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How late a timer may fire: the resolution of the timers of tokio.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// The time limit of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    started: Instant,
    end: Instant,
}

impl Deadline {
    pub(crate) fn start(total: Duration) -> Self {
        let started = Instant::now();
        Self { started, end: later(started, total) }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Returns whether no time is left.
    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Returns the limit of an attempt that starts now: `timeout`, or what is left of the call if that is less.
    pub(crate) fn attempt(&self, timeout: Duration) -> Limit {
        self.attempt_since(Instant::now(), timeout)
    }

    /// Returns the limit of an attempt that has made progress at an instant.
    pub(crate) fn attempt_since(&self, progress: Instant, timeout: Duration) -> Limit {
        let end = later(progress, timeout);
        if self.end <= end {
            Limit { end: self.end, kind: TimeoutKind::Total }
        } else {
            Limit { end, kind: TimeoutKind::Attempt }
        }
    }

    /// Returns whether time is left after this wait, even if the timer fires late.
    pub(crate) fn allows(&self, wait: Duration) -> bool {
        later(Instant::now(), wait.saturating_add(TICK)) < self.end
    }
}

fn later(instant: Instant, duration: Duration) -> Instant {
    instant + duration.min(FAR)
}

/// The time limit of one attempt, for all its steps together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    end: Instant,
    kind: TimeoutKind,
}

impl Limit {
    /// Returns which limit has passed, if one has.
    pub(crate) fn passed(&self) -> Option<TimeoutKind> {
        (Instant::now() >= self.end).then_some(self.kind)
    }

    /// Returns the time left.
    pub(crate) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// Returns which limit this is.
    pub(crate) fn kind(&self) -> TimeoutKind {
        self.kind
    }

    /// Applies the limit to one step. A step that never waits is not interrupted: call [`passed`](Self::passed) between
    /// steps where there may be many.
    ///
    /// The step is pinned by the caller: a future that is passed by value is copied, and takes up its size twice.
    pub(crate) fn over<'a, F: Future>(&self, step: Pin<&'a mut F>) -> Timeout<Pin<&'a mut F>> {
        timeout_at(self.end, step)
    }
}
