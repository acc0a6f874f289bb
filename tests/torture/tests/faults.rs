//! The result of the client for each single fault. Larger runs rely on this table.

#![expect(clippy::expect_used, reason = "a standalone test")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use intuned_client::types::UpdateAuthSessionStartRequestBody;
use intuned_client::{Error, RetryConfig};
use torture::fault::{Broken, Echo, Fault, Odd, RetryAfter, STATUSES, Wrong};
use torture::id::Id;
use torture::ledger::Ledger;
use torture::load;
use torture::plan::Plan;
use torture::server::Server;
use torture::work::{MARK, parameters};

/// The results of a look and a start: `value`, or the kind of the error, its status, its delay, and whether the start may have
/// been processed.
async fn described(fault: Fault) -> (String, String) {
    let (look, start) = outcomes(fault).await;
    (describe(look), describe(start))
}

/// The results of a look and a start.
async fn outcomes(fault: Fault) -> (Result<(), Error>, Result<(), Error>) {
    let never_ends =
        [Broken::Stalled, Broken::StalledInHead, Broken::StalledInBody, Broken::EndlessInterim, Broken::EndlessBody];
    let is_endless = never_ends.into_iter().any(|broken| fault == Fault::Broken(broken));
    // The limit is long, so that attempts that end by themselves do not reach it on a slow machine.
    let attempt_timeout = Duration::from_millis(if is_endless { 300 } else { 60_000 });
    let plan = Plan { calls: 2, operations: 0, timeout: Duration::from_mins(2), attempt_timeout, ..Plan::full() };
    let ledger = Arc::new(Ledger::new(&plan));
    let server = Server::always(fault, plan.clone(), Arc::clone(&ledger)).expect("a port is free");
    // Separate clients: on a shared connection, one call would see the fault of the other.
    let client = || load::client(&plan, &server.url()).expect("the settings are valid");
    let (looking, starting) = (client(), client());
    let update = looking.project().auth_sessions().update();
    let look = update.result("calls", "look-0", "work-of-look-0").retry_config(RetryConfig::none()).await;
    let update = starting.project().auth_sessions().update();
    let body = UpdateAuthSessionStartRequestBody::new(parameters(Id::parse("start-1").expect("an id")));
    let start = update.start("calls", "start-1", body).retry_config(RetryConfig::none()).await;
    let arrived =
        ["look-0", "start-1"].map(|id| ledger.entry(Id::parse(id).expect("an id")).expect("it is there").arrivals());
    assert_eq!(arrived, [1, 1], "{fault:?}");
    server.stop();
    (look.map(drop), start.map(drop))
}

fn describe(outcome: Result<(), Error>) -> String {
    let error = match outcome {
        Ok(()) => return "value".to_owned(),
        Err(error) => error,
    };
    assert_eq!(error.attempts(), 1);
    let status = error.status().map(|status| format!(" {}", status.as_u16())).unwrap_or_default();
    let wait = error.retry_after().map(|wait| format!(" in {} s", wait.as_secs())).unwrap_or_default();
    let maybe = if error.maybe_sent() { " maybe" } else { "" };
    format!("{}{status}{wait}{maybe}", error.kind().name())
}

async fn check(fault: Fault, look: &str, start: &str) {
    let (of_look, of_start) = described(fault).await;
    assert_eq!((of_look.as_str(), of_start.as_str()), (look, start), "{fault:?}");
}

#[tokio::test]
async fn valid_responses_in_every_form_are_values() {
    check(Fault::None, "value", "value").await;
    for odd in Odd::ALL {
        check(Fault::Odd(odd), "value", "value").await;
    }
}

/// For a start that may have been processed: the result of a look, with the status of a start.
async fn check_broken(broken: Broken, look: &str) {
    check(Fault::Broken(broken), look, &look.replace("200", "201")).await;
}

async fn check_wrong(wrong: Wrong, look: &str) {
    check(Fault::Wrong(wrong), look, &look.replace("200", "201")).await;
}

#[tokio::test]
async fn connections_that_break_before_a_response_are_connection_errors() {
    let before =
        [Broken::Reset, Broken::Closed, Broken::HeadCut, Broken::Garbage, Broken::TwoLengths, Broken::NoLength];
    for broken in before {
        check_broken(broken, "connection maybe").await;
    }
    check_broken(Broken::TooManyHeaders, "head_too_large maybe").await;
}

