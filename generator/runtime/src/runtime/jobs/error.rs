//! The error of waiting for a job. It contains the handle, so that the job can be polled or waited for again.

use std::fmt;

use super::meta::Job;
use crate::runtime::call::operation::Operation;
use crate::runtime::error::kind::{ErrorKind, TimeoutKind};
use crate::runtime::error::{BoxError, Error};

/// The error of waiting for a job: the start or a poll failed, the job failed, or it did not end in time.
///
/// [`failure`](Self::failure) returns what failed. [`job`](Self::job) returns the handle of the job, to wait again.
///
/// `Display` writes one line: what failed, the name of the last state, and the service's own message. It contains the message
/// of the start or poll that failed, so [`source`](std::error::Error::source) is the cause of that: the whole chain names
/// each cause once. Neither `Display` nor `Debug` shows the states themselves, which may contain anything that the service
/// has sent: read them with [`state`](Self::state), and do not log them. [`server_message`](Self::server_message) describes
/// which messages are shown.
#[doc = include_str!("../../doc_examples/job_error.md")]
pub struct JobError<H: Job> {
    inner: Box<Inner<H>>,
}

struct Inner<H: Job> {
    job: Option<H>,
    failure: JobFailure<H>,
    reported: Reported,
}

/// What the service reports about a job, as far as it may be shown.
#[derive(Default)]
pub(crate) struct Reported {
    /// The name of the last state: one of the strings in the API's description, or masked.
    pub(crate) status: Option<String>,
    /// The message about the failure, masked.
    pub(crate) message: Option<String>,
    /// The message about the failure as one line, not masked. Never shown.
    pub(crate) unmasked_message: Option<String>,
}

/// Why waiting for a job failed. `Debug` does not show the states.
#[non_exhaustive]
pub enum JobFailure<H: Job> {
    /// The start failed. The job may be running nevertheless if [`Error::maybe_sent`] is true.
    Start(Error),
    /// The service reports that the job has failed. This is its last state, with the service's reason.
    Failed(H::State),
    /// A poll failed permanently, polls have failed for too long, or the service requires a longer pause than the client waits
    /// for ([`StopReason::RetryAfterTooLong`](crate::runtime::StopReason::RetryAfterTooLong), with [`Error::retry_after`]).
    /// Invalid options of a wait are also reported as this. The job may still be running.
    Poll(Error),
    /// The timeout of the wait has passed. The job may still be running.
    #[non_exhaustive]
    TimedOut {
        /// The last state that was received, if any.
        last_state: Option<H::State>,
        /// The last error of a poll, unless a state was received after it.
        last_error: Option<Error>,
        /// The polls of this wait, including those shared with clones of the handle.
        polls: u32,
    },
}

impl<H: Job> JobError<H> {
    pub(crate) fn start(error: Error) -> Self {
        Self::new(None, JobFailure::Start(error))
    }

    pub(crate) fn of(handle: &H, failure: JobFailure<H>) -> Self {
        Self::new(Some(handle.clone()), failure)
    }

    pub(crate) fn reporting(mut self, reported: Reported) -> Self {
        self.inner.reported = reported;
        self
    }

    fn new(job: Option<H>, failure: JobFailure<H>) -> Self {
        Self { inner: Box::new(Inner { job, failure, reported: Reported::default() }) }
    }

    /// Returns why waiting failed.
    #[must_use]
    pub fn failure(&self) -> &JobFailure<H> {
        &self.inner.failure
    }

    /// Returns the handle, to poll or to wait again. `None` only if the start failed.
    #[must_use]
    pub fn job(&self) -> Option<&H> {
        self.inner.job.as_ref()
    }

    /// Returns the last state: that of the failed job, or the last one before the timeout passed. Otherwise `None`.
    #[must_use]
    pub fn state(&self) -> Option<&H::State> {
        match self.failure() {
            JobFailure::Failed(state) => Some(state),
            JobFailure::TimedOut { last_state, .. } => last_state.as_ref(),
            JobFailure::Start(_) | JobFailure::Poll(_) => None,
        }
    }

    /// Returns the error of the start or of the poll that failed. After a timeout this is the error of the last poll, if it
    /// failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self.failure() {
            JobFailure::Start(error) | JobFailure::Poll(error) => Some(error),
            JobFailure::TimedOut { last_error, .. } => last_error.as_ref(),
            JobFailure::Failed(_) => None,
        }
    }

    /// Returns whether the service reports that the job has failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self.failure(), JobFailure::Failed(_))
    }

    /// Returns whether the timeout of the wait has passed. The job may still be running.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure(), JobFailure::TimedOut { .. })
    }

    /// Returns the service's own message about the failure as one line. Credentials and what the start of the job has sent are
    /// masked in it.
    ///
    /// What the start has sent is known to `start(..).wait()`, to handles that were returned by a start in this process, and
    /// to their clones. For a handle that was deserialized or created from its ids it is unknown what to mask. There is no
    /// message then, neither here nor in `Display` and `Debug`, but only in
    /// [`unmasked_server_message`](Self::unmasked_server_message). A name of a state that is not in the API's description is
    /// not shown either.
    ///
    /// Values are masked as they were sent and with the escapes of `Debug` and JSON. The parts of lists, pairs, JSON and URLs
    /// are masked as well. Values of fewer than four bytes are not masked, except credentials. Neither are values that the
    /// service has changed in another way, such as a part of a password.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.inner.reported.message.as_deref().or_else(|| self.error()?.server_message())
    }

    /// Returns the service's own message about the failure as one line, without masking. It may contain everything that the
    /// service echoes, including passwords and keys. Do not log it.
    #[must_use]
    pub fn unmasked_server_message(&self) -> Option<String> {
        self.inner.reported.unmasked_message.clone().or_else(|| self.error()?.unmasked_server_message())
    }

    /// Returns the handle and why waiting failed. The handle is `None` only if the start failed.
    #[must_use]
    pub fn into_parts(self) -> (Option<H>, JobFailure<H>) {
        (self.inner.job, self.inner.failure)
    }
}

