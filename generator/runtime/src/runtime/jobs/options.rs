//! The options of waiting for a job: when it is polled, for how long, and which failed polls are tolerated.

use std::time::Duration;

use super::meta::JobMeta;
use crate::runtime::call::config::Config;
use crate::runtime::call::core::Core;
use crate::runtime::error::Error;
use crate::runtime::retry::deadline::FAR;

/// Options of waiting for a job: when it is polled, for how long, and which failed polls are tolerated.
///
/// For an option that is not set, the client's setting applies, or else this default. The method that starts a job states
/// the numbers of its API.
///
/// | option | default |
/// |---|---|
/// | `first_delay` | as in the API's description, or else 1 s |
/// | `interval` | as in the API's description, or else 1 s |
/// | `factor` | 1.5: each wait between polls is longer than the one before by this factor |
/// | `max_interval` | 10 s, or the interval if that is longer |
/// | `jitter` | 0.2: each wait is randomly shorter or longer by up to this fraction |
/// | `timeout` | the interval in the API's description times the number of polls there |
/// | `tolerated_errors` | 5 polls in a row |
/// | `tolerated_error_time` | 2 minutes |
///
/// Invalid options are an error of the wait, before anything is sent.
///
/// # Failed polls
///
/// A poll is one request. Waiting continues after these failures, which may be transient:
///
/// - connection failures, timeouts and the statuses 408 and 429, that is, all that a call would retry;
/// - every 5xx status;
/// - a successful response that cannot be read: an HTML page, a body that is larger than the client's limits, or one with an
///   unsupported content encoding. A redirect and a head that is too large count as such a response too, because a proxy or
///   a login page may have sent them. Two of them without a successful poll in between end the wait;
/// - 404 to the first poll of a job and within 10 s after it, if this handle or a clone of it was returned by the start
///   of the job.
///
/// Any other failure, such as 401 or a later 404, ends the wait at once. Transient failures end it only if polls have failed,
/// without a success in between, more often than `tolerated_errors` and for as long as `tolerated_error_time`. If only one
/// of the two is set, only that one applies.
///
/// The service can require a pause with `Retry-After`, in the response to the start or to a poll. It is waited for if it is
/// not longer than the client's `max_retry_after` (60 s by default). A longer one ends the wait at once.
#[doc = include_str!("../../doc_examples/wait_options.md")]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WaitOptions {
    first_delay: Option<Duration>,
    interval: Option<Duration>,
    factor: Option<f64>,
    max_interval: Option<Duration>,
    jitter: Option<f64>,
    timeout: Option<Duration>,
    tolerated_errors: Option<u32>,
    tolerated_error_time: Option<Duration>,
}

impl WaitOptions {
    /// Creates options of which none is set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the wait before the first poll. The wait is longer if the response to the start requires that with `Retry-After`.
    ///
    /// May be zero.
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first_delay = Some(delay);
        self
    }

    /// Sets the wait between the first two polls. Zero is invalid.
    ///
    /// Later waits grow by [`factor`](Self::factor). No two polls are closer than this interval less the jitter.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Sets the factor by which the wait grows from poll to poll. It must be a finite number of at least 1; with 1 all waits
    /// are the same.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = Some(factor);
        self
    }

    /// Limits the wait between two polls, before jitter. It must not be shorter than the interval.
    #[must_use]
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = Some(interval);
        self
    }

    /// Sets the fraction by which each wait is randomly shortened or lengthened. It must be at least 0 and less than 1.
    #[must_use]
    pub fn jitter(mut self, jitter: f64) -> Self {
        self.jitter = Some(jitter);
        self
    }

    /// Sets the time after which waiting ends even if the job is still running. Zero is invalid.
    ///
    /// The time starts when the wait is awaited, or when the first state is requested. If the wait also starts the job, it
    /// starts when the response to that has arrived. When it has passed, the wait fails with
    /// [`JobFailure::TimedOut`](crate::runtime::jobs::JobFailure::TimedOut). The job is not canceled.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how many polls in a row may fail transiently. One more ends the wait.
    ///
    /// If [`tolerated_error_time`](Self::tolerated_error_time) is set too, the wait ends only once that time has passed as
    /// well. If only this is set, there is no such time. If neither is set, the limits are 5 polls and 2 minutes.
    #[must_use]
    pub fn tolerated_errors(mut self, errors: u32) -> Self {
        self.tolerated_errors = Some(errors);
        self
    }

    /// Sets for how long all polls may fail transiently, counted from the first of these failures. The first failure after
    /// this time ends the wait.
    ///
    /// If [`tolerated_errors`](Self::tolerated_errors) is set too, the wait ends only once that number is exceeded as well. If
    /// only this is set, the number is not limited. If neither is set, the limits are 5 polls and 2 minutes.
    #[must_use]
    pub fn tolerated_error_time(mut self, time: Duration) -> Self {
        self.tolerated_error_time = Some(time);
        self
    }

    /// Returns these options, with those that are set in `later` instead of their own.
    #[must_use]
    pub(crate) fn with(self, later: Self) -> Self {
        Self {
            tolerated_errors: later.tolerated_errors.or(self.tolerated_errors),
            tolerated_error_time: later.tolerated_error_time.or(self.tolerated_error_time),
            ..later.or(self)
        }
    }

    /// Returns these options, completed by those of `other`, for example of the client.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        // If one of the two is set, the other one must stay unset, because that means that it does not apply.
        let (tolerated_errors, tolerated_error_time) = match (self.tolerated_errors, self.tolerated_error_time) {
            (None, None) => (other.tolerated_errors, other.tolerated_error_time),
            set => set,
        };
        Self {
            first_delay: self.first_delay.or(other.first_delay),
            interval: self.interval.or(other.interval),
            factor: self.factor.or(other.factor),
            max_interval: self.max_interval.or(other.max_interval),
            jitter: self.jitter.or(other.jitter),
            timeout: self.timeout.or(other.timeout),
            tolerated_errors,
            tolerated_error_time,
        }
    }

    /// Completes the options by the defaults and checks them.
    pub(crate) fn settle(self, meta: &JobMeta) -> Result<Schedule, Error> {
        let base = Schedule::of(meta);
        let bounded = |own: Option<Duration>, base: Duration| own.unwrap_or(base).min(FAR);
        let interval = bounded(self.interval, base.interval);
        let (tolerated_errors, tolerated_error_time) = match (self.tolerated_errors, self.tolerated_error_time) {
            (None, None) => (base.tolerated_errors, base.tolerated_error_time),
            set => set,
        };
        let schedule = Schedule {
            first_delay: bounded(self.first_delay, base.first_delay),
            interval,
            factor: self.factor.unwrap_or(base.factor),
            max_interval: bounded(self.max_interval, base.max_interval.max(interval)),
            jitter: self.jitter.unwrap_or(base.jitter),
            timeout: bounded(self.timeout, base.timeout),
            tolerated_errors,
            tolerated_error_time,
        };
        schedule.checked()
    }
}

