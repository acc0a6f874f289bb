//! Times as integers: the time since 1970-01-01T00:00:00Z.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::ParseScalarError;
use crate::runtime::values::param::ParamValue;

macro_rules! unix_time {
    ($(#[$attribute:meta])* $name:ident, $unit:ident, $count:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Creates the value from the number of units since 1970-01-01T00:00:00Z.
            #[must_use]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// Returns the number of units since 1970-01-01T00:00:00Z.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }

            /// Converts to a time of the standard library.
            ///
            /// # Errors
            ///
            /// The time is outside of the range of the platform.
            pub fn to_system_time(self) -> Result<SystemTime, ParseScalarError> {
                let distance = Duration::$unit(self.0.unsigned_abs());
                let time = if self.0 < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
                time.ok_or_else(|| self.out_of_range(None))
            }

            fn out_of_range(self, source: Option<super::BoxError>) -> ParseScalarError {
                let error = ParseScalarError::new(self.0.to_string(), "a time that can be represented");
                match source {
                    Some(source) => error.with_source(source),
                    None => error,
                }
            }

            #[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
            pub(super) fn error(self, source: impl Into<super::BoxError>) -> ParseScalarError {
                self.out_of_range(Some(source.into()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                *value
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        /// The time is rounded down, and one that is out of range becomes the first or the last that the integer can hold.
        impl From<SystemTime> for $name {
            fn from(time: SystemTime) -> Self {
                Self(match time.duration_since(UNIX_EPOCH) {
                    Ok(after) => i64::try_from(after.$count()).unwrap_or(i64::MAX),
                    Err(before) => {
                        let before = before.duration();
                        let whole = Duration::$unit(u64::try_from(before.$count()).unwrap_or(u64::MAX));
                        let units = i64::try_from(before.$count()).unwrap_or(i64::MAX);
                        (-units).saturating_sub(i64::from(whole < before))
                    }
                })
            }
        }

        impl ParamValue for $name {
            fn to_param(&self) -> Cow<'_, str> {
                Cow::Owned(self.0.to_string())
            }
        }
    };
}

unix_time! {
    /// A time as whole seconds since 1970-01-01T00:00:00Z (format `unixtime`).
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate.
    UnixSeconds, from_secs, as_secs
}

unix_time! {
    /// A time as whole milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// The feature `jiff` adds `to_jiff`, `chrono` adds `to_chrono`, and `time` adds `to_time`. Each also adds conversions from the types
    /// of its crate.
    UnixMillis, from_millis, as_millis
}
