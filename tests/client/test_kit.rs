//! The test kit from the perspective of a user: jobs on a paused clock, all kinds of failures, recorded requests.

use std::time::{Duration, Instant};

use intuned_client::test_util::MockServer;
use intuned_client::types::{
    UpdateAuthSessionError, UpdateAuthSessionErrorCategory, UpdateAuthSessionResultDone, UpdateAuthSessionResultFailed,
    UpdateAuthSessionResultInProgress, UpdateAuthSessionResultPending, UpdateAuthSessionStartRequestBody,
    UpdateAuthSessionStartResponseBody, UpdateAuthSessionStartResponseBodyStatus as Status,
};
use intuned_client::{ErrorKind, IntunedClient};
use serde_json::json;

use crate::root;

fn started() -> UpdateAuthSessionStartResponseBody {
    UpdateAuthSessionStartResponseBody::new(Status::Started, "op-1")
}

fn body() -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new([("username", "john.doe"), ("password", "hunter2")])
}

async fn result(client: &IntunedClient) -> Result<String, intuned_client::Error> {
    let state = client.project().auth_sessions().update().result("my-project", "<id>", "op-1").await?;
    Ok(state.tag().to_owned())
}

// The README contains this test verbatim.
#[tokio::test(start_paused = true)]
async fn an_update_is_waited_for() {
    let server = MockServer::new();
    server
        .project_auth_sessions_update_start()
        .respond(UpdateAuthSessionStartResponseBody::new(Status::Started, "op-1"));
    server
        .project_auth_sessions_update_result()
        .respond(UpdateAuthSessionResultPending::new())
        .respond(UpdateAuthSessionResultInProgress::new("run-1"))
        .status(503)
        .respond(UpdateAuthSessionResultDone::new("auth-session-123"));

    let body = UpdateAuthSessionStartRequestBody::new([("username", "john.doe"), ("password", "hunter2")]);
    let intuned = server.client();
    let done = intuned.project().auth_sessions().update().start("my-project", "<id>", body).wait().await.unwrap();

    assert_eq!(done.auth_session_id, "auth-session-123");
    assert_eq!(server.requests()[0].json().unwrap()["parameters"]["username"], "john.doe");
    server.assert_done();
}

#[test]
fn the_readme_contains_the_tested_example() {
    let own = include_str!("test_kit.rs");
    let begin = own.find("#[tokio::test(start_paused = true)]\nasync fn an_update_is_waited_for").expect("it is above");
    let length = own[begin..].find("\n}\n").expect("it ends") + 3;
    let readme = std::fs::read_to_string(root().join("README.md")).expect("there is a README");
    assert!(
        readme.contains(&own[begin..begin + length]),
        "the README shows another test:\n{}",
        &own[begin..begin + length]
    );
}

#[tokio::test(start_paused = true)]
async fn received_requests_are_available_with_names_and_types() {
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_start();
    script.respond(started());
    let update = server.client();
    let call = update.project().auth_sessions().update().start("my project", "a/b", body().create_attempts(7));
    call.header("x-trace", "7").await.unwrap();

    let requests = script.requests();
    let [request] = requests.as_slice() else { panic!("one request was made, not {}", requests.len()) };
    assert_eq!(request.operation_id(), Some("UpdateAuthSessionStart"));
    assert_eq!(request.method(), "POST");
    assert_eq!(request.path_value("projectName"), Some("my project"));
    assert_eq!(request.path_value("authSessionId"), Some("a/b"));
    assert_eq!(request.path_value("workspaceId"), Some("123e4567-e89b-12d3-a456-426614174000"));
    assert_eq!(request.path_value("elsewhere"), None);
    assert!(request.path().ends_with("/projects/my%20project/auth-sessions/a%2Fb/update"), "{}", request.path());
    assert_eq!(request.query(), []);
    assert_eq!(request.header("X-Trace"), Some("7"));
    assert_eq!(request.header("x-api-key"), Some("placeholder"));
    assert_eq!(request.json().unwrap()["createAttempts"], 7);
    assert_eq!(script.bodies().unwrap()[0].create_attempts, 7);
    assert_eq!(server.requests().len(), 1);
    script.assert_received(1);
    server.project_auth_sessions_update_result().assert_received(0);
}

