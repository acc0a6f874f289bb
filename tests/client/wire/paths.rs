//! Path parameters: any string is one segment, and none changes the rest of the path.

use intuned_client::ErrorKind;

use super::{WORKSPACE, client, documented_body, pending, started};
use test_server::Server;

/// Sends a value in every path parameter.
async fn check_segment(value: &str, encoded: &str) {
    let server = Server::replay([started(), pending()]).await;
    let client = client(&server);
    let update = client.project().auth_sessions().update();
    update.start(value, value, documented_body()).await.expect("the value can be sent");
    update.result(value, value, value).await.expect("the value can be sent");

    let path = format!("/{WORKSPACE}/projects/{encoded}/auth-sessions/{encoded}/update");
    let targets: Vec<_> = server.received().into_iter().map(|request| request.target).collect();
    assert_eq!(targets, [path.clone(), format!("{path}/{encoded}/result")], "for {value:?}");
}

#[tokio::test]
async fn every_string_is_one_encoded_segment() {
    for (value, encoded) in [
        ("auth-session-123", "auth-session-123"),
        ("<id>", "%3Cid%3E"),
        ("my project", "my%20project"),
        (" ", "%20"),
        ("a/b", "a%2Fb"),
        ("/", "%2F"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("a\\b", "a%5Cb"),
        ("100%", "100%25"),
        ("%2e%2e", "%252e%252e"),
        ("%2F", "%252F"),
        ("?#&", "%3F%23%26"),
        ("a?b=c&d#e", "a%3Fb%3Dc%26d%23e"),
        ("a+b;c,d:e@f=g$h", "a%2Bb%3Bc%2Cd%3Ae%40f%3Dg%24h"),
        ("-_.!~*'()", "-_.%21~%2A%27%28%29"),
        ("...", "..."),
        (".hidden", ".hidden"),
        ("\"{}|^`[]", "%22%7B%7D%7C%5E%60%5B%5D"),
        ("Zürich", "Z%C3%BCrich"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("🔑", "%F0%9F%94%91"),
        ("e\u{301}", "e%CC%81"),
        ("\u{202e}", "%E2%80%AE"),
    ] {
        check_segment(value, encoded).await;
    }
}

#[tokio::test]
async fn values_that_would_change_the_path_are_rejected_before_sending() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let update = client.project().auth_sessions().update();
    for value in ["", ".", "..", "\n", "a\r\nx-evil: 1", "\0", "\t", "\u{7f}", "\u{85}"] {
        for (argument, outcome) in [
            ("project_name", update.start(value, "s", documented_body()).await.map(drop)),
            ("auth_session_id", update.start("p", value, documented_body()).await.map(drop)),
            ("project_name", update.result(value, "s", "o").await.map(drop)),
            ("auth_session_id", update.result("p", value, "o").await.map(drop)),
            ("operation_id", update.result("p", "s", value).await.map(drop)),
        ] {
            let error = outcome.expect_err("the value cannot be sent");
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{value:?} as {argument}: {error}");
            assert!(error.to_string().contains(&format!("`{argument}`")), "{error}");
            assert_eq!((error.attempts(), error.maybe_sent(), error.is_retryable()), (0, false, false), "{error}");
        }
    }
    assert_eq!(server.arrivals(), 0);
}

#[tokio::test]
async fn the_preview_rejects_what_the_call_rejects() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let error = client.project().auth_sessions().update().result("p", "..", "o").preview().expect_err("`..` leads up");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.operation_id(), Some("updateAuthSessionResult"));
}
