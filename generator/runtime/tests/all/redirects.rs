//! Promises 7 and 11: redirects are errors; a supplied client is used, and found out where it follows them.

use sdk_runtime::{Call, ErrorKind};

use crate::operations::{client, config, look, start};
use crate::server::{Act, Server, reply, seen, started};

#[tokio::test]
async fn redirects_are_errors_and_are_not_followed() {
    let elsewhere = Server::always(seen()).await;
    for status in ["300 x", "301 x", "302 x", "303 x", "304 x", "307 x", "308 x"] {
        for target in [format!("{}/stolen", elsewhere.url()), "/api/things/two".to_owned()] {
            let server = Server::always(Act::Send(reply(status, &[("location", &target)], b""))).await;
            let core = client(&server.url());
            for error in [
                Call::new(&core, start()).send().await.expect_err(status),
                Call::new(&core, look()).send().await.expect_err(status),
            ] {
                assert_eq!(error.kind(), ErrorKind::Redirect);
                assert_eq!(error.status(), status[..3].parse().ok());
                assert_eq!((error.attempts(), error.is_retryable()), (1, false));
                assert_eq!(error.api().and_then(|reply| reply.location()), Some(target.as_str()));
                assert!(!format!("{error} {error:?}").contains(&target), "{error:?}");
            }
            assert_eq!(server.arrivals(), 2);
        }
    }
    assert_eq!((elsewhere.arrivals(), elsewhere.connections()), (0, 0));
}

#[tokio::test]
async fn a_supplied_client_is_used() {
    let server = Server::always(started()).await;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-from-supplied", "yes".parse().expect("a header"));
    let supplied = reqwest::Client::builder().default_headers(headers).build().expect("a client");
    let mut config = config(&server.url());
    config.http_client(supplied);
    Call::new(&config.build().expect("settings"), start()).send().await.expect("started");
    assert_eq!(server.arrived()[0].header("x-from-supplied"), Some("yes"));
}

#[tokio::test]
async fn a_supplied_client_that_follows_redirects_is_found_out() {
    let elsewhere = Server::always(seen()).await;
    let target = format!("{}/other", elsewhere.url());
    let server = Server::always(Act::Send(reply("307 x", &[("location", &target)], b""))).await;
    let mut config = config(&server.url());
    config.http_client(reqwest::Client::new());
    let core = config.build().expect("settings");
    let error = Call::new(&core, look()).send().await.expect_err("followed");
    assert_eq!((error.kind(), error.attempts(), error.maybe_sent()), (ErrorKind::Redirect, 1, true));
    assert!(!format!("{error} {error:?}").contains(&target), "{error:?}");
}

#[tokio::test]
async fn a_supplied_client_that_gives_up_following_is_an_error_of_redirects() {
    let server = Server::always(Act::Send(reply("307 x", &[("location", "/api/loop")], b""))).await;
    let mut config = config(&server.url());
    config.http_client(reqwest::Client::new());
    let error = Call::new(&config.build().expect("settings"), look()).send().await.expect_err("a loop");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
    assert!(!format!("{error:?}").contains("loop"), "{error:?}");
}

#[tokio::test]
async fn the_time_of_a_supplied_client_counts_as_the_attempts() {
    let server = Server::always(Act::Hang(Vec::new())).await;
    let timeout = std::time::Duration::from_millis(100);
    let mut config = config(&server.url());
    config.http_client(reqwest::Client::builder().timeout(timeout).build().expect("a client"));
    let error = Call::new(&config.build().expect("settings"), start()).send().await.expect_err("it hangs");
    assert_eq!(error.kind(), ErrorKind::Timeout(sdk_runtime::TimeoutKind::Attempt));
    assert!(error.maybe_sent() && error.attempts() == 1);
}
