//! One attempt of a call: write the request, add the credential, send it, read the response.
//!
//! Whether there is another attempt is decided in `retry_loop`.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, USER_AGENT};
use reqwest::{Request, Response, StatusCode};

use super::core::Shared;
use super::hooks::{RequestHead, ResponseHead};
use super::plan::Plan;
use crate::runtime::error::Error;
use crate::runtime::error::api_error::{ApiError, KEPT_BODY};
use crate::runtime::error::describe;
use crate::runtime::error::kind::{BodyFailure, ErrorKind, TimeoutKind};
use crate::runtime::request::{OpenBody, RequestWriter, Sent, StreamedBody};
use crate::runtime::retry::deadline::{Deadline, Limit};
use crate::runtime::retry::retry_after;
use crate::runtime::trace;
use crate::runtime::transport::body::{self, Body};
use crate::runtime::transport::response::RawResponse;
use crate::runtime::transport::too_slow;

/// An attempt that failed.
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// Whether it counts as an attempt. It does not if the request could not be written.
    pub(crate) attempted: bool,
    /// Whether the request may be sent again even if the service has processed it.
    pub(crate) idempotent: bool,
    /// Whether the body of the request can be sent again.
    pub(crate) is_whole: bool,
    /// Credentials that were provided, and values of hooks, to be masked in the error.
    pub(crate) secrets: Vec<String>,
}

/// A successful response.
pub(crate) struct Received {
    pub(crate) response: RawResponse,
    /// Credentials that were provided, and values of hooks, to be masked.
    pub(crate) secrets: Vec<String>,
    /// The body, if it is read later.
    pub(crate) rest: Option<Box<Response>>,
    /// The request without its credential, if the plan keeps it.
    pub(crate) request: Option<Box<RequestWriter>>,
}

/// Makes one attempt.
pub(crate) fn make<'a>(
    shared: &'a Shared,
    plan: &'a Plan<'a>,
    number: u32,
    deadline: &'a Deadline,
) -> impl Future<Output = Result<Received, Failed>> + Send {
    let secrets = Vec::new();
    let mut making = Making {
        shared,
        plan,
        number,
        deadline,
        secrets,
        attempted: false,
        idempotent: false,
        kept: None,
        upload: None,
    };
    async move {
        let span = trace::attempt_span(making.number);
        let outcome = trace::within(&span, pin!(making.make())).await;
        trace::attempt_ended(&span, outcome.as_ref().map(|(response, _)| response.status));
        let Making { secrets, attempted, idempotent, kept: request, upload, .. } = making;
        match outcome {
            Ok((response, rest)) => Ok(Received { response, secrets, rest, request }),
            Err(error) => {
                let is_whole = upload.is_none_or(|upload| upload.body.is_whole());
                Err(Failed { error, attempted, idempotent, is_whole, secrets })
            }
        }
    }
}

struct Making<'a> {
    shared: &'a Shared,
    plan: &'a Plan<'a>,
    number: u32,
    deadline: &'a Deadline,
    secrets: Vec<String>,
    attempted: bool,
    idempotent: bool,
    kept: Option<Box<RequestWriter>>,
    /// The body, if it is read while it is sent.
    upload: Option<Box<Upload>>,
}

/// A body that is read while it is sent.
struct Upload {
    body: Arc<dyn StreamedBody>,
    sent: Arc<dyn Sent>,
}

impl Making<'_> {
    async fn make(&mut self) -> Result<(RawResponse, Option<Box<Response>>), Error> {
        let mut limit = self.deadline.attempt(self.plan.attempt_timeout);
        // A block, so that its locals are dropped before the body is read, and the future is smaller.
        let (mut response, connection) = {
            let request = self.write(&limit).await?;
            self.attempted = true;
            let left = limit.left();
            if left.is_zero() {
                return Err(too_slow(limit.kind()));
            }
            let transport = &self.shared.transport;
            let mut sending = transport.send(request, &self.plan.server, self.idempotent, left)?;
            let in_time = {
                let mut responding = pin!(sending.response());
                loop {
                    match limit.over(responding.as_mut()).await {
                        Err(_) if self.extend(&mut limit) => {}
                        in_time => break in_time,
                    }
                }
            };
            match in_time {
                Ok(Ok(response)) => (response, sending.into_connection()),
                Ok(Err(error)) => return Err(self.cause(error)),
                Err(_) => return Err(self.cause(sending.out_of_time(limit.kind()))),
            }
        };
        self.extend(&mut limit);
        self.call_after_response(&response);
        let is_success = response.status().is_success();
        if self.plan.streams && is_success {
            let head = RawResponse::new(response.status(), response.headers().clone(), Bytes::new());
            check_encoding(&head)?;
            return Ok((head, Some(Box::new(response))));
        }
        let bound = if is_success { self.plan.max_response_bytes } else { KEPT_BODY };
        let body = body::read(&mut response, bound, &limit).await;
        if let (Some((ErrorKind::Timeout(_), _)), Some(connection)) = (&body.failure, connection) {
            connection.give_up();
        }
        Ok((received(response, body)?, None))
    }

    /// Writes the whole request, with its credential.
    async fn write(&mut self, limit: &Limit) -> Result<Request, Error> {
        let mut request = self.shared.write(self.plan)?;
        self.idempotent = self.plan.is_idempotent(request.headers());
        if let Some(hooks) = &self.shared.hooks {
            let credentials = self.shared.auth.places_in(&request);
            hooks.before_request(&self.plan.attempt(self.number), &mut RequestHead { request: &mut request });
            request.drop_connection_headers();
            credentials.restore(&mut request);
            // An idempotency key that a hook adds does not count, because it may differ from attempt to attempt. One that a
            // hook removes does.
            self.idempotent &= self.plan.is_idempotent(request.headers());
            self.secrets.extend(values_to_mask(request.headers()));
        }
        if self.plan.keeps_request {
            self.kept = Some(Box::new(request.copied()));
        }
        match self.shared.auth.apply(self.plan.meta.security, &mut request, limit).await {
            Ok(provided) => self.secrets.extend(provided),
            Err(error) => {
                // A provider that was too slow may be in time at the next attempt. Other errors are final.
                self.attempted = error.is_timeout();
                return Err(error);
            }
        }
        let upload = self.open(&mut request, limit).await?;
        let mut request = request.finish(self.plan.method.clone().into_owned(), &self.plan.server)?;
        if let Some(body) = upload {
            *request.body_mut() = Some(body);
        }
        Ok(request)
    }

    /// Opens the body of the request, if it is read while it is sent.
    async fn open(&mut self, request: &mut RequestWriter, limit: &Limit) -> Result<Option<reqwest::Body>, Error> {
        let Some(body) = request.streamed() else { return Ok(None) };
        let opened = limit.over(pin!(body.open())).await;
        let OpenBody { body: open, length, sent } = opened.map_err(|_| too_slow(limit.kind()))??;
        request.set_streamed_length(length);
        self.upload = Some(Box::new(Upload { body, sent }));
        Ok(Some(open))
    }

    /// Moves the limit to a later time if a streamed body was sent since the attempt started. Returns whether time is left.
    fn extend(&self, limit: &mut Limit) -> bool {
        let Some(progress) = self.upload.as_ref().and_then(|upload| upload.sent.last()) else { return false };
        *limit = self.deadline.attempt_since(progress, self.plan.attempt_timeout);
        !limit.left().is_zero()
    }

    /// Returns the error of the body, if that is why the request failed.
    fn cause(&self, error: Error) -> Error {
        let cause = self.upload.as_ref().and_then(|upload| upload.sent.take_failure());
        cause.map_or(error, |cause| cause.with_maybe_sent(true))
    }

    fn call_after_response(&self, response: &Response) {
        if let Some(hooks) = &self.shared.hooks {
            let elapsed: Duration = self.deadline.elapsed();
            let head = ResponseHead { status: response.status(), headers: response.headers(), elapsed };
            hooks.after_response(&self.plan.attempt(self.number), &head);
        }
    }
}

