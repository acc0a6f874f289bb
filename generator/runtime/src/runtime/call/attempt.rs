//! One attempt of a call: write, add the credential, send, read. It decides nothing about another.

use std::future::Future;
use std::pin::pin;
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
use crate::runtime::request::RequestWriter;
use crate::runtime::retry::deadline::{Deadline, Limit};
use crate::runtime::retry::retry_after;
use crate::runtime::trace;
use crate::runtime::transport::body::{self, Body};
use crate::runtime::transport::response::RawResponse;
use crate::runtime::transport::too_slow;

/// An attempt that failed.
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// Whether there was an attempt to send it at all.
    pub(crate) attempted: bool,
    /// Whether the request may be repeated even if the service has processed it.
    pub(crate) idempotent: bool,
    /// Credentials that were asked for, to be masked in the error.
    pub(crate) secrets: Vec<String>,
}

/// A reply of success.
pub(crate) struct Received {
    pub(crate) reply: RawResponse,
    /// Credentials that were asked for.
    pub(crate) secrets: Vec<String>,
    /// The body, where it is left to be read later.
    pub(crate) rest: Option<Box<Response>>,
    /// The request without its credential, if it is kept.
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
    let mut making =
        Making { shared, plan, number, deadline, secrets, attempted: false, idempotent: false, kept: None };
    async move {
        let span = trace::attempt_span(making.number);
        let outcome = trace::within(&span, pin!(making.make())).await;
        trace::attempt_ended(&span, outcome.as_ref().map(|(reply, _)| reply.status));
        let Making { secrets, attempted, idempotent, kept: request, .. } = making;
        match outcome {
            Ok((reply, rest)) => Ok(Received { reply, secrets, rest, request }),
            Err(error) => Err(Failed { error, attempted, idempotent, secrets }),
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
}

impl Making<'_> {
    async fn make(&mut self) -> Result<(RawResponse, Option<Box<Response>>), Error> {
        let limit = self.deadline.attempt(self.plan.attempt_timeout);
        // A block of its own: what it needs takes no place in the future while the body is read.
        let (mut response, connection) = {
            let request = self.write(&limit).await?;
            self.attempted = true;
            let left = limit.left();
            if left.is_zero() {
                return Err(too_slow(limit.kind()));
            }
            let transport = &self.shared.transport;
            let mut sending = transport.send(request, &self.plan.server, self.idempotent, left)?;
            let in_time = limit.over(pin!(sending.response())).await;
            match in_time {
                Ok(response) => (response?, sending.into_connection()),
                Err(_) => return Err(sending.out_of_time(limit.kind())),
            }
        };
        self.announce(&response);
        let is_success = response.status().is_success();
        if self.plan.streams && is_success {
            let reply = RawResponse::new(response.status(), response.headers().clone(), Bytes::new());
            check_encoding(&reply)?;
            return Ok((reply, Some(Box::new(response))));
        }
        let bound = if is_success { self.plan.max_response_bytes } else { KEPT_BODY };
        let body = body::read(&mut response, bound, &limit).await;
        if let (Some((ErrorKind::Timeout(_), _)), Some(connection)) = (&body.failure, connection) {
            connection.give_up();
        }
        Ok((received(response, body)?, None))
    }

    /// The whole request, with its credential.
    async fn write(&mut self, limit: &Limit) -> Result<Request, Error> {
        let mut request = self.shared.write(self.plan)?;
        self.idempotent = self.plan.is_idempotent(request.headers());
        if let Some(hooks) = &self.shared.hooks {
            let credentials = self.shared.auth.places_in(&request);
            hooks.before_request(&self.plan.attempt(self.number), &mut RequestHead { request: &mut request });
            request.drop_connection_headers();
            credentials.restore(&mut request);
            // A hook could set another key at each attempt: one that it adds does not count, but one that it removes does.
            self.idempotent &= self.plan.is_idempotent(request.headers());
            self.secrets.extend(untold(request.headers()));
        }
        if self.plan.keeps_request {
            self.kept = Some(Box::new(request.copied()));
        }
        match self.shared.auth.apply(self.plan.meta.security, &mut request, limit).await {
            Ok(provided) => self.secrets.extend(provided),
            Err(error) => {
                // A provider that hangs may not the next time; whatever else it says is final.
                self.attempted = error.is_timeout();
                return Err(error);
            }
        }
        request.finish(self.plan.meta.method.clone(), &self.plan.server)
    }

    fn announce(&self, response: &Response) {
        if let Some(hooks) = &self.shared.hooks {
            let elapsed: Duration = self.deadline.elapsed();
            let head = ResponseHead { status: response.status(), headers: response.headers(), elapsed };
            hooks.after_response(&self.plan.attempt(self.number), &head);
        }
    }
}

/// The reply, if it is whole and of success.
fn received(mut response: Response, Body { bytes, failure }: Body) -> Result<RawResponse, Error> {
    let status = response.status();
    let reply = RawResponse::new(status, std::mem::take(response.headers_mut()), bytes);
    match failure {
        failure if !status.is_success() => Err(refused(reply, failure.is_none())),
        Some((kind, source)) => Err(unread(&reply, kind, source)),
        None if reply.body.is_empty() || !reply.headers.contains_key(CONTENT_ENCODING) => Ok(reply),
        None => check_encoding(&reply).map(|()| reply),
    }
}

/// A content encoding that is still there was not decoded (RFC 9110, section 8.4).
fn check_encoding(reply: &RawResponse) -> Result<(), Error> {
    let Some(encoding) = reply.headers.get(CONTENT_ENCODING) else { return Ok(()) };
    let name = String::from_utf8_lossy(encoding.as_bytes()).trim().to_ascii_lowercase();
    if name.is_empty() || name == "identity" {
        return Ok(());
    }
    let help = if name.contains("gzip") && !cfg!(feature = "gzip") { "; enable the feature `gzip`" } else { "" };
    let line = format!("{}: the content encoding {encoding:?} is not supported{help}", describe(reply.status));
    Err(reply.refused(ErrorKind::Body(BodyFailure::UnsupportedEncoding), line))
}

/// The values of headers a hook may have set: nobody knows what they are.
fn untold(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let harmless = |name: &HeaderName| [ACCEPT, CONTENT_TYPE, USER_AGENT].contains(name);
    let values = headers.iter().filter(move |(name, _)| !harmless(name));
    values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A status of failure. It is reported as such also where its body did not come whole.
fn refused(reply: RawResponse, complete: bool) -> Error {
    let kind = if is_redirect(reply.status) { ErrorKind::Redirect } else { ErrorKind::Status };
    let mut message = describe(reply.status);
    if kind == ErrorKind::Redirect {
        message.push_str(" (redirects are not followed)");
    }
    let wait = retry_after::of(&reply.headers);
    let maybe_sent = !reply.status.is_client_error() || reply.status == StatusCode::REQUEST_TIMEOUT;
    let answer = ApiError::new(reply.status(), reply.headers, &reply.body, complete);
    Error::new(kind, message).with_reply(answer).with_retry_after(wait).with_maybe_sent(maybe_sent)
}

/// Whether another address should be asked (RFC 9110, section 15.4). 300 leaves the choice to the user, 304 says that there
/// is nothing new, and 305 and 306 are no longer in use.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// A status of success whose body could not be read.
fn unread(reply: &RawResponse, kind: ErrorKind, source: Option<crate::runtime::error::BoxError>) -> Error {
    let reason = match kind {
        ErrorKind::Body(BodyFailure::TooLarge) => "the body is longer than the limit",
        ErrorKind::Timeout(TimeoutKind::Total) => "the call took too long while the body was read",
        ErrorKind::Timeout(_) => "the attempt took too long while the body was read",
        _ => "the body broke off",
    };
    let answer = ApiError::new(reply.status(), reply.headers.clone(), &reply.body, false);
    let message = format!("{}: {reason}", describe(reply.status));
    let error = Error::new(kind, message).with_reply(answer).with_maybe_sent(true);
    match source {
        Some(source) => error.with_source(source),
        None => error,
    }
}
