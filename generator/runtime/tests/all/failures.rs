//! Guarantees 1 and 6: for every failure and operation, how many requests the server gets and what the error contains.

use std::time::Duration;

use sdk_runtime::{BodyFailure, Call, Error, ErrorKind, TimeoutKind};

use crate::operations::{client, config, look, quick, start};
use crate::service::api;
use test_server::{Act, JSON, Server, json, response, response_with_length};

const ATTEMPT: ErrorKind = ErrorKind::Timeout(TimeoutKind::Attempt);
const TRUNCATED: ErrorKind = ErrorKind::Body(BodyFailure::Truncated);

/// One cell of the table.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    arrivals: usize,
    kind: ErrorKind,
    status: Option<u16>,
    attempts: u32,
    maybe_sent: bool,
}

pub fn outcome(arrivals: usize, kind: ErrorKind, status: Option<u16>, attempts: u32, maybe_sent: bool) -> Outcome {
    Outcome { arrivals, kind, status, attempts, maybe_sent }
}

pub fn observed(arrivals: usize, error: &Error) -> Outcome {
    outcome(arrivals, error.kind(), error.status().map(u16::from), error.attempts(), error.maybe_sent())
}

/// Which count is the number of requests.
#[derive(Clone, Copy)]
enum Count {
    Requests,
    Connections,
}

async fn check(name: &str, act: Act, count: Count, on_start: Outcome, on_look: Outcome) {
    let server = match count {
        Count::Connections => Server::on_connect(act).await,
        Count::Requests => Server::always(act).await,
    };
    let arrivals = || match count {
        Count::Requests => server.arrivals(),
        Count::Connections => server.connections(),
    };
    let core = client(&api(&server));
    let error = Call::new(&core, start()).send().await.expect_err(name);
    assert_eq!(observed(arrivals(), &error), on_start, "{name}, start: {error}");
    let before = arrivals();
    let error = Call::new(&core, look()).send().await.expect_err(name);
    assert_eq!(observed(arrivals() - before, &error), on_look, "{name}, look: {error}");
}

/// A failure after which the server may have acted: `start` is sent once, `look` three times.
async fn check_ambiguous(name: &str, act: Act, kind: ErrorKind, status: Option<u16>) {
    let (once, thrice) = (outcome(1, kind, status, 1, true), outcome(3, kind, status, 3, true));
    check(name, act, Count::Requests, once, thrice).await;
}

/// A failure that would only happen again.
async fn check_permanent(name: &str, act: Act, kind: ErrorKind, status: u16, maybe_sent: bool) {
    let expected = || outcome(1, kind, Some(status), 1, maybe_sent);
    check(name, act, Count::Requests, expected(), expected()).await;
}

#[tokio::test]
async fn refused_connections_are_retried_for_every_operation() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a bound socket has an address");
    drop(listener);
    let core = client(&format!("http://{address}"));
    for error in [
        Call::new(&core, start()).send().await.expect_err("nothing listens"),
        Call::new(&core, look()).send().await.expect_err("nothing listens"),
    ] {
        assert_eq!(observed(0, &error), outcome(0, ErrorKind::Connection, None, 3, false), "{error}");
        assert!(error.is_connect() && error.is_exhausted() && error.is_retryable());
    }
}

#[tokio::test]
async fn connections_that_break_are_ambiguous() {
    let ambiguous = |attempts: u32| {
        let arrivals = usize::try_from(attempts).expect("a small number");
        outcome(arrivals, ErrorKind::Connection, None, attempts, true)
    };
    check("reset before the request is read", Act::Reset, Count::Connections, ambiguous(1), ambiguous(3)).await;
    check_ambiguous("reset after the request was read", Act::Reset, ErrorKind::Connection, None).await;
    check_ambiguous("closed without a response", Act::SendAndClose(Vec::new()), ErrorKind::Connection, None).await;
    let half = b"HTTP/1.1 200 OK\r\ncontent-le".to_vec();
    check_ambiguous("closed in the head", Act::SendAndClose(half), ErrorKind::Connection, None).await;
    let nonsense = b"this is not HTTP\r\n\r\n".to_vec();
    check_ambiguous("something else than HTTP", Act::SendAndClose(nonsense), ErrorKind::Connection, None).await;
}

/// Two attempts of at most 300 ms each, in real time.
async fn check_hanging(sent: &[u8], status: Option<u16>) {
    let server = Server::always(Act::Hang(sent.to_vec())).await;
    let mut config = config(&api(&server));
    config.attempt_timeout(Duration::from_millis(300));
    config.retry_config(quick().max_attempts(2));
    let core = config.build().expect("the settings are valid");
    let error = Call::new(&core, start()).send().await.expect_err("it hangs");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ATTEMPT, status, 1, true), "start: {error}");
    let error = Call::new(&core, look()).send().await.expect_err("it hangs");
    assert_eq!(observed(server.arrivals() - 1, &error), outcome(2, ATTEMPT, status, 2, true), "look: {error}");
    assert!(error.is_timeout() && !error.is_connect());
}

#[tokio::test]
async fn a_server_that_hangs_before_the_head_is_ambiguous() {
    check_hanging(b"", None).await;
}

#[tokio::test]
async fn a_server_that_hangs_in_the_head_is_ambiguous() {
    check_hanging(b"HTTP/1.1 200 O", None).await;
}

#[tokio::test]
async fn a_server_that_hangs_after_the_head_is_ambiguous() {
    check_hanging(&response_with_length("200 OK", &[JSON], b"", 100), Some(200)).await;
}

