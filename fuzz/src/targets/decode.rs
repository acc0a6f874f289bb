//! Responses of any status, content type and body to calls of the generated client: the call returns the value, or an error
//! with the status and without credentials.

use intuned_client::test_util::{MockServer, Script};
use intuned_client::{Error, ErrorKind, IntunedClient, Response, RetryConfig, types};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::spec::edit::{Edit, edits};
use super::spec::mutation::{Change, apply, changes};
use crate::stub::{KEY, runtime};
use crate::target::Target;

/// A string in the body of the start request, which is a secret too.
const NAME: &str = "john.doe";

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Decode;

/// A response.
#[derive(Clone)]
pub struct Sent {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}\n{}", self.status, self.content_type, self.body.escape_ascii())
    }
}

impl Target for Decode {
    type Input = Sent;
    const NAME: &'static str = "decode";
    const ABOUT: &'static str =
        "any response gives the value with all its fields, or an error with the status and without credentials";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Sent> {
        (statuses(), content_types(), bodies())
            .prop_map(|(status, content_type, body)| Sent { status, content_type, body })
            .boxed()
    }

    fn run(input: &Sent) -> Result<(), String> {
        let server = MockServer::new();
        let client = server
            .builder()
            .api_key(KEY)
            .retry_config(RetryConfig::none())
            .build()
            .map_err(|error| error.to_string())?;
        script(&server.project_auth_sessions_update_start(), input);
        script(&server.project_auth_sessions_update_result(), input);
        runtime().block_on(async {
            let update = client.project().auth_sessions().update();
            let body = types::UpdateAuthSessionStartRequestBody::new([("username", NAME)]);
            check(
                update.start("project", "session", body).idempotent(true).send_with_response().await,
                input,
                &[KEY, NAME],
            )?;
            check(update.result("project", "session", "operation").send_with_response().await, input, &[KEY])
        })?;
        check_job(&client, &server, input)
    }
}

fn script<O, B>(script: &Script<O, B>, input: &Sent) {
    script.status(input.status).body(&input.content_type, input.body.clone()).repeat();
}

/// `secrets` are the secrets in the request.
fn check<T: Serialize + DeserializeOwned>(
    outcome: Result<Response<T>, Error>,
    input: &Sent,
    secrets: &[&str],
) -> Result<(), String> {
    let response = match outcome {
        Ok(response) => response,
        Err(error) => return check_error(&error, input, secrets),
    };
    let value = serde_json::to_value(response.value());
    let value = value.map_err(|error| format!("the value cannot be serialized: {error}"))?;
    // Fields that no value can hold are left out and listed, so the rest is not compared.
    if response.omitted_fields().is_empty() {
        // A byte order mark is ignored (RFC 8259, section 8.1).
        let body = input.body.strip_prefix(b"\xEF\xBB\xBF".as_slice()).unwrap_or(&input.body);
        let sent: Value = serde_json::from_slice(body).map_err(|_| format!("invalid JSON was decoded as {value}"))?;
        if !contains(&value, &sent) {
            return Err(format!("it was decoded as {value}"));
        }
    }
    if !(200..300).contains(&input.status) {
        return Err(format!("a response with the status {} was decoded as {value}", input.status));
    }
    let again: T =
        serde_json::from_value(value.clone()).map_err(|error| format!("{value} does not decode: {error}"))?;
    let again = serde_json::to_value(again).map_err(|error| error.to_string())?;
    if again == value { Ok(()) } else { Err(format!("{value} becomes {again}")) }
}

/// Whether the value contains everything that was sent; `null` may be omitted.
fn contains(value: &Value, sent: &Value) -> bool {
    match (value, sent) {
        (Value::Object(value), Value::Object(sent)) => {
            sent.iter().all(|(key, sent)| value.get(key).map_or(sent.is_null(), |value| contains(value, sent)))
        }
        (Value::Array(value), Value::Array(sent)) => {
            value.len() == sent.len() && value.iter().zip(sent).all(|(value, sent)| contains(value, sent))
        }
        (Value::Number(value), Value::Number(sent)) => value.as_f64() == sent.as_f64(),
        _ => value == sent,
    }
}

