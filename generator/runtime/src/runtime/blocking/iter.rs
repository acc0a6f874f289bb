//! Streams as iterators, in programs without an async runtime.
#![cfg(feature = "blocking")]

use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::run;
use crate::runtime::error::Error;

/// The items of a stream, taken one by one in a program without an async runtime. After an error of the waiting itself
/// nothing comes.
///
/// Needs the feature `blocking`.
#[derive(Debug)]
#[must_use = "nothing is asked until an item is wanted"]
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

/// The items of a stream of this crate, such as pages, as an iterator.
///
/// Needs the feature `blocking`.
pub fn iter<S, T>(stream: S) -> Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin + Send,
    T: Send,
{
    Iter { stream: Some(stream) }
}
