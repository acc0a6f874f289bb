//! Why waiting for a job has not given its value. The error has the job's handle, so that nothing is lost.

use std::fmt;

use super::meta::Job;
use crate::runtime::call::operation::Operation;
use crate::runtime::error::kind::{ErrorKind, TimeoutKind};
use crate::runtime::error::{BoxError, Error};

/// Why waiting for a job has not given its value.
///
/// `Display` is one line: what went wrong, how the service calls the last state, and the service's own message. Neither
/// `Display` nor `Debug` contains a state, which may hold anything that the service has sent: read it with
/// [`state`](Self::state). [`server_message`](Self::server_message) says which messages are shown.
#[doc = include_str!("../../doc_examples/job_error.md")]
pub struct JobError<H: Job> {
    inner: Box<Inner<H>>,
}

struct Inner<H: Job> {
    job: Option<H>,
    failure: JobFailure<H>,
    reported: Reported,
}

/// What the service says of a job, as far as it may be shown.
#[derive(Default)]
pub(crate) struct Reported {
    /// How it calls the last state: one of the strings in the API's description, or masked.
    pub(crate) status: Option<String>,
    /// Its message of failure, masked.
    pub(crate) message: Option<String>,
    /// Its message of failure as one line, otherwise as it was sent. Never shown.
    pub(crate) unmasked_message: Option<String>,
}

/// What went wrong. `Debug` does not show the states.
#[non_exhaustive]
pub enum JobFailure<H: Job> {
    /// The start failed: [`Error::maybe_sent`] says whether the job may be running all the same.
    Start(Error),
    /// The service reports that the job has failed: its last state, with the service's reason.
    Failed(H::State),
    /// A poll failed in a way that does not pass, or polls have failed for too long, or the service asks for a longer
    /// pause than the client waits for ([`StopReason::RetryAfterTooLong`](crate::runtime::StopReason::RetryAfterTooLong), with
    /// [`Error::retry_after`]). The job may go on.
    Poll(Error),
    /// The time to wait is over. The job may go on.
    TimedOut {
        /// The last state that was seen.
        last_state: Option<H::State>,
        /// The last failure of a poll, if no state was seen since.
        last_error: Option<Error>,
        /// How many polls were sent, those of clones included that were sent meanwhile.
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

    /// What went wrong.
    #[must_use]
    pub fn failure(&self) -> &JobFailure<H> {
        &self.inner.failure
    }

    /// The handle, to poll or to wait again. `None` only if the start failed.
    #[must_use]
    pub fn job(&self) -> Option<&H> {
        self.inner.job.as_ref()
    }

    /// The last state that was seen, if any.
    #[must_use]
    pub fn state(&self) -> Option<&H::State> {
        match self.failure() {
            JobFailure::Failed(state) => Some(state),
            JobFailure::TimedOut { last_state, .. } => last_state.as_ref(),
            JobFailure::Start(_) | JobFailure::Poll(_) => None,
        }
    }

    /// The error of the call that failed, if it was one.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self.failure() {
            JobFailure::Start(error) | JobFailure::Poll(error) => Some(error),
            JobFailure::TimedOut { last_error, .. } => last_error.as_ref(),
            JobFailure::Failed(_) => None,
        }
    }

    /// Whether the service reports that the job has failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self.failure(), JobFailure::Failed(_))
    }

    /// Whether the time to wait is over while the job may go on.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure(), JobFailure::TimedOut { .. })
    }

    /// The service's own message of failure: one line in which credentials and what the start of the job has sent are
    /// masked.
    ///
    /// What the start has sent is known to `start(..).wait()` and to handles that were given by a start in this process,
    /// and to their clones. For a handle that was deserialized or made from its ids nobody knows what to mask: there is
    /// no message then, neither here nor in `Display` and `Debug`, except in
    /// [`unmasked_server_message`](Self::unmasked_server_message). A status that the API's description does not name is
    /// not shown either.
    ///
    /// Values are masked as they were sent, with the escapes of `Debug` and of JSON, and in parts where they are lists,
    /// pairs, JSON or URLs. Not masked are values of fewer than four bytes other than credentials, and values that the
    /// service has changed in another way, such as a part of a password.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.inner.reported.message.as_deref().or_else(|| self.error()?.server_message())
    }

    /// The service's own message of failure as one line, read from the body as the service sent it. Nothing is masked:
    /// it may contain whatever the service echoes, passwords and keys included. Do not log it.
    #[must_use]
    pub fn unmasked_server_message(&self) -> Option<String> {
        self.inner.reported.unmasked_message.clone().or_else(|| self.error()?.unmasked_server_message())
    }

    /// The handle and what went wrong.
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
        self.error().map(|error| error as _)
    }
}

/// For functions that return [`Error`] and wait with `?`.
///
/// If the start failed, this is the error of its call. Otherwise the source of the error is the `JobError`, which has the
/// handle. A job that failed is an error of the kind [`ErrorKind::JobFailed`], and one that did not end in time of the kind
/// [`TimeoutKind::Job`].
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
        outer.for_operation(H::Poll::META.id).with_maybe_sent(true).with_source(BoxError::from(error))
    }
}
