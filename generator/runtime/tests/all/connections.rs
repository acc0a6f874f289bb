//! Guarantees 1 and 14: which connections a request may use, and what is known about an attempt that never had one.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Name, Resolve, Resolving};
use sdk_runtime::{Call, Config, Error, ErrorKind, TimeoutKind};

use crate::operations::{client, config, look, start};
use crate::service::{api, seen, started, without_certificates};
use test_server::{Act, Server};

#[tokio::test]
async fn a_non_idempotent_request_avoids_connections_that_were_idle_too_long() {
    let server = Server::always(started()).await;
    let mut config = config(&api(&server));
    config.non_idempotent_idle_timeout(Duration::from_millis(50));
    let core = config.build().expect("settings");
    for connections in 1..=3 {
        Call::new(&core, start()).send().await.expect("started");
        assert_eq!(server.connections(), connections);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

#[tokio::test]
async fn a_non_idempotent_request_uses_connections_that_were_idle_briefly() {
    let server = Server::always(started()).await;
    let mut config = config(&api(&server));
    config.non_idempotent_idle_timeout(Duration::from_secs(600));
    let core = config.build().expect("settings");
    for _ in 0..3 {
        Call::new(&core, start()).send().await.expect("started");
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn idempotent_requests_use_any_pooled_connection() {
    let server = Server::always(seen()).await;
    let mut config = config(&api(&server));
    config.non_idempotent_idle_timeout(Duration::ZERO);
    config.connect_timeout(Duration::from_secs(1));
    let core = config.build().expect("settings");
    for _ in 0..3 {
        Call::new(&core, look()).send().await.expect("seen");
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    assert_eq!(server.connections(), 1);
}

/// A resolver that never completes.
#[derive(Clone)]
struct NeverResolves;

impl Resolve for NeverResolves {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(pending())
    }
}

/// A client that never finishes connecting.
fn unconnected() -> Config {
    let mut config = config("http://elsewhere.invalid");
    config.allow_plain_http(true);
    config.http_client(|http| without_certificates(http).no_proxy().dns_resolver(Arc::new(NeverResolves)));
    config
}

fn check_unsent(error: &Error, kind: TimeoutKind) {
    assert_eq!(error.kind(), ErrorKind::Timeout(kind), "{error}");
    assert_eq!((error.maybe_sent(), error.is_connect()), (false, true), "{error}");
}

#[tokio::test]
async fn a_call_that_ends_while_it_connects_was_not_sent() {
    let core = unconnected().build().expect("settings");
    let call = Call::new(&core, start()).timeout(Duration::from_millis(100));
    let error = call.send().await.expect_err("no connection");
    check_unsent(&error, TimeoutKind::Total);
    assert_eq!(error.attempts(), 1);
    assert!(error.to_string().starts_with("startThing: no connection was made in time (1 attempt "), "{error}");
}

#[tokio::test]
async fn an_attempt_that_times_out_while_connecting_is_retried() {
    let core = unconnected().build().expect("settings");
    let call = Call::new(&core, start()).attempt_timeout(Duration::from_millis(50));
    let error = call.send().await.expect_err("no connection");
    check_unsent(&error, TimeoutKind::Attempt);
    assert_eq!((error.attempts(), error.is_retryable()), (3, true));
}

#[tokio::test]
async fn limits_beyond_the_range_of_the_clock_are_accepted() {
    let server = Server::always(started()).await;
    let mut config = config(&api(&server));
    config.connect_timeout(Duration::MAX);
    config.non_idempotent_idle_timeout(Duration::MAX);
    let core = config.build().expect("settings");
    for _ in 0..2 {
        Call::new(&core, start()).send().await.expect("started");
    }
    assert_eq!(server.connections(), 1);
}

/// Fails with a custom error, as resolvers do.
struct Failing;

impl Resolve for Failing {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err("no such name".into()) })
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_not_a_tls_error() {
    let mut config = config("https://elsewhere.invalid");
    config.http_client(|http| without_certificates(http).no_proxy().dns_resolver(Arc::new(Failing)));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("no address");
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Connection, 3, true));
}

#[tokio::test]
async fn the_connect_timeout_ends_an_attempt() {
    let mut config = unconnected();
    config.connect_timeout(Duration::from_millis(50));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("no connection");
    check_unsent(&error, TimeoutKind::Connect);
    assert_eq!(error.attempts(), 3);
}

/// The handshake is part of connecting: no part of the request can have been sent.
#[cfg(feature = "rustls-tls")]
#[tokio::test]
async fn a_call_that_ends_during_the_handshake_was_not_sent() {
    // The operating system accepts connections, but nothing reads from them.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let core = client(&format!("https://{}", silent.local_addr().expect("a bound socket has an address")));
    let call = Call::new(&core, start()).timeout(Duration::from_secs(2));
    check_unsent(&call.send().await.expect_err("no handshake"), TimeoutKind::Total);
    silent.accept().await.expect("it was connected");
}

#[tokio::test]
async fn a_call_that_had_a_connection_may_have_been_sent() {
    // The first request opens the connection, the second finds it in the pool.
    let server = Server::start(|number| if number == 0 { started() } else { Act::Hang(Vec::new()) }).await;
    let core = client(&api(&server));
    let call = || Call::new(&core, start()).timeout(Duration::from_millis(200)).send();
    call().await.expect("started");
    let error = call().await.expect_err("it hangs");
    assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Timeout(TimeoutKind::Total), true));
    assert_eq!(server.connections(), 1);
    let error = call().await.expect_err("it hangs on a separate connection");
    assert_eq!((error.is_connect(), error.maybe_sent(), server.connections()), (false, true, 2));
}
