//! Decides whether a failed attempt is followed by another one, and when. It neither waits nor sends.

pub(crate) mod backoff;
pub(crate) mod budget;
pub(crate) mod codes;
pub(crate) mod config;
pub(crate) mod deadline;
pub(crate) mod policy;
pub(crate) mod retry_after;

use std::time::Duration;

use self::backoff::Backoff;
use self::budget::Budget;
use self::config::RetryStrategy;
use self::deadline::Deadline;
use self::policy::Policy;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, StopReason};

/// What follows a failed attempt.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Make another attempt after this wait.
    Retry(Duration),
    /// End the call.
    Stop { reason: StopReason, retryable: bool },
}

/// What the decision depends on besides the failure.
pub(crate) struct Circumstances<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) idempotent: bool,
    /// Whether the body of the request can be sent again.
    pub(crate) is_whole: bool,
    pub(crate) attempts: u32,
    pub(crate) deadline: &'a Deadline,
    pub(crate) budget: &'a Budget,
}

impl Circumstances<'_> {
    /// Decides what follows the failure.
    ///
    /// The retry budget comes last, so that nothing is taken from it for a retry that is not made.
    pub(crate) fn judge(&self, failure: &Error, random: &mut fastrand::Rng) -> Verdict {
        let named = self.is_named(failure);
        let transient = named || is_transient(failure);
        let harmless = self.idempotent || self.is_surely_unprocessed(failure);
        let stop = |reason| Verdict::Stop { reason, retryable: transient && harmless };
        if !transient {
            return stop(StopReason::Permanent);
        }
        if !harmless {
            return stop(StopReason::MaybeSent);
        }
        if !self.is_whole {
            return stop(StopReason::BodyConsumed);
        }
        if !named || self.policy.strategy == RetryStrategy::None {
            return stop(StopReason::Disabled);
        }
        if self.attempts >= self.policy.max_attempts {
            return stop(StopReason::AttemptsExhausted);
        }
        let requested = failure.retry_after().unwrap_or_default();
        if requested > self.policy.max_retry_after {
            return stop(StopReason::RetryAfterTooLong);
        }
        let wait = self.backoff().wait(self.attempts, random).max(requested);
        if !self.has_time_for(wait) {
            return stop(StopReason::OutOfTime);
        }
        if !self.budget.take() {
            return stop(StopReason::BudgetExhausted);
        }
        Verdict::Retry(wait)
    }

    /// Returns whether the policy retries this failure.
    fn is_named(&self, failure: &Error) -> bool {
        match failure.failure() {
            ErrorKind::Status => failure.status().is_some_and(|status| self.policy.codes.contains(status.as_u16())),
            _ => is_transient(failure) && self.policy.retry_connection_errors,
        }
    }

    fn is_surely_unprocessed(&self, failure: &Error) -> bool {
        match failure.status().map(|status| status.as_u16()) {
            None => !failure.maybe_sent(),
            Some(429) => failure.failure() == ErrorKind::Status,
            Some(503) => self.policy.retry_unavailable_with_retry_after && failure.retry_after().is_some(),
            Some(_) => false,
        }
    }

    fn has_time_for(&self, wait: Duration) -> bool {
        let start = self.deadline.elapsed().saturating_add(wait);
        start <= self.policy.max_elapsed_time && self.deadline.allows(wait)
    }

    fn backoff(&self) -> Backoff {
        let Policy { initial_interval, max_interval, exponent, .. } = *self.policy;
        Backoff { initial: initial_interval, max: max_interval, exponent }
    }
}

/// Returns whether the failure may go away by itself, whether or not the policy retries it.
fn is_transient(failure: &Error) -> bool {
    match failure.failure() {
        ErrorKind::Connection | ErrorKind::Timeout(_) | ErrorKind::Body(BodyFailure::Truncated) => true,
        ErrorKind::Status => {
            matches!(failure.status().map(|status| status.as_u16()), Some(408 | 429 | 500 | 502 | 503 | 504))
        }
        _ => false,
    }
}
