//! The length of a wait: a random part (full jitter) of a bound that grows. It does not read the clock.

use std::time::Duration;

/// How the waits of a policy grow.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The upper bound of the first wait.
    pub initial: Duration,
    /// The upper bound of all waits.
    pub max: Duration,
    /// The factor by which the bound grows from one wait to the next.
    pub exponent: f64,
}

impl Backoff {
    /// Returns the upper bound of the wait after `failed` failed attempts, at least 1.
    #[must_use]
    pub fn bound(&self, failed: u32) -> Duration {
        let steps = i32::try_from(failed.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial.as_secs_f64() * self.exponent.powi(steps);
        // Infinity and values that a duration cannot represent are limited to the maximum.
        Duration::try_from_secs_f64(seconds).unwrap_or(self.max).min(self.max)
    }

    /// Returns a random wait, evenly distributed between zero and the bound.
    pub fn wait(&self, failed: u32, random: &mut fastrand::Rng) -> Duration {
        self.bound(failed).mul_f64(random.f64())
    }
}
