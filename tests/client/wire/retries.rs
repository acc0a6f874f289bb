//! Retries, counted at the server.

use intuned_client::{Error, ErrorKind, IntunedClient, RetryConfig};

use super::{builder, pending, quick_retries, result, start, started};
use test_server::{Response, Server};

fn retrying(server: &Server) -> IntunedClient {
    builder(server).retry_config(quick_retries()).build().expect("the settings are complete")
}

/// Runs `start` against a script: the outcome, and how many requests arrived.
async fn run_start(script: impl IntoIterator<Item = Response>) -> (Result<(), Error>, usize) {
    let server = Server::replay(script).await;
    let outcome = start(&retrying(&server)).await;
    (outcome, server.arrivals())
}

/// Runs `result` against a script: the outcome, and how many requests arrived.
async fn run_result(script: impl IntoIterator<Item = Response>) -> (Result<(), Error>, usize) {
    let server = Server::replay(script).await;
    let outcome = result(&retrying(&server)).await;
    (outcome.map(drop), server.arrivals())
}

#[tokio::test]
async fn reads_are_retried_after_a_transient_failure() {
    for failure in [408, 429, 500, 502, 503, 504].map(Response::status).into_iter().chain([Response::HangUp]) {
        let (outcome, arrivals) = run_result([failure.clone(), failure.clone(), pending()]).await;
        assert!(outcome.is_ok(), "{failure:?}: {outcome:?}");
        assert_eq!(arrivals, 3, "{failure:?}");
    }
}

#[tokio::test]
async fn every_attempt_sends_the_same_request() {
    let server = Server::replay([Response::status(429), started()]).await;
    start(&retrying(&server)).await.expect("the second attempt succeeds");
    let requests = server.received();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0], requests[1]);
}

