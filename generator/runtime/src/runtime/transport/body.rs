//! Reads a body up to its end or a limit. After a failure, the part that was read is kept.

use std::future::Future;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::next_chunk;
use crate::runtime::error::BoxError;
use crate::runtime::error::kind::{BodyFailure, ErrorKind};
use crate::runtime::retry::deadline::Limit;

/// A body, or the part of it that could be read.
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    /// Why reading stopped. `None` if this is the whole body.
    pub(crate) failure: Option<Failure>,
}

type Failure = (ErrorKind, Option<BoxError>);

/// Reads at most `bound` bytes, counted after decompression.
pub(crate) fn read<'a>(
    response: &'a mut Response,
    bound: usize,
    limit: &'a Limit,
) -> impl Future<Output = Body> + Send + use<'a> {
    let mut parts = Parts::default();
    // Not an `async fn`, whose future would store the arguments twice.
    async move {
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
}

fn broken((failure, source): (BodyFailure, BoxError)) -> Failure {
    (ErrorKind::Body(failure), Some(source))
}

/// The parts of a body. A body that arrives in a single part is not copied.
#[derive(Default)]
enum Parts {
    #[default]
    None,
    One(Bytes),
    Joined(BytesMut),
}

impl Parts {
    fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::One(part) => part.len(),
            Self::Joined(joined) => joined.len(),
        }
    }

    fn push(&mut self, chunk: Bytes) {
        match self {
            Self::None => *self = Self::One(chunk),
            Self::One(first) => {
                let mut joined = BytesMut::with_capacity(first.len() + chunk.len());
                joined.extend_from_slice(first);
                joined.extend_from_slice(&chunk);
                *self = Self::Joined(joined);
            }
            Self::Joined(joined) => joined.extend_from_slice(&chunk),
        }
    }

    fn finish(self) -> Bytes {
        match self {
            Self::None => Bytes::new(),
            Self::One(part) => part,
            Self::Joined(joined) => joined.freeze(),
        }
    }
}
