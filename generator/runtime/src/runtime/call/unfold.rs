//! A stream made of a value that can be asked for its next item. Dropping the future of an item loses nothing.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// What a stream is made of.
pub(crate) trait Source: Send {
    /// What it gives.
    type Item: Send;

    /// The next item; none at the end, after which it is not asked again.
    fn next(&mut self) -> impl Future<Output = Option<Self::Item>> + Send;
}

type Step<'a, S> = Pin<Box<dyn Future<Output = (Option<<S as Source>::Item>, Box<S>)> + Send + 'a>>;

/// A source, and how far the question for its next item has come.
pub(crate) struct Unfold<'a, S: Source> {
    stage: Stage<'a, S>,
}

enum Stage<'a, S: Source> {
    Idle(Box<S>),
    Asking(Step<'a, S>),
    Over,
}

impl<'a, S: Source + 'a> Unfold<'a, S> {
    pub(crate) fn new(source: S) -> Self {
        Self { stage: Stage::Idle(Box::new(source)) }
    }

    /// The source changed, as long as nothing was asked of it.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut S)) -> Self {
        if let Stage::Idle(source) = &mut self.stage {
            change(source);
        }
        self
    }

    /// The source is dropped as soon as it has told of its end.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut step = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => return Poll::Ready(None),
            Stage::Asking(step) => step,
            Stage::Idle(mut source) => Box::pin(async move { (source.next().await, source) }),
        };
        match step.as_mut().poll(context) {
            Poll::Pending => {
                self.stage = Stage::Asking(step);
                Poll::Pending
            }
            Poll::Ready((item, source)) => {
                if item.is_some() {
                    self.stage = Stage::Idle(source);
                }
                Poll::Ready(item)
            }
        }
    }
}
