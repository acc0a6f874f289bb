//! Statement 1 and 6: for every way to fail and every operation, how often the server is asked and what the error says.

use std::io::Write;
use std::time::Duration;

use sdk_runtime::{
    BodyFailure, Call, Core, Error, ErrorKind, RetryConfig, StopReason, TimeoutKind,
};

use crate::operations::{client, config, look, quick, start};
use crate::server::{Act, JSON, Server, json, reply, reply_with_length, seen, started};

const ATTEMPT: ErrorKind = ErrorKind::Timeout(TimeoutKind::Attempt);
const TRUNCATED: ErrorKind = ErrorKind::Body(BodyFailure::Truncated);
const TOO_LARGE: ErrorKind = ErrorKind::Body(BodyFailure::TooLarge);

/// One cell of the table.
#[derive(Debug, PartialEq)]
struct Outcome {
    arrivals: usize,
    kind: ErrorKind,
    status: Option<u16>,
    attempts: u32,
    maybe_sent: bool,
}

fn outcome(
    arrivals: usize,
    kind: ErrorKind,
    status: Option<u16>,
    attempts: u32,
    maybe_sent: bool,
) -> Outcome {
    Outcome {
        arrivals,
        kind,
        status,
        attempts,
        maybe_sent,
    }
}

fn observed(arrivals: usize, error: &Error) -> Outcome {
    outcome(
        arrivals,
        error.kind(),
        error.status(),
        error.attempts(),
        error.maybe_sent(),
    )
}

/// Which count says how often the server was asked.
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
    let core = client(&server.url());
    let error = Call::new(&core, start()).send().await.expect_err(name);
    assert_eq!(
        observed(arrivals(), &error),
        on_start,
        "{name}, start: {error}"
    );
    let before = arrivals();
    let error = Call::new(&core, look()).send().await.expect_err(name);
    assert_eq!(
        observed(arrivals() - before, &error),
        on_look,
        "{name}, look: {error}"
    );
}

/// A failure after which the server may have acted: the start is sent once, the look three times.
async fn check_ambiguous(name: &str, act: Act, kind: ErrorKind, status: Option<u16>) {
    let (once, thrice) = (
        outcome(1, kind, status, 1, true),
        outcome(3, kind, status, 3, true),
    );
    check(name, act, Count::Requests, once, thrice).await;
}

/// A failure that would only come again.
async fn check_permanent(name: &str, act: Act, kind: ErrorKind, status: u16, maybe_sent: bool) {
    let expected = || outcome(1, kind, Some(status), 1, maybe_sent);
    check(name, act, Count::Requests, expected(), expected()).await;
}

#[tokio::test]
async fn refused_connections_are_retried_for_every_operation() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    drop(listener);
    let core = client(&format!("http://{address}"));
    for error in [
        Call::new(&core, start())
            .send()
            .await
            .expect_err("nobody listens"),
        Call::new(&core, look())
            .send()
            .await
            .expect_err("nobody listens"),
    ] {
        assert_eq!(
            observed(0, &error),
            outcome(0, ErrorKind::Connection, None, 3, false),
            "{error}"
        );
        assert!(error.is_connect() && error.is_exhausted() && error.is_retryable());
    }
}

#[tokio::test]
async fn connections_that_break_are_ambiguous() {
    let ambiguous = |attempts: u32| {
        let arrivals = usize::try_from(attempts).expect("a small number");
        outcome(arrivals, ErrorKind::Connection, None, attempts, true)
    };
    check(
        "reset before the request is read",
        Act::Reset,
        Count::Connections,
        ambiguous(1),
        ambiguous(3),
    )
    .await;
    check_ambiguous(
        "reset after the request was read",
        Act::Reset,
        ErrorKind::Connection,
        None,
    )
    .await;
    check_ambiguous(
        "closed without a reply",
        Act::SendAndClose(Vec::new()),
        ErrorKind::Connection,
        None,
    )
    .await;
    let half = b"HTTP/1.1 200 OK\r\ncontent-le".to_vec();
    check_ambiguous(
        "closed in the head",
        Act::SendAndClose(half),
        ErrorKind::Connection,
        None,
    )
    .await;
    let nonsense = b"this is not HTTP\r\n\r\n".to_vec();
    check_ambiguous(
        "something else than HTTP",
        Act::SendAndClose(nonsense),
        ErrorKind::Connection,
        None,
    )
    .await;
}

