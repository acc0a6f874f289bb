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
    pub(super) failure: Option<Failure>,
}

type Failure = (ErrorKind, Option<BoxError>);

/// Reads at most `bound` bytes, counted after decompression.
pub(super) async fn read(response: &mut Response, bound: usize, limit: &Limit) -> Body {
    let mut parts = Parts::default();
    let outcome = {
        let filling = pin!(async {
            loop {
                if let Some(timeout) = limit.passed() {
                    return Err((ErrorKind::Timeout(timeout), None));
                }
                let Some(chunk) = next_chunk(response).await.map_err(broken)? else {
                    return Ok(());
                };
                let room = bound - parts.len();
                let fits = chunk.len() <= room;
                parts.push(if fits { chunk } else { chunk.slice(..room) });
                if !fits {
                    return Err((ErrorKind::Body(BodyFailure::TooLarge), None));
                }
            }
        });
        limit.over(filling).await
    };
    let failure = outcome.unwrap_or_else(|_| Err((ErrorKind::Timeout(limit.kind()), None))).err();
    Body { bytes: parts.finish(), failure }
}

fn broken((failure, source): (BodyFailure, BoxError)) -> Failure {
    (ErrorKind::Body(failure), Some(source))
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
