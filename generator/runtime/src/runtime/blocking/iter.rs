//! Streams as blocking iterators, for programs without an async runtime.
#![cfg(feature = "blocking")]

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::run;
use crate::runtime::error::Error;

/// A blocking iterator over the items of a stream. Returned by [`iter`].
///
/// `next` blocks the calling thread until the next item is available. Nothing is sent before the first item is requested. If
/// no thread can be started for blocking calls, the iterator returns that error and ends.
///
/// Requires the feature `blocking`.
#[derive(Debug)]
#[must_use = "nothing is sent until an item is requested"]
pub struct Iter<S> {
    stream: Option<S>,
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin + Send,
    T: Send,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        match run(poll_fn(|context| Pin::new(&mut *stream).poll_next(context))) {
            Ok(item) => item,
            Err(error) => {
                self.stream = None;
                Some(Err(error))
            }
        }
    }
}

/// Returns a blocking iterator over a stream of this crate, such as the pages or the items of a list.
///
/// Each item is a `Result`: the errors are those of the stream. In an async task use the stream itself instead; see
/// [`run`].
///
/// Requires the feature `blocking`.
pub fn iter<S, T>(stream: S) -> Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin + Send,
    T: Send,
{
    Iter { stream: Some(stream) }
}