/// Two attempts of 300 ms each at most, as time passes here.
async fn check_hanging(sent: &[u8], status: Option<u16>) {
    let server = Server::always(Act::Hang(sent.to_vec())).await;
    let mut config = config(&server.url());
    config.attempt_timeout(Duration::from_millis(300));
    config.retry_config(quick().max_attempts(2));
    let core = config.build().expect("the settings make sense");
    let error = Call::new(&core, start())
        .send()
        .await
        .expect_err("it hangs");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ATTEMPT, status, 1, true),
        "start: {error}"
    );
    let error = Call::new(&core, look()).send().await.expect_err("it hangs");
    assert_eq!(
        observed(server.arrivals() - 1, &error),
        outcome(2, ATTEMPT, status, 2, true),
        "look: {error}"
    );
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
    check_hanging(&reply_with_length("200 OK", &[JSON], b"", 100), Some(200)).await;
}

#[tokio::test]
async fn a_server_that_hangs_in_the_body_is_ambiguous() {
    check_hanging(
        &reply_with_length("200 OK", &[JSON], b"{\"status\":", 100),
        Some(200),
    )
    .await;
}

#[tokio::test]
async fn a_server_that_hangs_in_the_body_of_an_error_does_not_hide_its_status() {
    let server = Server::always(Act::Hang(reply_with_length(
        "404 x",
        &[JSON],
        b"{\"message\":",
        100,
    )))
    .await;
    let core = client(&server.url());
    let call = Call::new(&core, look()).attempt_timeout(Duration::from_millis(300));
    let error = call.send().await.expect_err("404");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ErrorKind::Status, Some(404), 1, false)
    );
    assert_eq!(error.text().as_deref(), Some("{\"message\":"));
    assert!(error.api().is_some_and(|reply| !reply.is_body_complete()));
}

#[tokio::test]
async fn truncated_bodies_are_ambiguous() {
    let part = reply_with_length("200 OK", &[JSON], b"{\"status\":", 100);
    check_ambiguous(
        "truncated body",
        Act::SendAndClose(part),
        TRUNCATED,
        Some(200),
    )
    .await;
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"sta".to_vec();
    check_ambiguous(
        "truncated chunks",
        Act::SendAndClose(chunked),
        TRUNCATED,
        Some(200),
    )
    .await;
    let broken_gzip = reply(
        "200 OK",
        &[JSON, ("content-encoding", "gzip")],
        b"\x1f\x8b not gzip at all",
    );
    check_ambiguous(
        "broken compression",
        Act::SendAndClose(broken_gzip),
        TRUNCATED,
        Some(200),
    )
    .await;
}

#[tokio::test]
async fn statuses_that_say_too_much_to_do_are_retried_for_every_operation() {
    for headers in [&[JSON][..], &[JSON, ("retry-after", "0")]] {
        let act = Act::Send(reply("429 Too Many Requests", headers, b"{}"));
        let expected = || outcome(3, ErrorKind::Status, Some(429), 3, false);
        check("429", act, Count::Requests, expected(), expected()).await;
    }
}

#[tokio::test]
async fn statuses_of_failure_are_retried_only_where_twice_is_as_once() {
    let statuses = [
        "408 Request Timeout",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Unavailable",
        "504 x",
    ];
    for status in statuses {
        let code = status[..3].parse().expect("a number");
        for headers in [&[JSON][..], &[JSON, ("retry-after", "0")]] {
            let act = Act::Send(reply(status, headers, b"{}"));
            check_ambiguous(status, act, ErrorKind::Status, Some(code)).await;
        }
    }
}

