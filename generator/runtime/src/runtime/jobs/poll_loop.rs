//! The loop that polls a job until it ends, one state at a time.

use std::time::Duration;

use tokio::time::Instant;

use super::error::{JobError, JobFailure, Reported};
use super::limiter::Window;
use super::meta::{Job, Progress};
use super::options::{Schedule, WaitOptions, of_client};
use super::poll::{Polled, Poller};
use crate::runtime::error::Error;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, StopReason};
use crate::runtime::error::server_message::{MESSAGE, one_line};
use crate::runtime::trace;

/// For how long after the outcome of the first poll a 404 is tolerated, because one of several servers may not know the job
/// yet. It is not counted from the start of the job, because a pause may delay the first poll for longer than this.
const TOLERATED_404: Duration = Duration::from_secs(10);

/// The state of waiting for a job.
pub(crate) struct PollLoop<'a, H: Job> {
    poller: Poller<'a, H>,
    schedule: Schedule,
    /// The longest pause that is waited for.
    longest: Duration,
    /// Set when the first state is requested.
    times: Option<Times>,
    /// How many polls were sent, or were sent by other callers and shared.
    polls: u32,
    failing: Failing,
    random: fastrand::Rng,
    last: Last<H>,
}

#[derive(Clone, Copy)]
struct Times {
    start: Instant,
    due: Instant,
    end: Instant,
}

/// The latest polls that have failed in a row.
#[derive(Default)]
struct Failing {
    polls: u32,
    since: Option<Instant>,
    /// Whether the response to one of them could not be read.
    is_unreadable: bool,
}

/// What the latest polls have returned.
struct Last<H: Job> {
    state: Option<H::State>,
    status: Option<String>,
    /// Credentials that were provided, and values of hooks, to be masked in the status.
    secrets: Vec<String>,
    error: Option<Error>,
}

impl<'a, H: Job> PollLoop<'a, H> {
    /// Creates the loop. Its timeout starts when the first state is requested.
    ///
    /// # Errors
    ///
    /// Fails if the options are invalid.
    pub(crate) fn new(poller: Poller<'a, H>, options: WaitOptions) -> Result<Self, JobError<H>> {
        let invalid = |error| JobError::of(poller.handle, JobFailure::Poll(error));
        let core = poller.handle.poll_call(poller.client).core();
        let schedule = of_client(options, core).settle(&H::META).map_err(invalid)?;
        Ok(Self {
            longest: poller.longest_pause(&schedule),
            poller,
            schedule,
            times: None,
            polls: 0,
            failing: Failing::default(),
            random: core.random(),
            last: Last { state: None, status: None, secrets: Vec::new(), error: None },
        })
    }

