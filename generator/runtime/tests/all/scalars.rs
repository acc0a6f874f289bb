//! Scalars keep what was sent, and convert on request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use sdk_runtime::ParamValue;
use sdk_runtime::scalars::{self, *};

#[test]
fn a_scalar_is_the_string_that_was_sent() {
    let date: DateTime = serde_json::from_str("\"not a date\"").unwrap();
    assert_eq!(date, "not a date");
    assert_eq!(serde_json::to_string(&date).unwrap(), "\"not a date\"");
    assert_eq!(format!("{date:>12}"), "  not a date");
    assert!(serde_json::from_str::<DateTime>("1").is_err());
    assert_ne!(Decimal::from("1.0"), Decimal::from("1.00"));
    assert_eq!(Uuid::from(&String::from("A")).to_param(), "A");
    let seconds: UnixSeconds = serde_json::from_str("-1").unwrap();
    assert_eq!(seconds.get(), -1);
    assert_eq!(seconds.to_param(), "-1");
}

#[test]
fn errors_name_the_value_and_what_was_expected() {
    let error = DateTime::from("2026-13-01T00:00:00Z").to_jiff().unwrap_err();
    assert_eq!(error.to_string(), "\"2026-13-01T00:00:00Z\" is not a date and time with an offset (RFC 3339)");
    assert_eq!(error.value(), "2026-13-01T00:00:00Z");
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(Uuid::from("1").to_uuid().unwrap_err().to_string(), "\"1\" is not a UUID");
    assert_eq!(Uri::from("/a").to_url().unwrap_err().to_string(), "\"/a\" is not an absolute URL");
    assert_eq!(Ipv4::from("::1").to_addr().unwrap_err().to_string(), "\"::1\" is not an IPv4 address");
    let error = Base64::from("secret?").decode().unwrap_err();
    assert_eq!(error.to_string(), "a value of 7 bytes is not Base64");
    assert!(!format!("{error:?}").contains("secret") && error.value() == "secret?");
    let error = Date::from("é".repeat(65)).to_chrono().unwrap_err();
    assert_eq!(error.to_string(), format!("\"{}\"… is not a date (RFC 3339)", "é".repeat(64)));
    assert_eq!(Int64String::from("1.5").to_i64().unwrap_err().to_string(), "\"1.5\" is not an integer of 64 bits");
    assert_eq!(Decimal::from("x").to_rust_decimal().unwrap_err().to_string(), "\"x\" is not a decimal number");
}

#[test]
fn a_scalar_that_cannot_be_parsed_is_an_error_of_the_client() {
    fn parsed(text: &str) -> Result<jiff::Timestamp, sdk_runtime::Error> {
        Ok(DateTime::from(text).to_jiff()?)
    }
    let error = parsed("tomorrow").unwrap_err();
    assert_eq!(error.kind(), sdk_runtime::ErrorKind::Decode);
    assert_eq!(error.to_string(), DateTime::from("tomorrow").to_jiff().unwrap_err().to_string());
    assert!(std::error::Error::source(&error).is_some());
    let hidden = sdk_runtime::Error::from(Base64::from("secret?").decode().unwrap_err());
    assert!(!format!("{hidden} {hidden:?}").contains("secret"));
}

