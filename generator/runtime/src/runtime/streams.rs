//! Streamed responses: their parts as a stream, as they are received. It never reconnects.

pub(crate) mod events;
pub(crate) mod lines;
pub(crate) mod meta;

pub use self::meta::{ServerEvent, StreamFormat, StreamMeta, StreamPart, Streamed};

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use self::events::{Event, EventReader, TooLong};
use self::lines::LineReader;
use crate::runtime::call::Call;
use crate::runtime::call::options::checked_timeout;
use crate::runtime::call::plan::{Completed, Encode, Plan};
use crate::runtime::call::unfold::{Source, Unfold};
use crate::runtime::encoding::media_type::essence;
use crate::runtime::error::Error;
use crate::runtime::error::api_error::KEPT_BODY;
use crate::runtime::error::describe;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, TimeoutKind};
use crate::runtime::request::RequestWriter;
use crate::runtime::request::edit::Input;
use crate::runtime::retry::deadline::Deadline;
use crate::runtime::transport::body;
use crate::runtime::transport::next_chunk;

impl<'a, O: Streamed + 'a> Call<'a, O> {
    /// Sends the request for a streamed response, and returns the stream of its parts.
    ///
    /// The timeouts and retries of the call apply until the response starts. After that nothing is sent again, and
    /// these limits apply: the attempt timeout to the time between two pieces of the response (see
    /// [`idle_timeout`](Events::idle_timeout)), and [`max_response_bytes`](Self::max_response_bytes) and
    /// [`max_response_values`](Self::max_response_values) to each part. Within these limits a stream may last as long
    /// as the service sends. Dropping it closes its connection.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`UnexpectedResponse`](crate::runtime::ErrorKind::UnexpectedResponse) if
    /// the response does not have the content type of the stream.
    pub async fn stream(self) -> Result<Events<'a, O>, Error> {
        let request = StreamRequest { operation: self.arguments(), stream: &O::STREAM };
        let plan = Plan { accept: Some(O::STREAM.media_type), streams: true, ..self.prepare(&request)? };
        let completed = self.execute(&plan).await?;
        let (idle, limit) = (plan.attempt_timeout, plan.max_response_bytes);
        let mut reading = Reading { call: self, completed, idle, splitter: Splitter::new(O::STREAM.format, limit) };
        reading.expect_stream().await?;
        Ok(Events { unfold: Unfold::new(reading) })
    }
}

/// The parts of a streamed response, events or lines, as a stream. [`next`](Self::next) works without an extension
/// trait for streams.
///
/// If a single part cannot be decoded or has too many JSON values, its error is followed by the next part. There are no
/// more parts after any other error, and the stream does not reconnect.
///
/// Dropping the stream closes its connection. Dropping the future of [`next`](Self::next) loses nothing.
#[doc = include_str!("../doc_examples/events.md")]
#[must_use = "nothing is read until a part is requested"]
pub struct Events<'a, O: Streamed> {
    unfold: Unfold<'a, Reading<'a, O>>,
}

impl<O: Streamed> fmt::Debug for Events<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("operation", &O::META.id).finish_non_exhaustive()
    }
}

impl<'a, O: Streamed + 'a> Events<'a, O> {
    /// Sets how long the service may send nothing. The default is the attempt timeout of the call (15 s by default).
    ///
    /// Everything that is received restarts this time, also comments.
    ///
    /// # Errors
    ///
    /// The time is zero.
    pub fn idle_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        let idle = checked_timeout("idle_timeout", timeout)?;
        self.unfold = self.unfold.with(|reading| reading.idle = idle);
        Ok(self)
    }

    /// Returns the next part, or `None` at the end of the stream.
    ///
    /// # Errors
    ///
    /// - [`Idle`](crate::runtime::TimeoutKind::Idle): the service sent nothing for longer than the idle
    ///   timeout.
    /// - [`Truncated`](crate::runtime::BodyFailure::Truncated): the connection broke.
    /// - [`TooLarge`](crate::runtime::BodyFailure::TooLarge): the part is longer than
    ///   `max_response_bytes`.
    /// - [`TooManyValues`](crate::runtime::BodyFailure::TooManyValues): the part has more JSON values than
    ///   `max_response_values`. The next part follows.
    /// - [`Decode`](crate::runtime::ErrorKind::Decode): the part does not match the API description. The
    ///   next part follows.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<'a, O: Streamed + 'a> Stream for Events<'a, O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.unfold.poll_next(context)
    }
}

