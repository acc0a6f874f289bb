//! Options of a call: they apply only to that call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use intuned_client::error::BoxError;
use intuned_client::{Credential, ErrorKind, IntunedClient};

use super::{KEY, WORKSPACE, builder, client, documented_body, pending, quick_retries, result, started};
use test_server::{Response, Server};

#[tokio::test]
async fn headers_are_added_to_one_call() {
    let server = Server::always(started()).await;
    let client = client(&server);
    let update = client.project().auth_sessions().update();
    update
        .start("p", "s", documented_body())
        .header("x-trace", "7")
        .header("X-Second", "two words")
        .await
        .expect("the response is documented");
    update.start("p", "s", documented_body()).await.expect("the response is documented");

    let requests = server.received();
    assert_eq!(requests[0].one("x-trace"), "7");
    assert_eq!(requests[0].one("x-second"), "two words");
    assert_eq!(requests[0].one("x-api-key"), KEY, "the others stay");
    assert!(requests[1].all("x-trace").is_empty() && requests[1].all("x-second").is_empty());
}

#[tokio::test]
async fn a_header_of_the_call_replaces_the_client_s_own() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let call = client.project().auth_sessions().update().result("p", "s", "o");
    let call = call.header("user-agent", "mine/1").header("accept", "application/json;v=2").header("x-trace", "1");
    call.header("X-Trace", "2").await.expect("the response is documented");
    let request = server.only();
    assert_eq!(request.one("user-agent"), "mine/1");
    assert_eq!(request.one("accept"), "application/json;v=2");
    assert_eq!(request.one("x-trace"), "2", "the last one counts");
}

#[tokio::test]
async fn headers_that_would_corrupt_the_request_are_rejected_before_sending() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    for (name, value) in [
        ("x-trace", "1\r\nx-evil: 2"),
        ("x trace", "1"),
        ("", "1"),
        ("x-evil: 1\r\nx", "1"),
        ("host", "example.com"),
        ("Content-Length", "0"),
        ("transfer-encoding", "chunked"),
    ] {
        let call = client.project().auth_sessions().update().result("p", "s", "o").header(name, value);
        let error = call.await.expect_err("the header cannot be sent");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    assert_eq!(server.arrivals(), 0);
}

#[tokio::test]
async fn the_server_of_a_call_replaces_the_client_s() {
    let (own, other) = (Server::always(pending()).await, Server::always(pending()).await);
    let client = client(&own);
    let url = format!("{}/eu", other.url());
    client.project().auth_sessions().update().result("p", "s", "o").server_url(url).await.expect("the other answers");
    assert_eq!(own.arrivals(), 0);
    assert_eq!(other.only().target, format!("/eu/{WORKSPACE}/projects/p/auth-sessions/s/update/o/result"));
    result(&client).await.expect("the client's own server answers");
    assert_eq!((own.arrivals(), other.arrivals()), (1, 1));
}

#[tokio::test]
async fn the_server_of_a_call_is_validated_like_the_client_s() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    for url in ["http://example.com", "ftp://example.com", "nonsense", "https://user:pass@example.com"] {
        let call = client.project().auth_sessions().update().result("p", "s", "o").server_url(url);
        let error = call.await.expect_err("the address will not do");
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}: {error}");
        assert!(error.to_string().contains("server_url"), "{error}");
    }
    assert_eq!(server.arrivals(), 0);
}

// The clock is paused and advances to the next timer whenever the runtime is idle.
#[tokio::test(start_paused = true)]
async fn a_call_to_a_silent_server_ends_within_its_timeout() {
    let server = Server::always(Response::Silence).await;
    let client = client(&server);
    let begin = tokio::time::Instant::now();
    let call = client.project().auth_sessions().update().result("p", "s", "o").timeout(Duration::from_secs(5));
    let error = call.await.expect_err("there is no response");
    assert!(error.is_timeout(), "{error}");
    assert!(begin.elapsed() <= Duration::from_millis(5001), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_the_client_applies_to_every_call() {
    let server = Server::always(Response::Silence).await;
    let client = builder(&server).timeout(Duration::from_secs(2)).build().expect("the settings are complete");
    let begin = tokio::time::Instant::now();
    let error = super::start(&client).await.expect_err("there is no response");
    assert!(error.is_timeout(), "{error}");
    assert!(begin.elapsed() <= Duration::from_millis(2001), "{:?}", begin.elapsed());
    assert_eq!(error.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_timeout_of_zero_is_rejected() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let call = client.project().auth_sessions().update().result("p", "s", "o").timeout(Duration::ZERO);
    assert_eq!(call.await.expect_err("no call fits").kind(), ErrorKind::Configuration);
    assert_eq!(server.arrivals(), 0);
}

#[tokio::test]
async fn a_response_beyond_the_limit_is_an_error_with_its_status() {
    let server =
        Server::always(Response::json(200, format!(r#"{{"status":"pending","x":"{}"}}"#, "y".repeat(100)))).await;
    let client = client(&server);
    let call = client.project().auth_sessions().update().result("p", "s", "o").max_response_bytes(100);
    let error = call.await.expect_err("the response is longer");
    assert!(matches!(error.kind(), ErrorKind::Body(_)), "{error:?}");
    assert_eq!(error.status().map(u16::from), Some(200));
}

#[tokio::test]
async fn the_key_is_requested_for_every_attempt() {
    let server = Server::replay([Response::status(503), Response::status(503), pending()]).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let provider = Credential::provider(move || {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            tokio::task::yield_now().await;
            Ok::<_, BoxError>(format!("key-{number}"))
        }
    });
    let client = IntunedClient::builder().workspace_id(WORKSPACE).api_key(provider).server_url(server.url());
    let client = client.retry_config(quick_retries()).build().expect("a provider is a key");
    assert_eq!(calls.load(Ordering::SeqCst), 0, "not before a call");

    result(&client).await.expect("the third attempt succeeds");
    let keys: Vec<_> = server.received().iter().map(|request| request.one("x-api-key").to_owned()).collect();
    assert_eq!(keys, ["key-1", "key-2", "key-3"]);
}

#[tokio::test]
async fn a_failing_key_provider_ends_the_call_before_sending() {
    let server = Server::always(pending()).await;
    let provider = Credential::provider(|| async { Err("the vault is sealed") });
    let client = builder(&server).api_key(provider).retry_config(quick_retries()).build().expect("complete");
    let error = result(&client).await.expect_err("there is no key");
    assert_eq!(error.kind(), ErrorKind::Credential);
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("the vault is sealed"));
    assert_eq!(server.arrivals(), 0);
}
