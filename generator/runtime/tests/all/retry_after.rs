//! Guarantee 4: `Retry-After` in every form.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use sdk_runtime::{Call, parse_retry_after};

use crate::operations::{client, look, quick};
use crate::service::api;
use test_server::{Act, JSON, Server, response};

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn now() -> SystemTime {
    // Sun, 06 Nov 1994 08:49:37 GMT, the date of the RFC's examples.
    SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
}

fn check(text: &str, expected: Option<u64>) {
    assert_eq!(parse_retry_after(text, now()), expected.map(Duration::from_secs), "{text:?}");
}

#[test]
fn every_form_is_read() {
    check("0", Some(0));
    check("120", Some(120));
    check("  7\t", Some(7));
    check("007", Some(7));
    check("Sun, 06 Nov 1994 08:50:37 GMT", Some(60));
    check("Sunday, 06-Nov-94 08:50:37 GMT", Some(60));
    check("Sun Nov  6 08:50:37 1994", Some(60));
    check("Sun, 06 Nov 1994 08:49:37 GMT", Some(0));
    check("Sat, 05 Nov 1994 08:49:37 GMT", Some(0));
    check("Thu, 01 Jan 1970 00:00:00 GMT", Some(0));
}

#[test]
fn invalid_values_are_ignored() {
    let garbage =
        ["", " ", "-1", "+1", "1.5", "1e3", "soon", "0x10", "1 2", "１２", "Sun, 31 Feb 1994 08:49:37 GMT", "\u{0}"];
    for text in garbage {
        check(text, None);
    }
}

#[test]
fn overflowing_values_are_capped_at_a_year() {
    for text in ["31536001", "18446744073709551615", "18446744073709551616", &"9".repeat(1000)] {
        check(text, Some(YEAR.as_secs()));
    }
    check("Fri, 31 Dec 9999 23:59:59 GMT", Some(YEAR.as_secs()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parser_never_panics_or_exceeds_its_cap(text in ".*", seconds: u32) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
        prop_assert!(parse_retry_after(&text, now).is_none_or(|wait| wait <= YEAR));
    }

    #[test]
    fn numbers_and_dates_never_panic_or_exceed_the_cap(number in "[0-9]{1,40}", date in 0..253_402_300_799_u64, seconds: u32) {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds));
        prop_assert!(parse_retry_after(&number, now).is_some_and(|wait| wait <= YEAR));
        let date = Duration::from_secs(date);
        let text = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + date);
        let expected = date.saturating_sub(Duration::from_secs(u64::from(seconds))).min(YEAR);
        prop_assert_eq!(parse_retry_after(&text, now), Some(expected));
    }
}

#[tokio::test]
async fn a_date_is_relative_to_the_date_of_the_response() {
    let headers = [JSON, ("date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("retry-after", "Sun, 06 Nov 1994 09:49:37 GMT")];
    let server = Server::always(Act::Send(response("429 x", &headers, b"{}"))).await;
    let error = Call::new(&client(&api(&server)), look()).send().await.expect_err("429");
    assert_eq!((error.retry_after(), error.attempts()), (Some(Duration::from_hours(1)), 1));
}

#[tokio::test]
async fn with_invalid_values_the_backoff_applies() {
    for text in ["-1", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let server = Server::always(Act::Send(response("503 x", &[JSON, ("retry-after", text)], b"{}"))).await;
        let error = Call::new(&client(&api(&server)), look()).send().await.expect_err("503");
        assert_eq!(error.attempts(), 3, "{text}");
    }
}

#[tokio::test]
async fn the_longest_wait_can_be_set() {
    let server = Server::always(Act::Send(response("503 x", &[JSON, ("retry-after", "1")], b"{}"))).await;
    let core = client(&api(&server));
    let impatient = quick().max_retry_after(Duration::from_millis(999));
    let error = Call::new(&core, look()).retry_config(impatient).send().await.expect_err("503");
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(1))));
}
