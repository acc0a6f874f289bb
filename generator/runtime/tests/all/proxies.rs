//! Guarantee 7: which requests use a proxy, and proxies that fail. Each process has one environment,
//! so calls that depend on it are made in a child process.

use sdk_runtime::{Call, Error, ErrorKind};
use tokio::process::Command;

use crate::operations::{config, look, start};
use crate::service::{api, seen};
use test_server::{Act, Server, response};

/// Tells the child process the address of the server.
const HERE: &str = "SDK_RUNTIME_TEST_SERVER_HERE";

#[tokio::test]
async fn the_proxy_of_the_environment_is_not_used_for_loopback() {
    if let Ok(here) = std::env::var(HERE) {
        return calls(&here).await;
    }
    let (proxy, here) = (Server::always(seen()).await, Server::always(seen()).await);
    let mut other = Command::new(std::env::current_exe().expect("this program is somewhere"));
    other.args(["--exact", "proxies::the_proxy_of_the_environment_is_not_used_for_loopback"]);
    other.env(HERE, api(&here));
    for (name, value) in [("HTTP_PROXY", api(&proxy).as_str()), ("NO_PROXY", ""), ("ALL_PROXY", "")] {
        other.env(name, value).env(name.to_lowercase(), value);
    }
    let output = other.env_remove("REQUEST_METHOD").output().await.expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    let lines = |server: &Server| server.received().iter().map(|request| request.line().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&proxy), ["GET http://elsewhere.invalid/api/things/one HTTP/1.1"; 4]);
    assert_eq!(lines(&here), ["GET /api/things/one HTTP/1.1"; 6]);
}

/// The server of the request decides whether the proxy is used, not the server of the client or other settings.
async fn calls(here: &str) {
    let elsewhere = "http://elsewhere.invalid/api";
    let by_name = here.replace("127.0.0.1", "localhost");
    for customized in [false, true] {
        let client = |own| {
            let mut config = config(own);
            config.allow_plain_http(true);
            if customized {
                config.http_client(|http| http.pool_max_idle_per_host(1));
            }
            config.build().expect("the settings are valid")
        };
        let (remote, local) = (client(elsewhere), client(here));
        Call::new(&remote, look()).send().await.expect("the proxy answers");
        Call::new(&remote, look()).server_url(here).send().await.expect("the server answers");
        Call::new(&remote, look()).server_url(&by_name).send().await.expect("the server answers");
        Call::new(&local, look()).send().await.expect("the server answers");
        Call::new(&local, look()).server_url(elsewhere).send().await.expect("the proxy answers");
    }
}

/// An invalid proxy must not lead to a direct connection.
#[test]
fn an_invalid_proxy_of_the_environment_is_an_error() {
    if std::env::var_os(HERE).is_some() {
        for customized in [false, true] {
            let build = |url| {
                let mut config = config(url);
                if customized {
                    config.http_client(|http| http.pool_max_idle_per_host(1));
                }
                config.build().map(drop).map_err(|error| error.to_string())
            };
            let error = build("https://elsewhere.invalid").expect_err("the proxy is invalid");
            assert!(error.starts_with("invalid setting `HTTPS_PROXY`: ") && !error.contains("secret"), "{error}");
            build("http://localhost").expect("this machine needs no proxy");
        }
        return;
    }
    for value in ["http://user:secret@proxy:port", "proxy host", "ftp://secret"] {
        let mut other = std::process::Command::new(std::env::current_exe().expect("this program is somewhere"));
        other.args(["--exact", "proxies::an_invalid_proxy_of_the_environment_is_an_error"]);
        let output =
            other.env(HERE, "").env("HTTPS_PROXY", value).env_remove("REQUEST_METHOD").output().expect("it runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && printed.contains("1 passed"), "{value}: {printed}");
    }
}

/// The error of a call over HTTPS through a proxy that answers `CONNECT` with this status.
async fn refused_by_proxy(status: &str) -> (Error, usize) {
    let proxy = Server::always(Act::Send(response(status, &[], b""))).await;
    let mut config = config("https://elsewhere.invalid");
    let url = api(&proxy);
    config.http_client(move |http| http.proxy(reqwest::Proxy::all(&url).expect("an address")));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err(status);
    assert_eq!((error.maybe_sent(), error.is_connect()), (false, true), "{error}");
    assert!(proxy.received()[0].line().starts_with("CONNECT elsewhere.invalid:443 "));
    (error, proxy.arrivals())
}

#[tokio::test]
async fn a_proxy_that_requires_a_credential_is_named_and_not_retried() {
    let (error, arrivals) = refused_by_proxy("407 x").await;
    assert_eq!((error.kind(), error.is_retryable(), arrivals), (ErrorKind::Proxy, false, 1));
    let expected = "startThing: the proxy requires a credential: 407 Proxy Authentication Required (1 attempt in ";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_proxy_that_closes_is_not_a_tls_error() {
    let proxy = Server::always(Act::SendAndClose(Vec::new())).await;
    let mut config = config("https://elsewhere.invalid");
    let url = api(&proxy);
    config.http_client(move |http| http.proxy(reqwest::Proxy::all(&url).expect("an address")));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("closed");
    assert_eq!((error.kind(), error.attempts(), proxy.arrivals()), (ErrorKind::Connection, 3, 3));
}

#[tokio::test]
async fn a_proxy_that_cannot_connect_is_named_and_retried() {
    let (error, arrivals) = refused_by_proxy("502 x").await;
    assert_eq!((error.kind(), error.is_retryable(), arrivals), (ErrorKind::Connection, true, 3));
    assert!(
        error.to_string().starts_with("startThing: the proxy did not connect to the server (3 attempts "),
        "{error}"
    );
}
