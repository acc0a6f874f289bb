//! Reading of `Retry-After` (RFC 9110, section 10.2.3) in every form that services send. It decides nothing.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The longest wait that is reported, one year: what is longer is no wait, and could overflow a clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What a reply asks for. A date is taken relative to the reply's own `Date`, so that clocks that differ do no harm.
pub(crate) fn of(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = date.and_then(|date| httpdate::parse_http_date(date).ok());
    parse(value, now.unwrap_or_else(SystemTime::now))
}

/// Seconds or a date. A date in the past is no wait; what is neither (fractions, negative numbers, words) is none.
#[doc(hidden)]
pub fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO).min(LONGEST))
}
