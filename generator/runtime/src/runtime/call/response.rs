//! A value together with the response it was read from.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The value of a call, with the status, the headers and the body it was read from.
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
    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The reply's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as the service sent it, decompressed. It is empty if there was none.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The paths of fields that the value lacks although the service sent them, such as `details.ratio`.
    ///
    /// These are fields with a value that `serde_json::Value` cannot hold: a number such as `1e400`, a string that is not
    /// Unicode, or nesting of more than 127 levels. [`body`](Self::body) has them. At most the first 100 paths are listed,
    /// and long ones are cut off. With the feature `tracing`, an event of level `WARN` reports their number.
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

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The time from the start of the call until its response was decoded, waits included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// Headers may hold what the service set a cookie to, so only their number is shown.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Response");
        out.field("value", &self.value).field("status", &self.status.as_u16()).field("headers", &self.headers.len());
        out.field("body_bytes", &self.body.len()).field("omitted_fields", &self.omitted.len());
        out.field("attempts", &self.attempts).field("elapsed", &self.elapsed).finish()
    }
}
