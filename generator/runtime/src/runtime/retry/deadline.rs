//! The time a call may take. All of it is tokio's clock, so that tests can pause it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Timeout, timeout_at};

use crate::runtime::error::kind::TimeoutKind;

/// Longer than anything that ends, and short enough for every clock.
pub(crate) const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What a timer may be late by: the step of tokio's timers.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// The time of one call.
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

    /// Whether no time is left.
    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.end
    }

    /// The limit of an attempt that begins now: its own, or what is left of the call's if that is less.
    pub(crate) fn attempt(&self, timeout: Duration) -> Limit {
        let end = later(Instant::now(), timeout);
        if self.end <= end {
            Limit { end: self.end, kind: TimeoutKind::Total }
        } else {
            Limit { end, kind: TimeoutKind::Attempt }
        }
    }

    /// Whether time is left after waiting this long, and as much longer as a timer may be late.
    pub(crate) fn allows(&self, wait: Duration) -> bool {
        later(Instant::now(), wait.saturating_add(TICK)) < self.end
    }
}

fn later(instant: Instant, duration: Duration) -> Instant {
    instant + duration.min(FAR)
}

/// The time of one attempt, all its steps together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    end: Instant,
    kind: TimeoutKind,
}

impl Limit {
    /// Which limit has passed, if it has.
    pub(crate) fn passed(&self) -> Option<TimeoutKind> {
        (Instant::now() >= self.end).then_some(self.kind)
    }

    /// The time left.
    pub(crate) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// What it means that the limit has passed.
    pub(crate) fn kind(&self) -> TimeoutKind {
        self.kind
    }

    /// The limit over one step. A step that never waits is not interrupted: where there may be many, ask between them
    /// whether the limit has [`passed`](Self::passed).
    ///
    /// The caller keeps the step: futures that are handed on as values are copied, and take their place twice.
    pub(crate) fn over<'a, F: Future>(&self, step: Pin<&'a mut F>) -> Timeout<Pin<&'a mut F>> {
        timeout_at(self.end, step)
    }
}
