//! The generated client against the mock server of `cargo xtask mock` for the same document.

use std::time::Duration;

use clientsmith::mock::{Ending, Plan, Request, Server, Service};
use clientsmith::spec::Spec;
use generator::Input;
use intuned_client::jobs::WaitOptions;
use intuned_client::types::UpdateAuthSessionStartRequestBody;
use intuned_client::{BackoffConfig, IntunedClient, IntunedClientBuilder, RetryConfig};
use xtask::workspace;

/// Runs the mock server while a client makes calls, and returns the result.
async fn play<T>(plan: Plan, inject: Option<&str>, talk: impl AsyncFnOnce(IntunedClientBuilder) -> T) -> T {
    let spec = Spec::read(&workspace::spec()).expect("the document can be read");
    let understood = spec.run(generator::understand).expect("the generator does not panic");
    let (_, api, _) = understood.expect("the document has no error");
    let document = generator::document::parse(&spec.text).expect("it was understood");
    let inject = inject.map(|inject| inject.parse().expect("it is one"));
    let service = Service::new(document, api, plan, inject).expect("the plan can be played");
    let server = Server::bind(service, 0).await.expect("a port is free");
    let url = format!("http://{}", server.address().expect("it has an address"));
    let builder = IntunedClient::builder().server_url(url).api_key("key");
    let mut outcome = None;
    let talking = async { outcome = Some(talk(builder).await) };
    server.serve(talking, |_| {}).await;
    outcome.expect("serving ends with the talk")
}

fn client(builder: IntunedClientBuilder) -> IntunedClient {
    let backoff = BackoffConfig::new().initial_interval(Duration::from_millis(10));
    let builder = builder.workspace_id("123e4567-e89b-12d3-a456-426614174000");
    builder.retry_config(RetryConfig::backoff(backoff)).build().expect("the settings are valid")
}

fn body() -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new([("username", "john.doe")]).proxy_null()
}

fn at_once(ending: Ending) -> Plan {
    Plan { duration: Duration::ZERO, ending }
}

fn quickly() -> WaitOptions {
    WaitOptions::new().interval(Duration::from_millis(10))
}

#[tokio::test]
async fn an_update_runs_from_start_to_end() {
    let (done, states) = play(at_once(Ending::Done), None, async |builder| {
        let client = client(builder);
        let mut states = Vec::new();
        let wait = client.project().auth_sessions().update().start("my project", "a/b", body()).wait();
        let wait = wait.options(quickly()).on_state(|state| states.push(state.tag().to_owned()));
        (wait.await.expect("it is done"), states)
    })
    .await;
    assert_eq!(done.auth_session_id, "auth-session-123");
    assert_eq!(states, ["pending", "in_progress"]);
}

#[tokio::test]
async fn an_update_fails_or_is_canceled_as_planned() {
    for (ending, tag) in [(Ending::Failed, "failed"), (Ending::Canceled, "canceled")] {
        let error = play(at_once(ending), None, async |builder| {
            let client = client(builder);
            let wait = client.project().auth_sessions().update().start("p", "s", body()).wait().options(quickly());
            wait.await.expect_err("it is not done")
        })
        .await;
        assert!(error.is_failed(), "{error}");
        assert_eq!(error.state().map(|state| state.tag().to_owned()).as_deref(), Some(tag));
    }
}

#[tokio::test]
async fn injected_failures_are_retried() {
    let plan = at_once(Ending::Done);
    let done = play(plan, Some("500,502:2"), async |builder| {
        let client = client(builder);
        let wait = client.project().auth_sessions().update().start("p", "s", body()).wait().options(quickly());
        wait.await.expect("it is done in the end")
    })
    .await;
    assert_eq!(done.auth_session_id, "auth-session-123");
}

#[tokio::test]
async fn an_unknown_job_is_not_found() {
    let error = play(at_once(Ending::Done), None, async |builder| {
        let client = client(builder);
        client.project().auth_sessions().update().result("p", "s", "op-9").await.expect_err("there is none")
    })
    .await;
    assert_eq!((error.status().map(u16::from), error.server_message()), (Some(404), Some("no such work was started")));
}

/// The mocked service of a document without jobs.
fn service(text: &str) -> Service {
    let input = Input::new("spec.yaml", text);
    let (_, api, _) = generator::understand(&input).expect("the document has no error");
    let (document, _) = generator::read(&input).expect("the document has no error");
    Service::new(document, api, at_once(Ending::Done), None).expect("there are no jobs")
}

#[test]
fn the_mock_answers_with_the_media_type_that_is_requested() {
    let text = r#"
openapi: 3.0.3
info: {title: Reports, version: "1"}
paths:
  /report:
    get:
      operationId: report
      responses:
        "200":
          description: The report.
          content:
            application/json: {schema: {type: object}}
            text/csv: {schema: {type: string, example: "a,b"}}
"#;
    let mut service = service(text);
    let mut content_type = |accept: &[(&str, &str)]| {
        let response = service.respond(&Request::new("GET", "/report", accept, b""), Duration::ZERO);
        response.content_type.expect("it has a body")
    };
    assert_eq!(content_type(&[]), "application/json");
    assert_eq!(content_type(&[("accept", "text/csv; charset=utf-8, application/json")]), "text/csv");
    assert_eq!(content_type(&[("accept", "image/png")]), "application/json");
}

#[test]
fn the_mock_serves_additional_methods() {
    let text = r#"
openapi: 3.2.0
info: {title: Search, version: "1"}
paths:
  /search:
    query:
      operationId: search
      responses: {"200": {description: What was found., content: {text/plain: {schema: {type: string}}}}}
"#;
    let mut service = service(text);
    let response = service.respond(&Request::new("QUERY", "/search", &[], b""), Duration::ZERO);
    assert_eq!((response.status, response.content_type.as_deref()), (200, Some("text/plain")));
}
