//! Retry policies, as far as documents can state them.

/// When and how often a failed request is retried.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Whether it is retried at all.
    pub strategy: RetryStrategy,
    /// The delay before the first retry, in milliseconds.
    pub initial_interval: u64,
    /// The maximum interval between two attempts, in milliseconds.
    pub max_interval: u64,
    /// The factor from one interval to the next, at least one.
    pub exponent: f64,
    /// The time after the first attempt within which a retry may start, in milliseconds.
    pub max_elapsed_time: u64,
    /// The statuses that are retried: three digits, or a range such as `5XX`.
    pub status_codes: Vec<String>,
    /// Whether a failure to connect is retried.
    pub retry_connection_errors: bool,
}

/// Whether failed requests are retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStrategy {
    /// No retries.
    None,
    /// Retries with exponentially growing intervals.
    Backoff,
}
