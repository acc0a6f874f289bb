//! Errors of the client if connecting fails because of the peer.

#![expect(clippy::expect_used, reason = "a standalone test")]

use std::net::Ipv4Addr;

use intuned_client::reqwest::Proxy;
use intuned_client::{IntunedClientBuilder, RetryConfig};
use tokio::net::TcpListener;
use torture::load;
use torture::plan::Plan;
use torture::wire::{Step, play};

/// The address of a server that answers every connection with the same bytes.
async fn always(answer: &'static str) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port is free");
    let address = listener.local_addr().expect("a bound socket has an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            play(&mut stream, &[Step::Send(answer.as_bytes().to_vec()), Step::Close]).await;
        }
    });
    address.to_string()
}

/// The kind of the error, and whether the request may have been sent.
async fn said(settings: IntunedClientBuilder) -> (&'static str, bool) {
    let client = settings.retry_config(RetryConfig::none()).build().expect("the settings are valid");
    let update = client.project().auth_sessions().update();
    let error = update.result("calls", "look-0", "work-of-look-0").await.expect_err("there is no server");
    (error.kind().name(), error.maybe_sent())
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_error() {
    let server = always("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let settings = load::builder(&Plan::full(), &format!("https://{server}"));
    assert_eq!(said(settings).await, ("tls", false));
}

#[tokio::test]
async fn a_proxy_that_requires_a_credential_is_a_proxy_error() {
    let proxy = always("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await;
    let proxy = Proxy::all(format!("http://{proxy}")).expect("an address");
    let settings = load::builder(&Plan::full(), "https://service.invalid");
    assert_eq!(said(settings.http_client(move |http| http.proxy(proxy.clone()))).await, ("proxy", false));
}
