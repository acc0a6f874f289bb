//! Reads the body of a download, and requests the rest after the connection has broken off.

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_RANGE;

use super::range::{self, ContentRange, ResumePoint};
use super::request::{Limits, Resumes, Source};
use super::{Head, NOT_RESUMED};
use crate::runtime::call::plan::Completed;
use crate::runtime::call::unfold;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, StopReason, TimeoutKind};
use crate::runtime::error::{BoxError, Error, describe};
use crate::runtime::retry::Verdict;
use crate::runtime::transport::next_chunk;

/// A response whose body is being read.
pub(crate) struct Reading<'a> {
    source: Box<dyn Source + 'a>,
    completed: Completed,
    pub(crate) limits: Limits,
    /// The position in the resource.
    position: u64,
    /// The length of the whole resource, if it is known.
    total: Option<u64>,
    /// How many requests for the rest were sent.
    resumed: u32,
    /// Why the download cannot continue after a failure, or what identifies the resource.
    point: Result<ResumePoint, &'static str>,
}

/// Why the body ended too early.
struct Failure {
    kind: ErrorKind,
    reason: String,
    source: Option<BoxError>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        source: Box<dyn Source + 'a>,
        completed: Completed,
        limits: Limits,
        from: Option<&ResumePoint>,
    ) -> Self {
        let headers = &completed.response.headers;
        let position = from.map_or(0, ResumePoint::offset);
        // A partial response to a request for the whole is due to a header of the caller. It cannot continue.
        let is_foreign = from.is_none() && completed.response.status == StatusCode::PARTIAL_CONTENT;
        let partial = headers.get(CONTENT_RANGE).and_then(|value| ContentRange::parse(value.to_str().ok()?));
        let total = match partial.filter(|_| from.is_some()) {
            Some(range) => Some(range.last.saturating_add(1)),
            None => range::content_length(headers),
        };
        let point = match () {
            () if is_foreign => Err("the request was for a part of the resource"),
            () if !limits.is_repeatable => Err("only idempotent GET requests can be continued"),
            () => range::point(headers, position, total),
        };
        Self { source, completed, limits, position, total, resumed: 0, point }
    }

    /// Returns the head of the response.
    pub(crate) fn head(&self) -> Head {
        let response = &self.completed.response;
        Head {
            status: response.status,
            headers: response.headers.clone(),
            total: self.total,
            point: self.point.clone().ok(),
        }
    }

    fn accept(&mut self, chunk: Bytes) -> Result<Bytes, Error> {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let position = self.position.saturating_add(length);
        if self.total.is_some_and(|total| position > total) {
            return Err(self.end(ErrorKind::UnexpectedResponse, "the body is longer than its `Content-Length`"));
        }
        if self.limits.max_bytes.is_some_and(|most| position > most) {
            let kind = ErrorKind::Body(BodyFailure::TooLarge);
            return Err(self.end(kind, "the body is longer than `max_response_bytes`"));
        }
        self.position = position;
        Ok(chunk)
    }

    /// Closes the connection and returns the error of a permanent failure.
    fn end(&mut self, kind: ErrorKind, reason: &str) -> Error {
        self.completed.rest = None;
        let error = self.error(kind, reason);
        let permanent = Verdict::Stop { reason: StopReason::Permanent, retryable: false };
        self.source.failed(error, &self.completed, &permanent)
    }

    fn error(&self, kind: ErrorKind, reason: &str) -> Error {
        let head = &self.completed.response;
        head.refused(kind, format!("{}: {reason}{}", describe(head.status), self.arrived()))
    }

    /// Says how much has arrived.
    fn arrived(&self) -> String {
        match self.total {
            Some(total) => format!(" after {} of {total} bytes", self.position),
            None => format!(" after {} bytes", self.position),
        }
    }

    /// Reads the next piece. The error is why there is none although the body is incomplete.
    async fn read(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(response) = self.completed.rest.as_mut() else { return Ok(None) };
        loop {
            return match tokio::time::timeout(self.limits.idle, next_chunk(response)).await {
                Ok(Ok(Some(chunk))) if chunk.is_empty() => continue,
                Ok(Ok(Some(chunk))) => Ok(Some(chunk)),
                Ok(Ok(None)) if self.total.is_none() => Ok(None),
                // The end of the connection does not matter once all bytes have arrived.
                _ if self.total == Some(self.position) => Ok(None),
                Ok(Ok(None)) => Err(truncated("the body ended early", None)),
                Ok(Err((_, source))) => Err(truncated("the connection broke", Some(source))),
                Err(_) => Err(Failure {
                    kind: ErrorKind::Timeout(TimeoutKind::Idle),
                    reason: "nothing was received for longer than `idle_timeout`".to_owned(),
                    source: None,
                }),
            };
        }
    }

    /// Requests the rest of the resource, or returns the error that ends the download.
    async fn resume(&mut self, failure: Failure) -> Result<(), Error> {
        // Closes the connection before the wait.
        self.completed.rest = None;
        let (mut reason, point) = (failure.reason, self.point.clone());
        if let Err(why) = &point {
            reason.push_str(&format!("; not continued, because {why}"));
        }
        let error = self.error(failure.kind, &reason);
        let error = match failure.source {
            Some(source) => error.with_source(source),
            None => error,
        };
        let resumes = Resumes { made: self.resumed, most: self.limits.resumes };
        let verdict = match &point {
            Ok(_) => self.source.judge(&error, resumes),
            Err(_) => self.not_resumed(),
        };
        let error = match verdict {
            Verdict::Stop { reason: StopReason::AttemptsExhausted, .. } => error.with_note(resumes.reason()),
            _ => error,
        };
        let error = self.source.failed(error, &self.completed, &verdict);
        let (Verdict::Retry(wait), Ok(point)) = (verdict, point) else { return Err(error) };
        tokio::time::sleep(wait).await;
        self.resumed += 1;
        self.request(&point.at(self.position)).await
    }

    fn not_resumed(&self) -> Verdict {
        match NOT_RESUMED {
            Verdict::Stop { reason, .. } => Verdict::Stop { reason, retryable: self.limits.is_repeatable },
            verdict @ Verdict::Retry(_) => verdict,
        }
    }

    async fn request(&mut self, point: &ResumePoint) -> Result<(), Error> {
        let completed = self.source.send(Some(point)).await;
        let mut completed =
            completed.map_err(|error| error.with_note(format!("while continuing{}", self.arrived())))?;
        completed.attempts = completed.attempts.saturating_add(self.completed.attempts);
        completed.deadline = self.completed.deadline;
        self.completed = completed;
        Ok(())
    }
}

fn truncated(reason: &str, source: Option<BoxError>) -> Failure {
    Failure { kind: ErrorKind::Body(BodyFailure::Truncated), reason: reason.to_owned(), source }
}

impl unfold::Source for Reading<'_> {
    type Item = Result<Bytes, Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read().await {
                Ok(Some(chunk)) => return Some(self.accept(chunk)),
                Ok(None) => {
                    self.completed.rest = None;
                    return None;
                }
                Err(failure) => {
                    if let Err(error) = self.resume(failure).await {
                        return Some(Err(error));
                    }
                }
            }
        }
    }
}
