//! The length of a wait: full jitter under a bound that grows. It knows neither clock nor deadline.

use std::time::Duration;

/// The waits of a policy.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The bound of the first wait.
    pub initial: Duration,
    /// The bound of every wait.
    pub max: Duration,
    /// What the bound grows by.
    pub exponent: f64,
}

impl Backoff {
    /// The bound of the wait after this many failed attempts (1 is the first).
    #[must_use]
    pub fn bound(&self, failed: u32) -> Duration {
        let steps = i32::try_from(failed.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial.as_secs_f64() * self.exponent.powi(steps);
        // Infinity and what no duration can hold are the bound of bounds.
        Duration::try_from_secs_f64(seconds).unwrap_or(self.max).min(self.max)
    }

    /// A wait drawn evenly between nothing and the bound.
    pub fn wait(&self, failed: u32, random: &mut fastrand::Rng) -> Duration {
        self.bound(failed).mul_f64(random.f64())
    }
}