#[tokio::test]
async fn truncated_bodies_keep_their_status() {
    let within = [
        Broken::ResetInBody,
        Broken::BodyCut,
        Broken::ChunkCut,
        Broken::LengthTooLong,
        Broken::NotCompressed,
        Broken::BadChunk,
    ];
    for broken in within {
        check_broken(broken, "body.truncated 200 maybe").await;
    }
}

#[tokio::test]
async fn endless_responses_end_at_the_attempt_timeout() {
    for broken in [Broken::Stalled, Broken::StalledInHead, Broken::EndlessInterim] {
        check_broken(broken, "timeout.attempt maybe").await;
    }
    for broken in [Broken::StalledInBody, Broken::EndlessBody] {
        check_broken(broken, "timeout.attempt 200 maybe").await;
    }
}

#[tokio::test]
async fn undescribed_responses_are_errors_with_their_status() {
    check_wrong(Wrong::OtherSuccess, "unexpected_response 202 maybe").await;
    check_wrong(Wrong::Redirect, "redirect 307 maybe").await;
    check_wrong(Wrong::MultipleChoices, "status 300 maybe").await;
    check_wrong(Wrong::NotModified, "status 304 maybe").await;
    check_wrong(Wrong::Upgrade, "status 101 maybe").await;
    for wrong in [Wrong::OtherJson, Wrong::Null, Wrong::NoJson, Wrong::Empty, Wrong::LengthTooShort] {
        check_wrong(wrong, "decode 200 maybe").await;
    }
    for wrong in [Wrong::Html, Wrong::Untyped] {
        check_wrong(wrong, "unexpected_response 200 maybe").await;
    }
    check_wrong(Wrong::OtherEncoding, "body.unsupported_encoding 200 maybe").await;
    for wrong in [Wrong::TooLarge, Wrong::Bomb] {
        check_wrong(wrong, "body.too_large 200 maybe").await;
    }
}

#[tokio::test]
async fn statuses_determine_whether_a_start_was_processed() {
    for status in STATUSES {
        let fault = Fault::Status(status, RetryAfter::Unsaid);
        let described = if fault.acts() { format!("status {status} maybe") } else { format!("status {status}") };
        check(fault, &described, &described).await;
    }
}

#[tokio::test]
async fn every_form_of_retry_after_is_parsed_or_ignored() {
    for retry_after in RetryAfter::ALL {
        let wait = retry_after.wait().map(|wait| format!(" in {} s", wait.as_secs())).unwrap_or_default();
        let described = format!("status 429{wait}");
        check(Fault::Status(429, retry_after), &described, &described).await;
    }
}

#[tokio::test]
async fn errors_that_echo_the_request_do_not_show_it() {
    for echo in Echo::ALL {
        let (look, start) = outcomes(Fault::Echo(echo)).await;
        for error in [look, start].map(|outcome| outcome.expect_err("an error status")) {
            let printed = format!("{error}\n{error:?}\n{error:#?}");
            assert!(!printed.contains(MARK), "{echo:?}: {printed}");
            let message = error.server_message().expect("a message");
            let start = if echo == Echo::Long { "[too long to show]" } else { "[redacted]" };
            assert!(message.starts_with(start), "{echo:?}: {message}");
        }
        let maybe = if echo.status() >= 500 { " maybe" } else { "" };
        let described = format!("status {}{maybe}", echo.status());
        check(Fault::Echo(echo), &described, &described).await;
    }
}

#[tokio::test]
async fn masking_many_values_in_a_long_message_stays_within_the_limit() {
    let plan = Plan { calls: 2, operations: 0, ..Plan::full() };
    let limit = Duration::from_secs(2);
    let ledger = Arc::new(Ledger::new(&plan));
    let server = Server::always(Fault::Echo(Echo::Refused), plan.clone(), ledger).expect("a port is free");
    let client = load::client(&plan, &server.url()).expect("the settings are valid");
    // Substrings of the placeholder, which must not be masked within inserted placeholders.
    for word in ["acte", "[redacted]"] {
        let words = vec![word.to_owned(); 5_000];
        let body = UpdateAuthSessionStartRequestBody::new([("words", words)]);
        let started = Instant::now();
        let update = client.project().auth_sessions().update();
        let error = update.start("calls", "start-1", body).timeout(limit).await.expect_err("400");
        assert_eq!(error.status().map(u16::from), Some(400), "{error}");
        assert!(started.elapsed() < limit + Duration::from_secs(1), "{:?} for {word}", started.elapsed());
    }
    server.stop();
}
