//! Scalars: values that JSON writes as strings or integers, and whose format the API describes.
//!
//! A scalar keeps the value exactly as the service sent it, and is compared by it. It is parsed only on request, so a response
//! with a date that cannot be parsed is still a response. Strings convert to each scalar that is written as a string, and
//! nothing checks them: the service does.
//!
//! The features `jiff`, `chrono`, `time`, `uuid`, `rust_decimal` and `url` add the conversions from and to the types of these
//! crates. Each is optional and disabled by default.

mod bytes;
mod date_time;
mod integer;
mod macros;
mod net;
mod unix_time;

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;

use std::fmt;

pub use self::bytes::{Base64, Base64Url};
pub use self::date_time::{Date, DateTime, Duration, HttpDate, Time};
pub use self::integer::{Int64String, Uint64String};
pub use self::net::{Ipv4, Ipv6};
pub use self::unix_time::{UnixMillis, UnixSeconds};

use self::macros::string_scalar;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::error::{BoxError, Error};

string_scalar! {
    /// A decimal number in a string, such as `19.99` (format `decimal`).
    ///
    /// It has all digits that the service sent. Two strings for the same number, such as `1.0` and `1.00`, are not equal.
    ///
    /// The feature `rust_decimal` adds `to_rust_decimal`, and a conversion from `rust_decimal::Decimal`.
    Decimal
}

string_scalar! {
    /// An email address (format `email`, RFC 5321, section 4.1.2).
    Email
}

string_scalar! {
    /// A URI or URL (format `uri`, RFC 3986).
    ///
    /// The feature `url` adds `to_url`, and conversions from `url::Url`.
    Uri
}

string_scalar! {
    /// A UUID (format `uuid`, RFC 9562).
    ///
    /// Two strings for the same UUID, in upper and in lower case, are not equal.
    ///
    /// The feature `uuid` adds `to_uuid`, and a conversion from `uuid::Uuid`.
    Uuid
}

/// The error of a scalar that cannot be parsed.
///
/// It converts to [`Error`], so `?` works in a function that returns that error. The kind is then
/// [`Decode`](crate::runtime::ErrorKind::Decode), with the message of this one.
pub struct ParseScalarError {
    value: String,
    expected: &'static str,
    is_shown: bool,
    source: Option<BoxError>,
}

/// The most characters of a value that are shown.
const SHOWN: usize = 64;

impl ParseScalarError {
    pub(super) fn new(value: impl Into<String>, expected: &'static str) -> Self {
        Self { value: value.into(), expected, is_shown: true, source: None }
    }

    /// Hides the value, which can be the content of a file.
    pub(super) fn hidden(mut self) -> Self {
        self.is_shown = false;
        self
    }

    /// Returns the start of the value for messages.
    fn shown(&self) -> String {
        match self.value.char_indices().nth(SHOWN) {
            _ if !self.is_shown => format!("a value of {} bytes", self.value.len()),
            Some((end, _)) => format!("{:?}…", self.value.get(..end).unwrap_or_default()),
            None => format!("{:?}", self.value),
        }
    }

    pub(super) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the value that could not be parsed.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for ParseScalarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not {}", self.shown(), self.expected)
    }
}

/// Shows as much of the value as `Display`.
impl fmt::Debug for ParseScalarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("ParseScalarError");
        out.field("value", &format_args!("{}", self.shown())).field("expected", &self.expected);
        out.field("source", &self.source).finish_non_exhaustive()
    }
}

impl std::error::Error for ParseScalarError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Lets functions that return [`Error`] parse scalars with `?`.
impl From<ParseScalarError> for Error {
    fn from(error: ParseScalarError) -> Self {
        Self::new(ErrorKind::Decode, error.to_string()).converted_from(error.into())
    }
}