#[tokio::test]
async fn statuses_that_no_retry_mends_are_not_retried() {
    for status in [
        "400 Bad Request",
        "401 Unauthorized",
        "404 Not Found",
        "409 Conflict",
        "422 x",
    ] {
        let code = status[..3].parse().expect("a number");
        check_permanent(
            status,
            Act::Send(json(status, "{}")),
            ErrorKind::Status,
            code,
            false,
        )
        .await;
    }
    check_permanent(
        "501",
        Act::Send(json("501 x", "{}")),
        ErrorKind::Status,
        501,
        true,
    )
    .await;
}

#[tokio::test]
async fn long_retry_after_ends_the_call_at_once() {
    let act = Act::Send(reply("429 x", &[JSON, ("retry-after", "3600")], b"{}"));
    let server = Server::always(act).await;
    let error = Call::new(&client(&server.url()), look())
        .send()
        .await
        .expect_err("429");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ErrorKind::Status, Some(429), 1, false)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_hours(1)));
    assert!(error.is_exhausted() && error.is_retryable());
}

#[tokio::test]
async fn replies_that_do_not_decode_keep_their_status() {
    for body in ["{", "", "[]", "{\"status\": 7}"] {
        let act = Act::Send(json("200 OK", body));
        let server = Server::always(act).await;
        let error = Call::new(&client(&server.url()), look())
            .send()
            .await
            .expect_err("broken JSON");
        assert_eq!(
            observed(server.arrivals(), &error),
            outcome(1, ErrorKind::Decode, Some(200), 1, true)
        );
        assert_eq!(error.text().as_deref(), Some(body));
    }
    let server = Server::always(Act::Send(json("201 Created", "{\"status\""))).await;
    let error = Call::new(&client(&server.url()), start())
        .send()
        .await
        .expect_err("broken JSON");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ErrorKind::Decode, Some(201), 1, true)
    );
}

#[tokio::test]
async fn replies_of_success_that_the_api_does_not_describe_are_errors() {
    check_permanent(
        "204",
        Act::Send(json("204 No Content", "")),
        ErrorKind::UnexpectedReply,
        204,
        true,
    )
    .await;
    let html = reply(
        "200 OK",
        &[("content-type", "text/html")],
        b"<h1>hello</h1>",
    );
    check_permanent(
        "html",
        Act::Send(html),
        ErrorKind::UnexpectedReply,
        200,
        true,
    )
    .await;
}

#[tokio::test]
async fn bodies_that_are_too_large_are_not_read() {
    let big = vec![b' '; 50_000_000];
    let core = |server: &Server| {
        let mut config = config(&server.url());
        config.attempt_timeout(Duration::from_secs(5));
        config.build().expect("the settings make sense")
    };
    let announced = Server::always(Act::SendAndClose(reply("200 OK", &[JSON], &big))).await;
    let chunked = [
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec(),
        big,
    ]
    .concat();
    let unannounced = Server::always(Act::SendAndClose(chunked)).await;
    let bomb = Server::always(Act::SendAndClose(gzip_bomb())).await;
    for server in [announced, unannounced, bomb] {
        let error = Call::new(&core(&server), look())
            .send()
            .await
            .expect_err("too large");
        assert_eq!(
            observed(server.arrivals(), &error),
            outcome(1, TOO_LARGE, Some(200), 1, true),
            "{error}"
        );
        assert!(
            error
                .api()
                .is_some_and(|reply| reply.body().len() <= 64 * 1024 && !reply.is_body_complete())
        );
        let error = Call::new(&core(&server), start())
            .send()
            .await
            .expect_err("too large");
        assert_eq!(
            observed(server.arrivals(), &error),
            outcome(2, TOO_LARGE, Some(200), 1, true),
            "{error}"
        );
    }
}

/// 100 MB of nothing in 100 kB.
fn gzip_bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let part = vec![b' '; 1_000_000];
    for _ in 0..100 {
        encoder.write_all(&part).expect("memory takes all");
    }
    let body = encoder.finish().expect("memory takes all");
    reply("200 OK", &[JSON, ("content-encoding", "gzip")], &body)
}

