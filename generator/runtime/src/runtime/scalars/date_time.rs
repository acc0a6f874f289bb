//! Dates, times and durations in strings.

use std::time::SystemTime;

use super::ParseScalarError;
use super::macros::string_scalar;

string_scalar! {
    /// A date and time with an offset from UTC, such as `2026-01-31T12:00:00Z` (format `date-time`, RFC 3339, section 5.6).
    ///
    /// Two strings for the same time, with other offsets or digits, are not equal.
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate.
    DateTime
}

string_scalar! {
    /// A date, such as `2026-01-31` (format `date`, `full-date` of RFC 3339, section 5.6).
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate.
    Date
}

string_scalar! {
    /// A time of day, with or without an offset from UTC, such as `12:00:00Z` (format `time`, `full-time` of RFC 3339, section
    /// 5.6).
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate, which have no offset.
    Time
}

string_scalar! {
    /// A duration, such as `PT1H30M` (format `duration`, RFC 3339, appendix A, after ISO 8601).
    ///
    /// A [`std::time::Duration`] converts to it. The feature `jiff` adds `to_jiff` and conversions from `jiff::Span` and
    /// `jiff::SignedDuration`, and the feature `chrono` a conversion from `chrono::TimeDelta`.
    Duration
}

string_scalar! {
    /// A date and time as in HTTP headers, such as `Sat, 31 Jan 2026 12:00:00 GMT` (format `http-date`, RFC 9110, section 5.6.7).
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate.
    HttpDate
}

impl Time {
    /// Returns the time of day without the offset from UTC.
    #[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
    pub(super) fn without_offset(&self) -> &str {
        let time = self.as_str();
        let end = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
        time.get(..end).unwrap_or(time)
    }
}

impl From<std::time::Duration> for Duration {
    fn from(duration: std::time::Duration) -> Self {
        let nanos = format!("{:09}", duration.subsec_nanos());
        let fraction = nanos.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Self::new(format!("PT{}{point}{fraction}S", duration.as_secs()))
    }
}

impl HttpDate {
    /// Parses the date.
    ///
    /// # Errors
    ///
    /// The string has none of the three forms of RFC 9110, section 5.6.7, or the date is before 1970.
    pub fn to_system_time(&self) -> Result<SystemTime, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "an HTTP date (RFC 9110)").with_source(error);
        httpdate::parse_http_date(self.as_str()).map_err(error)
    }

    /// Creates the value from the parts of a date in UTC. Weekdays count from Monday, months from January, both from 0.
    #[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
    pub(super) fn of_parts(weekday: usize, day: u32, month: usize, year: i64, time: (u32, u32, u32)) -> Self {
        const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (hour, minute, second) = time;
        let name = |names: &[&'static str], index: usize| names.get(index).copied().unwrap_or_default();
        let (weekday, month) = (name(&WEEKDAYS, weekday), name(&MONTHS, month));
        Self::new(format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"))
    }
}
