//! The retry policy of an API whose document states none.

use crate::ir::{Retry, RetryStrategy};

impl Default for Retry {
    /// The policy of a document that states none. It follows the most careful clients of comparable services.
    fn default() -> Self {
        Self {
            strategy: RetryStrategy::Backoff,
            initial_interval: 500,
            max_interval: 60_000,
            exponent: 1.5,
            max_elapsed_time: 60_000,
            status_codes: ["408", "429", "500", "502", "503", "504"].map(str::to_owned).to_vec(),
            retry_connection_errors: true,
        }
    }
}
