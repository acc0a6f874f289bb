//! Secrets: the key, the parameters and the proxy do not appear in any output.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use intuned_client::types::UpdateAuthSessionStartRequestBody;
use intuned_client::{Attempt, Error, Hooks, IntunedClient, RequestHead};

use super::{KEY, WORKSPACE, builder, client, quick_retries};
use test_server::{Response, Server};

const USER: &str = "planted-user";
const PASSWORD: &str = "planted-password";
const PROXY: &str = "http://planted-name:planted-word@proxy.example.com:8080";
const SECRETS: [&str; 7] = [KEY, USER, PASSWORD, PROXY, "planted-name", "planted-word", "planted"];

fn body() -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new([("user", USER), ("password", PASSWORD)]).proxy(PROXY)
}

fn check_text(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

fn check_debug(what: &str, value: &dyn Debug) {
    check_text(what, &format!("{value:?}"));
    check_text(what, &format!("{value:#?}"));
}

/// The error and all its sources.
fn check_error(what: &str, error: &Error) {
    check_debug(what, error);
    check_text(what, &error.to_string());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        check_text(what, &format!("{error} {error:?}"));
        cause = error.source();
    }
    if let Some(message) = error.server_message() {
        check_text(what, message);
    }
}

#[tokio::test]
async fn settings_clients_and_calls_show_no_secret() {
    let server = Server::always(super::started()).await;
    check_debug("a builder", &builder(&server));
    let client = client(&server);
    check_debug("a client", &client);
    check_debug("a core", client.core());
    let update = client.project().auth_sessions().update();
    check_debug("a namespace", &update);
    check_debug("a body", &body());
    let call = update.start("p", "s", body()).header("x-token", PASSWORD);
    check_debug("a preview", &call.preview().expect("the call can be sent"));
    let response = call.send_with_response().await.expect("the response is documented");
    check_debug("a response", &response);
}

#[test]
fn non_secret_values_are_shown() {
    let text = format!("{:?}", body().create_attempts(5));
    assert!(text.contains("create_attempts: 5") && text.contains("[redacted]"), "{text}");
    let client = IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY).build().expect("complete");
    let text = format!("{client:?}");
    assert!(text.contains(WORKSPACE) && text.contains("api_key"), "{text}");
}

#[test]
fn rejected_settings_show_no_secret() {
    let settings = || IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY);
    for (what, settings) in [
        ("a key with a line break", settings().api_key(format!("{KEY}\n{KEY}"))),
        ("an address with a password", settings().server_url(PROXY.replace("http:", "https:"))),
        ("a workspace that is a key", settings().workspace_id(KEY)),
        ("an invalid URL", settings().server_url(format!("{KEY}://"))),
    ] {
        check_error(what, &settings.build().expect_err("the settings will not do"));
    }
}

#[tokio::test]
async fn errors_show_no_secret_that_the_service_echoes() {
    let echo = format!("you sent {KEY}, {USER}, {PASSWORD} and {PROXY}");
    let json = serde_json::json!({"message": echo}).to_string();
    let odd_field = serde_json::json!({"status": {KEY: PASSWORD}, "operationId": 1}).to_string();
    for (what, response) in [
        ("a refusal in JSON", Response::json(400, json.clone())),
        ("a failure in JSON", Response::json(500, json.clone())),
        ("a failure in plain text", Response::status(500).header("content-type", "text/plain").body(echo.clone())),
        ("a failure in HTML", Response::html(502, echo.clone())),
        ("a success of another type", Response::html(201, echo.clone())),
        ("a success of another status", Response::json(200, json.clone())),
        ("a success that does not decode", Response::json(201, json.clone())),
        ("a status that is an object", Response::json(201, odd_field)),
        (
            "a status that is secret",
            Response::json(201, serde_json::json!({"status": 1, "operationId": KEY}).to_string()),
        ),
        ("a content type that is secret", Response::status(201).header("content-type", KEY)),
        ("a redirect", Response::status(307).header("location", &format!("https://example.com/?key={KEY}"))),
        ("no response", Response::HangUp),
    ] {
        let server = Server::always(response).await;
        let client = client(&server);
        let call = client.project().auth_sessions().update().start("p", "s", body()).header("x-token", PASSWORD);
        check_error(what, &call.await.expect_err("the call fails"));
    }
}

#[tokio::test]
async fn rejected_arguments_are_not_shown() {
    let server = Server::always(super::started()).await;
    let client = client(&server);
    let update = client.project().auth_sessions().update();
    let value = format!("{PASSWORD}\n");
    check_error("a path value", &update.start(&value, "s", body()).await.expect_err("a line break"));
    let call = update.start("p", "s", body()).header("x-token", &value);
    check_error("a header", &call.await.expect_err("a line break"));
    assert_eq!(server.arrivals(), 0);
}

/// Records everything that hooks receive.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Vec<String>>>);

impl Listener {
    fn note(&self, text: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

impl Hooks for Listener {
    fn before_request(&self, attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        self.note(format!("{attempt:?} {:?} {:?}", request.headers(), request.query()));
    }

    fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        self.note(format!("{attempt:?} {error} {error:?} {}", retry_in.is_some()));
    }
}

#[tokio::test]
async fn hooks_see_every_attempt_but_no_secret() {
    let echo = serde_json::json!({"message": format!("{KEY} {PASSWORD}")}).to_string();
    let server = Server::replay([Response::json(429, echo), super::started()]).await;
    let listener = Listener::default();
    let client = builder(&server).retry_config(quick_retries()).hooks(listener.clone()).build().expect("complete");
    let call = client.project().auth_sessions().update().start("p", "s", body()).header("x-token", PASSWORD);
    call.await.expect("the second attempt succeeds");

    let notes = listener.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(notes.len(), 3, "two attempts and one failure: {notes:?}");
    assert!(notes[1].ends_with("true"), "it was tried again: {}", notes[1]);
    for note in notes {
        check_text("a hook", &note);
    }
}
