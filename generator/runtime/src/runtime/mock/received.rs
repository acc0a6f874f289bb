//! A request that the server received, to be inspected by a test.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::Body as _;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::runtime::transport::failure::{ExchangeFailure, FailureKind};

/// A request that the server received. Every attempt of a call is one.
///
/// `Debug` shows neither the values of the query, nor those of headers, nor the body.
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
        body: Bytes,
        operation_id: Option<&'static str>,
        (path_values, elapsed): (Vec<(String, String)>, Duration),
    ) -> Self {
        Self {
            operation_id,
            method: request.method().clone(),
            path: request.url().path().to_owned(),
            path_values,
            query: request.url().query_pairs().into_owned().collect(),
            headers: request.headers().clone(),
            body,
            elapsed,
        }
    }

    /// Returns the name of the operation in the API's description. `None` if no operation has this method and path.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.operation_id
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path as it was sent, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the percent-decoded value of a path parameter, by its name in the API's description. `None` if there is none.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        value(&self.path_values, name)
    }

    /// Returns the percent-decoded value of a query parameter, by its name in the request. If there are several, the first one
    /// is returned. `None` if there is none.
    #[must_use]
    pub fn query_value(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// Returns all names and values of the query, percent-decoded, in the order in which they were sent.
    #[must_use]
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// Returns the value of a header. If there are several, the first one is returned. `None` if the header was not sent, or has
    /// characters other than visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns all headers, including that of the credential.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the whole body, even if it was read while it was sent. It is empty if there was none.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body as JSON. `None` if it is not valid JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the time from the creation of the server until the request was received, on tokio's clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// Reads the body of a request to its end. A body that fails breaks the connection.
pub(crate) async fn read(body: Option<reqwest::Body>) -> Result<Bytes, ExchangeFailure> {
    let Some(mut body) = body else { return Ok(Bytes::new()) };
    if let Some(bytes) = body.as_bytes() {
        return Ok(Bytes::copy_from_slice(bytes));
    }
    let mut all = BytesMut::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        match frame {
            Ok(frame) => all.extend(frame.into_data().ok()),
            Err(error) => {
                return Err(ExchangeFailure { kind: FailureKind::Broken, source: error.without_url().into() });
            }
        }
    }
    Ok(all.freeze())
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
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
