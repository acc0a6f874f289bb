//! A decoded value together with its response.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The decoded value of a call, with the status, the headers and the body of the response. Returned by
/// [`Call::send_with_response`](crate::runtime::Call::send_with_response).
///
/// `Debug` shows the value, but of headers and body only their sizes.
#[doc = include_str!("../../doc_examples/response.md")]
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) omitted: Vec<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl<T> Response<T> {
    /// Returns the decoded value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the decoded value without the response.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the HTTP status, which is a 2xx.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as the service sent it, but decompressed. It is empty if there is none.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the paths of fields that decoding left out although the service sent them, such as `details.ratio`.
    ///
    /// These are fields with a value that `serde_json::Value` cannot represent: a number such as `1e400`, a string that is not
    /// Unicode, or nesting of more than 127 levels. They are in the [`body`](Self::body). At most the first 100 paths are
    /// listed, and long ones are truncated. With the feature `tracing`, an event of level `WARN` reports their number.
    ///
    /// As a rule the API does not describe these fields, and the call fails if a field that it describes has such a value.
    /// There are two exceptions, where a field that the API describes is left out and listed:
    ///
    /// - The field may be any JSON value, or is a union with a variant that takes any value. If it is optional, the value
    ///   lacks it, as if the service had not sent it.
    /// - The field belongs to one variant of a union without a discriminator, and another variant takes the object without
    ///   it. The value is then of the other variant.
    ///
    /// If either matters, treat a response with omitted fields as an error.
    ///
    /// In a response of more than 4 MiB, or with more than 1,000 such fields, no field is left out. The call fails if it has
    /// to read one of their values, for example to keep an unknown field.
    pub fn omitted_fields(&self) -> &[String] {
        &self.omitted
    }

    /// Returns how many attempts the call made: 1 if it was not retried.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the time from the start of the call until its response was decoded, including waits.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// Shows only the number of headers, because their values may be secret, such as those of cookies.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Response");
        out.field("value", &self.value).field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.len()).field("omitted_fields", &self.omitted.len());
        out.field("attempts", &self.attempts).field("elapsed", &self.elapsed).finish()
    }
}
