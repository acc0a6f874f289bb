//! What a user can do around every attempt. Hooks see no credential: it is added after them.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::runtime::error::Error;

/// The attempt a hook is called for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The operation's name in the API's description.
    pub operation_id: &'static str,
    /// The HTTP method.
    pub method: &'a Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// 1 for the first.
    pub number: u32,
}

/// The head of a reply.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ResponseHead<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// Since the begin of the call.
    pub elapsed: Duration,
}

impl std::fmt::Debug for ResponseHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("ResponseHead");
        out.field("status", &self.status).field("headers", &self.headers.len());
        out.field("elapsed", &self.elapsed).finish()
    }
}

/// Called around every attempt. Hooks run within the call's time, so they must not block.
pub trait Hooks: Send + Sync {
    /// Before a request is sent. Headers can be added or changed; those of the connection itself (such as `host` and
    /// `content-length`) are put right afterwards, and a header of the credential's name stands instead of it.
    fn before_request(&self, attempt: &Attempt<'_>, headers: &mut HeaderMap) {
        let _ = (attempt, headers);
    }

    /// After the head of a reply has come, whatever its status.
    fn after_response(&self, attempt: &Attempt<'_>, response: &ResponseHead<'_>) {
        let _ = (attempt, response);
    }

    /// After an attempt has failed: with the wait before the next one, or none if the call ends with this error.
    fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        let _ = (attempt, error, retry_in);
    }
}
