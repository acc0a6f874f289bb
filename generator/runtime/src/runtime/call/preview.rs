//! A request as it would be sent, to inspect it before. It has no credential, and `Debug` shows no secret.

use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::runtime::values::redacted::Redacted;

/// A request as it would be sent, with `[redacted]` instead of the credential. Returned by
/// [`Call::preview`](crate::runtime::Call::preview).
///
/// Its methods return everything that the arguments and options put into the request. `Debug` shows neither the query, nor
/// the values of headers, nor the body.
#[derive(Clone)]
pub struct RequestPreview {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl RequestPreview {
    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the whole URL: server, path and query, percent-encoded.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the headers. Those of the connection, such as `host` and `content-length`, are added when the request is sent.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body exactly as it would be sent. `None` if there is none, or if it is read while it is sent.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }
}

impl fmt::Debug for RequestPreview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.url.split('?').next().unwrap_or_default();
        let names: Vec<&str> = self.headers.keys().map(reqwest::header::HeaderName::as_str).collect();
        let mut out = f.debug_struct("RequestPreview");
        out.field("method", &self.method).field("url", &path);
        out.field("query", &self.url.contains('?').then_some(Redacted)).field("headers", &names);
        out.field("body_bytes", &self.body.as_ref().map(Bytes::len)).finish()
    }
}
