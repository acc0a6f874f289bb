//! The script of one operation: its responses, in the order in which they are used.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;

use super::Server;
use super::answer::{Content, Outcome, ScriptedResponse};
use super::received::ReceivedRequest;
use crate::runtime::transport::failure::FailureKind;

/// The type of the request body of operations without one. It has no values.
#[derive(Clone, Copy, Debug)]
pub enum NoBody {}

/// The scripted responses to one operation, in the order in which they are used. `O` is the type of a response, and `B` that
/// of a request body.
///
/// Each of the methods [`respond`](Self::respond), [`json`](Self::json), [`status`](Self::status), [`error`](Self::error),
/// [`disconnect`](Self::disconnect), [`refuse`](Self::refuse) and [`hang`](Self::hang) adds a response after the others, and
/// returns a [`Step`] to change it. Each response is used for one request, that is, for one attempt of a call: a call that is
/// retried uses several.
///
/// A request for which no response is left receives status 400 with a message that contains the name of the operation. Such a
/// request is listed among the problems of the server. So are responses that were not used, and invalid values in a script.
///
/// Clones are handles of the same script.
#[doc = include_str!("../../doc_examples/script.md")]
pub struct Script<O, B = NoBody> {
    server: Server,
    operation: usize,
    status: u16,
    formats: Formats,
    types: PhantomData<fn(O) -> B>,
}

/// A response that was added to a script. Its methods change this response; those of [`Script`] add the next one.
///
/// ```text
/// script.status(503).retry_after(Duration::from_secs(2)).respond(value).delay(Duration::from_secs(1));
/// ```
///
/// A response that was sent already does not change. [`retry_after`](Self::retry_after), [`header`](Self::header) and
/// [`body`](Self::body) have no effect after [`disconnect`](Script::disconnect), [`refuse`](Script::refuse) and
/// [`hang`](Script::hang).
pub struct Step<O, B = NoBody> {
    script: Script<O, B>,
    number: u64,
}

/// Converts JSON to the body of a response.
type FromJson = fn(&Value) -> Result<Bytes, String>;

/// Converts the body of a request to JSON.
type ToJson = fn(&[u8]) -> Result<Value, String>;

/// How bodies are converted from and to JSON, if they are not JSON.
#[derive(Clone, Copy, Default)]
struct Formats {
    response: Option<FromJson>,
    body: Option<ToJson>,
}

#[expect(clippy::must_use_candidate, reason = "the response is in the script even if the value is dropped")]
impl<O, B> Script<O, B> {
    /// Adds a successful response with this value.
    ///
    /// The status is the success status of the operation. The body is sent as [`json`](Self::json) sends it. A value that
    /// cannot be serialized is a problem of the server, and the response is an empty one with status 500.
    pub fn respond(&self, value: impl Into<O>) -> Step<O, B>
    where
        O: Serialize,
    {
        match serde_json::to_value(value.into()) {
            Ok(value) => self.json(value),
            Err(error) => {
                self.report(&format!("a response cannot be serialized: {error}"));
                self.status(500)
            }
        }
    }

    /// Adds a successful response with any JSON, which need not be what the API describes.
    ///
    /// The status is the success status of the operation. The content type is `application/json`, or `text/plain` for a
    /// string if the operation accepts that. If the responses of the operation are XML, the JSON is converted. The body is empty if
    /// the responses of the operation have none.
    pub fn json(&self, value: Value) -> Step<O, B> {
        let status = self.checked(self.status);
        let content = match (self.accept(), value) {
            (Some(accept), value) if self.formats.response.is_some() => self.formatted(status, accept, &value),
            (None, _) => Content::empty(status),
            (Some("text/plain"), Value::String(string)) => {
                Content::empty(status).with_body(HeaderValue::from_static("text/plain; charset=utf-8"), string.into())
            }
            (Some(_), value) => Content::json(status, &value),
        };
        self.push(Outcome::Response(content))
    }

    /// Adds a response with this status and an empty body.
    ///
    /// An invalid status is a problem of the server, and 500 is sent instead.
    pub fn status(&self, status: u16) -> Step<O, B> {
        self.push(Outcome::Response(Content::empty(self.checked(status))))
    }

    /// Adds a response with this status and a JSON body, such as the description of an error.
    ///
    /// An invalid status is a problem of the server, and 500 is sent instead.
    pub fn error(&self, status: u16, body: &Value) -> Step<O, B> {
        self.push(Outcome::Response(Content::json(self.checked(status), body)))
    }

    /// Adds a connection that breaks after the request was sent. It is then unknown whether the service has processed the
    /// request.
    pub fn disconnect(&self) -> Step<O, B> {
        self.push(Outcome::Failure(FailureKind::Broken))
    }

    /// Adds a connection that is refused. The service has then certainly not processed the request.
    pub fn refuse(&self) -> Step<O, B> {
        self.push(Outcome::Failure(FailureKind::Connect))
    }

    /// Adds a request that never receives a response, so that a time limit passes.
    pub fn hang(&self) -> Step<O, B> {
        self.push(Outcome::Silence)
    }
}

impl<O, B> Script<O, B> {
    pub(crate) fn new(server: Server, operation: usize, status: u16) -> Self {
        Self { server, operation, status, formats: Formats::default(), types: PhantomData }
    }

    /// Sets how bodies are converted from and to JSON, if they are not JSON.
    #[doc(hidden)]
    #[must_use]
    pub fn with_formats(mut self, response: Option<FromJson>, body: Option<ToJson>) -> Self {
        self.formats = Formats { response, body };
        self
    }

