//! The states of a job as they come in, as a stream.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::error::JobError;
use super::meta::{Job, Progress};
use super::options::WaitOptions;
use super::poll_loop::PollLoop;

type Item<H> = Result<Progress<H>, JobError<H>>;
type Step<'a, H> = Pin<Box<dyn Future<Output = (Item<H>, Box<PollLoop<'a, H>>)> + Send + 'a>>;

/// The states of a job as they come in: [`Progress::Running`] any number of times, then [`Progress::Done`] or an error,
/// then nothing. Nothing is sent before the first is wanted.
///
/// It polls as [`Wait`](crate::runtime::Wait) does, ends for the same reasons, and shares the polls of the
/// same client with the clones of its handle.
///
/// Dropping it, or the future of [`next`](Self::next), loses nothing.
#[must_use = "nothing is sent until a state is wanted"]
pub struct States<'a, H: Job> {
    stage: Stage<'a, H>,
}

enum Stage<'a, H: Job> {
    /// The options are invalid, which is reported when the first state is wanted.
    Refused(JobError<H>),
    Idle(Box<PollLoop<'a, H>>),
    Asking(Step<'a, H>),
    Over,
}

impl<'a, H: Job> States<'a, H> {
    /// The states of a job.
    #[doc(hidden)]
    pub fn new(handle: &'a H, client: &'a H::Client, options: WaitOptions) -> Self {
        let stage = match PollLoop::new(handle, client, options) {
            Ok(watch) => Stage::Idle(Box::new(watch)),
            Err(error) => Stage::Refused(error),
        };
        Self { stage }
    }

    /// The next state, without a need for any extension of streams. `None` when the end was told.
    ///
    /// # Errors
    ///
    /// The work has failed, asking for it failed for good, the time is over, or the options make no sense. Nothing comes
    /// after an error.
    pub async fn next(&mut self) -> Option<Item<H>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<H: Job> Stream for States<'_, H> {
    type Item = Item<H>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut step = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => return Poll::Ready(None),
            Stage::Refused(error) => return Poll::Ready(Some(Err(error))),
            Stage::Asking(step) => step,
            Stage::Idle(mut watch) => Box::pin(async move { (watch.next().await, watch) }),
        };
        match step.as_mut().poll(context) {
            Poll::Pending => {
                self.stage = Stage::Asking(step);
                Poll::Pending
            }
            Poll::Ready((item, watch)) => {
                if matches!(item, Ok(Progress::Running(_))) {
                    self.stage = Stage::Idle(watch);
                }
                Poll::Ready(Some(item))
            }
        }
    }
}