/// The request of an operation, changed to request a stream.
struct StreamRequest<'a, O> {
    operation: &'a O,
    stream: &'a StreamMeta,
}

impl<O: Streamed> Encode for StreamRequest<'_, O> {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.operation.encode(request)?;
        match self.stream.switch {
            Some(switch) => request.put(Input::Body(switch), &Value::Bool(true)),
            None => Ok(()),
        }
    }
}

/// A response whose body is being read.
struct Reading<'a, O: Streamed> {
    call: Call<'a, O>,
    completed: Completed,
    idle: Duration,
    splitter: Splitter,
}

impl<O: Streamed> Reading<'_, O> {
    /// Checks the content type. A response without content is a stream without parts.
    async fn expect_stream(&mut self) -> Result<(), Error> {
        let head = &mut self.completed.response;
        let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        if head.status == StatusCode::NO_CONTENT || essence(&content_type).eq_ignore_ascii_case(O::STREAM.media_type) {
            return Ok(());
        }
        if let Some(mut response) = self.completed.rest.take() {
            let limit = Deadline::start(self.idle).attempt(self.idle);
            head.body = body::read(&mut response, KEPT_BODY, &limit).await.bytes;
        }
        let expected = O::STREAM.media_type;
        let status = describe(head.status);
        let line = format!("{status}: the response has the content type {content_type:?}, expected {expected:?}");
        let error = head.refused(ErrorKind::UnexpectedResponse, line);
        Err(self.call.unusable(error, &self.completed))
    }

    /// Closes the connection, and returns the error that ends the stream.
    fn broken(&mut self, kind: ErrorKind, reason: &str) -> Error {
        self.completed.rest = None;
        let head = &self.completed.response;
        let error = head.refused(kind, format!("{}: {reason}", describe(head.status)));
        self.call.unusable(error, &self.completed)
    }

    fn item(&self, event: &Event) -> Result<O::Item, Error> {
        let part = StreamPart { head: &self.completed.response, event };
        O::item(&part).map_err(|error| self.call.unusable(error, &self.completed))
    }
}

impl<O: Streamed> Source for Reading<'_, O> {
    type Item = Result<O::Item, Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        loop {
            // After the end of the body, or an error, there is nothing left to read.
            let response = self.completed.rest.as_mut()?;
            match self.splitter.next() {
                Ok(Some(event)) if O::STREAM.sentinel == Some(&event.data) => return None,
                Ok(Some(event)) => return Some(self.item(&event)),
                Ok(None) => {}
                Err(TooLong) => {
                    let kind = ErrorKind::Body(BodyFailure::TooLarge);
                    return Some(Err(self.broken(kind, "a part of the stream is longer than `max_response_bytes`")));
                }
            }
            match tokio::time::timeout(self.idle, next_chunk(response)).await {
                Ok(Ok(Some(piece))) => self.splitter.push(piece),
                Ok(Ok(None)) => {
                    self.completed.rest = None;
                    return self.splitter.finish().map(|line| self.item(&line));
                }
                Ok(Err((failure, source))) => {
                    let error =
                        self.broken(ErrorKind::Body(failure), "the connection broke before the end of the stream");
                    return Some(Err(error.with_source(source)));
                }
                Err(_) => {
                    let kind = ErrorKind::Timeout(TimeoutKind::Idle);
                    return Some(Err(self.broken(kind, "nothing was received for longer than `idle_timeout`")));
                }
            }
        }
    }
}

/// Splits a body into parts.
enum Splitter {
    Events(EventReader),
    Lines(LineReader),
}

impl Splitter {
    fn new(format: StreamFormat, limit: usize) -> Self {
        match format {
            StreamFormat::Events => Self::Events(EventReader::new(limit)),
            StreamFormat::Lines => Self::Lines(LineReader::new(limit)),
        }
    }

    fn push(&mut self, piece: Bytes) {
        match self {
            Self::Events(reader) => reader.push(piece),
            Self::Lines(reader) => reader.push(piece),
        }
    }

    fn next(&mut self) -> Result<Option<Event>, TooLong> {
        match self {
            Self::Events(reader) => reader.next(),
            Self::Lines(reader) => reader.next(),
        }
    }

    /// Returns what is left at the end of the body: an incomplete event is dropped, an incomplete line is a part.
    fn finish(&mut self) -> Option<Event> {
        match self {
            Self::Events(_) => None,
            Self::Lines(reader) => reader.finish(),
        }
    }
}
