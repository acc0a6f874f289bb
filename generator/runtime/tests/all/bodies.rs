//! Guarantee 9: memory is bounded.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use sdk_runtime::{BodyFailure, Call, ErrorKind};

use crate::failures::{observed, outcome};
use crate::operations::{config, look, standin_client, standin_config, start};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, response};

const TOO_LARGE: ErrorKind = ErrorKind::Body(BodyFailure::TooLarge);

/// A valid body of exactly this length.
fn body(length: usize) -> Vec<u8> {
    let mut body = b"{\"status\":\"done\"}".to_vec();
    body.resize(length, b' ');
    body
}

#[tokio::test]
async fn the_limit_is_exact() {
    for (length, fits) in [(1000, true), (1001, false)] {
        let server = Server::always(Act::Send(response("200 OK", &[JSON], &body(length)))).await;
        let mut config = config(&api(&server));
        config.max_response_bytes(1000);
        let outcome = Call::new(&config.build().expect("settings"), look()).send().await;
        assert_eq!(
            outcome.as_ref().map_err(sdk_runtime::Error::kind).map(drop),
            if fits { Ok(()) } else { Err(TOO_LARGE) }
        );
        if let Err(error) = outcome {
            assert!(error.to_string().contains("200 OK: the body is longer than `max_response_bytes`"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_call_can_override_the_limit() {
    let server = Server::always(Act::Send(response("200 OK", &[JSON], &body(1001)))).await;
    let mut config = config(&api(&server));
    config.max_response_bytes(1000);
    let core = config.build().expect("settings");
    Call::new(&core, look()).max_response_bytes(1001).send().await.expect("it fits");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_beyond_the_limit() {
    let read = Arc::new(AtomicUsize::new(0));
    let count = read.clone();
    let part = Bytes::from_owner(Counted(vec![b' '; 1 << 20], count));
    let standin = Standin::new(move |_, _| Turn {
        body: vec![(Duration::from_millis(1), part.clone()); 100],
        ..Turn::status(200)
    });
    let error = Call::new(&standin_client(&standin), look()).send().await.expect_err("too large");
    assert_eq!((error.kind(), error.attempts()), (TOO_LARGE, 1));
    // 32 parts fit. The 33rd exceeds the limit.
    assert_eq!(error.elapsed().as_millis() / 10, 3);
    assert_eq!(error.api().map(|response| response.body().len()), Some(64 * 1024));
    assert_eq!(read.load(Ordering::SeqCst), 0, "parts are shared, not freed");
}

/// Counts when it is freed.
struct Counted(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_keeps_only_the_bytes_that_it_shows() {
    for status in [400, 200] {
        let freed = Arc::new(AtomicUsize::new(0));
        let count = freed.clone();
        let standin = Standin::new(move |_, _| {
            let whole = Bytes::from_owner(Counted(vec![b' '; 1 << 20], count.clone()));
            Turn { body: vec![(Duration::ZERO, whole)], ..Turn::status(status) }
        });
        let mut config = standin_config(&standin);
        config.max_response_bytes(100_000);
        let error = Call::new(&config.build().expect("settings"), look()).send().await.expect_err("too large");
        let response = error.api().expect("a response");
        assert_eq!((response.body().len(), response.is_body_complete()), (64 * 1024, false));
        assert_eq!(freed.load(Ordering::SeqCst), 1, "the large body is gone while the error is there ({status})");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_not_read() {
    let big = vec![b' '; 50_000_000];
    let core = |server: &Server| {
        let mut config = config(&api(server));
        config.attempt_timeout(Duration::from_secs(5));
        config.build().expect("the settings are valid")
    };
    let announced = Server::always(Act::SendAndClose(response("200 OK", &[JSON], &big))).await;
    let chunked = [b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n".to_vec(), big].concat();
    let unannounced = Server::always(Act::SendAndClose(chunked)).await;
    let bomb = Server::always(Act::SendAndClose(gzip_bomb())).await;
    for server in [announced, unannounced, bomb] {
        let error = Call::new(&core(&server), look()).send().await.expect_err("too large");
        assert_eq!(observed(server.arrivals(), &error), outcome(1, TOO_LARGE, Some(200), 1, true), "{error}");
        assert!(error.api().is_some_and(|response| response.body().len() <= 64 * 1024 && !response.is_body_complete()));
        let error = Call::new(&core(&server), start()).send().await.expect_err("too large");
        assert_eq!(observed(server.arrivals(), &error), outcome(2, TOO_LARGE, Some(200), 1, true), "{error}");
    }
}

/// 100 MB of white space, compressed to 100 kB.
fn gzip_bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let part = vec![b' '; 1_000_000];
    for _ in 0..100 {
        encoder.write_all(&part).expect("memory takes all");
    }
    let body = encoder.finish().expect("memory takes all");
    response("200 OK", &[JSON, ("content-encoding", "gzip")], &body)
}
