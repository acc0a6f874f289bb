//! An update of an auth session from start to end, with the public client against a server on loopback.

use std::hash::BuildHasher as _;
use std::sync::Mutex;
use std::time::Duration;

use intuned_client::funcs::UpdateAuthSessionStartJob as Update;
use intuned_client::jobs::{JobError, JobFailure, Progress, WaitOptions};
use intuned_client::types::{
    UpdateAuthSessionCancelReasonType as CancelReason, UpdateAuthSessionErrorCategory as Category,
    UpdateAuthSessionErrorCode as Code, UpdateAuthSessionResultResponseBody as State,
    UpdateAuthSessionStartRequestBody,
};
use intuned_client::{Error, ErrorKind, IntunedClient};

use test_server::{Request, Response, Server};

const WORKSPACE: &str = "123e4567-e89b-12d3-a456-426614174000";
const KEY: &str = "key-4f8a1c-planted";

async fn service(script: impl IntoIterator<Item = Response>) -> (Server, IntunedClient) {
    let server = Server::replay(script).await;
    let client = IntunedClient::builder().workspace_id(WORKSPACE).api_key(KEY).server_url(server.url());
    (server, client.build().expect("the settings are complete"))
}

fn started() -> Response {
    Response::json(201, r#"{"status":"started","operationId":"op/1 ?"}"#)
}

fn state(status: &str) -> Response {
    Response::json(200, format!(r#"{{"status":"{status}","runId":"run-1","authSessionId":"session-1"}}"#))
}

fn body() -> UpdateAuthSessionStartRequestBody {
    UpdateAuthSessionStartRequestBody::new([("username", "john.doe"), ("password", "newPassword")])
}

fn handle() -> Update {
    Update::new("my-project", "<id>", "op/1 ?")
}

/// Wait options with short delays.
fn quick() -> WaitOptions {
    let millisecond = Duration::from_millis(1);
    WaitOptions::new().interval(millisecond).max_interval(millisecond).timeout(Duration::from_secs(30))
}

fn targets(server: &Server) -> Vec<String> {
    let line = |request: &Request| format!("{} {}", request.method, request.target);
    server.received().iter().map(line).collect()
}

const START: &str = "POST /123e4567-e89b-12d3-a456-426614174000/projects/my-project/auth-sessions/%3Cid%3E/update";
const ASK: &str = "GET /123e4567-e89b-12d3-a456-426614174000/projects/my-project/auth-sessions/%3Cid%3E/update/\
                   op%2F1%20%3F/result";

#[tokio::test]
async fn an_update_is_started_and_awaited_in_one_call() {
    let script =
        [started(), state("pending"), Response::status(503), state("in_progress"), state("checked"), state("done")];
    let (server, client) = service(script).await;
    let told = Mutex::new(Vec::new());
    let tell = |text: &str| told.lock().expect("no thread panicked").push(text.to_owned());
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    let wait = update.wait().options(quick());
    let done = wait.on_start(|handle| tell(handle.operation_id())).on_state(|state| tell(state.tag())).await;
    assert_eq!(done.expect("it is done").auth_session_id, "session-1");
    assert_eq!(*told.lock().expect("no thread panicked"), ["op/1 ?", "pending", "in_progress", "checked"]);
    assert_eq!(targets(&server), [START, ASK, ASK, ASK, ASK, ASK]);
    assert!(server.received().iter().all(|request| request.one("x-api-key") == KEY));
}

#[tokio::test]
async fn a_handle_resumes_a_job_of_another_process() {
    let (server, client) = service([started(), state("pending"), state("in_progress"), state("done")]).await;
    let update = client.project().auth_sessions().update();
    let first = update.start("my-project", "<id>", body()).job().await.expect("it is started");
    assert_eq!(first, handle());
    assert_eq!((first.project_name(), first.auth_session_id(), first.operation_id()), ("my-project", "<id>", "op/1 ?"));
    let text = serde_json::to_string(&first).expect("it can be written");
    assert_eq!(text, r#"{"project_name":"my-project","auth_session_id":"<id>","operation_id":"op/1 ?"}"#);
    assert!(matches!(first.poll(&client).await, Ok(Progress::Running(State::Pending(_)))));
    drop(first);
    let second: Update = serde_json::from_str(&text).expect("it can be read");
    let done = second.wait(&client).options(quick()).await.expect("it is done");
    assert_eq!(done.auth_session_id, "session-1");
    assert_eq!(targets(&server), [START, ASK, ASK, ASK]);
    assert_eq!(second, handle());
    let shown =
        r#"UpdateAuthSessionStartJob { project_name: "my-project", auth_session_id: "<id>", operation_id: "op/1 ?" }"#;
    assert_eq!(format!("{second:?}"), shown);
    let random = std::hash::RandomState::new();
    assert_eq!(random.hash_one(&second), random.hash_one(handle()), "equal handles have the same hash");
}

#[tokio::test]
async fn the_options_of_the_start_apply_to_the_polls_of_its_wait() {
    let (server, client) = service([started(), state("pending"), state("done")]).await;
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    update.header("x-tenant", "7").extra_query("trace", "on").wait().options(quick()).await.expect("it is done");
    assert!(server.received().iter().all(|request| request.one("x-tenant") == "7"));
    assert_eq!(targets(&server)[2], format!("{ASK}?trace=on"));
}

#[tokio::test]
async fn progress_can_be_compared() {
    let (_server, client) = service([state("done"), state("done")]).await;
    let handle = handle();
    let (first, second) = (handle.poll(&client).await.expect("200"), handle.poll(&client).await.expect("200"));
    assert_eq!(first, second);
}

#[tokio::test]
async fn the_states_are_a_stream() {
    let (_server, client) = service([state("pending"), state("in_progress"), state("done")]).await;
    let handle = handle();
    let mut states = handle.states(&client, quick());
    let mut seen = Vec::new();
    while let Some(progress) = states.next().await {
        seen.push(match progress.expect("it goes well") {
            Progress::Running(State::InProgress(state)) => state.run_id,
            Progress::Running(state) => state.tag().to_owned(),
            Progress::Done(done) => done.auth_session_id,
            other => panic!("{other:?}"),
        });
    }
    assert_eq!(seen, ["pending", "run-1", "session-1"]);
    assert!(states.next().await.is_none());
}

#[tokio::test]
async fn a_failed_update_is_an_error_with_the_whole_reason() {
    let reason = r#"{"status":"failed","message":"the update failed\nfor john","error":{"message":"no such user",
        "category":"auth","code":"auth-check-failed","retirable":true,"doc_url":"https://docs.example/1",
        "correlation_id":"c-1","details":{"page":[1,2]}}}"#;
    let (server, client) = service([started(), Response::json(200, reason)]).await;
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    let error = update.wait().options(quick()).await.expect_err("it has failed");
    assert_eq!(error.to_string(), "the job ended as \"failed\": the update failed for john");
    assert!(error.is_failed() && !error.is_timeout() && server.arrivals() == 2);
    assert_eq!(error.job(), Some(&handle()));
    let Some(State::Failed(failed)) = error.state() else { panic!("{error:?}") };
    assert_eq!(failed.message, "the update failed\nfor john");
    let reason = &failed.error;
    assert_eq!((reason.message.as_str(), &reason.category), ("no such user", &Category::Auth));
    assert_eq!((reason.code.as_ref(), reason.retirable), (Some(&Code::AuthCheckFailed), true));
    assert_eq!(reason.doc_url.as_deref(), Some("https://docs.example/1"));
    assert_eq!(reason.correlation_id.as_deref(), Some("c-1"));
    assert_eq!(reason.details, Some(serde_json::json!({"page": [1, 2]})));
}

#[tokio::test]
async fn a_canceled_update_is_an_error_with_the_whole_reason() {
    let reason = r#"{"status":"canceled","message":"called off","reason":{"type":"job-run-paused",
        "message":"it was paused","doc_url":"https://docs.example/2","details":"by hand"}}"#;
    let (_server, client) = service([Response::json(200, reason)]).await;
    let error = handle().wait(&client).await.expect_err("it is canceled");
    // The handle was created from ids, so the client does not know which values of the start the service may echo.
    assert_eq!((error.to_string().as_str(), error.server_message()), ("the job ended as \"canceled\"", None));
    assert_eq!(error.unmasked_server_message().as_deref(), Some("called off"));
    let (operation, JobFailure::Failed(State::Canceled(canceled))) = error.into_parts() else {
        panic!("it is canceled")
    };
    assert_eq!(operation, Some(handle()));
    assert_eq!(
        (canceled.reason.type_, canceled.reason.message.as_str()),
        (CancelReason::JobRunPaused, "it was paused")
    );
    assert_eq!(canceled.reason.doc_url.as_deref(), Some("https://docs.example/2"));
    assert_eq!(canceled.reason.details, Some(serde_json::json!("by hand")));
}

