//! Conversions from and to the crate `jiff`.

use ::jiff::civil;
use ::jiff::tz::TimeZone;
use ::jiff::{SignedDuration, Span, Timestamp, ZonedDateTime};

use super::{Date, DateTime, Duration, HttpDate, ParseScalarError, Time, UnixMillis, UnixSeconds};

impl DateTime {
    /// Parses the time. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The string is not a date and time with an offset from UTC.
    pub fn to_jiff(&self) -> Result<Timestamp, ParseScalarError> {
        let error = |error| {
            ParseScalarError::new(self.as_str(), "a date and time with an offset (RFC 3339)").with_source(error)
        };
        self.as_str().parse().map_err(error)
    }
}

impl From<Timestamp> for DateTime {
    fn from(time: Timestamp) -> Self {
        Self::new(time.to_string())
    }
}

/// The offset from UTC is kept, the name of the time zone is not.
impl From<&ZonedDateTime> for DateTime {
    fn from(time: &ZonedDateTime) -> Self {
        Self::new(time.timestamp().display_with_offset(time.offset()).to_string())
    }
}

/// The offset from UTC is kept, the name of the time zone is not.
impl From<ZonedDateTime> for DateTime {
    fn from(time: ZonedDateTime) -> Self {
        Self::from(&time)
    }
}

impl Date {
    /// Parses the date. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The string is not a date.
    pub fn to_jiff(&self) -> Result<civil::Date, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "a date (RFC 3339)").with_source(error);
        self.as_str().parse().map_err(error)
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self::new(date.to_string())
    }
}

impl Time {
    /// Parses the time of day. An offset from UTC is ignored. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The string is not a time of day.
    pub fn to_jiff(&self) -> Result<civil::Time, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "a time of day (RFC 3339)").with_source(error);
        self.without_offset().parse().map_err(error)
    }
}

impl From<civil::Time> for Time {
    fn from(time: civil::Time) -> Self {
        Self::new(time.to_string())
    }
}

impl Duration {
    /// Parses the duration. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The string is not a duration.
    pub fn to_jiff(&self) -> Result<Span, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "a duration (ISO 8601)").with_source(error);
        self.as_str().parse().map_err(error)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Self::new(span.to_string())
    }
}

impl From<SignedDuration> for Duration {
    fn from(duration: SignedDuration) -> Self {
        Self::new(duration.to_string())
    }
}

impl HttpDate {
    /// Parses the time. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The string has none of the three forms of RFC 9110, section 5.6.7.
    pub fn to_jiff(&self) -> Result<Timestamp, ParseScalarError> {
        let error = |error| ParseScalarError::new(self.as_str(), "a time that can be represented").with_source(error);
        Timestamp::try_from(self.to_system_time()?).map_err(error)
    }
}

/// Fractions of a second are left out.
impl From<Timestamp> for HttpDate {
    fn from(time: Timestamp) -> Self {
        let time = time.to_zoned_datetime(TimeZone::UTC).datetime();
        let number = |part: i8| u32::try_from(part).unwrap_or_default();
        let index = |part: i8| usize::try_from(part).unwrap_or_default();
        let clock = (number(time.hour()), number(time.minute()), number(time.second()));
        let weekday = index(time.weekday().to_monday_zero_offset());
        Self::of_parts(weekday, number(time.day()), index(time.month() - 1), time.year().into(), clock)
    }
}

impl UnixSeconds {
    /// Converts to a timestamp. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The time is before the year -9999 or after the year 9999.
    pub fn to_jiff(self) -> Result<Timestamp, ParseScalarError> {
        Timestamp::from_second(self.get()).map_err(|error| self.error(error))
    }
}

/// The time is rounded down.
impl From<Timestamp> for UnixSeconds {
    fn from(time: Timestamp) -> Self {
        Self::new(time.as_second() - i64::from(time.subsec_nanosecond() < 0))
    }
}

impl UnixMillis {
    /// Converts to a timestamp. Requires the feature `jiff`.
    ///
    /// # Errors
    ///
    /// The time is before the year -9999 or after the year 9999.
    pub fn to_jiff(self) -> Result<Timestamp, ParseScalarError> {
        Timestamp::from_millisecond(self.get()).map_err(|error| self.error(error))
    }
}

/// The time is rounded down.
impl From<Timestamp> for UnixMillis {
    fn from(time: Timestamp) -> Self {
        Self::new(time.as_millisecond() - i64::from(time.subsec_nanosecond() % 1_000_000 < 0))
    }
}
