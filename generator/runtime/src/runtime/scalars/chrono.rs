//! Conversions from and to the crate `chrono`.

use std::fmt::Display;

use ::chrono::format::ParseError;
use ::chrono::{
    DateTime as ChronoDateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone,
    Timelike, Utc,
};

use super::{Date, DateTime, Duration, HttpDate, ParseScalarError, Time, UnixMillis, UnixSeconds};

impl DateTime {
    /// Parses the time, with its offset from UTC. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The string is not a date and time with an offset from UTC.
    pub fn to_chrono(&self) -> Result<ChronoDateTime<FixedOffset>, ParseScalarError> {
        let error = |error| {
            ParseScalarError::new(self.as_str(), "a date and time with an offset (RFC 3339)").with_source(error)
        };
        ChronoDateTime::parse_from_rfc3339(self.as_str()).map_err(error)
    }
}

impl<Z: TimeZone> From<ChronoDateTime<Z>> for DateTime
where
    Z::Offset: Display,
{
    fn from(time: ChronoDateTime<Z>) -> Self {
        Self::new(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Date {
    /// Parses the date. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The string is not a date.
    pub fn to_chrono(&self) -> Result<NaiveDate, ParseScalarError> {
        let error = |error: ParseError| ParseScalarError::new(self.as_str(), "a date (RFC 3339)").with_source(error);
        self.as_str().parse().map_err(error)
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self::new(date.to_string())
    }
}

impl Time {
    /// Parses the time of day. An offset from UTC is ignored. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The string is not a time of day.
    pub fn to_chrono(&self) -> Result<NaiveTime, ParseScalarError> {
        let error =
            |error: ParseError| ParseScalarError::new(self.as_str(), "a time of day (RFC 3339)").with_source(error);
        self.without_offset().parse().map_err(error)
    }
}

impl From<NaiveTime> for Time {
    fn from(time: NaiveTime) -> Self {
        Self::new(time.to_string())
    }
}

impl From<TimeDelta> for Duration {
    fn from(duration: TimeDelta) -> Self {
        Self::new(duration.to_string())
    }
}

impl HttpDate {
    /// Parses the time. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The string has none of the three forms of RFC 9110, section 5.6.7.
    pub fn to_chrono(&self) -> Result<ChronoDateTime<Utc>, ParseScalarError> {
        let out_of_range = || ParseScalarError::new(self.as_str(), "a time that can be represented");
        let since = self.to_system_time()?.duration_since(std::time::UNIX_EPOCH).map_err(|_| out_of_range())?;
        let seconds = i64::try_from(since.as_secs()).map_err(|_| out_of_range())?;
        ChronoDateTime::from_timestamp(seconds, 0).ok_or_else(out_of_range)
    }
}

/// Fractions of a second are left out.
impl<Z: TimeZone> From<ChronoDateTime<Z>> for HttpDate {
    fn from(time: ChronoDateTime<Z>) -> Self {
        let time = time.naive_utc();
        let index = |part: u32| usize::try_from(part).unwrap_or_default();
        let clock = (time.hour(), time.minute(), time.second());
        let weekday = index(time.weekday().num_days_from_monday());
        Self::of_parts(weekday, time.day(), index(time.month0()), time.year().into(), clock)
    }
}

impl UnixSeconds {
    /// Converts to a time in UTC. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The time is outside of the range of `chrono`.
    pub fn to_chrono(self) -> Result<ChronoDateTime<Utc>, ParseScalarError> {
        ChronoDateTime::from_timestamp(self.get(), 0).ok_or_else(|| self.error("the time is out of range"))
    }
}

/// The time is rounded down.
impl<Z: TimeZone> From<ChronoDateTime<Z>> for UnixSeconds {
    fn from(time: ChronoDateTime<Z>) -> Self {
        Self::new(time.timestamp())
    }
}

impl UnixMillis {
    /// Converts to a time in UTC. Requires the feature `chrono`.
    ///
    /// # Errors
    ///
    /// The time is outside of the range of `chrono`.
    pub fn to_chrono(self) -> Result<ChronoDateTime<Utc>, ParseScalarError> {
        ChronoDateTime::from_timestamp_millis(self.get()).ok_or_else(|| self.error("the time is out of range"))
    }
}

/// The time is rounded down.
impl<Z: TimeZone> From<ChronoDateTime<Z>> for UnixMillis {
    fn from(time: ChronoDateTime<Z>) -> Self {
        Self::new(time.timestamp_millis())
    }
}