    fn formatted(&self, status: StatusCode, content_type: &'static str, value: &Value) -> Content {
        match self.formats.response.map(|format| format(value)) {
            Some(Ok(body)) => Content::empty(status).with_body(HeaderValue::from_static(content_type), body),
            Some(Err(reason)) => {
                self.report(&format!("a response cannot be written: {reason}"));
                Content::empty(StatusCode::INTERNAL_SERVER_ERROR)
            }
            None => Content::json(status, value),
        }
    }

    /// Returns the requests for this operation so far, in the order in which they were received. Every attempt of a call is one.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        let id = self.id();
        let mut requests = self.server.requests();
        requests.retain(|request| request.operation_id() == Some(id));
        requests
    }

    /// Returns the decoded bodies of [`requests`](Self::requests).
    ///
    /// # Errors
    ///
    /// Fails if one of the bodies cannot be decoded as the type `B`.
    pub fn bodies(&self) -> Result<Vec<B>, serde_json::Error>
    where
        B: DeserializeOwned,
    {
        let decode = |request: &ReceivedRequest| match self.formats.body {
            Some(format) => B::deserialize(format(request.body()).map_err(serde_json::Error::custom)?),
            None => serde_json::from_slice(request.body()),
        };
        self.requests().iter().map(decode).collect()
    }

    /// Asserts the number of requests for this operation so far. Every attempt of a call is one.
    ///
    /// # Panics
    ///
    /// Panics if there were more or fewer.
    #[track_caller]
    pub fn assert_received(&self, requests: usize) {
        assert_eq!(self.requests().len(), requests, "number of requests for `{}`", self.id());
    }

    fn push(&self, outcome: Outcome) -> Step<O, B> {
        let mut state = self.server.state();
        state.added += 1;
        let number = state.added;
        let response = ScriptedResponse { number, ..ScriptedResponse::new(outcome) };
        if let Some(scripted) = state.operations.get_mut(self.operation) {
            scripted.responses.push_back(response);
        }
        drop(state);
        Step { script: self.clone(), number }
    }

    /// Returns a valid status. An invalid one is reported, and replaced by 500.
    fn checked(&self, status: u16) -> StatusCode {
        StatusCode::from_u16(status).unwrap_or_else(|_| {
            self.report(&format!("{status} is not a valid status"));
            StatusCode::INTERNAL_SERVER_ERROR
        })
    }

    fn report(&self, problem: &str) {
        let problem = format!("`{}`: {problem}", self.id());
        self.server.state().problems.push(problem);
    }

    fn id(&self) -> &'static str {
        self.server.state().operations.get(self.operation).map_or("", |scripted| scripted.meta.id)
    }

    fn accept(&self) -> Option<&'static str> {
        self.server.state().operations.get(self.operation)?.meta.accept
    }
}

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the response is in the script even if the value is dropped"
)]
impl<O, B> Step<O, B> {
    /// Delays the response. Zero by default. While tokio's clock is paused, no real time passes.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|response| response.delay = delay)
    }

    /// Sets the header `Retry-After`. The time is rounded up to whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.change_content(|content| {
            content.headers.insert(RETRY_AFTER, seconds.into());
        })
    }

    /// Adds a header, even if the response already has one with this name.
    ///
    /// A name or a value with invalid characters is a problem of the server, and the response does not change.
    pub fn header(self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => self.change_content(|content| {
                content.headers.append(name, value);
            }),
            _ => {
                self.script.report(&format!("the header `{name}` has an invalid name or value"));
                self
            }
        }
    }

    /// Sets the body and its content type. They need not be what the API describes.
    ///
    /// A content type with invalid characters is a problem of the server, and the response does not change.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let Ok(content_type) = HeaderValue::from_str(content_type) else {
            self.script.report("the content type has invalid characters");
            return self;
        };
        let body = body.into();
        self.change_content(|content| *content = content.clone().with_body(content_type, body))
    }

    /// Uses the response for all requests that follow, any number of them. It is not a problem if there are none.
    ///
    /// Responses that are added after it are not used.
    pub fn repeat(self) -> Self {
        self.change(|response| response.repeats = true)
    }

    fn change_content(self, edit: impl FnOnce(&mut Content)) -> Self {
        self.change(|response| {
            if let Outcome::Response(content) = &mut response.outcome {
                edit(content);
            }
        })
    }

    /// Changes the response, unless it was sent already.
    fn change(self, edit: impl FnOnce(&mut ScriptedResponse)) -> Self {
        let mut state = self.script.server.state();
        let responses = state.operations.get_mut(self.script.operation).map(|scripted| &mut scripted.responses);
        if let Some(response) = responses.into_iter().flatten().find(|response| response.number == self.number) {
            edit(response);
        }
        drop(state);
        self
    }
}

impl<O, B> Deref for Step<O, B> {
    type Target = Script<O, B>;

    fn deref(&self) -> &Script<O, B> {
        &self.script
    }
}

impl<O, B> Clone for Script<O, B> {
    fn clone(&self) -> Self {
        Self { server: self.server.clone(), types: PhantomData, ..*self }
    }
}

impl<O, B> fmt::Debug for Script<O, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("operation_id", &self.id()).finish_non_exhaustive()
    }
}

impl<O, B> fmt::Debug for Step<O, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step").field("operation_id", &self.id()).finish_non_exhaustive()
    }
}
