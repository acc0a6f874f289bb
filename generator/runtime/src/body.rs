//! Reading a body to its end or to a bound. What was read before a failure is not lost.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::deadline::Limit;
use super::error::BoxError;
use super::error_kind::{BodyFailure, ErrorKind};
use super::transport::next_chunk;

/// A body, and why it ended.
pub(super) struct Body {
    pub(super) bytes: Bytes,
    /// None if this is the whole body.
    pub(super) failure: Option<(ErrorKind, Option<BoxError>)>,
}

impl Body {
    fn cut(read: Parts, kind: ErrorKind, source: Option<BoxError>) -> Self {
        Self { bytes: read.finish(), failure: Some((kind, source)) }
    }
}

/// Reads at most `bound` bytes, counted after decompression.
pub(super) async fn read(response: &mut Response, bound: usize, limit: &Limit) -> Body {
    let too_large = ErrorKind::Body(BodyFailure::TooLarge);
    let mut parts = Parts::default();
    loop {
        match limit.run(pin!(next_chunk(response))).await {
            Ok(Ok(None)) => {
                return Body { bytes: parts.finish(), failure: None };
            }
            Ok(Ok(Some(chunk))) => {
                let room = bound - parts.len();
                let fits = chunk.len() <= room;
                parts.push(if fits { chunk } else { chunk.slice(..room) });
                if !fits {
                    return Body::cut(parts, too_large, None);
                }
            }
            Ok(Err((failure, source))) => {
                return Body::cut(parts, ErrorKind::Body(failure), Some(source));
            }
            Err(timeout) => return Body::cut(parts, ErrorKind::Timeout(timeout), None),
        }
    }
}

/// The parts of a body; one that comes in a single part is not copied.
#[derive(Default)]
struct Parts {
    first: Option<Bytes>,
    joined: BytesMut,
}

impl Parts {
    fn len(&self) -> usize {
        self.first.as_ref().map_or(self.joined.len(), Bytes::len)
    }

    fn push(&mut self, chunk: Bytes) {
        if let Some(first) = self.first.take() {
            self.joined.reserve(first.len() + chunk.len());
            self.joined.extend_from_slice(&first);
        } else if self.joined.is_empty() {
            self.first = Some(chunk);
            return;
        }
        self.joined.extend_from_slice(&chunk);
    }

    fn finish(self) -> Bytes {
        self.first.unwrap_or_else(|| self.joined.freeze())
    }
}
