//! Successful responses and their decoding.

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

/// A complete response with a success status (2xx), as generated code decodes it.
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) operation_id: &'static str,
    pub(crate) max_values: usize,
    /// The paths of fields that decoding has left out.
    omitted: OnceLock<Box<[String]>>,
}

impl RawResponse {
    /// Creates a response. The retry loop sets the operation and the limit later.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body, operation_id: "", max_values: usize::MAX, omitted: OnceLock::new() }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body, decompressed.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Checks that the status is one of these.
    ///
    /// # Errors
    ///
    /// Fails with any other status, including other success statuses. The error contains the response.
    pub fn expect_status(&self, expected: &[u16]) -> Result<(), Error> {
        if expected.contains(&self.status.as_u16()) {
            return Ok(());
        }
        let message = format!("{}: the API describes only the statuses {expected:?}", describe(self.status));
        Err(self.refused(ErrorKind::UnexpectedResponse, message))
    }

    /// Decodes the JSON body as a type.
    ///
    /// Fields that the type does not have are left out if `serde_json::Value` cannot represent them: numbers such as `1e400`,
    /// strings that are not Unicode, and nesting that is too deep.
    /// [`Response::omitted_fields`](crate::runtime::Response::omitted_fields) describes the limits of this.
    ///
    /// # Errors
    ///
    /// Fails if the content type is not JSON, the body has more values than `max_response_values`, or it cannot be decoded as
    /// the type. The error contains the status, the headers, the start of the body, and the path of the field that failed.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.expect_json()?;
        self.expect_few_values(&self.body)?;
        let body = without_mark(&self.body);
        match serde_json::from_slice(body) {
            Ok(value) => Ok(value),
            Err(error) => self.json_in_part(body, &error),
        }
    }

    /// Decodes a body that failed to decode once more, without the fields that can be left out.
    #[cold]
    fn json_in_part<T: DeserializeOwned>(&self, body: &[u8], error: &serde_json::Error) -> Result<T, Error> {
        let (value, omitted) =
            lossy::decode_in_part(body).ok_or_else(|| self.undecodable(undecodable::<T>(body, error)))?;
        // Reported once: decoding the body again leaves out the same fields.
        if self.omitted.set(omitted.into()).is_ok() {
            self.note(self.omitted.get().map_or(&[], |omitted| omitted));
        }
        Ok(value)
    }

    /// Returns the body as JSON, and the paths of fields that had to be left out. `None` if it is not JSON or has too many
    /// values.
    pub(crate) fn value(&self) -> Option<(Value, Vec<String>)> {
        self.expect_few_values(&self.body).ok()?;
        lossy::decode_any(&self.body)
    }

    /// Takes the paths of fields that decoding has left out.
    pub(crate) fn take_omitted(&mut self) -> Vec<String> {
        self.omitted.take().unwrap_or_default().into_vec()
    }

    /// Reports that fields were left out.
    pub(crate) fn note(&self, omitted: &[String]) {
        if !omitted.is_empty() {
            trace::omitted(self.operation_id, self.status(), omitted.len());
        }
    }

    /// Checks that JSON does not have more values than the call allows.
    pub(crate) fn expect_few_values(&self, json: &[u8]) -> Result<(), Error> {
        if has_more_values(json, self.max_values) {
            return Err(self.too_many_values());
        }
        Ok(())
    }

    #[cold]
    pub(crate) fn too_many_values(&self) -> Error {
        let (status, limit) = (describe(self.status), self.max_values);
        let message = format!("{status}: the body has more than {limit} values (`max_response_values`)");
        self.refused(ErrorKind::Body(BodyFailure::TooManyValues), message)
    }

    /// Returns the body as a string.
    ///
    /// # Errors
    ///
    /// Fails if the body is not valid UTF-8. The error contains the status, the headers and the start of the body.
    pub fn text(&self) -> Result<String, Error> {
        String::from_utf8(self.body.to_vec())
            .map_err(|_| self.refused(ErrorKind::Decode, "the body is not valid UTF-8").with_json_path(".".to_owned()))
    }

    fn expect_json(&self) -> Result<(), Error> {
        match self.headers.get(CONTENT_TYPE) {
            Some(content_type) if is_json(content_type.as_bytes()) => Ok(()),
            Some(content_type) => {
                let content_type = String::from_utf8_lossy(content_type.as_bytes());
                Err(self.refused(
                    ErrorKind::UnexpectedResponse,
                    format!(
                        "{}: the content type of the response is {content_type:?} instead of JSON",
                        describe(self.status)
                    ),
                ))
            }
            None => Err(self.refused(
                ErrorKind::UnexpectedResponse,
                format!("{}: the response has no content type, but JSON was expected", describe(self.status)),
            )),
        }
    }

    /// Returns the error for a body that cannot be decoded, from the path of the field and the reason.
    pub(crate) fn undecodable(&self, (path, message): (String, String)) -> Error {
        let line = format!("{}: the body cannot be decoded at `{path}`: {message}", describe(self.status));
        self.refused(ErrorKind::Decode, line).with_json_path(path)
    }

    /// Returns the error for a response that starts a job, but lacks an id to poll it with.
    pub(crate) fn lacks_id(&self) -> Error {
        let message = format!("{}: the response lacks the id to poll the job with", describe(self.status));
        self.refused(ErrorKind::UnexpectedResponse, message)
    }

    /// Returns the error for a response that has a success status, but is invalid. It contains the response.
    pub(crate) fn refused(&self, kind: ErrorKind, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        let api_error = ApiError::new(self.status(), self.headers.clone(), &self.body, true);
        Error::new(kind, message).with_reply(api_error).with_maybe_sent(true)
    }
}

/// Returns where and why JSON could not be decoded.
pub(crate) fn undecodable<T: DeserializeOwned>(json: &[u8], error: &serde_json::Error) -> (String, String) {
    join_path(json_path::find::<T>(json, error), &error.to_string())
}

/// Returns where and why a value could not be decoded.
pub(crate) fn undecodable_value<T: DeserializeOwned>(value: &Value, error: &serde_json::Error) -> (String, String) {
    let json = serde_json::to_vec(value).unwrap_or_default();
    let path = serde_json::from_slice::<T>(&json).err().and_then(|error| json_path::find::<T>(&json, &error));
    join_path(path, &error.to_string())
}

impl std::fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("RawResponse");
        out.field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}
