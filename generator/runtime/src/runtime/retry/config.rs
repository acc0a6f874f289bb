//! Retry settings as a user gives them. What is not given comes from the client, or from the API's description.

use std::time::Duration;

/// Whether failed attempts are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Never.
    None,
    /// After a wait that grows.
    Backoff,
}

/// When and how often a call is tried again. Every setting that is left out is as the client has it, and there as the
/// API's description has it; `RetryConfig::default()` therefore changes nothing.
///
/// Whatever is set here, an operation that must not be carried out twice is sent again only if the first time it was
/// surely not: no connection was made, or the service answered 429.
#[doc = include_str!("../../doc_examples/retry_config.md")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetryConfig {
    pub(crate) strategy: Option<Strategy>,
    pub(crate) backoff: BackoffConfig,
    pub(crate) retry_connection_errors: Option<bool>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) max_retry_after: Option<Duration>,
    pub(crate) retry_unavailable_with_retry_after: Option<bool>,
}

impl RetryConfig {
    /// As the layer below has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No retries.
    #[must_use]
    pub fn none() -> Self {
        Self::default().strategy(Strategy::None)
    }

    /// Retries with these waits.
    #[must_use]
    pub fn backoff(backoff: BackoffConfig) -> Self {
        Self { backoff, ..Self::default().strategy(Strategy::Backoff) }
    }

    /// Whether there are retries at all.
    #[must_use]
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// Whether connections that fail or break, and attempts that take too long, are retried.
    #[must_use]
    pub fn retry_connection_errors(mut self, retry: bool) -> Self {
        self.retry_connection_errors = Some(retry);
        self
    }

    /// How often a request is sent at most, the first time included. Default 4.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// The longest `Retry-After` that is waited for; a longer one ends the call at once. Default 60 s.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = Some(wait);
        self
    }

    /// Whether an operation that must not be carried out twice is sent again after 503 with `Retry-After`. Default no:
    /// most services answer so before they do anything, but nothing obliges them to.
    #[must_use]
    pub fn retry_unavailable_with_retry_after(mut self, retry: bool) -> Self {
        self.retry_unavailable_with_retry_after = Some(retry);
        self
    }
}

/// The waits between attempts: each is a random part of a bound that grows by the exponent from one to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BackoffConfig {
    pub(crate) initial_interval: Option<Duration>,
    pub(crate) max_interval: Option<Duration>,
    pub(crate) exponent: Option<f64>,
    pub(crate) max_elapsed_time: Option<Duration>,
}

impl BackoffConfig {
    /// As the layer below has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bound of the first wait.
    #[must_use]
    pub fn initial_interval(mut self, interval: Duration) -> Self {
        self.initial_interval = Some(interval);
        self
    }

    /// The bound of every wait.
    #[must_use]
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = Some(interval);
        self
    }

    /// What the bound is multiplied by from wait to wait; at least 1.
    #[must_use]
    pub fn exponent(mut self, exponent: f64) -> Self {
        self.exponent = Some(exponent);
        self
    }

    /// No retry begins later than this after the begin of the call.
    #[must_use]
    pub fn max_elapsed_time(mut self, time: Duration) -> Self {
        self.max_elapsed_time = Some(time);
        self
    }
}

/// A retry policy as an API's description states it.
#[derive(Clone, Copy, Debug)]
pub struct RetryDefaults {
    /// Whether there are retries at all.
    pub strategy: Strategy,
    /// The bound of the first wait, in milliseconds.
    pub initial_interval_ms: u64,
    /// The bound of every wait, in milliseconds.
    pub max_interval_ms: u64,
    /// What the bound grows by from wait to wait.
    pub exponent: f64,
    /// No retry begins later than this after the begin of the call, in milliseconds.
    pub max_elapsed_time_ms: u64,
    /// The statuses that are retried, such as `429` or `5XX`.
    pub codes: &'static [&'static str],
    /// Whether broken connections and attempts that take too long are retried.
    pub retry_connection_errors: bool,
}
