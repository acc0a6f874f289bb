//! Requests that the API does not describe. They are sent like those that it describes.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Call;
use super::core::Core;
use super::operation::{HttpMethod, Operation, OperationMeta};
use crate::runtime::error::Error;
use crate::runtime::request::RequestWriter;
use crate::runtime::transport::response::RawResponse;
use crate::runtime::values::finite::Finite;
use crate::runtime::values::not_json;

/// A request to an endpoint that the API does not describe.
///
/// Set a body with [`json_body`](Self::json_body) or [`body`](Self::body); by default there is none. Then create the call
/// with [`json`](Self::json) or [`bytes`](Self::bytes), which decide how the response is decoded. On the call, add parameters
/// to the query with [`Call::extra_query`] and headers with [`Call::header`].
///
/// The path is appended to the server's URL. It must start with `/`, be percent-encoded, and contain neither a query nor the
/// segments `.` and `..`. An invalid path is an error of the call, before anything is sent.
///
/// The request is sent like any other call: with the credential, time limits, retries and hooks of the client, and with
/// secrets masked in errors. Statuses other than 2xx are errors. The methods GET, HEAD, OPTIONS, TRACE, PUT and DELETE count
/// as idempotent (RFC 9110, section 9.2.2); change that with [`Call::idempotent`].
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

    /// Sets a JSON body, with the content type `application/json`. A value that cannot be JSON is an error of the call: a map
    /// whose keys are not strings, or a number that is NaN or infinite.
    pub fn json_body(mut self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(&Finite(body)).map(Bytes::from);
        let bytes = bytes.map_err(|error| not_json("body", error));
        self.body = Some(("application/json".to_owned(), bytes));
        self
    }

    /// Sets a body with any content type. A content type with invalid characters is an error of the call.
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((content_type.into(), Ok(body.into())));
        self
    }

    /// Returns the call. Awaiting it decodes the JSON response as `T`.
    ///
    /// The call sends `Accept: application/json`. It fails if the content type of the response is not JSON, or if the body
    /// cannot be decoded as `T`.
    pub fn json<T: DeserializeOwned + Send>(self) -> Call<'a, RawJson<T>> {
        let core = self.core;
        Call::new(core, RawJson { parts: self.parts(Some("application/json")), output: PhantomData })
    }

    /// Returns the call. Awaiting it returns the body of the response, which may have any content type. No `Accept` header is
    /// sent.
    pub fn bytes(self) -> Call<'a, RawBytes> {
        let core = self.core;
        Call::new(core, RawBytes { parts: self.parts(None) })
    }

    fn parts(self, accept: Option<&'static str>) -> Parts {
        let meta = OperationMeta {
            idempotent: self.method.is_idempotent(),
            method: HttpMethod::Known(self.method),
            accept,
            security: self.core.shared.security,
            ..UNKNOWN
        };
        Parts { meta, path: self.path, body: self.body }
    }
}

/// Shows neither path nor body, because they may be secret.
impl fmt::Debug for RawRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The properties that are the same for all requests that the API does not describe.
const UNKNOWN: OperationMeta = OperationMeta {
    id: "raw_request",
    method: HttpMethod::Known(Method::GET),
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
            Some((content_type, Ok(body))) => request.bytes_as(content_type, body.clone()),
            None => Ok(()),
        }
    }
}

/// A request that the API does not describe, whose response is decoded from JSON. See [`RawRequest::json`].
pub struct RawJson<T> {
    parts: Parts,
    output: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for RawJson<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawJson").field("operation", &self.parts.meta.id).finish_non_exhaustive()
    }
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

impl fmt::Debug for RawBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawBytes").field("operation", &self.parts.meta.id).finish_non_exhaustive()
    }
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
    /// Creates a request that the API does not describe. `path` is appended to the server's URL; see [`RawRequest`].
    pub fn raw_request(&self, method: Method, path: impl Into<String>) -> RawRequest<'_> {
        RawRequest::new(self, method, path.into())
    }
}
