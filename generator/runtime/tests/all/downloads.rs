//! Downloads: the head, the body, and every way in which a body ends or continues.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use sdk_runtime::{
    BodyFailure, Call, Download, Error, ErrorKind, FailureKind, HttpMethod, Method, Operation, OperationMeta,
    RawResponse, RequestWriter, ResumePoint, RetryConfig, StopReason, TimeoutKind,
};
use tokio::time::Instant;

use crate::operations::{KEY, client, standin_client};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, Server, json, response};

const fn meta(method: Method, idempotent: bool) -> OperationMeta {
    OperationMeta {
        id: "fetch",
        method: HttpMethod::Known(method),
        path: "/file",
        accept: Some("application/octet-stream"),
        idempotent,
        idempotency_key: None,
        retry: None,
        security: &[&["apiKey"]],
        server: None,
    }
}

/// Gets a file.
pub struct Fetch;

impl Operation for Fetch {
    type Output = Bytes;

    const META: OperationMeta = meta(Method::GET, true);

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/file");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Bytes, Error> {
        response.expect_status(&[200])?;
        Ok(response.body().clone())
    }
}

/// Makes a file: an operation that is not idempotent.
struct Make;

impl Operation for Make {
    type Output = Bytes;

    const META: OperationMeta = meta(Method::POST, false);

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        Fetch.encode(request)
    }

    fn decode(response: &RawResponse) -> Result<Bytes, Error> {
        Fetch::decode(response)
    }
}

pub const TAG: &str = "\"one\"";

/// The head of a response with these headers, and then the body.
pub fn raw(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    [format!("HTTP/1.1 {status}\r\n{headers}\r\n").as_bytes(), body].concat()
}

/// The start of a file of ten bytes, which can be continued.
pub fn start(body: &[u8]) -> Act {
    let headers = ["content-length: 10", "accept-ranges: bytes", "etag: \"one\"", "content-type: text/x-digits"];
    Act::SendAndClose(raw("200 OK", &headers, body))
}

/// The rest of the file of ten bytes.
pub fn rest(range: &str, body: &[u8]) -> Act {
    let length = format!("content-length: {}", body.len());
    let range = format!("content-range: bytes {range}");
    Act::Send(raw("206 Partial Content", &[&length, &range, "etag: \"one\""], body))
}

/// Returns the whole body and the error that ended it.
pub async fn read(download: &mut Download<'_>) -> (Vec<u8>, Option<Error>) {
    let mut all = Vec::new();
    while let Some(piece) = download.next().await {
        match piece {
            Ok(piece) => all.extend_from_slice(&piece),
            Err(error) => {
                assert!(download.next().await.is_none(), "nothing follows an error");
                return (all, Some(error));
            }
        }
    }
    (all, None)
}

/// Downloads from a server that acts like this, and returns the requests too.
async fn download(acts: Vec<Act>) -> (Vec<u8>, Option<Error>, Vec<test_server::Request>) {
    let server = Server::replay(acts).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    let (bytes, error) = read(&mut download).await;
    (bytes, error, server.received())
}

#[tokio::test]
async fn a_download_has_the_head_and_the_bytes_of_the_response() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    assert_eq!((download.status(), download.content_type()), (StatusCode::OK, Some("text/x-digits")));
    assert_eq!((download.content_length(), download.position()), (Some(10), 0));
    assert_eq!(download.headers().get("etag").and_then(|tag| tag.to_str().ok()), Some(TAG));
    let (bytes, error) = read(&mut download).await;
    assert!(bytes == b"0123456789" && error.is_none() && download.position() == 10);
    let request = server.only();
    assert_eq!((request.header("accept-encoding"), request.header("x-api-key")), (Some("identity"), Some(KEY)));
    assert_eq!((request.header("range"), request.header("if-range")), (None, None));
    assert_eq!(request.header("accept"), Some("application/octet-stream"));
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_its_last_chunk() {
    let chunked = raw("200 OK", &["transfer-encoding: chunked"], b"3\r\n012\r\n2\r\n34\r\n0\r\n\r\n");
    let server = Server::always(Act::Send(chunked)).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    assert_eq!((download.content_length(), download.resume_point()), (None, None));
    assert_eq!(read(&mut download).await.0, b"01234");
}

