//! The streams that a body is read from.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::broken;
use crate::runtime::error::{BoxError, Error};

/// The content of a body. An error is that of the call.
pub(crate) type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// The stream of the user.
pub(crate) struct Source<S> {
    stream: Pin<Box<S>>,
}

impl<S> Source<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream: Box::pin(stream) }
    }
}

impl<S, T, E> Stream for Source<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(self.stream.as_mut().poll_next(context));
        Poll::Ready(piece.map(|piece| match piece {
            Ok(piece) => Ok(piece.into()),
            Err(error) => Err(broken("the body of the request cannot be read").with_source(error)),
        }))
    }
}

/// Bytes in memory.
pub(crate) struct Whole(Option<Bytes>);

impl Whole {
    pub(crate) fn new(bytes: Bytes) -> Self {
        Self(Some(bytes))
    }
}

impl Stream for Whole {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// A stream that is taken from its body when the first piece is needed, so that an attempt without a connection leaves it.
pub(crate) struct Once {
    shared: Arc<Mutex<Option<ByteStream>>>,
    taken: Option<ByteStream>,
}

impl Once {
    pub(crate) fn new(shared: Arc<Mutex<Option<ByteStream>>>) -> Self {
        Self { shared, taken: None }
    }
}

impl Stream for Once {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.taken.is_none() {
            let taken = self.shared.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.taken = taken;
        }
        match &mut self.taken {
            Some(stream) => stream.as_mut().poll_next(context),
            None => Poll::Ready(Some(Err(broken("the body of the request is being sent by another call")))),
        }
    }
}

/// Several streams, one after another.
pub(crate) struct Joined {
    /// The last one is read first.
    left: Vec<ByteStream>,
}

impl Joined {
    pub(crate) fn new(mut streams: Vec<ByteStream>) -> Self {
        streams.reverse();
        Self { left: streams }
    }
}

impl Stream for Joined {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(stream) = self.left.last_mut() {
            if let Some(piece) = ready!(stream.as_mut().poll_next(context)) {
                return Poll::Ready(Some(piece));
            }
            self.left.pop();
        }
        Poll::Ready(None)
    }
}

/// A stream that must have a length.
///
/// It keeps the last piece until the stream has ended: the HTTP library reads no further once it has as many bytes as it
/// announced, so a longer stream would be noticed too late.
pub(crate) struct Checked {
    stream: ByteStream,
    length: u64,
    read: u64,
    last: Option<Bytes>,
}

impl Checked {
    pub(crate) fn new(stream: ByteStream, length: u64) -> Self {
        Self { stream, length, read: 0, last: None }
    }
}

impl Stream for Checked {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let piece = match ready!(self.stream.as_mut().poll_next(context)) {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.read < self.length => {
                    let (read, length) = (self.read, self.length);
                    self.length = read;
                    let message = format!("the body of the request ended after {read} of {length} bytes");
                    return Poll::Ready(Some(Err(broken(message))));
                }
                None => return Poll::Ready(self.last.take().map(Ok)),
            };
            if piece.is_empty() {
                continue;
            }
            self.read = self.read.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if self.read > self.length {
                let message = format!("the body of the request is longer than its length of {} bytes", self.length);
                return Poll::Ready(Some(Err(broken(message))));
            }
            if self.read < self.length {
                return Poll::Ready(Some(Ok(piece)));
            }
            self.last = Some(piece);
        }
    }
}
