//! Guarantees 7 and 11: redirects are errors, also with custom settings of the HTTP client.

use sdk_runtime::{Call, ErrorKind};

use crate::operations::{client, config, look, start};
use crate::service::{api, seen, started};
use test_server::{Act, Server, response};

#[tokio::test]
async fn redirects_are_errors_and_are_not_followed() {
    let elsewhere = Server::always(seen()).await;
    for status in ["301 x", "302 x", "303 x", "307 x", "308 x"] {
        for target in [format!("{}/stolen", api(&elsewhere)), "/api/things/two".to_owned()] {
            let server = Server::always(Act::Send(response(status, &[("location", &target)], b""))).await;
            let core = client(&api(&server));
            for error in [
                Call::new(&core, start()).send().await.expect_err(status),
                Call::new(&core, look()).send().await.expect_err(status),
            ] {
                assert_eq!(error.kind(), ErrorKind::Redirect);
                assert_eq!(error.status().map(u16::from), status[..3].parse().ok());
                assert_eq!((error.attempts(), error.is_retryable()), (1, false));
                assert_eq!(error.api().and_then(|response| response.location()), Some(target.as_str()));
                assert!(!format!("{error} {error:?}").contains(&target), "{error:?}");
            }
            assert_eq!(server.arrivals(), 2);
        }
    }
    assert_eq!((elsewhere.arrivals(), elsewhere.connections()), (0, 0));
}

#[tokio::test]
async fn statuses_without_a_target_are_not_redirects() {
    for status in ["300 x", "304 x", "305 x", "306 x"] {
        let server = Server::always(Act::Send(response(status, &[], b""))).await;
        let error = Call::new(&client(&api(&server)), look()).send().await.expect_err(status);
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, status[..3].parse().ok()));
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
        assert!(!error.to_string().contains("redirect"), "{error}");
    }
}

#[tokio::test]
async fn custom_settings_of_the_http_client_are_used() {
    let server = Server::always(started()).await;
    let mut config = config(&api(&server));
    config.http_client(|http| {
        let headers = [(reqwest::header::FROM, "custom".parse().expect("a header"))];
        http.default_headers(headers.into_iter().collect())
    });
    Call::new(&config.build().expect("settings"), start()).send().await.expect("started");
    assert_eq!(server.received()[0].header("from"), Some("custom"));
}

/// Credential and `start` must not reach another server, nor the same server twice.
#[tokio::test]
async fn custom_settings_cannot_make_the_client_follow_redirects() {
    let elsewhere = Server::always(seen()).await;
    for target in [format!("{}/other", api(&elsewhere)), "/api/things/one/update".to_owned()] {
        let server = Server::always(Act::Send(response("307 x", &[("location", &target)], b""))).await;
        let mut config = config(&api(&server));
        config.http_client(|_| {
            let again = reqwest::retry::for_host("127.0.0.1").classify_fn(|attempt| {
                if attempt.status().is_some() { attempt.retryable() } else { attempt.success() }
            });
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5)).retry(again)
        });
        let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("a redirect");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
        assert_eq!(server.arrivals(), 1, "{target}");
        assert!(!format!("{error} {error:?}").contains(&target), "{error:?}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn invalid_custom_settings_are_an_error_of_build() {
    let mut config = config("http://localhost");
    config.http_client(|http| http.user_agent("two\nlines"));
    let error = config.build().expect_err("no user agent");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("`http_client`"), "{error}");
}

#[tokio::test]
async fn a_timeout_of_the_http_client_counts_as_an_attempt_timeout() {
    let server = Server::always(Act::Hang(Vec::new())).await;
    let mut config = config(&api(&server));
    config.http_client(|http| http.timeout(std::time::Duration::from_millis(100)));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("it hangs");
    assert_eq!(error.kind(), ErrorKind::Timeout(sdk_runtime::TimeoutKind::Attempt));
    assert!(error.maybe_sent() && error.attempts() == 1);
}