    pub(crate) fn handle(&self) -> &'a H {
        self.poller.handle
    }

    /// Returns the next state. Must not be called again after [`Progress::Done`] or an error.
    pub(crate) async fn next(&mut self) -> Result<Progress<H>, JobError<H>> {
        let progress = self.next_progress().await;
        let elapsed = self.times.map(|times| times.start.elapsed()).unwrap_or_default();
        match &progress {
            Ok(Progress::Done(_)) => trace::job_ended("succeeded", None, self.polls, elapsed),
            Ok(Progress::Running(_) | Progress::Failed(_)) => {}
            Err(error) => trace::job_ended(error.outcome(), error.known_status(), self.polls, elapsed),
        }
        progress
    }

    async fn next_progress(&mut self) -> Result<Progress<H>, JobError<H>> {
        loop {
            match self.poll().await {
                Some(Ok(polled)) => return self.progressed(polled),
                Some(Err(error)) => self.tolerate(error)?,
                None => return Err(self.timed_out()),
            }
        }
    }

    /// Waits until the next poll is due, and polls. `None` if the timeout passes before.
    async fn poll(&mut self) -> Option<Result<Polled<H>, Error>> {
        let Schedule { first_delay, timeout, .. } = self.schedule;
        let times = *self.times.get_or_insert_with(|| {
            let now = Instant::now();
            Times { start: now, due: now + first_delay, end: now + timeout }
        });
        let window =
            Window { earliest: times.due, end: times.end, minimum: self.schedule.minimum(), longest: self.longest };
        let polled = self.poller.next_poll(&window, &mut self.polls).await?;
        let wait = self.schedule.wait(self.polls, &mut self.random);
        self.times = Some(Times { due: Instant::now() + wait, ..times });
        Some(polled)
    }

    fn progressed(&mut self, polled: Polled<H>) -> Result<Progress<H>, JobError<H>> {
        self.failing = Failing::default();
        let Polled { progress, status, message, secrets, .. } = polled;
        match progress {
            Progress::Running(state) => {
                self.last = Last { state: Some(state.clone()), status, secrets, error: None };
                Ok(Progress::Running(state))
            }
            Progress::Done(done) => Ok(Progress::Done(done)),
            Progress::Failed(state) => {
                let reported = self.reported(status, message, &secrets);
                Err(JobError::of(self.poller.handle, JobFailure::Failed(state)).reporting(reported))
            }
        }
    }

    /// Continues after a transient failure, unless polls have failed for too long.
    fn tolerate(&mut self, error: Error) -> Result<(), JobError<H>> {
        let outcome = self.tolerated(error);
        match (&outcome, &self.last.error) {
            (Ok(()), Some(error)) => trace::poll_failed(error, true),
            (Err(ended), _) => ended.error().into_iter().for_each(|error| trace::poll_failed(error, false)),
            (Ok(()), None) => {}
        }
        outcome
    }

    fn tolerated(&mut self, error: Error) -> Result<(), JobError<H>> {
        let is_transient = self.is_transient(&error);
        let is_pause_too_long = error.stop_reason() == Some(StopReason::RetryAfterTooLong);
        if is_pause_too_long || !is_transient || self.failing.is_exceeded_by(&error, &self.schedule) {
            return Err(JobError::of(self.poller.handle, JobFailure::Poll(error)));
        }
        if error.retry_after().is_some_and(|pause| pause > self.longest) {
            let error = error.stopped(StopReason::RetryAfterTooLong, true);
            return Err(JobError::of(self.poller.handle, JobFailure::Poll(error)));
        }
        self.last.error = Some(error);
        Ok(())
    }

    /// Whether the next poll may succeed.
    fn is_transient(&self, error: &Error) -> bool {
        match (error.failure(), error.status().map(|status| status.as_u16())) {
            (ErrorKind::Status, Some(500..=599)) => true,
            (ErrorKind::Status, Some(404)) => {
                self.poller.handle.limiter().polled_for().is_some_and(|time| time < TOLERATED_404)
            }
            (kind, _) if is_unreadable(kind) => !self.failing.is_unreadable,
            _ => error.is_retryable(),
        }
    }

    fn timed_out(&mut self) -> JobError<H> {
        let reported = self.reported(self.last.status.clone(), None, &self.last.secrets);
        let failure = JobFailure::TimedOut {
            last_state: self.last.state.take(),
            last_error: self.last.error.take(),
            polls: self.polls,
        };
        JobError::of(self.poller.handle, failure).reporting(reported)
    }

    /// Returns what the service reports about the job, as far as it may be shown.
    fn reported(&self, status: Option<String>, message: Option<String>, secrets: &[String]) -> Reported {
        let echoes = self.poller.call().echoes(secrets);
        let masked = |string: &String| echoes.as_ref().map(|echoes| echoes.line(string));
        let is_known = |status: &String| H::META.names(status);
        Reported {
            message: message.as_ref().and_then(masked),
            status: status.and_then(|status| if is_known(&status) { Some(status) } else { masked(&status) }),
            unmasked_message: message.map(|message| one_line(&message, MESSAGE)),
        }
    }
}

impl Failing {
    /// Counts a failure, and returns whether it exceeds what is tolerated.
    fn is_exceeded_by(&mut self, error: &Error, schedule: &Schedule) -> bool {
        self.polls = self.polls.saturating_add(1);
        self.is_unreadable |= is_unreadable(error.failure());
        let time = self.since.get_or_insert_with(Instant::now).elapsed();
        let are_too_many = schedule.tolerated_errors.is_none_or(|errors| self.polls > errors);
        are_too_many && schedule.tolerated_error_time.is_none_or(|tolerated| time >= tolerated)
    }
}

/// Whether the response may come from a proxy or a login page instead of the service. Only one of them is tolerated. A
/// truncated body is not one of them, because that is always transient.
fn is_unreadable(kind: ErrorKind) -> bool {
    use BodyFailure::{TooLarge, TooManyValues, UnsupportedEncoding};
    match kind {
        ErrorKind::Decode | ErrorKind::UnexpectedResponse | ErrorKind::Redirect | ErrorKind::HeadTooLarge => true,
        ErrorKind::Body(failure) => matches!(failure, TooLarge | TooManyValues | UnsupportedEncoding),
        _ => false,
    }
}
