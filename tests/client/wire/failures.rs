//! Error responses: status, body and the message of the service are kept, whatever the body is.

use intuned_client::{Error, ErrorKind, RetryConfig};

use super::{builder, result, start};
use test_server::{Response, Server};

/// The error of both operations for a response, without retries. They must agree.
async fn failure(response: Response) -> Error {
    let server = Server::always(response).await;
    let client = builder(&server).retry_config(RetryConfig::none()).build().expect("the settings are complete");
    let of_start = start(&client).await.expect_err("the response is a failure");
    let of_result = result(&client).await.expect_err("the response is a failure");
    assert_eq!(of_start.kind(), of_result.kind());
    assert_eq!(of_start.status(), of_result.status());
    assert_eq!(of_start.text(), of_result.text());
    assert_eq!(of_start.operation_id(), Some("UpdateAuthSessionStart"));
    assert_eq!(of_result.operation_id(), Some("updateAuthSessionResult"));
    assert_eq!(server.arrivals(), 2);
    of_result
}

const STATUSES: [u16; 14] = [400, 401, 403, 404, 408, 409, 418, 422, 429, 499, 500, 502, 503, 504];

#[tokio::test]
async fn json_bodies_are_kept_and_their_message_is_shown() {
    for status in STATUSES {
        let body = r#"{"message":"Auth session not found","code":"nope"}"#;
        let error = failure(Response::json(status, body)).await;
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(status)));
        assert_eq!(error.server_message(), Some("Auth session not found"));
        assert_eq!(error.text().as_deref(), Some(body));
        let api = error.api().expect("a response began");
        assert_eq!(api.content_type(), Some("application/json"));
        assert_eq!(api.json::<serde_json::Value>().expect("the body is JSON")["code"], "nope");
        assert!(api.is_body_complete());
        let line = error.to_string();
        assert!(line.contains(&status.to_string()) && line.contains("Auth session not found"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
}

#[tokio::test]
async fn html_bodies_are_kept_and_not_printed() {
    for status in STATUSES {
        let page = "<!DOCTYPE html>\n<html><h1>Oops</h1></html>";
        let error = failure(Response::html(status, page)).await;
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(status)));
        assert_eq!(error.text().as_deref(), Some(page));
        assert_eq!(error.api().and_then(|api| api.content_type()), Some("text/html; charset=utf-8"));
        assert_eq!(error.server_message(), None);
        let line = error.to_string();
        assert!(line.contains(&status.to_string()) && !line.contains("<h1>"), "{line}");
    }
}

#[tokio::test]
async fn empty_bodies_show_only_the_status() {
    for status in STATUSES {
        let error = failure(Response::status(status)).await;
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Status, Some(status)));
        assert_eq!(error.text().as_deref(), Some(""));
        assert_eq!(error.api().and_then(|api| api.content_type()), None);
        assert!(error.to_string().contains(&status.to_string()), "{error}");
    }
}

#[tokio::test]
async fn errors_are_shown_as_one_sentence() {
    let server = Server::always(Response::json(404, r#"{"error":{"message":"no such project"}}"#)).await;
    let client = builder(&server).build().expect("the settings are complete");
    let line = result(&client).await.expect_err("404 is a failure").to_string();
    let (line, time) = line.rsplit_once(" in ").expect("the line ends with the elapsed time");
    assert_eq!(line, "updateAuthSessionResult: 404 Not Found: no such project (1 attempt");
    assert!(time.ends_with(" s)"), "{time}");
}

#[tokio::test]
async fn headers_of_an_error_response_are_available() {
    let response = Response::json(429, "{}").header("retry-after", "120").header("x-request-id", "r-7");
    let error = failure(response).await;
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_mins(2)));
    assert_eq!(error.api().map(|api| api.headers()["x-request-id"].as_bytes()), Some(&b"r-7"[..]));
}

#[tokio::test]
async fn the_status_determines_whether_the_request_may_have_been_processed() {
    for (status, maybe_sent) in [(400, false), (404, false), (408, true), (429, false), (500, true), (503, true)] {
        assert_eq!(failure(Response::status(status)).await.maybe_sent(), maybe_sent, "{status}");
    }
}

#[tokio::test]
async fn redirects_are_errors_and_are_not_followed() {
    let elsewhere = Server::always(super::pending()).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("{}/stolen", elsewhere.url());
        let error = failure(Response::status(status).header("location", &location)).await;
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Redirect, Some(status)));
        assert_eq!(error.api().and_then(|api| api.location()), Some(location.as_str()));
    }
    assert_eq!(elsewhere.arrivals(), 0);
}
