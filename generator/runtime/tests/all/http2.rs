//! Guarantee 14 over HTTP/2: a connection that goes silent costs one attempt, and a refused stream none.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use h2::server::SendResponse;
use sdk_runtime::{Call, Core, ErrorKind};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::operations::{Look, config, look, start};

/// What the server does with a request.
pub enum Act {
    Answer,
    /// Nothing, while the connection stays open.
    Ignore,
    Refuse(h2::Reason),
    /// The response, once the test allows it.
    Later(Arc<Semaphore>),
}

struct Server {
    url: String,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Chooses the action by the numbers of the connection and of the request on it, both from 0.
    async fn start(script: impl Fn(usize, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Self { url: format!("http://{address}"), connections, requests };
        let (connections, requests) = (server.connections.clone(), server.requests.clone());
        let script = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (connection, script) = (connections.fetch_add(1, Ordering::SeqCst), script.clone());
                let requests = requests.clone();
                tokio::spawn(async move { serve(stream, &requests, |number| script(connection, number)).await });
            }
        });
        server
    }

    /// `limit` is the timeout of an attempt and of connecting.
    fn client(&self, limit: Duration, connect: Duration) -> Core {
        let mut config = config(&self.url);
        config.attempt_timeout(limit);
        config.connect_timeout(connect);
        config.http_client(|http| crate::service::without_certificates(http).http2_prior_knowledge());
        config.build().expect("settings")
    }

    fn counts(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }
}

/// Serves one connection. Its requests are numbered from 0.
pub async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, requests: &AtomicUsize, script: impl Fn(usize) -> Act) {
    let mut stream = h2::server::handshake(stream).await.expect("HTTP/2");
    // Keeps ignored requests, so that their streams stay open.
    let mut ignored = Vec::new();
    let mut number = 0;
    while let Some(Ok((request, respond))) = stream.accept().await {
        requests.fetch_add(1, Ordering::SeqCst);
        match script(number) {
            Act::Answer => answer(respond),
            Act::Ignore => ignored.push((request, respond)),
            Act::Refuse(reason) => reset(respond, reason),
            Act::Later(allowed) => drop(tokio::spawn(async move {
                let _request = request;
                allowed.acquire().await.expect("it stays open").forget();
                answer(respond);
            })),
        }
        number += 1;
    }
}

fn answer(mut respond: SendResponse<Bytes>) {
    let head = http::Response::builder().status(200).header("content-type", "application/json");
    let sent = respond.send_response(head.body(()).expect("a head"), false);
    // The client may have disconnected.
    let _ = sent.and_then(|mut body| body.send_data(Bytes::from_static(br#"{"status":"done"}"#), true));
}

fn reset(mut respond: SendResponse<Bytes>, reason: h2::Reason) {
    respond.send_reset(reason);
}

/// The first connection answers once and goes silent. Others work.
pub fn silent_after_one(connection: usize, request: usize) -> Act {
    if connection == 0 && request > 0 { Act::Ignore } else { Act::Answer }
}

/// Attempts with a timeout above the connect timeout use other connections than those with one below it.
const LIMITS: [(Duration, Duration); 2] =
    [(Duration::from_millis(1_200), Duration::from_millis(100)), (Duration::from_millis(200), Duration::from_secs(10))];

#[tokio::test]
async fn a_silent_connection_costs_one_attempt() {
    for (limit, connect) in LIMITS {
        let server = Server::start(silent_after_one).await;
        let core = server.client(limit, connect);
        let mut attempts = Vec::new();
        for _ in 0..4 {
            let response = Call::new(&core, look()).send_with_response().await.expect("answered in the end");
            attempts.push(response.attempts());
        }
        assert_eq!(attempts, [1, 2, 1, 1]);
        assert_eq!(server.counts(), (2, 5));
    }
}

/// A request timeout in custom settings is handled like the client's own.
#[tokio::test]
async fn a_silent_connection_costs_one_attempt_under_a_custom_limit_too() {
    let server = Server::start(silent_after_one).await;
    let mut config = config(&server.url);
    config.http_client(|http| {
        let http = crate::service::without_certificates(http).http2_prior_knowledge();
        http.timeout(Duration::from_millis(200))
    });
    let core = config.build().expect("settings");
    let mut attempts = Vec::new();
    for _ in 0..3 {
        let response = Call::new(&core, look()).send_with_response().await.expect("answered in the end");
        attempts.push(response.attempts());
    }
    assert_eq!(attempts, [1, 2, 1]);
}

#[tokio::test]
async fn a_connection_that_never_answered_is_abandoned() {
    let server = Server::start(|connection, _| if connection == 0 { Act::Ignore } else { Act::Answer }).await;
    let core = server.client(Duration::from_millis(200), Duration::from_secs(10));
    let response = Call::new(&core, look()).send_with_response().await.expect("answered in the end");
    assert_eq!((response.attempts(), server.counts()), (2, (2, 2)));
}

#[tokio::test]
async fn a_silent_connection_costs_only_one_start() {
    let server = Server::start(silent_after_one).await;
    let core = server.client(Duration::from_millis(200), Duration::from_secs(10));
    let kinds: Vec<_> = [
        Call::new(&core, start()).send().await.expect_err("200 is not its status"),
        Call::new(&core, start()).send().await.expect_err("silence"),
        Call::new(&core, start()).send().await.expect_err("200 is not its status"),
    ]
    .into_iter()
    .map(|error| (error.status().map(u16::from), error.attempts(), error.maybe_sent()))
    .collect();
    assert_eq!(kinds, [(Some(200), 1, true), (None, 1, true), (Some(200), 1, true)]);
    assert_eq!(server.counts(), (2, 3));
}

#[tokio::test]
async fn other_requests_on_the_connection_go_on() {
    let allowed = Arc::new(Semaphore::new(0));
    let later = allowed.clone();
    let server = Server::start(move |connection, request| match (connection, request) {
        (0, 0) => Act::Later(later.clone()),
        (0, _) => Act::Ignore,
        _ => Act::Answer,
    })
    .await;
    let core = server.client(Duration::from_millis(200), Duration::from_secs(10));
    let slow = tokio::spawn({
        let core = core.clone();
        async move { Call::new(&core, look()).attempt_timeout(Duration::from_secs(10)).send().await }
    });
    while server.counts().1 == 0 {
        tokio::task::yield_now().await;
    }
    let other = Call::new(&core, Look { id: "two".to_owned(), ..look() }).send_with_response().await;
    assert_eq!(other.expect("answered in the end").attempts(), 2);
    allowed.add_permits(1);
    slow.await.expect("no panic").expect("it was not disturbed");
    assert_eq!(server.counts(), (2, 3));
}

#[tokio::test]
async fn a_request_on_a_refused_stream_is_retried() {
    let refuse = |_, request| if request == 0 { Act::Refuse(h2::Reason::REFUSED_STREAM) } else { Act::Answer };
    let server = Server::start(refuse).await;
    let core = server.client(Duration::from_secs(5), Duration::from_secs(1));
    let error = Call::new(&core, start()).send().await.expect_err("200 is not its status");
    assert_eq!((error.status().map(u16::from), error.attempts()), (Some(200), 2));
}

#[tokio::test]
async fn other_resets_may_have_been_processed() {
    let server = Server::start(|_, _| Act::Refuse(h2::Reason::INTERNAL_ERROR)).await;
    let core = server.client(Duration::from_secs(5), Duration::from_secs(1));
    let error = Call::new(&core, start()).send().await.expect_err("reset");
    assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Connection, 1, true));
}
