//! Hooks: functions of the user that are called around each attempt. They do not see the credential, which is added later.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use reqwest::Method;

use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;

/// The attempt that a hook is called for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation's name in the API's description.
    pub operation_id: &'static str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The path in the API's description, with parameters in braces. Empty for requests that the API does not describe.
    pub path: &'static str,
    /// The number of the attempt in its call: 1 for the first.
    pub number: u32,
}

/// The part of a request that a hook may change: headers and query.
///
/// Method, server, path and body are fixed. The credential is added later.
pub struct RequestHead<'a> {
    pub(crate) request: &'a mut RequestWriter,
}

impl RequestHead<'_> {
    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the headers to change them.
    ///
    /// Changes to headers of the connection, such as `host` and `content-length`, and to headers of credentials have no
    /// effect.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.request.headers_mut()
    }

    /// Returns the query, percent-encoded and without the question mark. `None` if there is none.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.request.query_text()
    }

    /// Sets a parameter of the query, instead of all parameters of this name. Name and value are percent-encoded.
    ///
    /// A parameter that carries a credential cannot be added.
    pub fn set_query(&mut self, name: &str, value: &str) {
        self.request.drop_query(name);
        self.request.push_query(name, value);
    }
}

/// Shows the number of headers only, as their values and the query may be secret.
impl std::fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestHead").field("headers", &self.headers().len()).finish_non_exhaustive()
    }
}

/// The head of a response.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ResponseHead<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: &'a HeaderMap,
    /// The time since the start of the call.
    pub elapsed: Duration,
}

impl std::fmt::Debug for ResponseHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("ResponseHead");
        out.field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("elapsed", &self.elapsed).finish()
    }
}

/// Functions that are called around each attempt, for example to add a header or to count failures.
///
/// Each method does nothing by default. Hooks run within the time limit of the call, so they must not block. Headers that a
/// hook sets are masked in errors, except `accept`, `content-type` and `user-agent`. Query parameters that it sets are not.
#[doc = include_str!("../../doc_examples/hooks.md")]
pub trait Hooks: Send + Sync {
    /// Called before a request is sent, and again before each retry. Each time the request is written anew, without the changes
    /// of the attempt before. The credential is added afterwards.
    fn before_request(&self, attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        let _ = (attempt, request);
    }

    /// Called after the head of a response is received, whatever its status is. The body is not read yet.
    fn after_response(&self, attempt: &Attempt<'_>, response: &ResponseHead<'_>) {
        let _ = (attempt, response);
    }

    /// Called after an attempt fails, or after its response cannot be decoded.
    ///
    /// `retry_in` is the wait before the next attempt, or `None` if the call ends with this error.
    fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        let _ = (attempt, error, retry_in);
    }
}

/// Hooks that the program shares with the client, for example to read their counters.
impl<H: Hooks + ?Sized> Hooks for Arc<H> {
    fn before_request(&self, attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        (**self).before_request(attempt, request);
    }

    fn after_response(&self, attempt: &Attempt<'_>, response: &ResponseHead<'_>) {
        (**self).after_response(attempt, response);
    }

    fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        (**self).on_error(attempt, error, retry_in);
    }
}