fn check_error(error: &Error, input: &Sent, secrets: &[&str]) -> Result<(), String> {
    let (line, all) = (error.to_string(), format!("{error:?}"));
    let is_redirect = matches!(input.status, 301 | 302 | 303 | 307 | 308);
    let kind_fits = match error.kind() {
        ErrorKind::Decode | ErrorKind::UnexpectedResponse => (200..300).contains(&input.status),
        ErrorKind::Redirect => is_redirect,
        ErrorKind::Status | ErrorKind::BudgetExhausted => !(200..300).contains(&input.status) && !is_redirect,
        _ => false,
    };
    if !kind_fits || error.status().map(u16::from) != Some(input.status) {
        return Err(format!("the error has the wrong kind or status: {all}"));
    }
    if secrets.iter().any(|secret| line.contains(secret) || all.contains(secret)) {
        return Err(format!("the error contains a secret: {line} {all}"));
    }
    let is_hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{2028}';
    if line.chars().any(is_hostile) || line.len() > 4_000 || all.len() > 16_000 {
        return Err(format!("the message is not a single bounded line: {line:?}, {} bytes", all.len()));
    }
    Ok(())
}

/// The same response to a whole job: the start is sent once, and the handle can be polled.
fn check_job(client: &IntunedClient, server: &MockServer, input: &Sent) -> Result<(), String> {
    let before = server.requests().len();
    let started = runtime().block_on(async {
        let body = types::UpdateAuthSessionStartRequestBody::new([("username", NAME)]);
        client.project().auth_sessions().update().start("project", "session", body).job().await
    });
    if server.requests().len() - before > 1 {
        return Err("a start was sent more than once".to_owned());
    }
    let Ok(operation) = started else { return Ok(()) };
    let progress = runtime().block_on(operation.poll(client));
    match progress {
        Ok(progress) => {
            let _ = format!("{progress:?}");
            Ok(())
        }
        // The id in the response may be invalid as a path segment.
        Err(error) if error.kind() == ErrorKind::InvalidArgument && error.attempts() == 0 => Ok(()),
        Err(error) => check_error(&error, input, &[KEY]),
    }
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![4 => Just(200_u16), 4 => Just(201), 1 => select(vec![202, 204, 206, 301, 400, 401, 429, 500, 503]), 1 => 200..600_u16]
}

fn content_types() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just("application/json".to_owned()),
        1 => select(vec!["text/plain", "application/problem+json", "APPLICATION/JSON; charset=utf-8", "text/html", "/+json"])
            .prop_map(str::to_owned),
        1 => "[ -~]{0,30}",
        1 => Just(format!("text/{KEY}")),
    ]
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let valid = select(responses());
    let changed = (valid.clone(), proptest::collection::vec((any::<Index>(), changes()), 0..3));
    let changed = changed.prop_map(|(mut value, changes): (Value, Vec<(Index, Change)>)| {
        for (at, change) in &changes {
            apply(&mut value, *at, change);
        }
        value.to_string().into_bytes()
    });
    let edited = (valid, edits()).prop_map(|(value, edits): (Value, Vec<Edit>)| {
        edits.iter().fold(value.to_string().into_bytes(), |text, edit| edit.apply(text, &[]))
    });
    prop_oneof![4 => changed, 3 => edited, 1 => proptest::collection::vec(any::<u8>(), 0..60)]
}

/// Every response that the API defines, an unknown one, and error bodies that echo a credential.
fn responses() -> Vec<Value> {
    let details = json!({ "echo": KEY, "deep": [1, 2.5, -7, null, { "a": true }] });
    vec![
        json!({ "status": "started", "operationId": "operation", "more": details }),
        json!({ "status": "done", "authSessionId": "auth-session-123" }),
        json!({ "status": "pending" }),
        json!({ "status": "in_progress", "runId": "run" }),
        json!({ "status": "canceled", "message": "called off", "reason": { "type": "terminated", "message": KEY, "details": details } }),
        json!({ "status": "failed", "message": KEY, "error": { "message": "x", "category": "auth", "code": "unexpected", "retirable": true } }),
        json!({ "status": "paused", "operationId": "operation", "until": 7 }),
        json!({ "message": format!("bad key {KEY} for {NAME}"), "errors": [KEY] }),
        json!([KEY, NAME]),
        json!(KEY),
    ]
}