#[tokio::test]
async fn an_unknown_reason_is_kept() {
    let reason =
        r#"{"status":"failed","message":"m","error":{"message":"n","category":"weather","code":"rain","more":1}}"#;
    let (_server, client) = service([Response::json(200, reason)]).await;
    let error = handle().wait(&client).await.expect_err("it has failed");
    let Some(State::Failed(failed)) = error.state() else { panic!("{error:?}") };
    assert_eq!(failed.error.category, Category::Unknown("weather".to_owned()));
    assert_eq!(failed.error.code, Some(Code::Unknown("rain".to_owned())));
    assert!(!failed.error.retirable && failed.error.extra["more"] == 1);
}

#[tokio::test]
async fn an_unknown_status_does_not_wait_forever() {
    let (server, client) = service([started(), state("archived")]).await;
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    let error = update.wait().options(quick().timeout(Duration::from_millis(200))).await.expect_err("no end");
    assert!(error.is_timeout() && server.arrivals() > 2);
    assert!(error.to_string().contains("last seen as \"archived\""), "{error}");
    assert!(matches!(error.state(), Some(State::Unknown(value)) if value["status"] == "archived"), "{error:?}");
    assert_eq!(error.job(), Some(&handle()));
}

#[tokio::test]
async fn a_rejected_poll_ends_the_wait_at_once() {
    for code in [401, 404] {
        let (server, client) = service([Response::json(code, r#"{"message":"no"}"#), state("done")]).await;
        let error = handle().wait(&client).options(quick()).await.expect_err("it is rejected");
        assert_eq!((error.error().and_then(Error::status).map(u16::from), server.arrivals()), (Some(code), 1));
        assert_eq!((error.job(), error.server_message()), (Some(&handle()), None));
        assert_eq!(error.unmasked_server_message().as_deref(), Some("no"));
    }
}

#[tokio::test]
async fn a_start_that_may_have_been_processed_is_not_retried() {
    for (response, maybe_sent) in
        [(Response::status(500), true), (Response::HangUp, true), (Response::status(422), false)]
    {
        let (server, client) = service([response]).await;
        let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
        let error = update.wait().options(quick()).await.expect_err("it does not start");
        let JobFailure::Start(cause) = error.failure() else { panic!("{error:?}") };
        assert_eq!((cause.maybe_sent(), server.arrivals()), (maybe_sent, 1));
        assert!(error.job().is_none());
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_awaited_is_not_started() {
    let (server, client) = service([started()]).await;
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    let error = update.wait().options(quick().factor(0.5)).await.expect_err("it is rejected");
    assert_eq!((error.error().map(Error::kind), server.arrivals()), (Some(ErrorKind::Configuration), 0));
}

#[tokio::test]
async fn an_echoed_credential_is_in_no_message() {
    let reason = format!(r#"{{"status":"failed","message":"{KEY}","error":{{"message":"{KEY}","category":"auth"}}}}"#);
    let (_server, client) = service([started(), Response::json(200, reason)]).await;
    let update = client.project().auth_sessions().update().start("my-project", "<id>", body());
    let error = update.wait().options(quick()).await.expect_err("it has failed");
    assert_eq!(error.to_string(), "the job ended as \"failed\": [redacted]");
    assert!(
        matches!(error.state(), Some(State::Failed(failed)) if failed.message == KEY),
        "as the service has sent it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_and_streams_can_be_spawned() {
    let (_server, client) = service([started(), state("pending"), state("in_progress"), state("done")]).await;
    let spawned = tokio::spawn({
        let client = client.clone();
        async move {
            let update = client.project().auth_sessions().update();
            let handle = update.start("my-project", "<id>", body()).job().await?;
            handle.poll(&client).await?;
            let mut states = handle.states(&client, quick());
            while let Some(item) = states.next().await {
                item.expect("it goes well");
            }
            drop(states);
            Ok::<_, Error>(handle)
        }
    });
    let handle = spawned.await.expect("no panic").expect("no error");
    let spawned = tokio::spawn(async move { handle.wait(&client).options(quick()).await });
    assert_eq!(spawned.await.expect("no panic").expect("no error").auth_session_id, "session-1");
    let (_server, client) = service([started(), state("done")]).await;
    let spawned = tokio::spawn(async move {
        let update = client.project().auth_sessions().update();
        update.start("my-project", "<id>", body()).wait().options(quick()).on_state(|_| ()).await
    });
    assert_eq!(spawned.await.expect("no panic").expect("no error").auth_session_id, "session-1");
}

#[test]
fn errors_are_small() {
    assert_eq!(size_of::<JobError<Update>>(), size_of::<usize>());
}
