//! The retry policy of a call: the settings of all layers combined, and checked.

use std::time::Duration;

use super::codes::RetryCodes;
use super::config::RetryDefaults;
use super::config::{RetryConfig, RetryStrategy};
use crate::runtime::error::Error;
use crate::runtime::error::problems::Problems;

/// The default of `max_attempts`.
const MAX_ATTEMPTS: u32 = 4;

/// The default of `max_retry_after`.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// All retry settings of a call, with their defaults filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) strategy: RetryStrategy,
    pub(crate) initial_interval: Duration,
    pub(crate) max_interval: Duration,
    pub(crate) exponent: f64,
    pub(crate) max_elapsed_time: Duration,
    pub(crate) codes: RetryCodes,
    pub(crate) retry_connection_errors: bool,
    pub(crate) max_attempts: u32,
    pub(crate) max_retry_after: Duration,
    pub(crate) retry_unavailable_with_retry_after: bool,
}

impl Policy {
    /// Creates the policy of an API description.
    pub(crate) fn from_spec(spec: &RetryDefaults) -> Result<Self, Error> {
        Ok(Self {
            strategy: spec.strategy,
            initial_interval: Duration::from_millis(spec.initial_interval_ms),
            max_interval: Duration::from_millis(spec.max_interval_ms),
            exponent: spec.exponent,
            max_elapsed_time: Duration::from_millis(spec.max_elapsed_time_ms),
            codes: RetryCodes::parse(spec.codes)?,
            retry_connection_errors: spec.retry_connection_errors,
            max_attempts: MAX_ATTEMPTS,
            max_retry_after: MAX_RETRY_AFTER,
            retry_unavailable_with_retry_after: false,
        })
    }

    /// Returns the policy with the settings of the user in place of its own.
    pub(crate) fn with(mut self, config: &RetryConfig, codes: Option<RetryCodes>) -> Self {
        let backoff = &config.backoff;
        self.strategy = config.strategy.unwrap_or(self.strategy);
        self.initial_interval = backoff.initial_interval.unwrap_or(self.initial_interval);
        self.max_interval = backoff.max_interval.unwrap_or(self.max_interval);
        self.exponent = backoff.exponent.unwrap_or(self.exponent);
        self.max_elapsed_time = backoff.max_elapsed_time.unwrap_or(self.max_elapsed_time);
        self.codes = codes.unwrap_or(self.codes);
        self.retry_connection_errors = config.retry_connection_errors.unwrap_or(self.retry_connection_errors);
        self.max_attempts = config.max_attempts.unwrap_or(self.max_attempts);
        self.max_retry_after = config.max_retry_after.unwrap_or(self.max_retry_after);
        self.retry_unavailable_with_retry_after =
            config.retry_unavailable_with_retry_after.unwrap_or(self.retry_unavailable_with_retry_after);
        self
    }

    /// Checks the policy. Without retries, the other settings have no effect and are not checked.
    ///
    /// # Errors
    ///
    /// Reports all invalid settings.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        if self.strategy == RetryStrategy::None {
            return Ok(self);
        }
        let rules = [
            (!self.initial_interval.is_zero(), "initial_interval", "must be greater than zero"),
            (self.max_interval >= self.initial_interval, "max_interval", "must not be less than `initial_interval`"),
            (self.exponent.is_finite() && self.exponent >= 1.0, "exponent", "must be a finite number of at least 1"),
            (
                !self.max_elapsed_time.is_zero(),
                "max_elapsed_time",
                "must be greater than zero; to disable retries use `RetryConfig::none()`",
            ),
            (self.max_attempts > 0, "max_attempts", "must be at least 1"),
        ];
        let mut problems = Problems::default();
        for (holds, setting, reason) in rules {
            problems.accept(if holds { Ok(()) } else { Err(Error::configuration(setting, reason)) });
        }
        problems.check().map(|()| self)
    }
}
