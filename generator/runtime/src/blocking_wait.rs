//! Waiting for the end of long-running work in programs without an async runtime.
#![cfg(feature = "blocking")]

use super::blocking::run;
use super::call::Call;
use super::error::Error;
use super::long_running::{LongRunning, Starts};
use super::operation_error::{OperationError, OperationFailure};
use super::wait::{StartAndWait, Wait};

/// Needs the feature `blocking`.
impl<H: LongRunning> Wait<'_, H> {
    /// Waits for the end and blocks the calling thread until then.
    ///
    /// # Errors
    /// As awaiting it.
    pub fn blocking(self) -> Result<H::Done, OperationError<H>> {
        let handle = self.handle();
        run(self).unwrap_or_else(|error| Err(OperationError::of(handle, OperationFailure::Poll(error))))
    }
}

/// Needs the feature `blocking`.
impl<'a, O: Starts<'a> + 'a> StartAndWait<'a, O> {
    /// Starts and waits for the end and blocks the calling thread until then.
    ///
    /// # Errors
    /// As awaiting it.
    pub fn blocking(self) -> Result<<O::Handle as LongRunning>::Done, OperationError<O::Handle>> {
        run(self).unwrap_or_else(|error| Err(OperationError::start(error)))
    }
}

/// Needs the feature `blocking`.
impl<'a, O: Starts<'a> + 'a> Call<'a, O> {
    /// Starts the work and gives its handle and blocks the calling thread until then.
    ///
    /// # Errors
    /// As [`operation`](Self::operation).
    pub fn blocking_operation(self) -> Result<O::Handle, Error> {
        run(self.operation())?
    }
}