#[tokio::test]
async fn a_start_succeeds_after_failures_that_were_surely_not_processed() {
    let server = Server::start(|number| match number {
        0 | 1 => Act::Send(json("429 x", "{}")),
        _ => started(),
    })
    .await;
    let response = Call::new(&client(&server.url()), start())
        .send_with_response()
        .await
        .expect("the third succeeds");
    assert_eq!(
        (server.arrivals(), response.attempts(), response.status()),
        (3, 3, 201)
    );
    assert_eq!(response.value().operation_id, "op-1");
}

#[tokio::test]
async fn a_start_is_sent_again_after_503_with_retry_after_only_if_asked_for() {
    let act = |number| match number {
        0 => Act::Send(reply("503 x", &[JSON, ("retry-after", "0")], b"{}")),
        1 => Act::Send(reply("503 x", &[JSON], b"{}")),
        _ => started(),
    };
    let server = Server::start(act).await;
    let core = client(&server.url());
    let asked = quick().retry_unavailable_with_retry_after(true);
    let error = Call::new(&core, start())
        .retry_config(asked.clone())
        .send()
        .await
        .expect_err("the second says nothing");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(2, ErrorKind::Status, Some(503), 2, true)
    );
    let server = Server::start(move |number| if number == 0 { act(0) } else { started() }).await;
    let core = client(&server.url());
    Call::new(&core, start())
        .retry_config(asked)
        .send()
        .await
        .expect("the second succeeds");
    assert_eq!(server.arrivals(), 2);
}

#[tokio::test]
async fn the_caller_may_say_that_twice_is_as_once() {
    let server = Server::start(|number| if number == 0 { Act::Reset } else { started() }).await;
    let core = client(&server.url());
    Call::new(&core, start())
        .idempotent(true)
        .send()
        .await
        .expect("the second succeeds");
    assert_eq!(server.arrivals(), 2);
    let server = Server::start(|number| if number == 0 { Act::Reset } else { seen() }).await;
    let core = client(&server.url());
    let error = Call::new(&core, look())
        .idempotent(false)
        .send()
        .await
        .expect_err("once only");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ErrorKind::Connection, None, 1, true)
    );
}

#[tokio::test]
async fn what_may_have_been_sent_once_stays_so() {
    let server = Server::start(|number| {
        if number == 0 {
            Act::Reset
        } else {
            Act::Send(json("429 x", "{}"))
        }
    })
    .await;
    let core = client(&server.url());
    let error = Call::new(&core, start())
        .idempotent(true)
        .send()
        .await
        .expect_err("429 to the end");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(3, ErrorKind::Status, Some(429), 3, true)
    );
}

#[tokio::test]
async fn connection_errors_are_retried_only_if_the_policy_says_so() {
    let server = Server::always(Act::Reset).await;
    let core = client(&server.url());
    let policy = RetryConfig::new().retry_connection_errors(false);
    let error = Call::new(&core, look())
        .retry_config(policy)
        .send()
        .await
        .expect_err("reset");
    assert_eq!(
        observed(server.arrivals(), &error),
        outcome(1, ErrorKind::Connection, None, 1, true)
    );
    assert!(error.is_retryable() && error.stop_reason() == Some(StopReason::Disabled));
    let error = Call::new(&core, look())
        .retry_config(RetryConfig::none())
        .send()
        .await
        .expect_err("reset");
    assert_eq!(
        (
            server.arrivals(),
            error.is_retryable(),
            error.is_exhausted()
        ),
        (2, true, false)
    );
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_unused_costs_no_start() {
    let server = Server::always(Act::SendAndClose(json(
        "201 Created",
        r#"{"status":"started","operationId":"op"}"#,
    )))
    .await;
    let core: Core = client(&server.url());
    for _ in 0..10 {
        Call::new(&core, start())
            .send()
            .await
            .expect("a new connection");
        // Long enough to see the end of the connection; what crosses it on the way is rightly ambiguous.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.arrivals(), 10);
}
