//! How waiting for work ends other than well, with the work's handle, so that nothing is lost.

use std::fmt;

use super::error::Error;
use super::long_running::LongRunning;

/// Why there is no value of the work. Small; what is in it is read with its methods or taken out with
/// [`into_parts`](Self::into_parts).
pub struct OperationError<H: LongRunning> {
    inner: Box<Inner<H>>,
}

struct Inner<H: LongRunning> {
    operation: Option<H>,
    failure: OperationFailure<H>,
    /// How the service calls the last state, masked.
    status: Option<String>,
    /// What the service says of the failed work, masked.
    message: Option<String>,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum OperationFailure<H: LongRunning> {
    /// The start failed: [`Error::maybe_sent`] says whether the work may go on all the same.
    Start(Error),
    /// The service says that the work has failed: its last state, with the service's reason.
    Failed(H::State),
    /// Asking for the state failed in a way that does not pass, or too often in a row. The work may go on.
    Poll(Error),
    /// The time to wait is over. The work may go on.
    TimedOut {
        /// The last state that was seen.
        last_state: Option<H::State>,
        /// The last failure to ask, if no state was seen since.
        last_error: Option<Error>,
        /// How often it was asked for.
        questions: u32,
    },
}

impl<H: LongRunning> OperationError<H> {
    pub(super) fn start(error: Error) -> Self {
        Self::new(None, OperationFailure::Start(error))
    }

    pub(super) fn of(handle: &H, failure: OperationFailure<H>) -> Self {
        Self::new(Some(handle.clone()), failure)
    }

    pub(super) fn with_status(mut self, status: Option<String>) -> Self {
        self.inner.status = status;
        self
    }

    pub(super) fn with_message(mut self, message: Option<String>) -> Self {
        self.inner.message = message;
        self
    }

    fn new(operation: Option<H>, failure: OperationFailure<H>) -> Self {
        Self { inner: Box::new(Inner { operation, failure, status: None, message: None }) }
    }

    /// What went wrong.
    #[must_use]
    pub fn failure(&self) -> &OperationFailure<H> {
        &self.inner.failure
    }

    /// The handle, to ask again or to wait on. `None` only if the start failed.
    #[must_use]
    pub fn operation(&self) -> Option<&H> {
        self.inner.operation.as_ref()
    }

    /// The last state that was seen, if any.
    #[must_use]
    pub fn state(&self) -> Option<&H::State> {
        match self.failure() {
            OperationFailure::Failed(state) => Some(state),
            OperationFailure::TimedOut { last_state, .. } => last_state.as_ref(),
            OperationFailure::Start(_) | OperationFailure::Poll(_) => None,
        }
    }

    /// The error of the call that failed, if it was one.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self.failure() {
            OperationFailure::Start(error) | OperationFailure::Poll(error) => Some(error),
            OperationFailure::TimedOut { last_error, .. } => last_error.as_ref(),
            OperationFailure::Failed(_) => None,
        }
    }

    /// Whether the service says that the work has failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self.failure(), OperationFailure::Failed(_))
    }

    /// Whether the time to wait is over while the work may go on.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure(), OperationFailure::TimedOut { .. })
    }

    /// The service's own message of failure, on one line, without credentials.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        self.inner.message.as_deref().or_else(|| self.error()?.server_message())
    }

    /// The handle and what went wrong.
    #[must_use]
    pub fn into_parts(self) -> (Option<H>, OperationFailure<H>) {
        (self.inner.operation, self.inner.failure)
    }
}

/// One line: what went wrong, how the service calls the last state, and the service's own message.
impl<H: LongRunning> fmt::Display for OperationError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failure() {
            OperationFailure::Start(error) if error.maybe_sent() => {
                write!(f, "starting the operation failed, and it may go on all the same: {error}")
            }
            OperationFailure::Start(error) => write!(f, "the operation was not started: {error}"),
            OperationFailure::Poll(error) => write!(f, "asking for the operation's state failed: {error}"),
            OperationFailure::Failed(_) => self.write_failed(f),
            OperationFailure::TimedOut { questions, .. } => self.write_timed_out(*questions, f),
        }
    }
}

impl<H: LongRunning> OperationError<H> {
    fn write_failed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.status {
            Some(status) => write!(f, "the operation ended as \"{status}\"")?,
            None => f.write_str("the operation has failed")?,
        }
        match self.server_message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }

    fn write_timed_out(&self, questions: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if questions == 1 { "" } else { "s" };
        write!(f, "the operation was not over in time ({questions} question{plural}")?;
        if let Some(status) = &self.inner.status {
            write!(f, ", last seen as \"{status}\"")?;
        }
        f.write_str("); it may go on")
    }
}

/// States are shown as their own `Debug` shows them; they hold what the service sent.
impl<H: LongRunning> fmt::Debug for OperationError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("OperationError");
        out.field("operation", &self.inner.operation).field("failure", &self.inner.failure).finish()
    }
}

impl<H: LongRunning> std::error::Error for OperationError<H> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error().map(|error| error as _)
    }
}
