//! Streamed responses: the request, the items, and every way in which a stream ends.

use std::time::{Duration, Instant};

use bytes::Bytes;
use sdk_runtime::{
    BodyFailure, Call, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta, RawResponse, RequestWriter,
    ServerEvent, StreamFormat, StreamMeta, StreamPart, Streamed, TimeoutKind,
};
use serde::Deserialize;
use serde_json::json;

use crate::operations::{KEY, client, config, standin_client};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, Server, json as json_response, response};

const META: OperationMeta = OperationMeta {
    id: "watch",
    method: HttpMethod::Known(Method::POST),
    path: "/watch",
    accept: Some("application/json"),
    idempotent: true,
    idempotency_key: None,
    retry: None,
    security: &[&["apiKey"]],
    server: None,
};

const EVENTS: StreamMeta = StreamMeta {
    media_type: "text/event-stream",
    format: StreamFormat::Events,
    sentinel: Some("[DONE]"),
    switch: Some("stream"),
};

fn encode(request: &mut RequestWriter) -> Result<(), Error> {
    request.path("/watch");
    request.json(&json!({"of": "things"}))
}

macro_rules! streamed {
    ($(#[$docs:meta])* $name:ident, $item:ty, $meta:expr, |$part:ident| $read:expr) => {
        $(#[$docs])*
        pub struct $name;

        impl Operation for $name {
            type Output = serde_json::Value;

            const META: OperationMeta = META;

            fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
                encode(request)
            }

            fn decode(response: &RawResponse) -> Result<serde_json::Value, Error> {
                response.json()
            }
        }

        impl Streamed for $name {
            type Item = $item;

            const STREAM: StreamMeta = $meta;

            fn item($part: &StreamPart<'_>) -> Result<$item, Error> {
                $read
            }
        }
    };
}

streamed!(/** Events of text. */ Texts, ServerEvent<String>, StreamMeta { sentinel: None, ..EVENTS }, |part| part.text_event());
streamed!(/** Events whose data is a change. */ Changes, ServerEvent<Change>, EVENTS, |part| part.json_event());
streamed!(/** Events that are distinguished by their names. */ Kinds, Kind, EVENTS, |part| part.whole(true));
streamed!(
    /** Lines of numbers. */
    Lines,
    u64,
    StreamMeta { media_type: "application/x-ndjson", format: StreamFormat::Lines, sentinel: None, switch: None },
    |part| part.json()
);

#[derive(Debug, Deserialize, PartialEq)]
pub struct Change {
    by: i64,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Kind {
    Said { data: String, id: Option<String> },
    Changed { data: Change },
}

fn stream(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

fn ok(body: &str) -> Vec<u8> {
    stream("200 OK", "text/event-stream; charset=utf-8", body)
}

/// A response in parts, each after a wait in milliseconds.
fn parts(parts: &[(u64, &'static str)]) -> Turn {
    let body = parts.iter().map(|(wait, text)| (Duration::from_millis(*wait), Bytes::from_static(text.as_bytes())));
    Turn { status: 200, content_type: Some("text/event-stream"), body: body.collect(), ..Turn::default() }
}

#[tokio::test]
async fn a_stream_is_requested_and_its_data_decoded() {
    let server = Server::always(Act::SendAndClose(ok("data: {\"by\":1}\n\nevent: x\ndata: {\"by\":-2}\n\n"))).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    let first = stream.next().await.expect("an event").expect("it decodes");
    let second = stream.next().await.expect("an event").expect("it decodes");
    assert_eq!((first.name.as_str(), first.data), ("message", Change { by: 1 }));
    assert_eq!((second.name.as_str(), second.data), ("x", Change { by: -2 }));
    assert!(stream.next().await.is_none() && stream.next().await.is_none());
    let arrived = &server.received()[0];
    assert_eq!(arrived.header("accept"), Some("text/event-stream"));
    assert_eq!(arrived.header("x-api-key"), Some(KEY));
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&arrived.body).ok(),
        Some(json!({"of": "things", "stream": true}))
    );
}

#[tokio::test]
async fn a_plain_call_requests_json() {
    let server = Server::always(Act::Send(json_response("200 OK", "{}"))).await;
    Call::new(&client(&api(&server)), Changes).await.expect("a response");
    let arrived = &server.received()[0];
    assert_eq!(arrived.header("accept"), Some("application/json"));
    assert_eq!(arrived.body, br#"{"of":"things"}"#);
}

#[tokio::test]
async fn whole_events_are_distinguished_by_their_names() {
    let text = "event: said\nid: 4\ndata: 17\n\nevent: changed\ndata: {\"by\":3}\n\nevent: odd\ndata: 1\n\n";
    let server = Server::always(Act::SendAndClose(ok(text))).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Kinds).stream().await.expect("a stream");
    let said = stream.next().await.expect("an event").expect("it decodes");
    assert_eq!(said, Kind::Said { data: "17".to_owned(), id: Some("4".to_owned()) });
    let changed = stream.next().await.expect("an event").expect("it decodes");
    assert_eq!(changed, Kind::Changed { data: Change { by: 3 } });
    let odd = stream.next().await.expect("an event").expect_err("it is unknown");
    assert_eq!((odd.kind(), odd.status().map(u16::from)), (ErrorKind::Decode, Some(200)));
}

#[tokio::test]
async fn the_sentinel_ends_the_stream_and_closes_the_connection() {
    let server = Server::always(Act::Hang(ok("data: {\"by\":1}\n\ndata: [DONE]\n\ndata: {\"by\":2}\n\n"))).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    assert!(stream.next().await.is_some_and(|event| event.is_ok()));
    assert!(stream.next().await.is_none());
    closed(&server).await;
}

/// Waits until the one connection has ended.
async fn closed(server: &Server) {
    let before = Instant::now();
    while server.ended() == 0 {
        assert!(before.elapsed() < Duration::from_secs(10), "the connection stays open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn dropping_an_endless_stream_closes_its_connection() {
    let server = Server::always(Act::Endless(ok(""), b"data: {\"by\":1}\n\n".to_vec())).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    for _ in 0..1000 {
        assert_eq!(stream.next().await.expect("an event").expect("it decodes").data, Change { by: 1 });
    }
    assert_eq!(server.ended(), 0);
    drop(stream);
    closed(&server).await;
}

#[tokio::test]
async fn a_part_longer_than_the_limit_ends_the_stream() {
    for endless in ["data: many\n", "x"] {
        let server = Server::always(Act::Endless(ok("data: {\"by\":1}\n\n"), endless.as_bytes().to_vec())).await;
        let core = client(&api(&server));
        let mut stream = Call::new(&core, Changes).max_response_bytes(10_000).stream().await.expect("a stream");
        assert!(stream.next().await.is_some_and(|event| event.is_ok()));
        let error = stream.next().await.expect("an error").expect_err("it is too long");
        assert_eq!((error.kind(), error.operation_id()), (ErrorKind::Body(BodyFailure::TooLarge), Some("watch")));
        assert!(stream.next().await.is_none());
        closed(&server).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_a_part_is_exact() {
    let core = standin_client(&Standin::always(parts(&[(0, "data: {\"by\""), (1, ":1}\n\n")])));
    for (limit, fits) in [(14, true), (13, false)] {
        let mut stream = Call::new(&core, Changes).max_response_bytes(limit).stream().await.expect("a stream");
        assert_eq!(stream.next().await.expect("a part").is_ok(), fits, "{limit}");
    }
    let lines = Turn { content_type: Some("application/x-ndjson"), ..parts(&[(0, "1234"), (1, "5\n6\n")]) };
    let core = standin_client(&Standin::always(lines));
    for (limit, fits) in [(5, true), (4, false)] {
        let mut stream = Call::new(&core, Lines).max_response_bytes(limit).stream().await.expect("a stream");
        assert_eq!(stream.next().await.expect("a part").is_ok(), fits, "{limit}");
    }
}

#[tokio::test]
async fn a_broken_stream_ends_with_an_error_after_its_items() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 1000\r\n\r\n";
    let server = Server::always(Act::SendAndClose(format!("{head}data: {{\"by\":1}}\n\n").into_bytes())).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    assert!(stream.next().await.is_some_and(|event| event.is_ok()));
    let error = stream.next().await.expect("an error").expect_err("it broke off");
    assert_eq!(error.kind(), ErrorKind::Body(BodyFailure::Truncated));
    assert!(error.maybe_sent() && stream.next().await.is_none());
    assert_eq!(server.arrivals(), 1, "nothing is sent again");
}

#[tokio::test]
async fn a_stream_continues_after_an_event_that_fails_to_decode() {
    let server = Server::always(Act::SendAndClose(ok("data: {\"by\":\"far\"}\n\ndata: {\"by\":1}\n\n"))).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    let error = stream.next().await.expect("an error").expect_err("it does not decode");
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("by")));
    assert_eq!(error.text().as_deref(), Some("{\"by\":\"far\"}"));
    assert!(stream.next().await.is_some_and(|event| event.is_ok()));
}

#[tokio::test]
async fn a_response_other_than_a_stream_is_an_error_with_its_body() {
    let server = Server::always(Act::Send(json_response("200 OK", "{\"by\":1}"))).await;
    let error = Call::new(&client(&api(&server)), Changes).stream().await.expect_err("it is JSON");
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(error.text().as_deref(), Some("{\"by\":1}"));
    let long = format!("\"{}\"", "x".repeat(100_000));
    let server = Server::always(Act::Send(json_response("200 OK", &long))).await;
    let error = Call::new(&client(&api(&server)), Changes).stream().await.expect_err("it is JSON");
    assert_eq!(error.text().map(|text| text.len()), Some(64 * 1024));
    let server = Server::always(Act::Send(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream of nothing");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn until_a_stream_starts_it_is_retried_like_a_call() {
    let server = Server::start(|number| match number {
        0 => Act::Send(response("503 Service Unavailable", &[], b"")),
        _ => Act::SendAndClose(ok("data: {\"by\":1}\n\n")),
    })
    .await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    assert!(stream.next().await.is_some_and(|event| event.is_ok()));
    let server = Server::always(Act::Send(json_response("404 Not Found", "{\"message\":\"none\"}"))).await;
    let error = Call::new(&client(&api(&server)), Changes).stream().await.expect_err("a failure");
    assert_eq!((error.status().map(u16::from), error.server_message()), (Some(404), Some("none")));
    let error = Call::new(&client(&api(&server)), Changes).timeout(Duration::ZERO).stream().await.err();
    assert_eq!(error.expect("a refusal").kind(), ErrorKind::Configuration);
}

#[tokio::test(start_paused = true)]
async fn only_silence_is_limited_and_comments_end_it() {
    let parts = parts(&[
        (14_000, "data: {\"by\":1}\n\n"),
        (14_000, ":\n"),
        (14_000, "data: {\"by\":2}\n\n"),
        (16_000, "data: {\"by\":3}\n\n"),
    ]);
    let standin = Standin::always(parts);
    let core = standin_client(&standin);
    // The attempt's timeout is 15 seconds; the call's may be shorter than the stream.
    let mut stream = Call::new(&core, Changes).timeout(Duration::from_secs(20)).stream().await.expect("a stream");
    for by in [1, 2] {
        assert_eq!(stream.next().await.expect("an event").expect("in time").data, Change { by });
    }
    let error = stream.next().await.expect("an error").expect_err("it was silent");
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutKind::Idle));
    assert!(error.is_timeout() && stream.next().await.is_none());
    assert_eq!(standin.alive.load(std::sync::atomic::Ordering::SeqCst), 0);

    let stream = Call::new(&core, Changes).stream().await.expect("a stream");
    let mut stream = stream.idle_timeout(Duration::from_secs(17)).expect("a time");
    for by in [1, 2, 3] {
        assert_eq!(stream.next().await.expect("an event").expect("in time").data, Change { by });
    }
    assert!(stream.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_an_event_loses_nothing() {
    let parts = parts(&[(10, "data: {\"b"), (10, "y\":1}\n"), (10, "\ndata: {\"by\":2}\n\n")]);
    let core = standin_client(&Standin::always(parts));
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    let mut seen = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(3), stream.next()).await {
            Ok(Some(event)) => seen.push(event.expect("it decodes").data.by),
            Ok(None) => break,
            Err(_) => {}
        }
    }
    assert_eq!(seen, [1, 2]);
}

#[tokio::test]
async fn secrets_are_masked_in_errors_of_a_stream() {
    let server = Server::always(Act::SendAndClose(ok(&format!("data: \"{KEY}\"\n\n")))).await;
    let core = config(&api(&server)).build().expect("settings");
    let mut stream = Call::new(&core, Changes).stream().await.expect("a stream");
    let error = stream.next().await.expect("an error").expect_err("it does not decode");
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
}

#[tokio::test]
async fn lines_arrive_one_by_one() {
    let server = Server::always(Act::Hang(stream("200 OK", "application/x-ndjson", "1\n2\n\n3"))).await;
    let core = client(&api(&server));
    let mut stream = Call::new(&core, Lines).stream().await.expect("a stream");
    for number in [1, 2] {
        assert_eq!(stream.next().await.expect("a line").expect("a number"), number);
    }
    let waits = tokio::time::timeout(Duration::from_millis(50), stream.next()).await;
    assert!(waits.is_err(), "the third line has not ended");
}
