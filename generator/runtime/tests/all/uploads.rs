//! Bodies that are read while they are sent: what is sent, when it is sent again, and every way in which it fails.

use std::collections::VecDeque;
use std::error::Error as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use proptest::prelude::*;
use sdk_runtime::{
    Body, Call, Error, ErrorKind, HttpMethod, Method, Multipart, Operation, OperationMeta, RawResponse, RequestWriter,
    StopReason,
};

use crate::operations::{KEY, client};
use crate::service::api;
use test_server::{Act, Server, json, response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const META: OperationMeta = OperationMeta {
    id: "put",
    method: HttpMethod::Known(Method::PUT),
    path: "/file",
    accept: None,
    idempotent: true,
    idempotency_key: None,
    retry: None,
    security: &[&["apiKey"]],
    server: None,
};

/// Sends a file.
pub struct Put(pub Body);

impl Operation for Put {
    type Output = ();

    const META: OperationMeta = META;

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/file");
        request.upload("application/octet-stream", &self.0);
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<(), Error> {
        response.expect_status(&[204])
    }
}

/// Sends a form.
pub struct PutForm(pub Multipart);

impl Operation for PutForm {
    type Output = ();

    const META: OperationMeta = META;

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/file");
        request.multipart(&self.0)
    }

    fn decode(response: &RawResponse) -> Result<(), Error> {
        response.expect_status(&[204])
    }
}

/// A stream of these pieces, which counts how many are taken.
struct Pieces {
    left: VecDeque<io::Result<Bytes>>,
    taken: Arc<AtomicUsize>,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.taken.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(self.left.pop_front())
    }
}

