//! A request as it would be sent, for those who want to look before. It holds no credential, and prints no secret.

use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::runtime::auth::credential::Redacted;

/// A request as it would be sent. `[redacted]` stands where the credential would; `Debug` shows neither the query, the
/// values of headers, nor the body.
#[derive(Clone)]
pub struct RequestPreview {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
}

impl RequestPreview {
    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The whole URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers; those of the connection are added when it is sent.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, exactly as it would be sent.
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
