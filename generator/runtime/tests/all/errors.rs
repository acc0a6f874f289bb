//! Guarantee 6: errors that tell an engineer on call what happened.

use std::error::Error as _;
use std::time::Duration;

use sdk_runtime::{BoxError, Call, Error, ErrorKind, FailureKind, StopReason, TimeoutKind};

use crate::operations::{client, standin_client, start};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, json, response};

async fn error_of(act: Act) -> Error {
    let server = Server::always(act).await;
    Call::new(&client(&api(&server)), start()).send().await.expect_err("an error")
}

#[tokio::test(start_paused = true)]
async fn one_line_shows_operation_status_message_and_attempts() {
    let line_of = async |turn: Turn| {
        let standin = Standin::always(turn);
        Call::new(&standin_client(&standin), start()).send().await.expect_err("an error").to_string()
    };
    let line = line_of(Turn::status(404).body(r#"{"message":"no such thing"}"#)).await;
    assert_eq!(line, "startThing: 404 Not Found: no such thing (1 attempt in 0.0 s)");
    let line = line_of(Turn::status(500).body(r#"{"error":{"message":"oops"}}"#)).await;
    let expected = "startThing: 500 Internal Server Error: oops \
                    (1 attempt in 0.0 s, the service may have processed the request, and the operation is not idempotent)";
    assert_eq!(line, expected);
    let line = line_of(Turn { retry_after: Some("2".to_owned()), ..Turn::status(429) }).await;
    assert_eq!(line, "startThing: 429 Too Many Requests (4 attempts in 6.0 s, no attempts left)");
    let line = line_of(Turn::failure(FailureKind::Broken)).await;
    assert!(
        line.starts_with("startThing: the connection broke before a response started (1 attempt in 0.0 s"),
        "{line}"
    );
    let error = error_of(Act::Reset).await;
    assert!(error.source().is_some());
}

#[tokio::test]
async fn the_services_message_is_found_in_its_usual_places() {
    let places = [
        r#"{"message":"m"}"#,
        r#"{"error":{"message":"m"}}"#,
        r#"{"error":"m"}"#,
        r#"{"detail":"m"}"#,
        r#"{"title":"m"}"#,
        r#"{"errors":[{"message":"m"}]}"#,
        r#"{"errors":["m"]}"#,
        r#"{"error_description":"m"}"#,
        r#"{"message":{"not":"text"},"title":" m "}"#,
        r#"" m ""#,
    ];
    for body in places {
        let error = error_of(Act::Send(json("400 x", body))).await;
        assert_eq!(error.server_message(), Some("m"), "{body}");
    }
    for body in ["{}", "[]", "7", "null", "{", "", "<h1>m</h1>", r#"" ""#, r#"{"message":""}"#, r#"{"message":7}"#] {
        let error = error_of(Act::Send(json("400 x", body))).await;
        assert_eq!(error.server_message(), None, "{body}");
    }
    let plain = response("400 x", &[("content-type", "Text/Plain; charset=utf-8")], b"plain words\n");
    assert_eq!(error_of(Act::Send(plain)).await.server_message(), Some("plain words"));
}

#[tokio::test]
async fn a_message_is_one_short_line_without_control_characters() {
    let body = format!(r#"{{"message":"a\nb\u001b[31mc\u202ed\u2028e{}"}}"#, "x".repeat(5000));
    let error = error_of(Act::Send(json("400 x", &body))).await;
    let message = error.server_message().expect("a message");
    assert!(message.starts_with("a b [31mc d e"), "{message:?}");
    assert_eq!(message.chars().count(), 301);
    assert!(!error.to_string().chars().any(char::is_control));
}

#[tokio::test]
async fn an_error_holds_the_whole_response() {
    let headers = [JSON, ("x-request-id", "r-1"), ("retry-after", "0")];
    let error = error_of(Act::Send(response("503 x", &headers, br#"{"message":"m","code":7}"#))).await;
    let api = error.api().expect("there was a response");
    assert_eq!((error.status().map(u16::from), api.status().as_u16()), (Some(503), 503));
    assert_eq!(api.headers()["x-request-id"], "r-1");
    assert_eq!(api.content_type(), Some("application/json; charset=utf-8"));
    assert_eq!(error.text().as_deref(), Some(r#"{"message":"m","code":7}"#));
    assert_eq!(api.body().as_ref(), br#"{"message":"m","code":7}"#);
    assert_eq!(api.excerpt(), r#"{"message":"m","code":7}"#);
    assert!(api.is_body_complete() && api.location().is_none());
    assert_eq!(api.json::<serde_json::Value>().expect("JSON")["code"], 7);
    assert!(api.json::<Vec<u8>>().is_err());
    assert_eq!(error.retry_after(), Some(Duration::ZERO));
    assert_eq!(error.operation_id(), Some("startThing"));
}

#[tokio::test]
async fn an_excerpt_is_one_line_from_the_start() {
    for character in ["x", "😀"] {
        let body = format!("a\nb{}", character.repeat(1000));
        let error = error_of(Act::Send(response("400 x", &[JSON], body.as_bytes()))).await;
        let excerpt = error.api().expect("there was a response").excerpt();
        assert!(excerpt.starts_with(&format!("a b{}", character.repeat(509))), "{excerpt}");
        assert!(excerpt.chars().count() <= 513, "{excerpt}");
    }
}

#[tokio::test]
async fn the_start_of_a_long_body_is_kept() {
    let body = vec![b'x'; 1_000_000];
    let error = error_of(Act::SendAndClose(response("400 x", &[JSON], &body))).await;
    let api = error.api().expect("there was a response");
    assert_eq!((api.body().len(), api.is_body_complete()), (64 * 1024, false));
    assert_eq!((error.status().map(u16::from), error.kind()), (Some(400), ErrorKind::Status));
}

#[tokio::test]
async fn a_broken_body_does_not_hide_the_status_of_an_error() {
    let part = test_server::response_with_length("404 x", &[JSON], b"{\"mess", 100);
    let error = error_of(Act::SendAndClose(part)).await;
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(404)));
    assert_eq!(error.text().as_deref(), Some("{\"mess"));
}

#[tokio::test]
async fn a_decoding_error_names_its_location() {
    let check = async |body: &str, path: &str| {
        let error = error_of(Act::Send(json("201 x", body))).await;
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Decode, Some(201)), "{body}");
        assert_eq!(error.json_path(), Some(path), "{error}");
        assert!(error.to_string().contains(&format!("at `{path}`")), "{error}");
        assert_eq!(error.text().as_deref(), Some(body));
    };
    check(r#"{"status":"started","operationId":7}"#, "operationId").await;
    check(r#"{"status":"started"}"#, ".").await;
    check(r#"{"status":"started","operationId":"x"} trailing"#, ".").await;
    check("", ".").await;
    // A truncated body has no field to name.
    check(r#"{"status":"started","operationId":"x"#, ".").await;
}

#[tokio::test]
async fn json_content_types_are_accepted_and_others_are_errors() {
    let ok = [
        "application/json",
        "APPLICATION/JSON;charset=utf-8",
        "application/problem+json",
        "a/b+JSON ; x=y",
        "text/json",
        "Text/JSON; charset=utf-8",
    ];
    for content_type in ok {
        let bytes = response("201 x", &[("content-type", content_type)], br#"{"status":"s","operationId":"o"}"#);
        let server = Server::always(Act::Send(bytes)).await;
        Call::new(&client(&api(&server)), start()).send().await.expect(content_type);
    }
    for content_type in ["text/plain", "application/jsonp", "application/stream+json", "json", "+json", ""] {
        let error = error_of(Act::Send(response("201 x", &[("content-type", content_type)], b"{}"))).await;
        assert_eq!(
            (error.kind(), error.status().map(u16::from)),
            (ErrorKind::UnexpectedResponse, Some(201)),
            "{content_type}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_predicates_distinguish_failures() {
    let error_of = async |turn: Turn| {
        let standin = Standin::always(turn);
        Call::new(&standin_client(&standin), start()).send().await.expect_err("an error")
    };
    let error = error_of(Turn::failure(FailureKind::ConnectTimeout)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutKind::Connect));
    assert!(error.is_timeout() && error.is_connect() && error.is_retryable() && !error.maybe_sent());
    assert_eq!((error.attempts(), error.stop_reason()), (4, Some(StopReason::AttemptsExhausted)));
    let error = error_of(Turn::failure(FailureKind::Connect)).await;
    assert!(!error.is_timeout() && error.is_connect() && error.is_retryable() && !error.maybe_sent());
    assert!(error.is_exhausted());
    let error = error_of(Turn::failure(FailureKind::Broken)).await;
    assert!(!error.is_timeout() && !error.is_connect() && !error.is_retryable() && error.maybe_sent());
    assert_eq!((error.attempts(), error.stop_reason()), (1, Some(StopReason::MaybeSent)));
    let error = error_of(Turn::failure(FailureKind::Timeout)).await;
    assert!(error.is_timeout() && !error.is_connect() && !error.is_retryable() && error.maybe_sent());
    let error = error_of(Turn::status(400)).await;
    assert!(!error.is_retryable() && !error.is_exhausted() && !error.maybe_sent());
    assert_eq!((error.kind(), error.stop_reason()), (ErrorKind::Status, Some(StopReason::Permanent)));
    let error = error_of(Turn::status(429)).await;
    assert!(error.is_retryable() && error.is_exhausted() && !error.maybe_sent());
    assert!(error.elapsed() > Duration::ZERO);
}

#[test]
fn an_error_is_one_pointer_and_is_send_and_sync() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    let error: BoxError = Error::invalid_argument("name", "reason").into();
    assert_eq!(error.to_string(), "invalid argument `name`: reason");
    assert!(error.downcast_ref::<Error>().is_some_and(|error| error.kind() == ErrorKind::InvalidArgument));
    let error = Error::configuration("timeout", "reason");
    assert_eq!((error.to_string().as_str(), error.attempts()), ("invalid setting `timeout`: reason", 0));
}

#[tokio::test]
async fn an_excessively_long_message_is_not_shown() {
    for (length, prefix) in [(16 * 1024, "xxx"), (16 * 1024 + 1, "[too long to show]")] {
        let body = format!(r#"{{"message":"{}"}}"#, "x".repeat(length));
        let error = error_of(Act::Send(json("400 x", &body))).await;
        assert!(error.server_message().is_some_and(|message| message.starts_with(prefix)), "{length}: {error}");
        assert_eq!(error.text().as_deref(), Some(body.as_str()));
    }
}