#[tokio::test(start_paused = true)]
async fn debug_output_contains_no_secret() {
    let server = MockServer::new();
    server.project_auth_sessions_update_start().respond(started());
    let client = server.builder().api_key("key-nobody-may-see").build().unwrap();
    client.project().auth_sessions().update().start("p", "s", body()).header("x-trace", "trace-value").await.unwrap();
    let shown = format!("{server:?} {:?} {:?}", server.requests(), server.project_auth_sessions_update_start());
    for secret in ["key-nobody-may-see", "hunter2", "trace-value"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("x-api-key"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn an_unscripted_call_fails_at_once_and_is_reported() {
    let server = MockServer::new();
    let error = result(&server.client()).await.unwrap_err();
    assert_eq!((error.status().map(u16::from), error.attempts()), (Some(400), 1));
    assert!(error.server_message().unwrap().contains("`updateAuthSessionResult`"), "{error}");
    let problems = server.problems();
    assert_eq!(problems, ["`updateAuthSessionResult` was called, but has no scripted response left"]);
    let asserted = std::panic::catch_unwind(|| server.assert_done());
    let message = asserted.unwrap_err().downcast::<String>().expect("a message");
    assert!(message.contains("no scripted response left"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn unused_responses_are_reported() {
    let server = MockServer::new();
    server.project_auth_sessions_update_result().respond(UpdateAuthSessionResultPending::new()).status(500);
    result(&server.client()).await.unwrap();
    assert_eq!(
        server.problems(),
        ["`updateAuthSessionResult` was called less often than scripted: unused responses: 1"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_repeated_response_is_never_used_up() {
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_result();
    script.respond(UpdateAuthSessionResultPending::new()).respond(UpdateAuthSessionResultInProgress::new("r")).repeat();
    let client = server.client();
    for expected in ["pending", "in_progress", "in_progress", "in_progress"] {
        assert_eq!(result(&client).await.unwrap(), expected);
    }
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn retry_after_and_delays_use_only_the_paused_clock() {
    let (begun, virtually) = (Instant::now(), tokio::time::Instant::now());
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_result();
    script.status(503).retry_after(Duration::from_millis(29_500));
    script.respond(UpdateAuthSessionResultPending::new()).delay(Duration::from_secs(5));
    result(&server.client()).await.unwrap();
    assert_eq!(virtually.elapsed().as_secs(), 35);
    assert_eq!(script.requests()[1].elapsed().as_secs(), 30);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_may_have_sent_the_request_but_a_refused_one_did_not() {
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_start();
    script.disconnect();
    let client = server.client();
    let update = client.project().auth_sessions().update();
    let error = update.start("p", "s", body()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connection) && error.maybe_sent(), "{error}");
    script.assert_received(1);
    script.refuse().respond(started());
    update.start("p", "s", body()).await.unwrap();
    script.assert_received(3);
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_uses_up_the_attempt_timeout() {
    let virtually = tokio::time::Instant::now();
    let server = MockServer::new();
    server.project_auth_sessions_update_start().hang();
    let client = server.client();
    let error = client.project().auth_sessions().update().start("p", "s", body()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(virtually.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn responses_can_be_outside_of_the_types() {
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_result();
    script.json(json!({"status": "paused", "until": "noon"}));
    script.error(404, &json!({"message": "no such operation"})).header("x-request-id", "r-1");
    script.status(200).body("text/html", "<h1>Hello</h1>");
    let client = server.client();
    assert_eq!(result(&client).await.unwrap(), "paused");
    let error = result(&client).await.unwrap_err();
    assert_eq!((error.status().map(u16::from), error.server_message()), (Some(404), Some("no such operation")));
    let error = result(&client).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedResponse), "{error}");
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_has_a_typed_reason() {
    let server = MockServer::new();
    server.project_auth_sessions_update_start().respond(started());
    let reason = UpdateAuthSessionError::new("wrong password", UpdateAuthSessionErrorCategory::Auth);
    server.project_auth_sessions_update_result().respond(UpdateAuthSessionResultFailed::new("it failed", reason));
    let client = server.client();
    let error = client.project().auth_sessions().update().start("p", "s", body()).wait().await.unwrap_err();
    assert!(error.is_failed(), "{error}");
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn invalid_scripts_are_reported_instead_of_sent() {
    let server = MockServer::new();
    let script = server.project_auth_sessions_update_result();
    script.status(99).header("not a name", "x").body("text/\n", "");
    let problems = server.problems();
    assert!(problems[0].contains("99 is not a valid status"), "{problems:?}");
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[tokio::test(start_paused = true)]
async fn a_client_with_a_different_base_path_uses_the_same_scripts() {
    let server = MockServer::new();
    server.project_auth_sessions_update_result().respond(UpdateAuthSessionResultPending::new());
    let client = server.builder().server_url("https://elsewhere.example/api/v1/workspace").build().unwrap();
    assert_eq!(result(&client).await.unwrap(), "pending");
    server.assert_done();
}

#[tokio::test(start_paused = true)]
async fn delays_are_deterministic() {
    let mut times = Vec::new();
    for _ in 0..2 {
        let server = MockServer::new();
        let script = server.project_auth_sessions_update_result();
        script.status(503).status(503).respond(UpdateAuthSessionResultPending::new());
        result(&server.client()).await.unwrap();
        times.push(
            script.requests().iter().map(intuned_client::test_util::ReceivedRequest::elapsed).collect::<Vec<_>>(),
        );
    }
    assert_eq!(times[0], times[1]);
}