#[test]
fn dates_convert_to_the_types_of_each_crate() {
    let sent = DateTime::from("2026-01-31T12:00:00.5+01:30");
    assert_eq!(sent.to_jiff().unwrap().to_string(), "2026-01-31T10:30:00.5Z");
    assert_eq!(sent.to_chrono().unwrap().offset().local_minus_utc(), 5400);
    assert_eq!(sent.to_time().unwrap().offset().whole_seconds(), 5400);
    assert_eq!(DateTime::from(sent.to_chrono().unwrap()), "2026-01-31T12:00:00.500+01:30");
    assert_eq!(DateTime::from(sent.to_time().unwrap()), "2026-01-31T12:00:00.5+01:30");
    let zoned = sent.to_jiff().unwrap().to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(-5)));
    assert_eq!(DateTime::from(zoned), "2026-01-31T05:30:00.5-05:00");

    let date = Date::from("2024-02-29");
    assert_eq!(Date::from(date.to_jiff().unwrap()), date);
    assert_eq!(Date::from(date.to_chrono().unwrap()), date);
    assert_eq!(Date::from(date.to_time().unwrap()), date);
    for wrong in ["2023-02-29", "today", ""] {
        assert!(Date::from(wrong).to_jiff().is_err(), "{wrong}");
        assert!(Date::from(wrong).to_chrono().is_err(), "{wrong}");
        assert!(Date::from(wrong).to_time().is_err(), "{wrong}");
    }

    for (sent, expected) in [
        ("12:30:45.25", "12:30:45.25"),
        ("12:30:45+02:00", "12:30:45"),
        ("12:30:45Z", "12:30:45"),
        ("12:30", "12:30:00"),
    ] {
        let time = scalars::Time::from(sent);
        assert_eq!(scalars::Time::from(time.to_jiff().unwrap()), expected, "{sent}");
        assert_eq!(scalars::Time::from(time.to_time().unwrap()), expected, "{sent}");
        let chrono = scalars::Time::from(time.to_chrono().unwrap());
        assert_eq!(chrono.to_jiff().unwrap(), time.to_jiff().unwrap(), "{sent}");
    }
}

#[test]
fn durations_are_written_after_iso_8601() {
    assert_eq!(scalars::Duration::from(Duration::from_millis(90_500)), "PT90.5S");
    assert_eq!(scalars::Duration::from(Duration::ZERO), "PT0S");
    assert_eq!(scalars::Duration::from(chrono::TimeDelta::minutes(2)), "PT120S");
    let span = scalars::Duration::from("P1DT2H").to_jiff().unwrap();
    assert_eq!(scalars::Duration::from(span), "P1DT2H");
    assert!(scalars::Duration::from("two hours").to_jiff().is_err());
}

#[test]
fn dates_of_http_have_one_form() {
    let sent = HttpDate::from("Sat, 31 Jan 2026 12:00:00 GMT");
    assert_eq!(sent.to_system_time().unwrap(), UNIX_EPOCH + Duration::from_secs(1_769_860_800));
    assert_eq!(HttpDate::from(sent.to_jiff().unwrap()), sent);
    assert_eq!(HttpDate::from(sent.to_chrono().unwrap()), sent);
    assert_eq!(HttpDate::from(sent.to_time().unwrap()), sent);
    // The obsolete forms are read too (RFC 9110, section 5.6.7).
    assert_eq!(HttpDate::from("Saturday, 31-Jan-26 12:00:00 GMT").to_jiff().unwrap(), sent.to_jiff().unwrap());
    assert!(HttpDate::from("2026-01-31").to_system_time().is_err());
}

#[test]
fn times_in_units_are_rounded_down() {
    let before = UNIX_EPOCH - Duration::from_millis(1500);
    assert_eq!(UnixSeconds::from(before).get(), -2);
    assert_eq!(UnixMillis::from(before).get(), -1500);
    assert_eq!(UnixSeconds::from(UNIX_EPOCH + Duration::from_millis(1500)).get(), 1);
    let jiff = jiff::Timestamp::try_from(before).unwrap();
    assert_eq!(UnixSeconds::from(jiff).get(), -2);
    assert_eq!(UnixMillis::from(jiff).get(), -1500);
    let chrono = UnixMillis::new(-1500).to_chrono().unwrap();
    assert_eq!(UnixSeconds::from(chrono).get(), -2);
    let time = UnixMillis::new(-1500).to_time().unwrap();
    assert_eq!(UnixSeconds::from(time).get(), -2);
    assert_eq!(UnixMillis::from(time).get(), -1500);
    for extreme in [i64::MIN, i64::MAX] {
        assert!(UnixSeconds::new(extreme).to_jiff().is_err());
        assert!(UnixSeconds::new(extreme).to_chrono().is_err());
        assert!(UnixMillis::new(extreme).to_time().is_err());
    }
}

#[test]
fn bytes_are_encoded_and_strings_are_not() {
    assert_eq!(Base64::from(b"\xfb\xff"), "+/8=");
    assert_eq!(Base64Url::from(vec![0xfb, 0xff]), "-_8");
    assert_eq!(Base64::from("+/8=").decode().unwrap(), b"\xfb\xff");
    assert_eq!(Base64::from("+/8").decode().unwrap(), b"\xfb\xff");
    assert_eq!(Base64Url::from("-_8=").decode().unwrap(), b"\xfb\xff");
    assert!(Base64::from("-_8=").decode().is_err());
}

