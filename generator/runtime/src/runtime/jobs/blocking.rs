//! Waiting for the end of long-running work in programs without an async runtime.
#![cfg(feature = "blocking")]

use super::error::{JobError, JobFailure};
use super::meta::{Job, StartsJob};
use super::wait::{StartAndWait, Wait};
use crate::runtime::blocking::run;
use crate::runtime::call::Call;
use crate::runtime::error::Error;

/// Needs the feature `blocking`.
impl<H: Job> Wait<'_, H> {
    /// Waits for the end and blocks the calling thread until then.
    ///
    /// # Errors
    /// As awaiting it.
    pub fn blocking(self) -> Result<H::Done, JobError<H>> {
        let handle = self.handle();
        run(self).unwrap_or_else(|error| Err(JobError::of(handle, JobFailure::Poll(error))))
    }
}

/// Needs the feature `blocking`.
impl<'a, O: StartsJob<'a> + 'a> StartAndWait<'a, O> {
    /// Starts and waits for the end and blocks the calling thread until then.
    ///
    /// # Errors
    /// As awaiting it.
    pub fn blocking(self) -> Result<<O::Job as Job>::Done, JobError<O::Job>> {
        run(self).unwrap_or_else(|error| Err(JobError::start(error)))
    }
}

/// Needs the feature `blocking`.
impl<'a, O: StartsJob<'a> + 'a> Call<'a, O> {
    /// Starts the work and gives its handle and blocks the calling thread until then.
    ///
    /// # Errors
    /// As [`job`](Self::job).
    pub fn blocking_job(self) -> Result<O::Job, Error> {
        run(self.job())?
    }
}
