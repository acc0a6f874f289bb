//! What `Debug` shows. The tests of leaks check that it shows no secret.

use std::sync::{Arc, Mutex};

use sdk_runtime::{
    Attempt, Call, Credential, Error, Hooks, Multipart, Operation, OperationMeta, PageToken, PollLimiter, RawResponse,
    RequestWriter, ResponseHead,
};

use crate::operations::{Look, client, look, plain_get, standin_client, standin_config};
use crate::shapes::Written;
use crate::standin::{Standin, Turn};

fn check(value: impl std::fmt::Debug, expected: &str) {
    assert_eq!(format!("{value:?}"), expected);
}

fn starts_with(value: impl std::fmt::Debug, expected: &str) {
    let shown = format!("{value:?}");
    assert!(shown.starts_with(expected), "{shown} does not before with {expected}");
}

#[test]
fn values_that_configure_a_call() {
    check(Credential::basic("user", "password"), "Credential([redacted])");
    check(PollLimiter::default(), "PollLimiter");
    check(serde_json::from_str::<PageToken>(r#"{"number":3}"#).expect("a token"), "PageToken { .. }");
    let core = client("http://localhost/api");
    starts_with(&core, "Core { server_url: Some(\"http://localhost/api\"), credentials: [\"api_key\"], timeout: ");
    starts_with(Call::new(&core, look()), "Call { operation: \"lookAtThing\", core: Core { ");
    starts_with(
        Call::new(&core, Look { filter: Some("x".to_owned()), ..look() }).preview().expect("a request"),
        "RequestPreview { method: GET, url: \"http://localhost/api/things/one\", query: Some([redacted]), headers: [\"",
    );
    assert_ne!(format!("{:?}", Multipart::new().text("a", "b")), format!("{:?}", Multipart::new()));
    starts_with(Multipart::new(), "Multipart { bytes: 0, .. }");
    let write = |request: &mut RequestWriter| {
        request.path("/things");
        request.query("filter", "x");
        request.json(&"text")?;
        Err(Error::invalid_argument("shown", format!("{request:?}")))
    };
    let shown = Call::new(&core, Written(write)).preview().expect_err("the text").to_string();
    let expected = "RequestWriter { url: \"http://localhost/api/things\", headers: 2, body_bytes: Some(6), .. }";
    assert!(shown.ends_with(expected), "{shown}");
}

/// A `look` that returns the `Debug` output of its response.
struct Printed;

impl Operation for Printed {
    type Output = String;

    const META: OperationMeta = plain_get("printed", "/");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<String, Error> {
        Ok(format!("{response:?}"))
    }
}

#[derive(Clone, Default)]
struct Shown(Arc<Mutex<String>>);

impl Hooks for Shown {
    fn after_response(&self, _: &Attempt<'_>, response: &ResponseHead<'_>) {
        *self.0.lock().expect("no thread panicked") = format!("{response:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn responses_and_errors() {
    let standin = Standin::always(Turn::status(200).body("text"));
    let shown = Shown::default();
    let mut config = standin_config(&standin);
    config.hooks(shown.clone());
    let response = Call::new(&config.build().expect("settings"), Printed).send().await.expect("a string");
    assert_eq!(response, "RawResponse { status: 200, headers: 1, body_bytes: 4, .. }");
    assert_eq!(*shown.0.lock().expect("no thread panicked"), "ResponseHead { status: 200, headers: 1, elapsed: 0ns }");
    let standin = Standin::always(Turn::status(404).body(r#"{"message":"m"}"#));
    let error = Call::new(&standin_client(&standin), look()).send().await.expect_err("404");
    check(
        &error,
        "Error { kind: Status, message: \"404 Not Found\", operation_id: Some(\"lookAtThing\"), \
         response: Some(ApiError { status: 404, headers: 1, body_bytes: 15, complete: true, message: Some(\"m\") }), \
         json_path: None, maybe_sent: false, retryable: false, stop_reason: Some(Permanent), attempts: 1, \
         elapsed: 0ns, retry_after: None, source: None }",
    );
}