impl<H: Job> fmt::Display for JobError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failure() {
            JobFailure::Start(error) if error.maybe_sent() => {
                write!(f, "the start of the job failed, but the job may be running: {error}")
            }
            JobFailure::Start(error) => write!(f, "the job was not started: {error}"),
            JobFailure::Poll(error) => write!(f, "polling the job failed: {error}"),
            JobFailure::Failed(_) => self.write_failed(f),
            JobFailure::TimedOut { polls, .. } => self.write_timed_out(*polls, f),
        }
    }
}

impl<H: Job> JobError<H> {
    /// Returns how the wait ended, for logs.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.failure() {
            JobFailure::Start(_) => "not started",
            JobFailure::Failed(_) => "failed",
            JobFailure::Poll(_) => "poll failed",
            JobFailure::TimedOut { .. } => "timed out",
        }
    }

    /// Returns the service's name of the last state for logs, if it is one of the strings in the API's description.
    pub(crate) fn known_status(&self) -> Option<&str> {
        self.inner.reported.status.as_deref().filter(|status| H::META.names(status))
    }

    fn write_failed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.reported.status {
            Some(status) => write!(f, "the job ended as \"{status}\"")?,
            None => f.write_str("the job failed")?,
        }
        match self.server_message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }

    fn write_timed_out(&self, polls: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if polls == 1 { "" } else { "s" };
        write!(f, "the job did not end in time ({polls} poll{plural}")?;
        if let Some(status) = &self.inner.reported.status {
            write!(f, ", last seen as \"{status}\"")?;
        }
        f.write_str("); it may still be running")
    }
}

impl<H: Job> fmt::Debug for JobError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { job, failure, reported } = &*self.inner;
        let mut out = f.debug_struct("JobError");
        out.field("job", job).field("failure", failure);
        out.field("status", &reported.status).field("message", &reported.message).finish()
    }
}

impl<H: Job> fmt::Debug for JobFailure<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => f.debug_tuple("Start").field(error).finish(),
            Self::Failed(_) => f.debug_tuple("Failed").finish_non_exhaustive(),
            Self::Poll(error) => f.debug_tuple("Poll").field(error).finish(),
            Self::TimedOut { last_error, polls, .. } => {
                let mut out = f.debug_struct("TimedOut");
                out.field("last_error", last_error).field("polls", polls).finish_non_exhaustive()
            }
        }
    }
}

impl<H: Job> std::error::Error for JobError<H> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.failure() {
            // `Display` contains the message of this error.
            JobFailure::Start(error) | JobFailure::Poll(error) => std::error::Error::source(error),
            JobFailure::TimedOut { last_error, .. } => last_error.as_ref().map(|error| error as _),
            JobFailure::Failed(_) => None,
        }
    }
}

/// Lets functions that return [`Error`] wait with `?`.
///
/// If the start failed, the result is the error of its call. Otherwise [`Error::job_error`] returns the `JobError`, which
/// contains the handle. The kind is that of the failed poll, [`ErrorKind::JobFailed`] if the job failed, and
/// [`ErrorKind::Timeout`] with [`TimeoutKind::Job`] if it did not end in time.
impl<H: Job> From<JobError<H>> for Error {
    fn from(error: JobError<H>) -> Self {
        let outer = match error.failure() {
            JobFailure::Start(_) => {
                return match error.into_parts() {
                    (_, JobFailure::Start(error) | JobFailure::Poll(error)) => error,
                    (_, _) => Self::new(ErrorKind::JobFailed, "the job failed"),
                };
            }
            JobFailure::Poll(poll) => poll.share(),
            JobFailure::Failed(_) => Self::new(ErrorKind::JobFailed, error.to_string()),
            JobFailure::TimedOut { .. } => Self::new(ErrorKind::Timeout(TimeoutKind::Job), error.to_string()),
        };
        outer.for_operation(H::Poll::META.id).with_maybe_sent(true).converted_from(BoxError::from(error))
    }
}

impl Error {
    /// Returns the error of the wait that this error was converted from, which contains the handle. `None` if there is
    /// none, if the start of the job failed, or for a job of another kind.
    #[must_use]
    pub fn job_error<H: Job>(&self) -> Option<&JobError<H>> {
        self.converted().and_then(|error| error.downcast_ref())
    }
}
