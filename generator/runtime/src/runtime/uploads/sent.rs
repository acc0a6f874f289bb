//! A body in the form of the HTTP library, which notes how far it is sent and why it cannot be read.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

use super::stream::ByteStream;
use crate::runtime::error::{BoxError, Error};
use crate::runtime::request::{OpenBody, Sent};

/// A body that is being sent.
pub(crate) struct SentBody {
    /// The HTTP library requires `Sync`, but polls only by a mutable reference.
    stream: Mutex<ByteStream>,
    /// The number of bytes left, if the length is known.
    left: Option<u64>,
    /// Whether the connection waits for the next piece.
    is_asked: bool,
    sent: Arc<Noted>,
}

/// What was noted while the body is sent.
#[derive(Default)]
struct Noted {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Instant>,
    failure: Option<Error>,
}

impl Noted {
    fn note(&self) {
        self.state().last = Some(Instant::now());
    }

    fn fail(&self, error: Error) {
        self.state().failure.get_or_insert(error);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sent for Noted {
    fn last(&self) -> Option<Instant> {
        self.state().last
    }

    fn take_failure(&self) -> Option<Error> {
        self.state().failure.take()
    }
}

impl SentBody {
    pub(crate) fn start(stream: ByteStream, length: Option<u64>) -> OpenBody {
        let sent = Arc::new(Noted::default());
        let body = Self { stream: Mutex::new(stream), left: length, is_asked: false, sent: sent.clone() };
        OpenBody { body: reqwest::Body::wrap(body), length, sent }
    }
}

impl hyper::body::Body for SentBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // When the connection asks for the next piece, it has taken the one before. It may ask repeatedly until there is one.
        if !std::mem::replace(&mut self.is_asked, true) {
            self.sent.note();
        }
        loop {
            let stream = self.stream.get_mut().unwrap_or_else(PoisonError::into_inner);
            return Poll::Ready(match ready!(stream.as_mut().poll_next(context)) {
                Some(Ok(piece)) if piece.is_empty() => continue,
                Some(Ok(piece)) => {
                    let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                    self.left = self.left.map(|left| left.saturating_sub(length));
                    self.is_asked = false;
                    self.sent.note();
                    Some(Ok(Frame::data(piece)))
                }
                Some(Err(error)) => {
                    self.sent.fail(error);
                    Some(Err("the body of the request cannot be read".into()))
                }
                None => None,
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
