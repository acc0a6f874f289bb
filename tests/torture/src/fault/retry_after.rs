//! Every form of `Retry-After`.

use std::time::{Duration, SystemTime};

/// The `Retry-After` header of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// No header.
    Unsaid,
    /// Zero seconds.
    Zero,
    /// One second.
    Second,
    /// One day.
    Day,
    /// A number that overflows.
    Overflow,
    /// A date in the past.
    Past,
    /// A date one second after the `Date` of the response, which is wrong.
    Soon,
    /// A date in a year, without a `Date` header.
    Far,
    /// A negative number.
    Negative,
    /// A fraction of a second.
    Fraction,
    /// Words.
    Words,
    /// An empty value.
    Empty,
    /// Bytes that are not ASCII.
    Bytes,
    /// Two headers: the first one counts.
    Twice,
}

impl RetryAfter {
    /// All variants.
    pub const ALL: [Self; 14] = [
        Self::Unsaid,
        Self::Zero,
        Self::Second,
        Self::Day,
        Self::Overflow,
        Self::Past,
        Self::Soon,
        Self::Far,
        Self::Negative,
        Self::Fraction,
        Self::Words,
        Self::Empty,
        Self::Bytes,
        Self::Twice,
    ];

    /// The delay that a client derives from it. `None` if there is none.
    #[must_use]
    pub fn wait(self) -> Option<Duration> {
        match self {
            Self::Zero | Self::Past | Self::Twice => Some(Duration::ZERO),
            Self::Second | Self::Soon => Some(Duration::from_secs(1)),
            Self::Day => Some(Duration::from_hours(24)),
            Self::Overflow | Self::Far => Some(Duration::from_hours(24 * 365)),
            Self::Unsaid | Self::Negative | Self::Fraction | Self::Words | Self::Empty | Self::Bytes => None,
        }
    }

    pub(super) fn headers(self) -> String {
        let date = |seconds| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        let value = match self {
            Self::Unsaid | Self::Bytes => return String::new(),
            Self::Twice => return "retry-after: 0\r\nretry-after: 86400\r\n".to_owned(),
            Self::Soon => return format!("date: {}\r\nretry-after: {}\r\n", date(784_111_777), date(784_111_778)),
            Self::Zero => "0".to_owned(),
            Self::Second => "1".to_owned(),
            Self::Day => "86400".to_owned(),
            Self::Overflow => "99999999999999999999999".to_owned(),
            Self::Past => date(784_111_777),
            Self::Far => date(253_402_300_799),
            Self::Negative => "-1".to_owned(),
            Self::Fraction => "0.5".to_owned(),
            Self::Words => "soon".to_owned(),
            Self::Empty => String::new(),
        };
        format!("retry-after: {value}\r\n")
    }

    /// A header that is not a valid string.
    pub(super) fn raw(self) -> &'static [u8] {
        if self == Self::Bytes { b"retry-after: \xF0\xFF1\r\n" } else { b"" }
    }
}