#[tokio::test]
async fn reads_fail_after_four_attempts() {
    let (outcome, arrivals) = run_result([Response::json(503, r#"{"message":"busy"}"#)]).await;
    let error = outcome.expect_err("it never succeeds");
    assert_eq!((arrivals, error.attempts()), (4, 4));
    assert_eq!(error.status().map(u16::from), Some(503));
    assert_eq!(error.server_message(), Some("busy"));
    assert!(error.is_retryable() && error.is_exhausted(), "{error}");
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    for status in [400, 401, 403, 404, 409, 410, 422, 501, 505] {
        let (outcome, arrivals) = run_result([Response::status(status), pending()]).await;
        let error = outcome.expect_err("the status is a failure");
        assert_eq!((error.status().map(u16::from), arrivals), (Some(status), 1));
        assert!(!error.is_retryable() && !error.is_exhausted(), "{error}");
    }
}

#[tokio::test]
async fn an_update_is_never_started_twice() {
    for failure in [408, 500, 502, 503, 504].map(Response::status).into_iter().chain([Response::HangUp]) {
        let (outcome, arrivals) = run_start([failure.clone(), started()]).await;
        let error = outcome.expect_err("it must not be sent again");
        assert_eq!(arrivals, 1, "{failure:?}");
        assert!(error.maybe_sent(), "{failure:?}: {error}");
        assert!(!error.is_retryable(), "{failure:?}: {error}");
    }
}

#[tokio::test]
async fn a_start_that_was_certainly_not_processed_is_retried() {
    let (outcome, arrivals) = run_start([Response::status(429), Response::status(429), started()]).await;
    outcome.expect("the third attempt succeeds");
    assert_eq!(arrivals, 3);
}

#[tokio::test]
async fn a_start_without_a_connection_is_retried() {
    // A port that was free a moment ago, so that nothing listens on it.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
    drop(listener);
    let client = IntunedClient::builder().workspace_id(super::WORKSPACE).api_key(super::KEY).server_url(url);
    let client = client.retry_config(quick_retries()).build().expect("the settings are complete");

    let error = start(&client).await.expect_err("nothing listens");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(error.attempts(), 4, "{error}");
    assert!(error.is_connect() && !error.maybe_sent() && error.is_retryable(), "{error:?}");
    assert_eq!(error.status().map(u16::from), None);
}

#[tokio::test]
async fn the_caller_can_declare_a_start_idempotent() {
    let server = Server::replay([Response::status(500), started()]).await;
    let client = retrying(&server);
    let update = client.project().auth_sessions().update();
    update.start("p", "s", super::documented_body()).idempotent(true).await.expect("the second attempt succeeds");
    assert_eq!(server.arrivals(), 2);
}

#[tokio::test]
async fn retries_can_be_disabled_for_a_call() {
    let server = Server::replay([Response::status(503), pending()]).await;
    let client = retrying(&server);
    let call = client.project().auth_sessions().update().result("p", "s", "o").retry_config(RetryConfig::none());
    let error = call.await.expect_err("the first response is a failure");
    assert_eq!((error.status().map(u16::from), error.attempts(), server.arrivals()), (Some(503), 1, 1));
    assert!(error.is_retryable() && !error.is_exhausted(), "the next call may succeed: {error}");
    assert!(result(&client).await.is_ok(), "the client's own setting is as it was");
}

#[tokio::test]
async fn retries_can_be_disabled_for_a_client() {
    let server = Server::replay([Response::status(503), Response::status(503), pending()]).await;
    let client = builder(&server).retry_config(RetryConfig::none()).build().expect("the settings are complete");
    result(&client).await.expect_err("the first response is a failure");
    assert_eq!(server.arrivals(), 1);
    let call = client.project().auth_sessions().update().result("p", "s", "o").retry_config(quick_retries());
    call.await.expect("a call can have them back");
    assert_eq!(server.arrivals(), 3);
}

/// The statuses that a client or a call retries with these codes.
async fn check_codes(codes: &[&str], retried: &[u16], not_retried: &[u16]) {
    for (status, arrivals) in retried.iter().map(|status| (*status, 2)).chain(not_retried.iter().map(|s| (*s, 1))) {
        for on_call in [false, true] {
            let server = Server::replay([Response::status(status), pending()]).await;
            let mut settings = builder(&server).retry_config(quick_retries());
            if !on_call {
                settings = settings.retry_codes(codes.iter().copied());
            }
            let client = settings.build().expect("the settings are complete");
            let mut call = client.project().auth_sessions().update().result("p", "s", "o");
            if on_call {
                call = call.retry_codes(codes.iter().copied());
            }
            assert_eq!(call.await.is_ok(), arrivals == 2, "{status} with {codes:?}, on the call: {on_call}");
            assert_eq!(server.arrivals(), arrivals, "{status} with {codes:?}, on the call: {on_call}");
        }
    }
}

#[tokio::test]
async fn retried_statuses_can_be_configured() {
    check_codes(&["404"], &[404], &[429, 500, 503]).await;
    check_codes(&["5XX"], &[500, 501, 503, 599], &[429, 408]).await;
    check_codes(&["4xx", "503"], &[400, 404, 429, 503], &[500]).await;
    check_codes(&[], &[], &[408, 429, 500, 503]).await;
}

#[tokio::test]
async fn configured_statuses_do_not_start_an_update_twice() {
    let server = Server::replay([Response::status(500), started()]).await;
    let client = builder(&server).retry_config(quick_retries()).retry_codes(["5XX"]).build().expect("complete");
    start(&client).await.expect_err("a POST is not sent again after 500");
    assert_eq!(server.arrivals(), 1);
}

#[tokio::test]
async fn an_excessive_retry_delay_ends_the_call_at_once() {
    let (outcome, arrivals) = run_result([Response::status(503).header("retry-after", "3600"), pending()]).await;
    let error = outcome.expect_err("an hour is too long");
    assert_eq!((arrivals, error.retry_after()), (1, Some(std::time::Duration::from_hours(1))));
}
