//! `Retry-After` with any bytes: a bounded delay or none, the same in the parser and in a call.

use std::time::{Duration, SystemTime};

use http::header::{DATE, HeaderValue, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use sdk_runtime::{Call, parse_retry_after};

use crate::stub::{Canned, Look, client, runtime};
use crate::target::Target;

/// The maximum delay: a year.
const LONGEST: Duration = Duration::from_hours(365 * 24);

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct RetryAfter;

/// The two relevant headers, as bytes.
#[derive(Debug, Clone)]
pub struct Headers {
    retry_after: Vec<u8>,
    date: Option<Vec<u8>>,
}

impl Target for RetryAfter {
    type Input = Headers;
    const NAME: &'static str = "retry-after";
    const ABOUT: &'static str = "Retry-After with any bytes is a delay of at most a year, or none";
    const SHORT: u64 = 2_500;

    fn inputs() -> BoxedStrategy<Headers> {
        (values(), proptest::option::of(values())).prop_map(|(retry_after, date)| Headers { retry_after, date }).boxed()
    }

    fn run(input: &Headers) -> Result<(), String> {
        let text = std::str::from_utf8(&input.retry_after);
        if let Ok(text) = text {
            check(text, parse_retry_after(text, SystemTime::UNIX_EPOCH))?;
        }
        let (Some(value), Some(date)) =
            (header(&input.retry_after), input.date.as_ref().map_or(Some(None), |date| header(date).map(Some)))
        else {
            return Ok(());
        };
        let delay = call_delay(&value, date.as_ref())?;
        if let Ok(text) = value.to_str() {
            check(text, delay)?;
            let now = date.as_ref().and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
            if let Some(now) = now
                && parse_retry_after(text, now) != delay
            {
                return Err(format!("the call returns {delay:?}, the parser {:?}", parse_retry_after(text, now)));
            }
        } else if delay.is_some() {
            return Err(format!("invalid bytes were parsed as {delay:?}"));
        }
        Ok(())
    }
}

/// Checks that a string of digits is a number of seconds, and that no delay exceeds the maximum.
fn check(text: &str, read: Option<Duration>) -> Result<(), String> {
    if read.is_some_and(|wait| wait > LONGEST) {
        return Err(format!("the delay is more than a year: {read:?}"));
    }
    let digits = text.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = digits
        .trim_start_matches('0')
        .get(..9)
        .map_or_else(|| digits.trim_start_matches('0').parse().unwrap_or(0), |_| u64::MAX);
    let expected = Duration::from_secs(seconds).min(LONGEST);
    if is_number && read != Some(expected) {
        return Err(format!("expected {expected:?}, got {read:?}"));
    }
    Ok(())
}

fn header(bytes: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(bytes).ok()
}

/// The delay in the error of a call whose response has these headers.
fn call_delay(value: &HeaderValue, date: Option<&HeaderValue>) -> Result<Option<Duration>, String> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, value.clone());
    headers.extend(date.map(|date| (DATE, date.clone())));
    let response = Canned { status: StatusCode::TOO_MANY_REQUESTS, headers, pieces: Vec::new(), breaks: false };
    let core = client(response).map_err(|error| error.to_string())?;
    match runtime().block_on(Call::new(&core, Look).send()) {
        Ok(_) => Err("a 429 was a success".to_owned()),
        Err(error) => Ok(error.retry_after()),
    }
}

fn values() -> impl Strategy<Value = Vec<u8>> {
    let date = (0..260_000_000_000_u64).prop_filter_map("a year of four digits", |seconds| {
        (seconds < 253_402_300_800)
            .then(|| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
    });
    let almost = (date.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(date, at, byte)| {
        let mut bytes = date.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes
    });
    let others =
        "(Mon|Tuesday|Sun),? [ 0-9]{1,3}[- ](Jan|Feb|Dec|Foo)[- ][0-9]{2,5} [0-9]{1,2}:[0-9]{2}:[0-9]{2}( GMT| UTC|)";
    let asctime = "(Mon|Tue|Sun) (Jan|Feb|Dec) [ 0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{3,5}";
    prop_oneof![
        "[ \t]{0,2}[0-9]{1,24}[ \t]{0,2}".prop_map(String::into_bytes),
        "[-+0-9.eExXa-f,; ]{0,12}".prop_map(String::into_bytes),
        date.prop_map(String::into_bytes),
        almost,
        others.prop_map(String::into_bytes),
        asctime.prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..40),
    ]
}
