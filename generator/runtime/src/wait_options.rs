//! How work is waited for: when and how often it is asked for, and how long.

use std::time::Duration;

use super::deadline::FAR;
use super::error::Error;
use super::long_running::LongRunningMeta;

/// How work is waited for.
///
/// | option | default |
/// |---|---|
/// | `first_delay` | as the API's description says, else 1 s |
/// | `interval` | as the API's description says, else 1 s |
/// | `factor` | 1.5: each wait is so much longer than the one before |
/// | `max_interval` | 10 s, or the interval if that is longer |
/// | `jitter` | 0.2: a wait is up to so much of itself shorter or longer |
/// | `timeout` | as the API's description says: the interval times the number of questions |
/// | `tolerated_errors` | 5 in a row |
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaitOptions {
    first_delay: Option<Duration>,
    interval: Option<Duration>,
    factor: Option<f64>,
    max_interval: Option<Duration>,
    jitter: Option<f64>,
    timeout: Option<Duration>,
    tolerated_errors: Option<u32>,
}

impl WaitOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The wait before the first question.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = Some(delay);
        self
    }

    /// The wait between the first two questions.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// What the wait grows by from question to question; at least 1.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = Some(factor);
        self
    }

    /// The longest wait between two questions, before jitter.
    #[must_use]
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = Some(interval);
        self
    }

    /// The part of a wait by which it is shortened or lengthened at random; at least 0, less than 1.
    #[must_use]
    pub fn jitter(mut self, jitter: f64) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// The time after which waiting ends, whatever the work does.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How many questions in a row may fail in a way that can pass; one more ends the waiting.
    #[must_use]
    pub fn tolerated_errors(mut self, errors: u32) -> Self {
        self.tolerated_errors = Some(errors);
        self
    }

    /// What is left out comes from the API's description.
    pub(super) fn settle(self, meta: &LongRunningMeta) -> Result<Schedule, Error> {
        let base = Schedule::of(meta);
        let bounded = |own: Option<Duration>, base: Duration| own.unwrap_or(base).min(FAR);
        let interval = bounded(self.interval, base.interval);
        let schedule = Schedule {
            first_delay: bounded(self.first_delay, base.first_delay),
            interval,
            factor: self.factor.unwrap_or(base.factor),
            max_interval: bounded(self.max_interval, base.max_interval.max(interval)),
            jitter: self.jitter.unwrap_or(base.jitter),
            timeout: bounded(self.timeout, base.timeout),
            tolerated_errors: self.tolerated_errors.unwrap_or(base.tolerated_errors),
        };
        schedule.checked()
    }
}

/// All options, decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) first_delay: Duration,
    interval: Duration,
    factor: f64,
    max_interval: Duration,
    jitter: f64,
    pub(super) timeout: Duration,
    pub(super) tolerated_errors: u32,
}

impl Schedule {
    /// The defaults for some work.
    pub(super) fn of(meta: &LongRunningMeta) -> Self {
        let interval = Duration::from_millis(meta.interval_ms).min(FAR);
        Self {
            first_delay: Duration::from_millis(meta.first_delay_ms),
            interval,
            factor: 1.5,
            max_interval: interval.max(Duration::from_secs(10)),
            jitter: 0.2,
            timeout: Duration::from_millis(meta.timeout_ms),
            tolerated_errors: 5,
        }
    }

    /// Two questions are never closer than this.
    pub(super) fn minimum(&self) -> Duration {
        self.interval.mul_f64(1.0 - self.jitter)
    }

    /// The wait after this many questions, at least one.
    pub(super) fn wait(&self, questions: u32, random: &mut fastrand::Rng) -> Duration {
        let grown = self.interval.as_secs_f64() * self.factor.powi(i32::try_from(questions - 1).unwrap_or(i32::MAX));
        let bounded = grown.min(self.max_interval.as_secs_f64());
        let spread = 1.0 + self.jitter * (random.f64() * 2.0 - 1.0);
        Duration::try_from_secs_f64(bounded * spread).unwrap_or(self.max_interval).max(self.minimum())
    }

    fn checked(self) -> Result<Self, Error> {
        let refused = if self.interval.is_zero() {
            Some(("interval", "must be more than nothing"))
        } else if self.max_interval < self.interval {
            Some(("max_interval", "must not be shorter than the interval"))
        } else if !(self.factor >= 1.0 && self.factor.is_finite()) {
            Some(("factor", "must be a number of at least 1"))
        } else if !(0.0..1.0).contains(&self.jitter) {
            Some(("jitter", "must be at least 0 and less than 1"))
        } else if self.timeout.is_zero() {
            Some(("timeout", "must be more than nothing"))
        } else {
            None
        };
        match refused {
            Some((option, reason)) => Err(Error::configuration(option, reason)),
            None => Ok(self),
        }
    }
}