fn counted(pieces: &[&'static str]) -> (Body, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let left = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
    (Body::from_stream(Pieces { left, taken: taken.clone() }), taken)
}

pub fn stream(pieces: &[&'static str]) -> Body {
    counted(pieces).0
}

fn failing() -> Body {
    let left = VecDeque::from([Ok(Bytes::from_static(b"01")), Err(io::Error::other("the disk is gone"))]);
    Body::from_stream(Pieces { left, taken: Arc::default() })
}

fn done() -> Act {
    Act::Send(response("204 No Content", &[], b""))
}

fn busy() -> Act {
    Act::Send(response("503 Service Unavailable", &[], b""))
}

/// Sends a body to a server that acts like this. Returns the requests and the outcome.
async fn put(acts: Vec<Act>, body: impl Into<Body>) -> (Vec<test_server::Request>, Result<(), Error>) {
    let server = Server::replay(acts).await;
    let outcome = Call::new(&client(&api(&server)), Put(body.into())).await;
    (server.received(), outcome)
}

#[tokio::test]
async fn bytes_and_strings_are_bodies_of_known_length() {
    let bodies: [Body; 6] = [
        Bytes::from_static(b"0123").into(),
        b"0123".to_vec().into(),
        b"0123".as_slice().into(),
        "0123".to_owned().into(),
        "0123".into(),
        Body::from("0123").with_length(4),
    ];
    for body in bodies {
        let (requests, outcome) = put(vec![busy(), done()], body).await;
        outcome.expect("it is sent");
        assert_eq!(requests.len(), 2);
        for request in requests {
            assert_eq!((request.one("content-length"), request.text()), ("4", "0123"));
            assert_eq!(request.one("content-type"), "application/octet-stream");
        }
    }
    let (requests, outcome) = put(vec![done()], "").await;
    assert!(outcome.is_ok() && requests[0].one("content-length") == "0");
}

#[tokio::test]
async fn a_stream_is_sent_in_chunks_unless_its_length_is_stated() {
    let (requests, outcome) = put(vec![done()], stream(&["01", "", "234"])).await;
    outcome.expect("it is sent");
    assert_eq!((requests[0].one("transfer-encoding"), requests[0].text()), ("chunked", "01234"));
    assert_eq!((requests[0].header("content-length"), requests[0].one("x-api-key")), (None, KEY));
    let (requests, outcome) = put(vec![done()], stream(&["01", "234"]).with_length(5)).await;
    outcome.expect("it is sent");
    assert_eq!((requests[0].one("content-length"), requests[0].text()), ("5", "01234"));
    assert_eq!(requests[0].header("transfer-encoding"), None);
    let (requests, outcome) = put(vec![done()], stream(&[""]).with_length(0)).await;
    assert!(outcome.is_ok() && requests[0].one("content-length") == "0" && requests[0].body.is_empty());
}

#[tokio::test]
async fn a_body_that_has_another_length_than_stated_is_an_error() {
    let cases = [
        (&["01", "2"][..], 4, "ended after 3 of 4 bytes"),
        (&[], 1, "ended after 0 of 1 bytes"),
        (&["01", "23"], 3, "is longer than its length of 3 bytes"),
        (&["01", "23"], 2, "is longer than its length of 2 bytes"),
        (&["01"], 0, "is longer than its length of 0 bytes"),
    ];
    for (pieces, length, reason) in cases {
        for body in [stream(pieces), Body::from(pieces.concat())] {
            let (requests, outcome) = put(vec![done()], body.with_length(length)).await;
            let error = outcome.expect_err("it has another length");
            assert_eq!((error.kind(), requests.len()), (ErrorKind::RequestBody, 0), "{error}");
            assert!(error.to_string().contains(reason), "{error}");
            assert_eq!((error.operation_id(), error.is_retryable()), (Some("put"), false));
        }
    }
}

#[tokio::test]
async fn a_stream_that_fails_is_an_error_with_its_cause() {
    for body in [failing(), failing().with_length(9), Body::from_fn(failing)] {
        let (requests, outcome) = put(vec![done()], body).await;
        let error = outcome.expect_err("the stream fails");
        assert_eq!((error.kind(), requests.len()), (ErrorKind::RequestBody, 0));
        assert!(error.maybe_sent() && error.attempts() == 1 && error.stop_reason() == Some(StopReason::Permanent));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the disk is gone"));
    }
}

#[tokio::test]
async fn a_stream_is_sent_once_and_a_function_makes_another_one() {
    let (requests, outcome) = put(vec![busy(), done()], stream(&["01", "2"])).await;
    let error = outcome.expect_err("it cannot be sent again");
    assert_eq!((error.stop_reason(), requests.len()), (Some(StopReason::BodyConsumed), 1));
    assert_eq!((error.kind(), error.is_retryable(), error.attempts()), (ErrorKind::Status, true, 1));
    assert!(error.to_string().contains("the body of the request can be read only once"), "{error}");
    let (requests, outcome) = put(vec![busy(), done()], Body::from_fn(|| stream(&["01", "2"])).with_length(3)).await;
    outcome.expect("the second attempt succeeds");
    let sent: Vec<_> = requests.iter().map(|request| (request.one("content-length"), request.text())).collect();
    assert_eq!(sent, [("3", "012"), ("3", "012")]);
}

#[tokio::test]
async fn a_stream_that_was_not_read_is_sent_by_the_next_attempt() {
    // A socket that is bound, but does not listen, keeps the port and refuses connections.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port is free");
    let address = socket.local_addr().expect("a bound socket has an address");
    let (body, taken) = counted(&["01"]);
    let core = client(&format!("http://{address}/api"));
    let error = Call::new(&core, Put(body.clone())).await.expect_err("nobody listens");
    // All attempts were made: none has read the stream.
    assert_eq!((error.stop_reason(), error.attempts()), (Some(StopReason::AttemptsExhausted), 3));
    assert_eq!((error.maybe_sent(), taken.load(Ordering::SeqCst)), (false, 0));
    let (requests, outcome) = put(vec![done()], body.clone()).await;
    assert!(outcome.is_ok() && requests[0].text() == "01");
    let (requests, outcome) = put(vec![done()], body).await;
    let error = outcome.expect_err("it was sent before");
    assert_eq!((error.kind(), error.maybe_sent(), requests.len()), (ErrorKind::RequestBody, false, 0));
    assert!(error.to_string().contains("was sent before"), "{error}");
}

#[tokio::test]
async fn what_is_not_idempotent_is_not_sent_again_even_from_a_function() {
    let server = Server::replay([busy(), done()]).await;
    let call = Call::new(&client(&api(&server)), Put(Body::from_fn(|| stream(&["01"])))).idempotent(false).await;
    let error = call.expect_err("503");
    assert_eq!((error.stop_reason(), server.arrivals()), (Some(StopReason::MaybeSent), 1));
}

#[tokio::test]
async fn a_form_has_the_contents_of_its_files() {
    let form = |file: Body| {
        let form = Multipart::new().text("name", "value").file_from("a", "a.txt", "text/plain", file);
        form.file_from("b", "b.txt", "text/plain", "bytes").text("last", "1")
    };
    let whole = form("0123".into());
    for (file, length) in [
        (stream(&["01", "23"]), false),
        (stream(&["01", "23"]).with_length(4), true),
        (Body::from_fn(|| stream(&["0123"]).with_length(4)), true),
    ] {
        let server = Server::always(done()).await;
        Call::new(&client(&api(&server)), PutForm(form(file))).await.expect("it is sent");
        let request = server.only();
        assert_eq!(request.header("content-length").is_some(), length);
        let boundary = request.one("content-type").split_once("boundary=").expect("a boundary").1;
        let server = Server::always(done()).await;
        Call::new(&client(&api(&server)), PutForm(whole.clone())).await.expect("it is sent");
        let expected = server.only();
        let other = expected.one("content-type").split_once("boundary=").expect("a boundary").1;
        assert_eq!(request.text().replace(boundary, other), expected.text());
    }
    let server = Server::replay([busy(), done()]).await;
    let core = client(&api(&server));
    let error = Call::new(&core, PutForm(form(stream(&["0"])))).await.expect_err("a stream is sent once");
    assert_eq!(error.stop_reason(), Some(StopReason::BodyConsumed));
    let short = form(stream(&["0"]).with_length(2));
    let error = Call::new(&core, PutForm(short)).await.expect_err("it is short");
    assert_eq!(error.kind(), ErrorKind::RequestBody);
}

#[tokio::test]
async fn nothing_of_a_sensitive_stream_is_shown() {
    let secret = "a-secret-in-a-stream";
    let echo = Act::Send(json("400 Bad Request", &format!(r#"{{"message":"not {secret}"}}"#)));
    let server = Server::always(echo).await;
    let core = client(&api(&server));
    let call = Call::new(&core, Put(stream(&["a-secret-in-a-stream"]).sensitive()));
    assert!(call.preview().expect("a preview").body().is_none());
    let error = call.await.expect_err("400");
    assert!(!format!("{error} {error:?}").contains(secret), "{error}");
    assert!(error.unmasked_server_message().is_some_and(|message| message.contains(secret)));
    assert!(!format!("{:?} {:?}", stream(&[secret]), Body::from(secret)).contains(secret));
}

#[tokio::test]
async fn a_response_before_the_end_of_the_body_counts() {
    // The connection stays open, and the stream never ends.
    struct Endless;

    impl Stream for Endless {
        type Item = io::Result<Bytes>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}/api", listener.local_addr().expect("a bound socket has an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("the client connects");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("the client sends a head"));
        }
        stream.write_all(&response("413 Content Too Large", &[], b"")).await.expect("the client reads");
        let _ = stream.read_u8().await;
    });
    let error = Call::new(&client(&url), Put(Body::from_stream(Endless))).await.expect_err("413");
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(413)));
}