/// The options of a wait, completed and checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(crate) first_delay: Duration,
    interval: Duration,
    factor: f64,
    max_interval: Duration,
    jitter: f64,
    pub(crate) timeout: Duration,
    /// At least one of the two is set. One that is not set does not apply.
    pub(crate) tolerated_errors: Option<u32>,
    pub(crate) tolerated_error_time: Option<Duration>,
}

impl Schedule {
    /// Returns the defaults for a kind of job.
    pub(crate) fn of(meta: &JobMeta) -> Self {
        let interval = Duration::from_millis(meta.interval_ms).min(FAR);
        Self {
            first_delay: Duration::from_millis(meta.first_delay_ms),
            interval,
            factor: 1.5,
            max_interval: interval.max(Duration::from_secs(10)),
            jitter: 0.2,
            timeout: Duration::from_millis(meta.timeout_ms),
            tolerated_errors: Some(5),
            tolerated_error_time: Some(Duration::from_secs(120)),
        }
    }

    /// Returns the minimum time between two polls.
    pub(crate) fn minimum(&self) -> Duration {
        self.interval.mul_f64(1.0 - self.jitter)
    }

    /// Returns the wait after this many polls.
    pub(crate) fn wait(&self, polls: u32, random: &mut fastrand::Rng) -> Duration {
        let grown =
            self.interval.as_secs_f64() * self.factor.powi(i32::try_from(polls.saturating_sub(1)).unwrap_or(i32::MAX));
        let bounded = grown.min(self.max_interval.as_secs_f64());
        let spread = 1.0 + self.jitter * (random.f64() * 2.0 - 1.0);
        Duration::try_from_secs_f64(bounded * spread).unwrap_or(self.max_interval).max(self.minimum())
    }

    fn checked(self) -> Result<Self, Error> {
        let invalid = if self.interval.is_zero() {
            Some(("WaitOptions::interval", "must be greater than zero"))
        } else if self.max_interval < self.interval {
            Some(("WaitOptions::max_interval", "must not be shorter than the interval"))
        } else if !(self.factor >= 1.0 && self.factor.is_finite()) {
            Some(("WaitOptions::factor", "must be a finite number of at least 1"))
        } else if !(0.0..1.0).contains(&self.jitter) {
            Some(("WaitOptions::jitter", "must be at least 0 and less than 1"))
        } else if self.timeout.is_zero() {
            Some(("WaitOptions::timeout", "must be greater than zero"))
        } else {
            None
        };
        match invalid {
            Some((option, reason)) => Err(Error::configuration(option, reason)),
            None => Ok(self),
        }
    }
}

impl Config {
    /// Sets the default options of waiting for jobs. A wait can override each of them.
    pub fn wait_options(&mut self, options: WaitOptions) {
        if let Err(error) = options.settle(&ANY) {
            self.refuse(error);
        }
        self.extension(options);
    }
}

/// A kind of job for which options are valid if they are valid for any kind of job.
const ANY: JobMeta =
    JobMeta { operation_id: "", first_delay_ms: 0, interval_ms: 1, timeout_ms: 1, success: &[], failure: &[] };

/// Returns the options of a wait, completed by those of the client.
pub(crate) fn of_client(options: WaitOptions, core: &Core) -> WaitOptions {
    options.or(core.shared.extensions.get().copied().unwrap_or_default())
}