#[test]
fn addresses_and_numbers_convert_both_ways() {
    assert_eq!(Ipv4::from("192.0.2.1".parse::<std::net::Ipv4Addr>().unwrap()), "192.0.2.1");
    assert_eq!(Ipv6::from("2001:DB8::1").to_addr().unwrap().to_string(), "2001:db8::1");
    assert_eq!(Uint64String::from(u64::MAX).to_u64().unwrap(), u64::MAX);
    let uuid = Uuid::from("123E4567-E89B-12D3-A456-426614174000").to_uuid().unwrap();
    assert_eq!(Uuid::from(uuid), "123e4567-e89b-12d3-a456-426614174000");
    assert_eq!(Uri::from(&Uri::from("https://example.com").to_url().unwrap()), "https://example.com/");
    assert_eq!(Decimal::from(Decimal::from("0.10").to_rust_decimal().unwrap()), "0.10");
    assert_eq!(Decimal::from("1e3").to_rust_decimal().unwrap().to_string(), "1000");
    // More digits than fit are an error, and are not rounded.
    assert!(Decimal::from("0.12345678901234567890123456789012345").to_rust_decimal().is_err());
    for (written, exact) in [
        ("1.20E+2", "120"),
        ("-12.5e-3", "-0.0125"),
        ("0e5", "0"),
        ("100e-2", "1.00"),
        ("1000e-30", "0.0000000000000000000000000010"),
        ("0e50", "0"),
    ] {
        assert_eq!(Decimal::from(written).to_rust_decimal().unwrap().to_string(), exact);
    }
    for inexact in ["1.2345678901234567890123456789012e0", "1e29", "1e-29", "1e99999999999999999999", "1e", "e1"] {
        assert!(Decimal::from(inexact).to_rust_decimal().is_err(), "{inexact}");
    }
}

proptest! {
    #[test]
    fn every_time_of_1970_to_9999_survives_each_conversion(millis in 0_i64..253_402_300_800_000) {
        let sent = UnixMillis::new(millis);
        prop_assert_eq!(UnixMillis::from(sent.to_system_time().unwrap()), sent);
        prop_assert_eq!(UnixMillis::from(sent.to_jiff().unwrap()), sent);
        prop_assert_eq!(UnixMillis::from(sent.to_chrono().unwrap()), sent);
        prop_assert_eq!(UnixMillis::from(sent.to_time().unwrap()), sent);
        let date = DateTime::from(sent.to_jiff().unwrap());
        prop_assert_eq!(UnixMillis::from(date.to_chrono().unwrap()), sent);
        prop_assert_eq!(UnixMillis::from(DateTime::from(sent.to_chrono().unwrap()).to_time().unwrap()), sent);
        prop_assert_eq!(UnixMillis::from(DateTime::from(sent.to_time().unwrap()).to_jiff().unwrap()), sent);
        let seconds = UnixSeconds::new(millis.div_euclid(1000));
        let http = HttpDate::from(seconds.to_jiff().unwrap());
        prop_assert_eq!(http.as_str(), httpdate::fmt_http_date(seconds.to_system_time().unwrap()));
        prop_assert_eq!(HttpDate::from(seconds.to_chrono().unwrap()), http.clone());
        prop_assert_eq!(HttpDate::from(seconds.to_time().unwrap()), http);
    }

    #[test]
    fn all_bytes_survive_base64(bytes: Vec<u8>) {
        prop_assert_eq!(Base64::encode(&bytes).decode().unwrap(), bytes.clone());
        prop_assert_eq!(Base64Url::encode(&bytes).decode().unwrap(), bytes);
    }

    #[test]
    fn times_of_the_system_survive(nanos in 0_u64..u64::MAX) {
        let time: SystemTime = UNIX_EPOCH + Duration::from_nanos(nanos);
        let seconds = UnixSeconds::from(time).to_system_time().unwrap();
        prop_assert!(time.duration_since(seconds).unwrap() < Duration::from_secs(1));
    }
}
