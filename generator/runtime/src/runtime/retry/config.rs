//! Retry settings of the user. Settings that are not set come from the client, or from the API description.

use std::time::Duration;

/// Whether failed attempts are retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryStrategy {
    /// Never retry.
    None,
    /// Retry after waits that grow, see [`BackoffConfig`].
    Backoff,
}

/// Sets when and how often a call is retried.
///
/// Unset settings of a call come from the client; unset settings of the client have the defaults below, or those of the
/// API's description. So `RetryConfig::default()` changes nothing. Which statuses are retried is set separately,
/// with `retry_codes` of the client or of the call.
///
/// Invalid values are an error when the client is built or the call is made, unless the strategy is [`RetryStrategy::None`].
///
/// If an operation is not idempotent, a request is only repeated if the service has certainly not processed it, for
/// example because no connection was made or the service responded with 429. The only setting here that relaxes this is
/// [`retry_unavailable_with_retry_after`](Self::retry_unavailable_with_retry_after).
#[doc = include_str!("../../doc_examples/retry_config.md")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetryConfig {
    pub(crate) strategy: Option<RetryStrategy>,
    pub(crate) backoff: BackoffConfig,
    pub(crate) retry_connection_errors: Option<bool>,
    pub(crate) max_attempts: Option<u32>,
    pub(crate) max_retry_after: Option<Duration>,
    pub(crate) retry_unavailable_with_retry_after: Option<bool>,
}

impl RetryConfig {
    /// Creates settings of which none is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates settings that disable retries.
    #[must_use]
    pub fn none() -> Self {
        Self::default().strategy(RetryStrategy::None)
    }

    /// Creates settings that enable retries, with these waits.
    #[must_use]
    pub fn backoff(backoff: BackoffConfig) -> Self {
        Self { backoff, ..Self::default().strategy(RetryStrategy::Backoff) }
    }

    /// Sets whether there are retries. The default is that of the API description, or else [`RetryStrategy::Backoff`].
    #[must_use]
    pub fn strategy(mut self, strategy: RetryStrategy) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// Sets whether an attempt is retried if its connection failed or broke, also while the body was read, or if it
    /// took too long. The default is that of the API description, or else `true`.
    #[must_use]
    pub fn retry_connection_errors(mut self, retry: bool) -> Self {
        self.retry_connection_errors = Some(retry);
        self
    }

    /// Sets how many attempts a call makes at most, including the first one. 4 by default.
    ///
    /// With 1 there are no retries. Zero is invalid.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts);
        self
    }

    /// Sets the longest `Retry-After` of the service that the call waits for. 60 s by default.
    ///
    /// If the service requests a longer wait, the call fails at once with
    /// [`StopReason::RetryAfterTooLong`](crate::runtime::StopReason::RetryAfterTooLong).
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = Some(wait);
        self
    }

    /// Sets whether an operation that is not idempotent is retried after a 503 with `Retry-After`. `false` by default.
    ///
    /// Most services respond in this way before they process a request, but nothing requires them to: with `true` a
    /// request may be processed twice. The status 503 must also be one of those that are retried.
    #[must_use]
    pub fn retry_unavailable_with_retry_after(mut self, retry: bool) -> Self {
        self.retry_unavailable_with_retry_after = Some(retry);
        self
    }
}

/// Sets the waits between attempts.
///
/// Each wait is a random duration between zero and a bound (full jitter), or the `Retry-After` of the service if that
/// is longer. The bound starts with [`initial_interval`](Self::initial_interval) and is multiplied by
/// [`exponent`](Self::exponent) after each wait, up to [`max_interval`](Self::max_interval). Settings that are not set
/// are as described for [`RetryConfig`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BackoffConfig {
    pub(crate) initial_interval: Option<Duration>,
    pub(crate) max_interval: Option<Duration>,
    pub(crate) exponent: Option<f64>,
    pub(crate) max_elapsed_time: Option<Duration>,
}

impl BackoffConfig {
    /// Creates settings of which none is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the bound of the first wait. The default is that of the API description, or else 500 ms.
    ///
    /// Zero is invalid.
    #[must_use]
    pub fn initial_interval(mut self, interval: Duration) -> Self {
        self.initial_interval = Some(interval);
        self
    }

    /// Sets the highest bound of a wait. The default is that of the API description, or else 60 s.
    ///
    /// A value less than [`initial_interval`](Self::initial_interval) is invalid.
    #[must_use]
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = Some(interval);
        self
    }

    /// Sets the factor by which the bound grows from one wait to the next. The default is that of the API description,
    /// or else 1.5.
    ///
    /// A value that is less than 1 or not finite is invalid.
    #[must_use]
    pub fn exponent(mut self, exponent: f64) -> Self {
        self.exponent = Some(exponent);
        self
    }

    /// Sets how long after the start of the call a retry may still start. The default is that of the API description,
    /// or else 60 s.
    ///
    /// A running attempt is not interrupted. The time limit of the whole call is a separate setting. Zero is invalid.
    #[must_use]
    pub fn max_elapsed_time(mut self, time: Duration) -> Self {
        self.max_elapsed_time = Some(time);
        self
    }
}

/// The retry settings of an API description.
#[derive(Clone, Copy, Debug)]
pub struct RetryDefaults {
    /// Whether there are retries.
    pub strategy: RetryStrategy,
    /// The bound of the first wait, in milliseconds.
    pub initial_interval_ms: u64,
    /// The highest bound of a wait, in milliseconds.
    pub max_interval_ms: u64,
    /// The factor by which the bound grows from one wait to the next.
    pub exponent: f64,
    /// How long after the start of the call a retry may still start, in milliseconds.
    pub max_elapsed_time_ms: u64,
    /// The statuses that are retried, such as `429` or `5XX`.
    pub codes: &'static [&'static str],
    /// Whether broken connections and attempts that take too long are retried.
    pub retry_connection_errors: bool,
}
