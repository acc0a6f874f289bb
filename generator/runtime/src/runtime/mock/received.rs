//! A request as it was received, for the test to look at.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A request as it was received: one attempt of a call. `Debug` shows neither the values of the query and of headers nor
/// the body.
#[derive(Clone)]
pub struct ReceivedRequest {
    operation_id: Option<&'static str>,
    method: Method,
    path: String,
    path_values: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
    elapsed: Duration,
}

impl ReceivedRequest {
    pub(crate) fn new(
        request: &reqwest::Request,
        operation_id: Option<&'static str>,
        path_values: Vec<(String, String)>,
        elapsed: Duration,
    ) -> Self {
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        Self {
            operation_id,
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            path_values,
            query: request.url().query_pairs().into_owned().collect(),
            headers: request.headers().clone(),
            body: Bytes::copy_from_slice(body),
            elapsed,
        }
    }

    /// The operation's name in the API's description. `None` if there is none of this method and path.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.operation_id
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as it was sent, with its percent encoding.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A value of the path, decoded, by its name in the API's description.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        value(&self.path_values, name)
    }

    /// A value of the query, decoded, by its name on the wire; the first, if there are several.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// All names and values of the query, decoded, in the order in which they were sent.
    #[must_use]
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// A header. `None` if it was not sent, or is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers, the credential's among them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, byte by byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as JSON. `None` if it is none.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// How long after the making of the server it came in, on tokio's clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&str> = self.query.iter().map(|(name, _)| name.as_str()).collect();
        let headers: Vec<&str> = self.headers.keys().map(reqwest::header::HeaderName::as_str).collect();
        let mut out = f.debug_struct("ReceivedRequest");
        out.field("operation_id", &self.operation_id).field("method", &self.method).field("path", &self.path);
        out.field("query", &query).field("headers", &headers);
        out.field("body_bytes", &self.body.len()).field("elapsed", &self.elapsed).finish_non_exhaustive()
    }
}