#[tokio::test]
async fn a_server_that_hangs_in_the_body_is_ambiguous() {
    check_hanging(&response_with_length("200 OK", &[JSON], b"{\"status\":", 100), Some(200)).await;
}

#[tokio::test]
async fn a_server_that_hangs_in_the_body_of_an_error_does_not_hide_its_status() {
    let server = Server::always(Act::Hang(response_with_length("404 x", &[JSON], b"{\"message\":", 100))).await;
    let core = client(&api(&server));
    let call = Call::new(&core, look()).attempt_timeout(Duration::from_millis(300));
    let error = call.send().await.expect_err("404");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Status, Some(404), 1, false));
    assert_eq!(error.text().as_deref(), Some("{\"message\":"));
    assert!(error.api().is_some_and(|response| !response.is_body_complete()));
}

#[tokio::test]
async fn truncated_bodies_are_ambiguous() {
    let part = response_with_length("200 OK", &[JSON], b"{\"status\":", 100);
    check_ambiguous("truncated body", Act::SendAndClose(part), TRUNCATED, Some(200)).await;
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"sta".to_vec();
    check_ambiguous("truncated chunks", Act::SendAndClose(chunked), TRUNCATED, Some(200)).await;
    let broken_gzip = response("200 OK", &[JSON, ("content-encoding", "gzip")], b"\x1f\x8b not gzip at all");
    check_ambiguous("broken compression", Act::SendAndClose(broken_gzip), TRUNCATED, Some(200)).await;
}

#[tokio::test]
async fn overload_statuses_are_retried_for_every_operation() {
    for headers in [&[JSON][..], &[JSON, ("retry-after", "0")]] {
        let act = Act::Send(response("429 Too Many Requests", headers, b"{}"));
        let expected = || outcome(3, ErrorKind::Status, Some(429), 3, false);
        check("429", act, Count::Requests, expected(), expected()).await;
    }
}

#[tokio::test]
async fn failure_statuses_are_retried_only_for_idempotent_operations() {
    let statuses = ["408 Request Timeout", "500 Internal Server Error", "502 Bad Gateway", "503 Unavailable", "504 x"];
    for status in statuses {
        let code = status[..3].parse().expect("a number");
        for headers in [&[JSON][..], &[JSON, ("retry-after", "0")]] {
            let act = Act::Send(response(status, headers, b"{}"));
            check_ambiguous(status, act, ErrorKind::Status, Some(code)).await;
        }
    }
}

#[tokio::test]
async fn permanent_failure_statuses_are_not_retried() {
    for status in ["400 Bad Request", "401 Unauthorized", "404 Not Found", "409 Conflict", "422 x"] {
        let code = status[..3].parse().expect("a number");
        check_permanent(status, Act::Send(json(status, "{}")), ErrorKind::Status, code, false).await;
    }
    check_permanent("501", Act::Send(json("501 x", "{}")), ErrorKind::Status, 501, true).await;
}

#[tokio::test]
async fn responses_that_do_not_decode_keep_their_status() {
    for body in ["{", "", "[]", "{\"status\": 7}"] {
        let act = Act::Send(json("200 OK", body));
        let server = Server::always(act).await;
        let error = Call::new(&client(&api(&server)), look()).send().await.expect_err("broken JSON");
        assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Decode, Some(200), 1, true));
        assert_eq!(error.text().as_deref(), Some(body));
    }
    let server = Server::always(Act::Send(json("201 Created", "{\"status\""))).await;
    let error = Call::new(&client(&api(&server)), start()).send().await.expect_err("broken JSON");
    assert_eq!(observed(server.arrivals(), &error), outcome(1, ErrorKind::Decode, Some(201), 1, true));
}

#[tokio::test]
async fn undescribed_success_responses_are_errors() {
    check_permanent("204", Act::Send(json("204 No Content", "")), ErrorKind::UnexpectedResponse, 204, true).await;
    let html = response("200 OK", &[("content-type", "text/html")], b"<h1>hello</h1>");
    check_permanent("html", Act::Send(html), ErrorKind::UnexpectedResponse, 200, true).await;
}

#[cfg(any(feature = "rustls-tls", feature = "native-tls"))]
#[tokio::test]
async fn a_failed_handshake_is_not_retried() {
    let server = Server::on_connect(Act::SendAndClose(b"HTTP/1.1 400 this speaks no TLS\r\n\r\n".to_vec())).await;
    let core = client(&format!("https://{}", server.address()));
    let error = Call::new(&core, start()).send().await.expect_err("no TLS");
    assert_eq!(observed(server.connections(), &error), outcome(1, ErrorKind::Tls, None, 1, false));
    assert!(error.is_connect());
}

/// A server with a full accept queue, so that the next connection hangs while connecting.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_call_that_hangs_while_connecting_was_not_sent() {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
    let listener = socket.listen(1).expect("a queue");
    let address = listener.local_addr().expect("a bound socket has an address");
    let patience = Duration::from_millis(50);
    let mut queued = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, patience) {
        queued.push(stream);
    }
    let mut config = config(&format!("http://{address}"));
    config.connect_timeout(patience);
    let core = config.build().expect("the settings are valid");
    let error = Call::new(&core, start()).send().await.expect_err("it hangs");
    let expected = outcome(0, ErrorKind::Timeout(TimeoutKind::Connect), None, 3, false);
    assert_eq!(observed(0, &error), expected);
    assert!(error.is_connect() && error.is_timeout());
}