#[cfg(feature = "test-util")]
mod paused {
    use std::time::Duration;

    use sdk_runtime::mock::{ReceivedRequest, Server};
    use sdk_runtime::{Core, TimeoutKind};
    use tokio::time::{Instant, Sleep};

    use super::*;
    use crate::operations::config;

    /// Pieces of two bytes, each after a wait.
    struct Slow {
        waits: VecDeque<Duration>,
        sleeping: Option<Pin<Box<Sleep>>>,
    }

    impl Stream for Slow {
        type Item = io::Result<Bytes>;

        fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            let Some(wait) = self.waits.front().copied() else { return Poll::Ready(None) };
            let sleeping = self.sleeping.get_or_insert_with(|| Box::pin(tokio::time::sleep(wait)));
            std::task::ready!(Future::poll(sleeping.as_mut(), context));
            self.sleeping = None;
            self.waits.pop_front();
            Poll::Ready(Some(Ok(Bytes::from_static(b"01"))))
        }
    }

    fn slow(seconds: &[u64]) -> Body {
        let waits = seconds.iter().copied().map(Duration::from_secs).collect();
        Body::from_stream(Slow { waits, sleeping: None })
    }

    fn core(server: &Server) -> Core {
        let mut config = config("http://localhost");
        config.exchange(server.clone());
        config.attempt_timeout(Duration::from_secs(15));
        config.timeout(Duration::from_secs(60));
        config.build().expect("the settings are valid")
    }

    #[tokio::test(start_paused = true)]
    async fn the_attempt_timeout_starts_again_with_each_piece() {
        let server = Server::new([META]);
        let script = server.script::<(), ()>(META.id, 204);
        script.status(204).repeat().delay(Duration::from_secs(14));
        let core = core(&server);
        let before = Instant::now();
        Call::new(&core, Put(slow(&[10, 10, 10]))).await.expect("each piece is in time");
        assert_eq!(before.elapsed().as_secs(), 44);
        let requests = server.requests();
        assert_eq!(requests.first().map(ReceivedRequest::body), Some(&Bytes::from_static(b"010101")));
        let (before, error) = (Instant::now(), Call::new(&core, Put(slow(&[10, 16]))).await.expect_err("it stalls"));
        assert_eq!((error.kind(), before.elapsed().as_secs()), (ErrorKind::Timeout(TimeoutKind::Attempt), 25));
        assert_eq!(error.stop_reason(), Some(StopReason::BodyConsumed));
    }

    #[tokio::test(start_paused = true)]
    async fn the_timeout_of_the_call_limits_the_upload() {
        let server = Server::new([META]);
        server.script::<(), ()>(META.id, 204).status(204).repeat();
        let core = core(&server);
        let before = Instant::now();
        let error = Call::new(&core, Put(slow(&[10; 7]))).await.expect_err("it takes 70 s");
        assert_eq!((error.kind(), before.elapsed().as_secs()), (ErrorKind::Timeout(TimeoutKind::Total), 60));
        let call = Call::new(&core, Put(slow(&[10; 7]))).timeout(Duration::from_secs(80));
        call.await.expect("there is enough time");
    }

    #[tokio::test(start_paused = true)]
    async fn the_mock_server_reports_a_body_that_fails() {
        let server = Server::new([META]);
        let error = Call::new(&core(&server), Put(failing())).await.expect_err("the stream fails");
        assert_eq!((error.kind(), server.requests().len()), (ErrorKind::RequestBody, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stated_length_is_exact(pieces in proptest::collection::vec("[a-z]{0,40}", 0..6), more in -2_i64..3) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let whole = pieces.concat();
            let length = i64::try_from(whole.len()).expect("a short string").saturating_add(more).max(0);
            let length = u64::try_from(length).expect("a length");
            let left = pieces.into_iter().map(|piece| Ok(Bytes::from(piece))).collect();
            let body = Body::from_stream(Pieces { left, taken: Arc::default() }).with_length(length);
            let (requests, outcome) = put(vec![done()], body).await;
            if usize::try_from(length) == Ok(whole.len()) {
                prop_assert!(outcome.is_ok(), "{outcome:?}");
                prop_assert_eq!(requests[0].text(), whole);
            } else {
                prop_assert_eq!(outcome.map_err(|error| error.kind()), Err(ErrorKind::RequestBody));
                prop_assert!(requests.is_empty());
            }
            Ok(())
        })?;
    }
}
