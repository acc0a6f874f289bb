//! Guarantee 12: hooks around every attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::HeaderValue;
use sdk_runtime::{Attempt, Call, Config, Error, ErrorKind, Hooks, RequestHead, ResponseHead};

use crate::operations::{KEY, SPEC, config, look, start};
use crate::service::{api, seen, started};
use test_server::{Act, Server, json};

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("no thread panicked"))
    }

    fn note(&self, note: String) {
        self.0.lock().expect("no thread panicked").push(note);
    }
}

impl Hooks for Notes {
    fn before_request(&self, attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        assert!(!request.headers().contains_key("x-api-key"), "hooks see no credential");
        request.headers_mut().insert("x-attempt", HeaderValue::from(attempt.number));
        request.headers_mut().insert("content-length", HeaderValue::from_static("7"));
        request.headers_mut().insert("host", HeaderValue::from_static("elsewhere.example"));
        self.note(format!("before {} {} {} {}", attempt.operation_id, attempt.method, attempt.path, attempt.number));
    }

    fn after_response(&self, attempt: &Attempt<'_>, response: &ResponseHead<'_>) {
        self.note(format!("after {} {} {}", attempt.number, response.status, response.headers.len()));
    }

    fn on_error(&self, attempt: &Attempt<'_>, error: &Error, retry_in: Option<Duration>) {
        let status = error.status().map(u16::from).unwrap_or_default();
        self.note(format!("error {} {status} retried {}", attempt.number, retry_in.is_some()));
    }
}

#[tokio::test]
async fn hooks_are_called_around_every_attempt() {
    let server = Server::start(|number| if number == 0 { Act::Send(json("503 x", "{}")) } else { seen() }).await;
    let notes = Notes::default();
    let mut config = config(&api(&server));
    config.hooks(Arc::new(notes.clone()));
    let core = config.build().expect("settings");
    Call::new(&core, look()).send().await.expect("seen");
    let expected = [
        "before lookAtThing GET /things/{id} 1",
        "after 1 503 Service Unavailable 2",
        "error 1 503 retried true",
        "before lookAtThing GET /things/{id} 2",
        "after 2 200 OK 2",
    ];
    assert_eq!(notes.take(), expected);
    let arrived = server.received();
    assert_eq!((arrived[0].header("x-attempt"), arrived[1].header("x-attempt")), (Some("1"), Some("2")));
    assert_eq!(arrived[0].header("x-api-key"), Some(KEY));
    assert_eq!(arrived[0].header("host"), Some(server.address().to_string().as_str()));
    assert_eq!(arrived[0].header("content-length"), None);
}

#[tokio::test]
async fn the_end_of_a_call_is_reported_once() {
    let server = Server::start(|number| match number {
        0 => Act::Reset,
        1 => Act::Send(json("201 Created", "{}")),
        _ => started(),
    })
    .await;
    let notes = Notes::default();
    let mut config = config(&api(&server));
    config.hooks(notes.clone());
    let core = config.build().expect("settings");
    Call::new(&core, start()).send().await.expect_err("reset");
    assert_eq!(notes.take(), ["before startThing POST /things/{id}/update 1", "error 1 0 retried false"]);
    Call::new(&core, start()).send().await.expect_err("it does not decode");
    let expected =
        ["before startThing POST /things/{id}/update 1", "after 1 201 Created 2", "error 1 201 retried false"];
    assert_eq!(notes.take(), expected);
    Call::new(&core, start()).send().await.expect("started");
    assert_eq!(server.received()[2].header("content-length"), Some("30"));
}

/// Adds a signature.
struct Signs;

impl Hooks for Signs {
    fn before_request(&self, _attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        request.headers_mut().insert("x-signature", HeaderValue::from_static("signed-by-the-hook"));
    }
}

#[tokio::test]
async fn values_added_by_a_hook_are_masked() {
    let server = Server::always(Act::Send(json("400 x", r#"{"message":"bad signature signed-by-the-hook"}"#))).await;
    let mut config = config(&api(&server));
    config.hooks(Signs);
    let error = Call::new(&config.build().expect("settings"), look()).send().await.expect_err("400");
    assert_eq!(server.received()[0].header("x-signature"), Some("signed-by-the-hook"));
    assert_eq!(error.server_message(), Some("bad signature [redacted]"));
}

#[tokio::test]
async fn a_call_without_its_credential_makes_no_attempt() {
    let notes = Notes::default();
    let mut config = Config::new(&SPEC);
    config.hooks(notes.clone());
    let core = config.build().expect("settings");
    let error = Call::new(&core, look()).send().await.expect_err("there is no credential");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    assert_eq!(notes.take(), [""; 0]);
}
