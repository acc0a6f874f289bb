//! Requests that the API does not describe, sent like those that it does.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use http::{HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Call;
use super::core::Core;
use super::operation::{Operation, OperationMeta};
use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;
use crate::runtime::transport::response::RawResponse;

/// A request to an endpoint that the API does not describe, to be completed by [`json`](Self::json) or
/// [`bytes`](Self::bytes).
///
/// It is sent like any other call: with the credential, the time limits, retries and hooks of the client, and with secrets
/// masked in errors. The methods GET, HEAD, OPTIONS, TRACE, PUT and DELETE count as idempotent (RFC 9110, section 9.2.2);
/// change that with [`Call::idempotent`]. Add parameters to the query with [`Call::extra_query`] and headers with
/// [`Call::header`].
#[doc = include_str!("../../doc_examples/raw_request.md")]
#[must_use = "a request does nothing until it becomes a call that is awaited"]
pub struct RawRequest<'a> {
    core: &'a Core,
    method: Method,
    path: String,
    body: Option<(String, Result<Bytes, Error>)>,
}

impl<'a> RawRequest<'a> {
    pub(crate) fn new(core: &'a Core, method: Method, path: String) -> Self {
        Self { core, method, path, body: None }
    }

    /// Sets a body of JSON. A value that cannot be serialized is an error of the call.
    pub fn json_body(mut self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).map(Bytes::from);
        let bytes = bytes.map_err(|error| Error::invalid_argument("body", error));
        self.body = Some(("application/json".to_owned(), bytes));
        self
    }

    /// Sets a body of another content type. An invalid content type is an error of the call.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((content_type.into(), Ok(body.into())));
        self
    }

    /// Returns the call. Awaiting it decodes the response, which must be JSON, as `T`.
    pub fn json<T: DeserializeOwned + Send>(self) -> Call<'a, RawJson<T>> {
        let core = self.core;
        Call::new(core, RawJson { parts: self.parts(Some("application/json")), output: PhantomData })
    }

    /// Returns the call. Awaiting it returns the body of the response, which may be of any content type.
    pub fn bytes(self) -> Call<'a, RawBytes> {
        let core = self.core;
        Call::new(core, RawBytes { parts: self.parts(None) })
    }

    fn parts(self, accept: Option<&'static str>) -> Parts {
        let meta = OperationMeta {
            idempotent: self.method.is_idempotent(),
            method: self.method,
            accept,
            security: self.core.shared.security,
            ..UNKNOWN
        };
        Parts { meta, path: self.path, body: self.body }
    }
}

/// Shows neither path nor body, as they may be secret.
impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What is the same for all requests that the API does not describe.
const UNKNOWN: OperationMeta = OperationMeta {
    id: "raw_request",
    method: Method::GET,
    path: "",
    accept: None,
    idempotent: false,
    idempotency_key: None,
    retry: None,
    security: &[],
    server: None,
};

struct Parts {
    meta: OperationMeta,
    path: String,
    body: Option<(String, Result<Bytes, Error>)>,
}

impl Parts {
    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.raw_path(&self.path)?;
        match &self.body {
            Some((_, Err(error))) => Err(error.repeated()),
            Some((content_type, Ok(body))) => {
                let content_type = HeaderValue::from_str(content_type).map_err(|_| {
                    Error::invalid_argument("content_type", "has characters that are not allowed in headers")
                })?;
                request.set_body(content_type, body.clone());
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// A request that the API does not describe, whose response is decoded from JSON. See [`RawRequest::json`].
pub struct RawJson<T> {
    parts: Parts,
    output: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + Send> Operation for RawJson<T> {
    type Output = T;

    const META: OperationMeta = UNKNOWN;

    fn meta(&self) -> &OperationMeta {
        &self.parts.meta
    }

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.parts.encode(request)
    }

    fn decode(response: &RawResponse) -> Result<T, Error> {
        response.json()
    }
}

/// A request that the API does not describe, whose response is not decoded. See [`RawRequest::bytes`].
pub struct RawBytes {
    parts: Parts,
}

impl Operation for RawBytes {
    type Output = Bytes;

    const META: OperationMeta = UNKNOWN;

    fn meta(&self) -> &OperationMeta {
        &self.parts.meta
    }

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.parts.encode(request)
    }

    fn decode(response: &RawResponse) -> Result<Bytes, Error> {
        Ok(response.body().clone())
    }
}

impl Core {
    /// Creates a request that the API does not describe. `path` is below the server's URL; see [`RawRequest`].
    pub fn raw_request(&self, method: Method, path: impl Into<String>) -> RawRequest<'_> {
        RawRequest::new(self, method, path.into())
    }
}
