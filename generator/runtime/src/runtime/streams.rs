//! Replies that go on: the parts of a reply as they come in, as a stream. It never connects again by itself.

pub(crate) mod events;
pub(crate) mod lines;
pub(crate) mod meta;

pub use self::meta::{ServerEvent, StreamFormat, StreamMeta, StreamPart, Streamed};

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
    /// Makes the call and asks for a stream: the parts of the reply come as the service sends them.
    ///
    /// The call's timeouts and retries are for the way to the begin of the reply. From then on nothing is sent again, and
    /// the limits are: the attempt's timeout between two pieces of the reply (see
    /// [`idle_timeout`](Events::idle_timeout)), and [`max_response_bytes`](Self::max_response_bytes) for one part. A
    /// stream that goes on in these limits goes on until it is dropped, which closes its connection.
    ///
    /// # Errors
    /// As [`send`](Self::send), and if the reply is not of the stream's content type.
    pub async fn stream(self) -> Result<Events<'a, O>, Error> {
        let request = Asking { operation: self.arguments(), stream: &O::STREAM };
        let plan = Plan { accept: Some(O::STREAM.media_type), streams: true, ..self.prepare(&request)? };
        let completed = self.execute(&plan).await?;
        let (idle, limit) = (plan.attempt_timeout, plan.max_response_bytes);
        let mut reading = Reading { call: self, completed, idle, splitter: Splitter::new(O::STREAM.format, limit) };
        reading.expect_stream().await?;
        Ok(Events { unfold: Unfold::new(reading) })
    }
}

/// The parts of a reply as they come in, as a stream: events, or lines.
///
/// An error of a single part that does not decode is followed by the next part; nothing comes after any other. Dropping
/// the stream closes its connection; dropping the future of [`next`](Self::next) loses nothing.
#[doc = include_str!("../doc_examples/events.md")]
#[must_use = "nothing is read until a part is wanted"]
pub struct Events<'a, O: Streamed> {
    unfold: Unfold<'a, Reading<'a, O>>,
}

impl<'a, O: Streamed + 'a> Events<'a, O> {
    /// How long the service may be silent, instead of the call's attempt timeout. Comments are no silence.
    ///
    /// # Errors
    /// If the time is nothing.
    pub fn idle_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        let idle = checked_timeout("idle_timeout", timeout)?;
        self.unfold = self.unfold.with(|reading| reading.idle = idle);
        Ok(self)
    }

    /// The next part, without a need for any extension of streams. `None` at the end.
    ///
    /// # Errors
    /// If the service is silent for too long, the connection breaks, or the part is too long or not as the API describes
    /// it.
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

/// An operation's request that asks for a stream.
struct Asking<'a, O> {
    operation: &'a O,
    stream: &'a StreamMeta,
}

impl<O: Streamed> Encode for Asking<'_, O> {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.operation.encode(request)?;
        match self.stream.switch {
            Some(switch) => request.put(Input::Body(switch), &Value::Bool(true)),
            None => Ok(()),
        }
    }
}

/// A reply that is being read, until its body is over.
struct Reading<'a, O: Streamed> {
    call: Call<'a, O>,
    completed: Completed,
    idle: Duration,
    splitter: Splitter,
}

impl<O: Streamed> Reading<'_, O> {
    /// A reply without content is a stream without parts.
    async fn expect_stream(&mut self) -> Result<(), Error> {
        let reply = &mut self.completed.reply;
        let content_type = reply.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        if reply.status == StatusCode::NO_CONTENT || essence(&content_type).eq_ignore_ascii_case(O::STREAM.media_type) {
            return Ok(());
        }
        if let Some(mut response) = self.completed.rest.take() {
            let limit = Deadline::start(self.idle).attempt(self.idle);
            reply.body = body::read(&mut response, KEPT_BODY, &limit).await.bytes;
        }
        let expected = O::STREAM.media_type;
        let line = format!("{}: the reply is {content_type:?} rather than {expected}", describe(reply.status));
        let error = reply.refused(ErrorKind::UnexpectedResponse, line);
        Err(self.call.unusable(error, &self.completed))
    }

    /// The error that ends the stream, whose connection is closed.
    fn broken(&mut self, kind: ErrorKind, reason: &str) -> Error {
        self.completed.rest = None;
        let reply = &self.completed.reply;
        let error = reply.refused(kind, format!("{}: {reason}", describe(reply.status)));
        self.call.unusable(error, &self.completed)
    }

    fn item(&self, event: &Event) -> Result<O::Item, Error> {
        let part = StreamPart { head: &self.completed.reply, event };
        O::item(&part).map_err(|error| self.call.unusable(error, &self.completed))
    }
}

impl<O: Streamed> Source for Reading<'_, O> {
    type Item = Result<O::Item, Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        loop {
            // A connection that was given up leaves nothing to be read.
            let response = self.completed.rest.as_mut()?;
            match self.splitter.next() {
                Ok(Some(event)) if O::STREAM.sentinel == Some(&event.data) => return None,
                Ok(Some(event)) => return Some(self.item(&event)),
                Ok(None) => {}
                Err(TooLong) => {
                    let kind = ErrorKind::Body(BodyFailure::TooLarge);
                    return Some(Err(self.broken(kind, "a part of the stream is longer than the limit")));
                }
            }
            match tokio::time::timeout(self.idle, next_chunk(response)).await {
                Ok(Ok(Some(piece))) => self.splitter.push(piece),
                Ok(Ok(None)) => {
                    self.completed.rest = None;
                    return self.splitter.finish().map(|line| self.item(&line));
                }
                Ok(Err((failure, source))) => {
                    let error = self.broken(ErrorKind::Body(failure), "the stream broke off");
                    return Some(Err(error.with_source(source)));
                }
                Err(_) => {
                    let kind = ErrorKind::Timeout(TimeoutKind::Idle);
                    return Some(Err(self.broken(kind, "the stream was silent for too long")));
                }
            }
        }
    }
}

/// What tells the parts of a reply apart.
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

    /// What the end of the reply leaves: an event that has no end is none, a line is one.
    fn finish(&mut self) -> Option<Event> {
        match self {
            Self::Events(_) => None,
            Self::Lines(reader) => reader.finish(),
        }
    }
}