#[tokio::test]
async fn the_head_is_retried_and_an_error_status_has_its_body() {
    let busy = Act::Send(response("503 Service Unavailable", &[], b""));
    let (bytes, error, requests) = download(vec![busy, start(b"0123456789")]).await;
    assert!(bytes == b"0123456789" && error.is_none() && requests.len() == 2);
    let server = Server::always(Act::Send(json("404 Not Found", r#"{"message":"no such file"}"#))).await;
    let error = Call::new(&client(&api(&server)), Fetch).download().await.expect_err("a failure");
    assert_eq!((error.kind(), error.server_message()), (ErrorKind::Status, Some("no such file")));
    let server = Server::always(Act::Send(response("202 Accepted", &[], b""))).await;
    let error = Call::new(&client(&api(&server)), Fetch).download().await.expect_err("a failure");
    assert_eq!((error.kind(), error.operation_id()), (ErrorKind::UnexpectedResponse, Some("fetch")));
}

#[tokio::test]
async fn invalid_settings_are_errors_before_anything_is_sent() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let error = Call::new(&core, Fetch).download().idle_timeout(Duration::ZERO).await.expect_err("zero");
    assert_eq!((error.kind(), error.operation_id()), (ErrorKind::Configuration, Some("fetch")));
    let error = Call::new(&core, Fetch).timeout(Duration::ZERO).download().await.expect_err("zero");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    for tag in ["W/\"one\"", "one", "\"a\"b\"", "yesterday", ""] {
        let point = ResumePoint::new(4, tag);
        let error = Call::new(&core, Fetch).download().resume_from(point).await.expect_err("a weak validator");
        assert_eq!((error.kind(), error.operation_id()), (ErrorKind::InvalidArgument, Some("fetch")), "{tag}");
    }
    assert_eq!(server.arrivals(), 0);
}

#[tokio::test]
async fn a_cut_download_continues_where_it_broke_off() {
    let acts = vec![start(b"0123"), start(b""), rest("4-9/10", b"456789")];
    let server = Server::replay(acts).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    // The first response to the request for the rest is the whole resource, although it has not changed.
    let (bytes, error) = read(&mut download).await;
    let error = error.expect("a 200 instead of a 206");
    assert_eq!((bytes.as_slice(), error.kind()), (b"0123".as_slice(), ErrorKind::Body(BodyFailure::Changed)));
    assert!(error.to_string().contains("responded with 200 instead of the rest"), "{error}");
    let (bytes, error, requests) = self::download(vec![start(b"0123"), rest("4-9/10", b"456789")]).await;
    assert!(bytes == b"0123456789" && error.is_none());
    assert_eq!((requests[1].header("range"), requests[1].header("if-range")), (Some("bytes=4-"), Some(TAG)));
    assert_eq!((requests[1].header("x-api-key"), requests[1].header("accept-encoding")), (Some(KEY), Some("identity")));
}

#[tokio::test]
async fn a_download_that_breaks_off_repeatedly_continues_a_limited_number_of_times() {
    let cut = |range: &str, body: &[u8]| {
        let headers = ["content-length: 9", "etag: \"one\"", &format!("content-range: bytes {range}/10")];
        Act::SendAndClose(raw("206 Partial Content", &headers, body))
    };
    let acts = vec![start(b"0"), cut("1-9", b"12"), cut("3-9", b"3"), cut("4-9", b"")];
    let (bytes, error, requests) = download(acts).await;
    let error = error.expect("it breaks off once more");
    // The client makes up to three attempts.
    assert_eq!((bytes.as_slice(), requests.len()), (b"0123".as_slice(), 3));
    assert_eq!(
        (error.kind(), error.stop_reason()),
        (ErrorKind::Body(BodyFailure::Truncated), Some(StopReason::AttemptsExhausted))
    );
    assert!(error.is_retryable() && error.maybe_sent() && error.attempts() == 3, "{error:?}");
    assert!(error.to_string().contains("the connection broke after 4 of 10 bytes"), "{error}");
    assert_eq!(requests[2].header("range"), Some("bytes=3-"));
}

#[tokio::test]
async fn a_response_that_is_not_the_rest_is_an_error() {
    let tagged = |tag: &str| {
        Act::Send(raw("206 Partial Content", &["content-length: 6", "content-range: bytes 4-9/10", tag], b"456789"))
    };
    let cases = [
        (rest("5-9/10", b"56789"), "is not the rest"),
        (rest("4-8/10", b"45678"), "is not the rest"),
        (rest("4-10/11", b"4567890"), "the length of the resource has changed"),
        (rest("4-8/*", b"45678"), "the length of the resource has changed"),
        (rest("garbage", b"456789"), "no valid `Content-Range`"),
        (tagged("etag: \"two\""), "the validator"),
        (tagged("etag: W/\"one\""), "the validator"),
        (Act::Send(response("200 OK", &[], b"0123456789")), "the service responded with 200"),
    ];
    for (act, reason) in cases {
        let (bytes, error, requests) = download(vec![start(b"0123"), act]).await;
        let error = error.expect("it is not the rest");
        assert_eq!((bytes.as_slice(), requests.len()), (b"0123".as_slice(), 2), "{reason}");
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Body(BodyFailure::Changed), false));
        let line = error.to_string();
        assert!(line.contains(reason) && line.contains("while continuing after 4 of 10 bytes"), "{line}");
    }
    // Without an `ETag` in the partial response, `If-Range` has compared it already.
    let untagged =
        Act::Send(raw("206 Partial Content", &["content-length: 6", "content-range: bytes 4-9/*"], b"456789"));
    assert_eq!(download(vec![start(b"0123"), untagged]).await.0, b"0123456789");
    let (_, error, _) = download(vec![start(b"0123"), Act::Send(json("410 Gone", r#"{"message":"deleted"}"#))]).await;
    let error = error.expect("the resource is gone");
    assert_eq!((error.kind(), error.server_message()), (ErrorKind::Status, Some("deleted")));
}

#[tokio::test]
async fn only_what_can_be_identified_continues() {
    let old = "last-modified: Mon, 30 Nov 2026 04:00:00 GMT";
    let now = "date: Mon, 30 Nov 2026 04:00:01 GMT";
    let ranges = "accept-ranges: bytes";
    let cases: [(&[&str], &str); 6] = [
        (&[ranges], "neither a strong `ETag`"),
        (&[ranges, "etag: W/\"one\""], "only a weak `ETag`"),
        (&[ranges, "etag: W/\"one\"", old, now], "only a weak `ETag`"),
        (&[ranges, old, "date: Mon, 30 Nov 2026 04:00:00 GMT"], "neither a strong `ETag`"),
        (&["etag: \"one\""], "accepts ranges"),
        (&["etag: \"one\"", "accept-ranges: none"], "accepts ranges"),
    ];
    for (headers, reason) in cases {
        let headers = [headers, &["content-length: 10"]].concat();
        let act = Act::SendAndClose(raw("200 OK", &headers, b"0123"));
        let (bytes, error, requests) = download(vec![act]).await;
        let error = error.expect("it breaks off");
        assert_eq!((bytes.as_slice(), requests.len()), (b"0123".as_slice(), 1), "{reason}");
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Body(BodyFailure::Truncated), true));
        assert!(error.to_string().contains(reason), "{error}");
    }
    let chunked = raw("200 OK", &["transfer-encoding: chunked", ranges, "etag: \"one\""], b"4\r\n0123\r\n");
    let (bytes, error, requests) = download(vec![Act::SendAndClose(chunked)]).await;
    assert_eq!((bytes.as_slice(), requests.len()), (b"0123".as_slice(), 1));
    assert!(error.expect("it breaks off").to_string().contains("does not state its length"));
    let first = Act::SendAndClose(raw("200 OK", &["content-length: 10", ranges, old, now], b"0123"));
    let (bytes, error, requests) = download(vec![first, rest("4-9/10", b"456789")]).await;
    assert!(bytes == b"0123456789" && error.is_none());
    assert_eq!(requests[1].header("if-range"), Some("Mon, 30 Nov 2026 04:00:00 GMT"));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_last_byte_does_not_matter() {
    let headers = ["transfer-encoding: chunked", "etag: \"one\"", "content-range: bytes 4-9/10"];
    let last = Act::SendAndClose(raw("206 Partial Content", &headers, b"6\r\n456789\r\n"));
    let (bytes, error, requests) = download(vec![start(b"0123"), last]).await;
    assert!(bytes == b"0123456789" && error.is_none() && requests.len() == 2);
}

#[tokio::test]
async fn a_resume_point_at_the_start_requests_the_whole() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let download = Call::new(&core, Fetch).download().resume_from(ResumePoint::new(0, TAG));
    assert_eq!(read(&mut download.await.expect("the whole")).await.0, b"0123456789");
    assert_eq!((server.only().header("range"), server.only().header("if-range")), (None, None));
}

#[tokio::test]
async fn a_rest_of_unknown_length_is_refused() {
    let server = Server::replay([rest("4-5/*", b"45"), rest("4-9/*", b"456789")]).await;
    let core = client(&api(&server));
    let resume = |point| Call::new(&core, Fetch).download().resume_from(point);
    let error = resume(ResumePoint::new(4, TAG)).await.expect_err("the end is not known");
    assert_eq!(error.kind(), ErrorKind::Body(BodyFailure::Changed));
    let mut known = resume(ResumePoint::new(4, TAG).with_total(10)).await.expect("the rest");
    assert_eq!(read(&mut known).await.0, b"456789");
}

#[tokio::test]
async fn what_was_decompressed_does_not_continue() {
    let headers = ["content-length: 60", "content-encoding: gzip", "accept-ranges: bytes", "etag: \"one\""];
    // The start of a gzip stream: a stored block with four bytes of eight.
    let body = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 8, 0, 0xf7, 0xff, b'0', b'1', b'2', b'3'];
    let (_, error, requests) = download(vec![Act::SendAndClose(raw("200 OK", &headers, &body))]).await;
    assert!(error.expect("it breaks off").to_string().contains("does not state its length"));
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn what_must_not_be_sent_again_does_not_continue() {
    let server = Server::always(start(b"0123")).await;
    let core = client(&api(&server));
    let mut made = Call::new(&core, Make).download().await.expect("a response");
    assert_eq!(made.resume_point(), None);
    let error = read(&mut made).await.1.expect("it breaks off");
    assert!(!error.is_retryable() && error.maybe_sent() && server.arrivals() == 1);
    assert_eq!(
        (error.kind(), error.stop_reason()),
        (ErrorKind::Body(BodyFailure::Truncated), Some(StopReason::NotResumable))
    );
    assert!(error.to_string().contains("not continued, because only idempotent GET requests"), "{error}");
    for download in [
        Call::new(&core, Fetch).download().max_resumes(0),
        Call::new(&core, Fetch).idempotent(false).download(),
        Call::new(&core, Fetch).retry_config(RetryConfig::none()).download(),
        Call::new(&core, Fetch).retry_config(RetryConfig::new().retry_connection_errors(false)).download(),
    ] {
        let before = server.arrivals();
        let mut download = download.await.expect("a response");
        let error = read(&mut download).await.1.expect("it breaks off");
        assert_eq!((error.kind(), server.arrivals() - before), (ErrorKind::Body(BodyFailure::Truncated), 1));
    }
}

#[tokio::test]
async fn another_download_continues_at_a_resume_point() {
    let server = Server::replay([start(b"0123"), rest("4-9/10", b"456789")]).await;
    let core = client(&api(&server));
    let mut first = Call::new(&core, Fetch).download().max_resumes(0).await.expect("a response");
    let error = read(&mut first).await.1.expect("it breaks off").to_string();
    assert!(error.contains("after 4 of 10 bytes, and `max_resumes` is 0"), "{error}");
    let point = first.resume_point().expect("it has an `ETag`");
    assert_eq!(point, ResumePoint::new(4, TAG).with_total(10));
    // It is kept for another process.
    let json = serde_json::to_string(&point).expect("it can be serialized");
    let point: ResumePoint = serde_json::from_str(&json).expect("the JSON is that of a resume point");
    assert_eq!(point, ResumePoint::new(4, TAG).with_total(10));
    let short = serde_json::from_value::<ResumePoint>(serde_json::json!({"offset": 4, "validator": TAG}));
    assert_eq!(short.expect("the length may be missing"), ResumePoint::new(4, TAG));
    let mut second = Call::new(&core, Fetch).download().resume_from(point).await.expect("the rest");
    assert_eq!(
        (second.status(), second.position(), second.content_length()),
        (StatusCode::PARTIAL_CONTENT, 4, Some(10))
    );
    assert!(read(&mut second).await.0 == b"456789" && second.position() == 10);
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let error = Call::new(&core, Fetch).download().resume_from(ResumePoint::new(4, TAG)).await.expect_err("a 200");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Body(BodyFailure::Changed), Some(StatusCode::OK)));
}

