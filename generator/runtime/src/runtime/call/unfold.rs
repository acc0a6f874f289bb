//! A stream over a source that produces items asynchronously.
//!
//! The stream keeps the future of the next item, so a caller that stops polling loses nothing.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The source of a stream.
pub(crate) trait Source: Send {
    /// The type of the items.
    type Item: Send;

    /// Returns the next item. `None` at the end, after which it is not called again.
    fn next(&mut self) -> impl Future<Output = Option<Self::Item>> + Send;
}

type Step<'a, S> = Pin<Box<dyn Future<Output = (Option<<S as Source>::Item>, Box<S>)> + Send + 'a>>;

/// A source, and the future of its next item if there is one.
pub(crate) struct Unfold<'a, S: Source> {
    stage: Stage<'a, S>,
}

enum Stage<'a, S: Source> {
    Idle(Box<S>),
    Pending(Step<'a, S>),
    Over,
}

impl<'a, S: Source + 'a> Unfold<'a, S> {
    pub(crate) fn new(source: S) -> Self {
        Self { stage: Stage::Idle(Box::new(source)) }
    }

    /// Changes the source. Has no effect while an item is pending and after the end.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut S)) -> Self {
        if let Stage::Idle(source) = &mut self.stage {
            change(source);
        }
        self
    }

    /// Polls for the next item. The source is dropped when it has ended.
    pub(crate) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let mut step = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Over => return Poll::Ready(None),
            Stage::Pending(step) => step,
            Stage::Idle(mut source) => Box::pin(async move { (source.next().await, source) }),
        };
        match step.as_mut().poll(context) {
            Poll::Pending => {
                self.stage = Stage::Pending(step);
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
