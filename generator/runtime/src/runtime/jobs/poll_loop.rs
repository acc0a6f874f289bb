//! The loop that polls a job until it is over, a state at a time. Dropping it anywhere loses nothing: the handle stays.

use std::time::Duration;

use tokio::time::Instant;

use super::error::{JobError, JobFailure, Reported};
use super::limiter::Window;
use super::meta::{Job, Progress};
use super::options::{Schedule, WaitOptions, of_client};
use super::poll::{Polled, longest_pause, next_answer, polling};
use crate::runtime::error::Error;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, StopReason};
use crate::runtime::error::server_message::{MESSAGE, one_line};
use crate::runtime::trace;

/// For how long after the outcome of the first poll a 404 may mean that the server which answers does not know of the
/// job yet. It is not counted from the start, because a pause may delay the first poll for longer than that.
const UNKNOWN_AT_FIRST: Duration = Duration::from_secs(10);

/// A job that is waited for.
pub(crate) struct PollLoop<'a, H: Job> {
    handle: &'a H,
    client: &'a H::Client,
    schedule: Schedule,
    /// The longest pause that is waited for.
    longest: Duration,
    /// Set when the first state is wanted.
    times: Option<Times>,
    /// How many polls were sent, or were sent by others and heard of.
    polls: u32,
    failing: Failing,
    random: fastrand::Rng,
    last: Last<H>,
}

#[derive(Clone, Copy)]
struct Times {
    due: Instant,
    end: Instant,
}

/// The polls in a row that have failed, up to the last.
#[derive(Default)]
struct Failing {
    polls: u32,
    since: Option<Instant>,
    /// Whether one of them had a response that could not be read.
    is_unreadable: bool,
}

/// What the last polls have brought.
struct Last<H: Job> {
    state: Option<H::State>,
    status: Option<String>,
    /// Credentials that were asked for, to be masked in the status.
    secrets: Vec<String>,
    error: Option<Error>,
}

impl<'a, H: Job> PollLoop<'a, H> {
    /// A watch over a job, which begins when the first state is wanted.
    ///
    /// # Errors
    /// If the options are invalid.
    pub(crate) fn new(handle: &'a H, client: &'a H::Client, options: WaitOptions) -> Result<Self, JobError<H>> {
        let refused = |error| JobError::of(handle, JobFailure::Poll(error));
        let core = handle.poll_call(client).core();
        let schedule = of_client(options, core).settle(&H::META).map_err(refused)?;
        Ok(Self {
            handle,
            client,
            schedule,
            longest: longest_pause(handle, client, &schedule),
            times: None,
            polls: 0,
            failing: Failing::default(),
            random: core.random(),
            last: Last { state: None, status: None, secrets: Vec::new(), error: None },
        })
    }

    pub(crate) fn handle(&self) -> &'a H {
        self.handle
    }

    /// The next state. After [`Progress::Done`] or an error there is none to be wanted.
    pub(crate) async fn next(&mut self) -> Result<Progress<H>, JobError<H>> {
        loop {
            match self.poll().await {
                Some(Ok(answer)) => return self.progressed(answer),
                Some(Err(error)) => self.tolerate(error)?,
                None => return Err(self.timed_out()),
            }
        }
    }

    /// Waits until it is time, and polls. `None` when the time to wait is over.
    async fn poll(&mut self) -> Option<Result<Polled<H>, Error>> {
        let Schedule { first_delay, timeout, .. } = self.schedule;
        let times = *self.times.get_or_insert_with(|| {
            let now = Instant::now();
            Times { due: now + first_delay, end: now + timeout }
        });
        let window =
            Window { earliest: times.due, end: times.end, minimum: self.schedule.minimum(), longest: self.longest };
        let answer = next_answer(self.handle, self.client, &window, &mut self.polls).await?;
        let wait = self.schedule.wait(self.polls, &mut self.random);
        self.times = Some(Times { due: Instant::now() + wait, ..times });
        Some(answer)
    }

    fn progressed(&mut self, answer: Polled<H>) -> Result<Progress<H>, JobError<H>> {
        self.failing = Failing::default();
        let Polled { progress, status, message, secrets, .. } = answer;
        match progress {
            Progress::Running(state) => {
                self.last = Last { state: Some(state.clone()), status, secrets, error: None };
                Ok(Progress::Running(state))
            }
            Progress::Done(done) => Ok(Progress::Done(done)),
            Progress::Failed(state) => {
                let reported = self.reported(status, message, &secrets);
                Err(JobError::of(self.handle, JobFailure::Failed(state)).reporting(reported))
            }
        }
    }

    /// Goes on after a failure that may pass, unless the polls have failed for too long.
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
        let may_pass = self.may_pass(&error);
        let is_refused = error.stop_reason() == Some(StopReason::RetryAfterTooLong);
        if is_refused || !may_pass || self.failing.is_too_much_with(&error, &self.schedule) {
            return Err(JobError::of(self.handle, JobFailure::Poll(error)));
        }
        if error.retry_after().is_some_and(|asked| asked > self.longest) {
            let error = error.stopped(StopReason::RetryAfterTooLong, true);
            return Err(JobError::of(self.handle, JobFailure::Poll(error)));
        }
        self.last.error = Some(error);
        Ok(())
    }

    /// Whether the next poll may succeed.
    fn may_pass(&self, error: &Error) -> bool {
        match (error.failure(), error.status().map(|status| status.as_u16())) {
            (ErrorKind::Status, Some(500..=599)) => true,
            (ErrorKind::Status, Some(404)) => {
                self.handle.limiter().polled_for().is_some_and(|time| time < UNKNOWN_AT_FIRST)
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
        JobError::of(self.handle, failure).reporting(reported)
    }

    /// What the service calls the state, and says of it, as far as it can be shown.
    fn reported(&self, status: Option<String>, message: Option<String>, secrets: &[String]) -> Reported {
        let echoes = polling(self.handle, self.client).echoes(secrets);
        let masked = |text: &String| echoes.as_ref().map(|echoes| echoes.line(text));
        let is_known = |status: &String| H::META.names(status);
        Reported {
            message: message.as_ref().and_then(masked),
            status: status.and_then(|status| if is_known(&status) { Some(status) } else { masked(&status) }),
            unmasked_message: message.map(|message| one_line(&message, MESSAGE)),
        }
    }
}

impl Failing {
    /// Counts a failure, and says whether it is one too many.
    fn is_too_much_with(&mut self, error: &Error, schedule: &Schedule) -> bool {
        self.polls = self.polls.saturating_add(1);
        self.is_unreadable |= is_unreadable(error.failure());
        let time = self.since.get_or_insert_with(Instant::now).elapsed();
        let are_too_many = schedule.tolerated_errors.is_none_or(|errors| self.polls > errors);
        are_too_many && schedule.tolerated_error_time.is_none_or(|tolerated| time >= tolerated)
    }
}

/// Whether the response is one that a proxy or a login page may have sent instead of the service. A single one is
/// tolerated. A body that was cut off is not meant: that is transient, however often it happens.
fn is_unreadable(kind: ErrorKind) -> bool {
    use BodyFailure::{TooLarge, TooManyValues, UnsupportedEncoding};
    match kind {
        ErrorKind::Decode | ErrorKind::UnexpectedResponse | ErrorKind::Redirect | ErrorKind::HeadTooLarge => true,
        ErrorKind::Body(failure) => matches!(failure, TooLarge | TooManyValues | UnsupportedEncoding),
        _ => false,
    }
}
