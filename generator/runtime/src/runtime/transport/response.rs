//! A reply of success, and its decoding. It never sees a reply of failure.

use std::sync::OnceLock;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::runtime::decode::json_path;
use crate::runtime::decode::lossy;
use crate::runtime::decode::union::join_path;
use crate::runtime::encoding::json_text::{has_more_values, without_mark};
use crate::runtime::encoding::media_type::is_json;
use crate::runtime::error::Error;
use crate::runtime::error::api_error::ApiError;
use crate::runtime::error::describe;
use crate::runtime::error::kind::{BodyFailure, ErrorKind};
use crate::runtime::trace;

/// A whole response with a status of success (2xx).
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) operation_id: &'static str,
    pub(crate) max_values: usize,
    /// What decoding left out, once it has.
    omitted: OnceLock<Box<[String]>>,
}

impl RawResponse {
    /// A response whose call is not known yet.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body, operation_id: "", max_values: usize::MAX, omitted: OnceLock::new() }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Refuses other statuses than these, also where they are of success.
    ///
    /// # Errors
    /// If the status is none of these; the error keeps the status and the body.
    pub fn expect_status(&self, expected: &[u16]) -> Result<(), Error> {
        if expected.contains(&self.status.as_u16()) {
            return Ok(());
        }
        let message = format!("{}: the API describes {expected:?} only", describe(self.status));
        Err(self.refused(ErrorKind::UnexpectedResponse, message))
    }

    /// Decodes the body, which is JSON, as a type.
    ///
    /// Fields that the type does not know are left out if `serde_json::Value` cannot hold them: numbers such as `1e400`,
    /// strings that are not Unicode, and nesting that is too deep. [`Response::omitted_fields`](crate::runtime::Response::omitted_fields)
    /// describes the limits of this.
    ///
    /// # Errors
    /// If the content type is not JSON, the body has more values than `max_response_values`, or it is not of the type. The
    /// error keeps the status, the headers, the start of the body, and the path of the field that failed.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.expect_json()?;
        self.expect_few_values(&self.body)?;
        let text = without_mark(&self.body);
        match serde_json::from_slice(text) {
            Ok(value) => Ok(value),
            Err(error) => self.json_in_part(text, &error),
        }
    }

    #[cold]
    fn json_in_part<T: DeserializeOwned>(&self, text: &[u8], error: &serde_json::Error) -> Result<T, Error> {
        let (value, omitted) =
            lossy::decode_in_part(text).ok_or_else(|| self.undecodable(undecodable::<T>(text, error)))?;
        // A second decoding leaves out the same.
        if self.omitted.set(omitted.into()).is_ok() {
            self.note(self.omitted.get().map_or(&[], |omitted| omitted));
        }
        Ok(value)
    }

    /// The body as any JSON, with the paths of what had to be left out. `None` if it is not JSON, or has too many values.
    pub(crate) fn value(&self) -> Option<(Value, Vec<String>)> {
        self.expect_few_values(&self.body).ok()?;
        lossy::decode_any(&self.body)
    }

    /// The paths of what decoding left out.
    pub(crate) fn take_omitted(&mut self) -> Vec<String> {
        self.omitted.take().unwrap_or_default().into_vec()
    }

    /// Reports that fields were left out.
    pub(crate) fn note(&self, omitted: &[String]) {
        if !omitted.is_empty() {
            trace::omitted(self.operation_id, self.status(), omitted.len());
        }
    }

    /// Refuses JSON with more values than the call allows.
    pub(crate) fn expect_few_values(&self, text: &[u8]) -> Result<(), Error> {
        if has_more_values(text, self.max_values) {
            return Err(self.too_many_values());
        }
        Ok(())
    }

    #[cold]
    fn too_many_values(&self) -> Error {
        let (status, limit) = (describe(self.status), self.max_values);
        let message = format!("{status}: the body has more than {limit} JSON values (`max_response_values`)");
        self.refused(ErrorKind::Body(BodyFailure::TooManyValues), message)
    }

    /// The body as text.
    ///
    /// # Errors
    /// If the body is not UTF-8; the error keeps status, headers and the begin of the body.
    pub fn text(&self) -> Result<String, Error> {
        String::from_utf8(self.body.to_vec())
            .map_err(|_| self.refused(ErrorKind::Decode, "the body is not UTF-8").with_json_path(".".to_owned()))
    }

    fn expect_json(&self) -> Result<(), Error> {
        match self.headers.get(CONTENT_TYPE) {
            Some(content_type) if is_json(content_type.as_bytes()) => Ok(()),
            Some(content_type) => {
                let content_type = String::from_utf8_lossy(content_type.as_bytes());
                Err(self.refused(
                    ErrorKind::UnexpectedResponse,
                    format!("{}: the reply is {content_type:?} rather than JSON", describe(self.status)),
                ))
            }
            None => Err(self.refused(
                ErrorKind::UnexpectedResponse,
                format!("{}: the reply names no content type, JSON was expected", describe(self.status)),
            )),
        }
    }

    /// The error for a body that does not decode: where, and why.
    pub(crate) fn undecodable(&self, (path, message): (String, String)) -> Error {
        let line = format!("{}: the body does not decode at `{path}`: {message}", describe(self.status));
        self.refused(ErrorKind::Decode, line).with_json_path(path)
    }

    /// The error for a reply that starts work, but lacks the id to ask for it with.
    pub(crate) fn lacks_id(&self) -> Error {
        let message = format!("{}: the reply lacks the id to ask for the result with", describe(self.status));
        self.refused(ErrorKind::UnexpectedResponse, message)
    }

    /// The error for a reply of success that is none, with what came.
    pub(crate) fn refused(&self, kind: ErrorKind, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        let reply = ApiError::new(self.status(), self.headers.clone(), &self.body, true);
        Error::new(kind, message).with_reply(reply).with_maybe_sent(true)
    }
}

/// Where a text did not decode, and why.
pub(crate) fn undecodable<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> (String, String) {
    join_path(json_path::find::<T>(text, error), &error.to_string())
}

/// Where a value did not decode, and why.
pub(crate) fn undecodable_value<T: DeserializeOwned>(value: &Value, error: &serde_json::Error) -> (String, String) {
    let text = serde_json::to_vec(value).unwrap_or_default();
    let path = serde_json::from_slice::<T>(&text).err().and_then(|error| json_path::find::<T>(&text, &error));
    join_path(path, &error.to_string())
}

impl std::fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("RawResponse");
        out.field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}