#[tokio::test]
async fn a_range_of_the_caller_does_not_continue() {
    let part = raw("206 Partial Content", &["content-length: 3", "content-range: bytes 2-4/10", "etag: \"one\""], b"2");
    let server = Server::always(Act::SendAndClose(part)).await;
    let core = client(&api(&server));
    let raw_request = core.raw_request(Method::GET, "/file").bytes().header("range", "bytes=2-4");
    let mut download = raw_request.download().await.expect("a part");
    assert_eq!((download.content_length(), download.resume_point()), (Some(3), None));
    let error = read(&mut download).await.1.expect("it breaks off");
    assert!(error.to_string().contains("the connection broke; not continued"), "{error}");
    assert!(error.stop_reason() == Some(StopReason::NotResumable) && !error.is_exhausted(), "{error}");
    assert_eq!(server.arrivals(), 1);
}

#[tokio::test]
async fn only_the_limit_of_the_call_applies_to_the_whole_body() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).max_response_bytes(10).download().await.expect("a response");
    assert_eq!(read(&mut download).await.0.len(), 10);
    let mut download = Call::new(&core, Fetch).max_response_bytes(9).download().await.expect("a response");
    let error = read(&mut download).await.1.expect("it is longer");
    assert_eq!(error.kind(), ErrorKind::Body(BodyFailure::TooLarge));
}

