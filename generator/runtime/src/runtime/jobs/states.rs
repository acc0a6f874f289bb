//! A stream of the states of a job.

use std::fmt;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::Stream;

use super::error::JobError;
use super::meta::{Job, Progress};
use super::options::WaitOptions;
use super::poll::{Poller, job_span};
use super::poll_loop::PollLoop;
use crate::runtime::call::unfold::{Source, Unfold};
use crate::runtime::trace;

/// A stream of the states of a job: [`Progress::Running`] any number of times, then [`Progress::Done`] or an error, which is
/// the last item.
///
/// [`next`](Self::next) returns the items without a stream extension trait. Nothing is sent before the first state is
/// requested, and the timeout starts then.
///
/// The stream polls with the same [`WaitOptions`] as [`Wait`](crate::runtime::jobs::Wait), ends for the same reasons, and
/// shares polls with clones of the handle that use the same client.
///
/// Dropping the future of [`next`](Self::next) loses nothing: call `next` again to continue. After the stream is dropped, the
/// handle can be polled or waited for again.
#[doc = include_str!("../../doc_examples/states.md")]
#[must_use = "nothing is sent until a state is requested"]
pub struct States<'a, H: Job> {
    unfold: Unfold<'a, Watched<'a, H>>,
}

impl<H: Job> fmt::Debug for States<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("States").finish_non_exhaustive()
    }
}

impl<'a, H: Job> States<'a, H> {
    /// Creates the stream of the states of a job.
    #[doc(hidden)]
    pub fn new(handle: &'a H, client: &'a H::Client, options: WaitOptions) -> Self {
        let watched = match PollLoop::new(Poller { handle, client, options: None }, options) {
            Ok(polls) => Watched::Running(Box::new(polls)),
            Err(error) => Watched::Invalid(error),
        };
        Self { unfold: Unfold::new(watched) }
    }

    /// Returns the next state, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Fails if the job has failed, a poll failed permanently, polls have failed for too long, the service requires a longer
    /// pause than the client's `max_retry_after`, the timeout has passed, or the options are invalid. The stream ends after
    /// an error.
    pub async fn next(&mut self) -> Option<Result<Progress<H>, JobError<H>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<H: Job> Stream for States<'_, H> {
    type Item = Result<Progress<H>, JobError<H>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.unfold.poll_next(context)
    }
}

/// The source of the stream.
enum Watched<'a, H: Job> {
    /// The options are invalid, which is reported when the first state is requested.
    Invalid(JobError<H>),
    Running(Box<PollLoop<'a, H>>),
    Over,
}

impl<H: Job> Source for Watched<'_, H> {
    type Item = Result<Progress<H>, JobError<H>>;

    async fn next(&mut self) -> Option<Self::Item> {
        let item = match self {
            Self::Running(polls) => {
                let span = job_span(polls.handle());
                trace::within(&span, pin!(polls.next())).await
            }
            Self::Invalid(_) => match std::mem::replace(self, Self::Over) {
                Self::Invalid(error) => Err(error),
                Self::Running(_) | Self::Over => return None,
            },
            Self::Over => return None,
        };
        if !matches!(item, Ok(Progress::Running(_))) {
            *self = Self::Over;
        }
        Some(item)
    }
}