/// Returns the response if it is successful and complete.
fn received(mut head: Response, Body { bytes, failure }: Body) -> Result<RawResponse, Error> {
    let status = head.status();
    let response = RawResponse::new(status, std::mem::take(head.headers_mut()), bytes);
    match failure {
        failure if !status.is_success() => Err(error_status(response, failure.is_none())),
        Some((kind, source)) => Err(unreadable(&response, kind, source)),
        None if response.body.is_empty() || !response.headers.contains_key(CONTENT_ENCODING) => Ok(response),
        None => check_encoding(&response).map(|()| response),
    }
}

/// Fails if the body is still encoded: the HTTP library removes the header of an encoding that it has decoded (RFC 9110,
/// section 8.4).
fn check_encoding(response: &RawResponse) -> Result<(), Error> {
    let Some(encoding) = response.headers.get(CONTENT_ENCODING) else { return Ok(()) };
    let name = String::from_utf8_lossy(encoding.as_bytes()).trim().to_ascii_lowercase();
    if name.is_empty() || name == "identity" {
        return Ok(());
    }
    let help = if name.contains("gzip") && !cfg!(feature = "gzip") { "; enable the feature `gzip`" } else { "" };
    let line = format!("{}: the content encoding {encoding:?} is not supported{help}", describe(response.status));
    Err(response.refused(ErrorKind::Body(BodyFailure::UnsupportedEncoding), line))
}

/// Returns the values of headers that a hook may have set. Any of them may be secret.
fn values_to_mask(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let harmless = |name: &HeaderName| [ACCEPT, CONTENT_TYPE, USER_AGENT].contains(name);
    let values = headers.iter().filter(move |(name, _)| !harmless(name));
    values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Returns the error for an error status. It is reported as such even if the body is incomplete.
fn error_status(response: RawResponse, complete: bool) -> Error {
    let kind = if is_redirect(response.status) { ErrorKind::Redirect } else { ErrorKind::Status };
    let mut message = describe(response.status);
    if kind == ErrorKind::Redirect {
        message.push_str(" (redirects are not followed)");
    }
    let wait = retry_after::of(&response.headers);
    let maybe_sent = !response.status.is_client_error() || response.status == StatusCode::REQUEST_TIMEOUT;
    let api_error = ApiError::new(response.status(), response.headers, &response.body, complete);
    Error::new(kind, message).with_reply(api_error).with_retry_after(wait).with_maybe_sent(maybe_sent)
}

/// Whether the status redirects to another URL (RFC 9110, section 15.4). 300 leaves the choice to the user, 304 means that
/// the resource has not changed, and 305 and 306 are deprecated.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Returns the error for a successful response whose body could not be read.
fn unreadable(response: &RawResponse, kind: ErrorKind, source: Option<crate::runtime::error::BoxError>) -> Error {
    let reason = match kind {
        ErrorKind::Body(BodyFailure::TooLarge) => "the body is longer than `max_response_bytes`",
        ErrorKind::Timeout(TimeoutKind::Total) => "the call took too long while the body was read",
        ErrorKind::Timeout(_) => "the attempt took too long while the body was read",
        _ => "the body could not be read to its end",
    };
    let api_error = ApiError::new(response.status(), response.headers.clone(), &response.body, false);
    let message = format!("{}: {reason}", describe(response.status));
    let error = Error::new(kind, message).with_reply(api_error).with_maybe_sent(true);
    match source {
        Some(source) => error.with_source(source),
        None => error,
    }
}
