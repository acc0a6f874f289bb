//! Starting and waiting for jobs in programs without an async runtime.
#![cfg(feature = "blocking")]

use super::error::{JobError, JobFailure};
use super::meta::{Job, StartsJob};
use super::wait::{StartAndWait, Wait};
use crate::runtime::blocking::run;
use crate::runtime::call::Call;
use crate::runtime::error::Error;

/// Requires the feature `blocking`.
impl<H: Job> Wait<'_, H> {
    /// Waits for the end of the job, and blocks the calling thread until then.
    ///
    /// In an async task use `.await` instead. See [`Call::blocking`](crate::runtime::Call::blocking).
    ///
    /// # Errors
    ///
    /// As awaiting it, and if no thread can be started for blocking calls.
    pub fn blocking(self) -> Result<H::Done, JobError<H>> {
        let handle = self.job();
        run(self).unwrap_or_else(|error| Err(JobError::of(handle, JobFailure::Poll(error))))
    }
}

/// Requires the feature `blocking`.
impl<'a, O: StartsJob<'a> + 'a> StartAndWait<'a, O> {
    /// Starts the job, waits for its end, and blocks the calling thread until then.
    ///
    /// In an async task use `.await` instead. See [`Call::blocking`](crate::runtime::Call::blocking).
    ///
    /// # Errors
    ///
    /// As awaiting it, and if no thread can be started for blocking calls.
    pub fn blocking(self) -> Result<<O::Job as Job>::Done, JobError<O::Job>> {
        run(self).unwrap_or_else(|error| Err(JobError::start(error)))
    }
}

/// Requires the feature `blocking`.
impl<'a, O: StartsJob<'a> + 'a> Call<'a, O> {
    /// Starts the job and returns its handle, and blocks the calling thread until then.
    ///
    /// In an async task use [`job`](Self::job) instead.
    ///
    /// # Errors
    ///
    /// As [`job`](Self::job), and if no thread can be started for blocking calls.
    pub fn blocking_job(self) -> Result<O::Job, Error> {
        run(self.job())?
    }
}