#[tokio::test(start_paused = true)]
async fn only_silence_is_limited() {
    let part = |seconds| (Duration::from_secs(seconds), Bytes::from_static(b"01"));
    let turn = Turn { body: vec![part(0), part(14), part(14), part(14), part(14), part(16)], ..Turn::status(200) };
    let standin = Standin::always(turn);
    let core = standin_client(&standin);
    let before = Instant::now();
    // The call's time limit is shorter than the download.
    let mut download = Call::new(&core, Fetch).timeout(Duration::from_secs(20)).download().await.expect("a response");
    let (bytes, error) = read(&mut download).await;
    let error = error.expect("it was silent");
    assert_eq!((bytes.len(), before.elapsed().as_secs()), (10, 56 + 15));
    assert_eq!((error.kind(), error.status()), (ErrorKind::Timeout(TimeoutKind::Idle), Some(StatusCode::OK)));
    assert_eq!(standin.alive.load(Ordering::SeqCst), 0);
    let mut download =
        Call::new(&core, Fetch).download().idle_timeout(Duration::from_secs(17)).await.expect("a response");
    assert_eq!(read(&mut download).await.0.len(), 12);
    // The time that the program takes does not count.
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert!(download.next().await.is_some_and(|piece| piece.is_ok()));
}

#[tokio::test(start_paused = true)]
async fn a_silent_or_short_body_continues_after_a_wait() {
    let whole = Turn::status(200)
        .body("0123")
        .header("etag", TAG)
        .header("accept-ranges", "bytes")
        .header("content-length", "10");
    let silent = Turn { body: vec![(Duration::ZERO, "0123".into()), (Duration::MAX, "4".into())], ..whole.clone() };
    for first in [silent, whole] {
        let standin = Standin::new(move |number, request| match number {
            0 => first.clone(),
            1 => Turn::failure(FailureKind::Connect),
            _ => {
                assert_eq!(request.headers()["range"], "bytes=4-");
                Turn::status(206).body("456789").header("content-range", "bytes 4-9/10")
            }
        });
        let core = standin_client(&standin);
        let mut download = Call::new(&core, Fetch).download().await.expect("a response");
        let before = Instant::now();
        let (bytes, error) = read(&mut download).await;
        assert!(bytes == b"0123456789" && error.is_none(), "{error:?}");
        assert!(before.elapsed() > Duration::ZERO && standin.sent() == 3);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_a_download_leaves_nothing_behind() {
    let part = (Duration::from_secs(1), Bytes::from_static(b"0"));
    let standin = Standin::always(Turn { body: vec![part; 100], ..Turn::status(200) });
    let core = standin_client(&standin);
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    assert!(download.next().await.is_some_and(|piece| piece.is_ok()));
    let pending = tokio::time::timeout(Duration::from_millis(500), download.next()).await;
    assert!(pending.is_err(), "the next piece is not here yet");
    assert!(download.next().await.is_some_and(|piece| piece.is_ok()), "nothing is lost");
    drop(download);
    assert_eq!(standin.alive.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let secret = Act::SendAndClose(raw("200 OK", &["content-length: 9", &format!("x-echo: {KEY}")], b"0"));
    let server = Server::always(secret).await;
    let core = client(&api(&server));
    let call = Call::new(&core, Fetch).download();
    assert!(!format!("{call:?}").contains(KEY));
    let mut download = call.await.expect("a response");
    let error = read(&mut download).await.1.expect("it breaks off");
    assert!(!format!("{download:?} {error:?} {error}").contains(KEY));
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_download_is_a_reader() {
    use std::io::Read;

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::replay([
        start(b"0123"),
        rest("4-9/10", b"456789"),
        start(b"01"),
        rest("3-9/10", b""),
    ]));
    let core = client(&api(&server));
    let mut reader = Call::new(&core, Fetch).download().blocking().expect("a response");
    let (mut first, mut all) = ([0; 3], Vec::new());
    reader.read_exact(&mut first).expect("three bytes");
    // Three bytes of four were read, and the debug output has no others.
    assert!(!format!("{reader:?}").contains("b\""), "{reader:?}");
    reader.read_to_end(&mut all).expect("the rest");
    assert!(&first == b"012" && all == b"3456789" && reader.download().position() == 10);
    let mut reader = Call::new(&core, Fetch).download().blocking().expect("a response");
    let error = reader.read_to_end(&mut Vec::new()).expect_err("it is not the rest");
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>()).expect("an error of the download");
    assert_eq!(error.kind(), ErrorKind::Body(BodyFailure::Changed));
}
