//! Retry policies, as far as a document can state them.

/// When and how often a failed call is sent again.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Whether it is at all.
    pub strategy: Strategy,
    /// Milliseconds before the first retry.
    pub initial_interval: u64,
    /// The most milliseconds between two attempts.
    pub max_interval: u64,
    /// Factor from one interval to the next, at least one.
    pub exponent: f64,
    /// No retry is begun later than this many milliseconds after the first attempt.
    pub max_elapsed_time: u64,
    /// Statuses that are retried: three digits, or `5XX`.
    pub status_codes: Vec<String>,
    /// Whether a failure to connect is retried.
    pub retry_connection_errors: bool,
}

/// Whether failed calls are sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Never.
    None,
    /// After exponentially growing waits.
    Backoff,
}

impl Default for Retry {
    /// The policy of a document that has none: that of the most careful clients of the field.
    fn default() -> Self {
        Self {
            strategy: Strategy::Backoff,
            initial_interval: 500,
            max_interval: 60_000,
            exponent: 1.5,
            max_elapsed_time: 60_000,
            status_codes: ["408", "429", "500", "502", "503", "504"].map(str::to_owned).to_vec(),
            retry_connection_errors: true,
        }
    }
}
