//! A value together with the reply it came in.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

/// The value of a call, with the status and the headers it came with.
#[derive(Clone)]
pub struct Response<T> {
    pub(super) value: T,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
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
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The reply's headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// From the begin of the call to its end, waits included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// Headers may hold what the service set a cookie to, so only their number is shown.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Response");
        out.field("value", &self.value).field("status", &self.status).field("headers", &self.headers.len());
        out.field("attempts", &self.attempts).field("elapsed", &self.elapsed).finish()
    }
}
