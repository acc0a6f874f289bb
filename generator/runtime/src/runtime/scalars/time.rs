//! Conversions from and to the crate `time`.

use ::time::error::Parse;
use ::time::format_description::BorrowedFormatItem;
use ::time::format_description::well_known::Rfc3339;
use ::time::macros::format_description;
use ::time::{OffsetDateTime, UtcOffset};

use super::{Date, DateTime, HttpDate, ParseScalarError, Time, UnixMillis, UnixSeconds};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[hour]:[minute][optional [:[second][optional [.[subsecond]]]]]");

impl DateTime {
    /// Parses the time, with its offset from UTC. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The string is not a date and time with an offset from UTC.
    pub fn to_time(&self) -> Result<OffsetDateTime, ParseScalarError> {
        let error = |error| {
            ParseScalarError::new(self.as_str(), "a date and time with an offset (RFC 3339)").with_source(error)
        };
        OffsetDateTime::parse(self.as_str(), &Rfc3339).map_err(error)
    }
}

/// An offset that has seconds becomes UTC, because RFC 3339 has no such offsets. Years before 0 and after 9999 are written as
/// RFC 3339 does not define.
impl From<OffsetDateTime> for DateTime {
    fn from(time: OffsetDateTime) -> Self {
        let time = if time.offset().seconds_past_minute() == 0 { time } else { time.to_offset(UtcOffset::UTC) };
        let fallback = |_| format!("{}T{}Z", time.to_utc().date(), time.to_utc().time());
        Self::new(time.format(&Rfc3339).unwrap_or_else(fallback))
    }
}

impl Date {
    /// Parses the date. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The string is not a date.
    pub fn to_time(&self) -> Result<::time::Date, ParseScalarError> {
        let error = |error: Parse| ParseScalarError::new(self.as_str(), "a date (RFC 3339)").with_source(error);
        ::time::Date::parse(self.as_str(), DATE).map_err(error)
    }
}

impl From<::time::Date> for Date {
    fn from(date: ::time::Date) -> Self {
        Self::new(date.to_string())
    }
}

impl Time {
    /// Parses the time of day. An offset from UTC is ignored. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The string is not a time of day.
    pub fn to_time(&self) -> Result<::time::Time, ParseScalarError> {
        let error = |error: Parse| ParseScalarError::new(self.as_str(), "a time of day (RFC 3339)").with_source(error);
        ::time::Time::parse(self.without_offset(), TIME).map_err(error)
    }
}

impl From<::time::Time> for Time {
    fn from(time: ::time::Time) -> Self {
        let (hour, minute, second, nanosecond) = time.as_hms_nano();
        let fraction = format!("{nanosecond:09}");
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Self::new(format!("{hour:02}:{minute:02}:{second:02}{point}{fraction}"))
    }
}

impl HttpDate {
    /// Parses the time. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The string has none of the three forms of RFC 9110, section 5.6.7.
    pub fn to_time(&self) -> Result<OffsetDateTime, ParseScalarError> {
        Ok(OffsetDateTime::from(self.to_system_time()?))
    }
}

/// Fractions of a second are left out.
impl From<OffsetDateTime> for HttpDate {
    fn from(time: OffsetDateTime) -> Self {
        let time = time.to_offset(UtcOffset::UTC);
        let clock = (time.hour().into(), time.minute().into(), time.second().into());
        let (weekday, month) = (time.weekday().number_days_from_monday(), u8::from(time.month()) - 1);
        Self::of_parts(weekday.into(), time.day().into(), month.into(), time.year().into(), clock)
    }
}

impl UnixSeconds {
    /// Converts to a time in UTC. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The time is before the year -9999 or after the year 9999.
    pub fn to_time(self) -> Result<OffsetDateTime, ParseScalarError> {
        OffsetDateTime::from_unix_timestamp(self.get()).map_err(|error| self.error(error))
    }
}

/// The time is rounded down.
impl From<OffsetDateTime> for UnixSeconds {
    fn from(time: OffsetDateTime) -> Self {
        Self::new(time.unix_timestamp())
    }
}

impl UnixMillis {
    /// Converts to a time in UTC. Requires the feature `time`.
    ///
    /// # Errors
    ///
    /// The time is before the year -9999 or after the year 9999.
    pub fn to_time(self) -> Result<OffsetDateTime, ParseScalarError> {
        let nanos = i128::from(self.get()) * 1_000_000;
        OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|error| self.error(error))
    }
}

/// The time is rounded down.
impl From<OffsetDateTime> for UnixMillis {
    fn from(time: OffsetDateTime) -> Self {
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        Self::new(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}
