//! Guarantee 3: the status codes that are retried, with wildcards.

use proptest::prelude::*;
use sdk_runtime::{Call, ErrorKind, RetryCodes};

use crate::operations::{client, config, look};
use crate::service::api;
use test_server::{Act, Server, json};

#[test]
fn wildcards_match_any_digit() {
    let codes = RetryCodes::parse(["5XX", "42x", "408"]).expect("codes that make sense");
    let expected = |status: u16| (500..=599).contains(&status) || (420..=429).contains(&status) || status == 408;
    for status in 0..=1000 {
        assert_eq!(codes.contains(status), expected(status), "{status}");
    }
    assert_eq!(format!("{:?}", RetryCodes::parse(["429", "503"]).expect("codes")), "{429, 503}");
}

#[test]
fn codes_other_than_error_statuses_are_rejected() {
    for code in ["", "7XX", "200", "2XX", "302", "XXX", "4", "40", "4000", "600", "abc", "5X", "５XX", "-50", " 500"] {
        let error = RetryCodes::parse([code]).expect_err(code);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("retry_codes"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parser_never_panics(code in ".*") {
        let _ = RetryCodes::parse([code]);
    }
}

#[tokio::test]
async fn codes_of_the_call_override_codes_of_the_client() {
    let server = Server::always(Act::Send(json("404 x", "{}"))).await;
    let mut config = config(&api(&server));
    config.retry_codes(["404"]);
    let core = config.build().expect("the settings are valid");
    let error = Call::new(&core, look()).send().await.expect_err("404");
    assert_eq!(error.attempts(), 3);
    let error = Call::new(&core, look()).retry_codes(["5XX"]).send().await.expect_err("404");
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    let error = Call::new(&core, look()).retry_codes(["7XX"]).send().await.expect_err("no status");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    assert_eq!(server.arrivals(), 4);
}

#[tokio::test]
async fn without_codes_no_status_is_retried() {
    let server = Server::always(Act::Send(json("503 x", "{}"))).await;
    let core = client(&api(&server));
    let error = Call::new(&core, look()).retry_codes(Vec::<String>::new()).send().await.expect_err("503");
    assert_eq!(error.attempts(), 1);
}
