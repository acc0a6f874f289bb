//! How waiting for a job ends: with the value, a failed job, failing polls, or the limit.

use std::error::Error as _;
use std::sync::Mutex;
use std::time::Duration;

use sdk_runtime::{Core, Credential, ErrorKind, FailureKind, JobError, JobFailure, Method, Progress, StopReason};

use crate::long_running::{
    Failure, TestJob, done, exact, job, retry_after, script, script_of_start, start_job, started, state, status,
    unreachable,
};
use crate::operations::{KEY, standin_config};
use crate::standin::{Standin, Turn};

pub(crate) async fn wait(turns: Vec<Turn>) -> Result<String, Failure> {
    let (_, core) = script(turns);
    job().wait(&core).options(exact().timeout(Duration::from_secs(300))).await
}

/// Like [`wait`], but starts the job first.
pub(crate) async fn start_and_wait(turns: Vec<Turn>) -> Result<String, Failure> {
    let (_, core) = script_of_start(turns);
    start_job(&core).wait().options(exact().timeout(Duration::from_secs(300))).await
}

#[tokio::test(start_paused = true)]
async fn an_id_that_would_change_the_path_is_rejected_before_sending() {
    for id in ["", ".", ".."] {
        let (standin, core) = script(vec![done()]);
        let error = TestJob::new("here", id).wait(&core).await.expect_err("it is rejected");
        assert_eq!(error.error().map(sdk_runtime::Error::kind), Some(ErrorKind::InvalidArgument));
        assert_eq!(standin.sent(), 0);
    }
}

async fn start(turn: Turn) -> (Failure, usize) {
    let (standin, core) = script(vec![turn]);
    let error = start_job(&core).wait().await.expect_err("the start fails");
    assert!(error.job().is_none() && error.state().is_none());
    (error, standin.sent())
}

#[tokio::test(start_paused = true)]
async fn a_failed_start_reports_whether_the_job_may_be_running() {
    let hanging = Turn { delay: Duration::from_hours(1), ..Turn::default() };
    for turn in [status(500), status(504), Turn::failure(FailureKind::Broken), hanging, started_without_end()] {
        let (error, sent) = start(turn).await;
        let JobFailure::Start(cause) = error.failure() else { unreachable!("{error:?}") };
        assert!(cause.maybe_sent());
        assert_eq!(sent, 1, "it is not started twice");
        let line = error.to_string();
        assert!(line.starts_with("the start of the job failed, but the job may be running: beginJob: "), "{line}");
    }
    for turn in [status(401), status(422), unreachable()] {
        let (error, _) = start(turn).await;
        assert!(!error.error().expect("a cause").maybe_sent());
        assert!(error.to_string().starts_with("the job was not started: beginJob: "), "{error}");
    }
}

fn started_without_end() -> Turn {
    Turn { broken: true, ..Turn::status(201).body("{\"job\":") }
}

#[tokio::test(start_paused = true)]
async fn a_response_without_the_id_is_an_error() {
    for body in ["{}", "{\"job\":{}}", "{\"job\":{\"id\":null}}", "{\"job\":{\"id\":\"\"}}", "{\"job\":{\"id\":{}}}"] {
        let (error, _) = start(Turn::status(201).body(body)).await;
        let JobFailure::Start(cause) = error.failure() else { unreachable!("{error:?}") };
        assert_eq!((cause.kind(), cause.status().map(u16::from)), (ErrorKind::UnexpectedResponse, Some(201)));
        assert!(cause.maybe_sent() && !cause.is_retryable(), "the work was started");
        assert_eq!((cause.attempts(), cause.stop_reason()), (1, Some(StopReason::Permanent)));
        assert_eq!(cause.text().as_deref(), Some(body), "the body is available");
        assert_eq!(
            cause.to_string(),
            "beginJob: 201 Created: the response lacks the id to poll the job with (1 attempt in 0.0 s)"
        );
    }
    let (_, core) = script(vec![Turn::status(201).body("{\"job\":{\"id\":42}}")]);
    assert_eq!(start_job(&core).job().await.expect("a number is an id"), TestJob::new("here", "42"));
}

#[tokio::test(start_paused = true)]
async fn a_response_without_the_id_is_reported_to_hooks() {
    #[derive(Clone, Default)]
    struct Reported(std::sync::Arc<Mutex<Vec<String>>>);
    impl sdk_runtime::Hooks for Reported {
        fn on_error(&self, attempt: &sdk_runtime::Attempt<'_>, error: &sdk_runtime::Error, retry_in: Option<Duration>) {
            assert!(retry_in.is_none());
            self.0.lock().expect("no thread panicked").push(format!("{} {:?}", attempt.operation_id, error.kind()));
        }
    }
    let reported = Reported::default();
    let mut config = standin_config(&Standin::always(Turn::status(201).body("{}")));
    config.hooks(reported.clone());
    let core = config.build().expect("the settings are valid");
    start_job(&core).job().await.expect_err("the id is missing");
    assert_eq!(*reported.0.lock().expect("no thread panicked"), ["beginJob UnexpectedResponse"]);
}

#[tokio::test(start_paused = true)]
async fn failed_and_canceled_jobs_are_errors_with_state_and_message() {
    for name in ["failed", "canceled"] {
        let body = format!("{{\"status\":\"{name}\",\"message\":\"the page\\nwas gone\",\"code\":7}}");
        let (standin, core) = script_of_start(vec![state("pending"), Turn::status(200).body(body.clone()), done()]);
        let error = start_job(&core).wait().await.expect_err("it has failed");
        assert!(error.is_failed() && !error.is_timeout() && standin.sent() == 3);
        let state = error.state().expect("its state");
        assert_eq!((state.status.as_str(), state.more["code"].as_i64()), (name, Some(7)));
        assert_eq!(state.more["message"], "the page\nwas gone", "as the service has sent it");
        assert_eq!(error.server_message(), Some("the page was gone"));
        assert_eq!(error.unmasked_server_message().as_deref(), Some("the page was gone"));
        assert_eq!(error.to_string(), format!("the job ended as \"{name}\": the page was gone"));
        assert!(error.error().is_none() && error.source().is_none());
        let (operation, failure) = error.into_parts();
        assert_eq!(operation, Some(job()));
        assert!(matches!(failure, JobFailure::Failed(state) if state.status == name));
        let (_, core) = script(vec![Turn::status(200).body(body)]);
        let polled = job().poll(&core).await.expect("the poll is answered");
        assert!(matches!(polled, Progress::Failed(state) if state.status == name));
    }
    let error = wait(vec![state("failed")]).await.expect_err("it has failed");
    assert_eq!(error.to_string(), "the job ended as \"failed\"", "without a message");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_state_is_polled_until_the_limit_and_named_in_the_error() {
    let (standin, core) = script_of_start(vec![state("pending"), state("archi\u{202e}ved\\n")]);
    let handle = start_job(&core).job().await.expect("it starts");
    let error = handle.wait(&core).options(exact().timeout(Duration::from_mins(1))).await.expect_err("it is over");
    assert!(error.is_timeout());
    assert_eq!(standin.sent(), 11);
    assert_eq!(error.state().map(|state| state.status.as_str()), Some("archi\u{202e}ved\n"));
    assert_eq!(
        error.to_string(),
        "the job did not end in time (10 polls, last seen as \"archi ved \"); it may still be running"
    );
    assert_eq!(error.job(), Some(&handle), "the wait can be resumed");
    let error = start_and_wait(vec![state("pending")]).await.expect_err("it is over");
    assert!(error.to_string().contains("last seen as \"pending\""), "{error}");
}

#[tokio::test(start_paused = true)]
async fn one_poll_is_in_the_singular() {
    let (_, core) = script_of_start(vec![state("pending")]);
    let error = start_job(&core).wait().timeout(Duration::from_millis(1)).await.expect_err("it is over");
    let line = "the job did not end in time (1 poll, last seen as \"pending\"); it may still be running";
    assert_eq!(error.to_string(), line);
}

#[tokio::test(start_paused = true)]
async fn a_state_that_matches_both_ends_counts_as_success() {
    let both = Turn::status(200).body("{\"status\":\"both\",\"value\":\"it\"}");
    assert_eq!(wait(vec![both]).await.expect("it is done"), "it");
}

#[tokio::test(start_paused = true)]
async fn a_final_state_without_a_value_does_not_end_the_wait() {
    let error = wait(vec![state("done")]).await.expect_err("it never comes");
    assert!(error.is_timeout());
    assert_eq!(error.state().map(|state| state.status.as_str()), Some("done"));
    assert!(error.to_string().contains("last seen as \"done\""), "{error}");
}

#[tokio::test(start_paused = true)]
async fn every_state_is_reported_in_order_by_callback_and_stream() {
    let turns =
        vec![state("pending"), state("pending"), status(503), state("what"), unreachable(), state("in_progress")];
    for last in [done(), state("failed"), status(404)] {
        let turns = [turns.clone(), vec![last]].concat();
        let (_, core) = script(turns.clone());
        let mut reported = Vec::new();
        let waited = job().wait(&core).on_state(|state| reported.push(state.status.clone())).await;
        assert_eq!(reported, ["pending", "pending", "what", "in_progress"]);
        let (_, core) = script([vec![started()], turns.clone()].concat());
        let mut reported_by_start_and_wait = Vec::new();
        let _same =
            start_job(&core).wait().on_state(|state| reported_by_start_and_wait.push(state.status.clone())).await;
        assert_eq!(reported_by_start_and_wait, reported);
        let (standin, core) = script(turns.clone());
        let handle = job();
        let mut states = handle.states(&core, exact());
        let mut streamed = Vec::new();
        let end = loop {
            match states.next().await.expect("a final state") {
                Ok(Progress::Running(state)) => streamed.push(state.status),
                end => break end,
            }
        };
        assert_eq!(streamed, reported);
        assert_eq!(end.is_ok(), waited.is_ok());
        match (end, waited) {
            (Ok(Progress::Done(value)), Ok(same)) => assert_eq!(value, same),
            (Err(error), Err(same)) => assert_eq!(error.to_string(), same.to_string()),
            (end, _) => unreachable!("{end:?}"),
        }
        let sent = standin.sent();
        for _ in 0..3 {
            assert!(states.next().await.is_none());
        }
        assert_eq!(standin.sent(), sent, "nothing is polled after the end");
    }
}

#[tokio::test(start_paused = true)]
async fn the_start_is_reported_before_the_first_poll() {
    let (standin, core) = script(vec![started(), state("pending"), done()]);
    let order = Mutex::new(Vec::new());
    let value = start_job(&core)
        .wait()
        .on_start(|handle| order.lock().expect("no thread panicked").push(format!("{handle:?} {}", standin.sent())))
        .on_state(|state| order.lock().expect("no thread panicked").push(state.status.clone()))
        .timeout(Duration::from_mins(1))
        .await
        .expect("it is done");
    assert_eq!(value, "it");
    let start = "TestJob { place: \"here\", id: \"one\" } 1";
    assert_eq!(*order.lock().expect("no thread panicked"), [start, "pending"]);
}

/// A client with a fixed credential, and one with a provider.
fn clients(standin: &Standin) -> [Core; 2] {
    let stated = standin_config(standin).build();
    let mut config = standin_config(standin);
    config.credential("apiKey", Credential::provider(|| async { Ok::<_, sdk_runtime::BoxError>(KEY.to_owned()) }));
    [stated, config.build()].map(|core| core.expect("the settings are valid"))
}

#[tokio::test(start_paused = true)]
async fn an_echoed_credential_is_masked_in_the_message() {
    let after_start = |turn: Turn| {
        Standin::new(move |_, request| if request.method() == Method::POST { started() } else { turn.clone() })
    };
    let echo = Turn::status(200).body(format!("{{\"status\":\"failed\",\"message\":\"{KEY} is no key\"}}"));
    for core in clients(&after_start(echo)) {
        let error = start_job(&core).wait().await.expect_err("it has failed");
        assert_eq!(error.to_string(), "the job ended as \"failed\": [redacted] is no key");
        assert!(!error.server_message().expect("a message").contains(KEY));
        assert_eq!(error.state().expect("the state").more["message"], format!("{KEY} is no key"));
    }
    for core in clients(&after_start(state(KEY))) {
        let error = start_job(&core).wait().timeout(Duration::from_secs(1)).await.expect_err("it is over");
        assert!(error.to_string().contains("last seen as \"[redacted]\""), "{error}");
    }
    for core in clients(&after_start(Turn::status(401).body(format!("{{\"message\":\"{KEY}\"}}")))) {
        let error = start_job(&core).wait().await.expect_err("401");
        assert_eq!(error.server_message(), Some("[redacted]"));
        assert!(!format!("{error} {error:?} {error:#?}").contains(KEY), "{error:?}");
    }
    for core in clients(&Standin::always(Turn::status(201).body(format!("{{\"message\":\"{KEY}\"}}")))) {
        let error = start_job(&core).wait().await.expect_err("the id is missing");
        assert!(!format!("{error} {error:?} {error:#?}").contains(KEY), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_message_is_one_line() {
    let long = "x\\n".repeat(20_000);
    for text in [long.as_str(), "a\\u2028b\\u0000c\\td\\r\\ne"] {
        let body = format!("{{\"status\":\"failed\",\"message\":\"{text}\"}}");
        let error = start_and_wait(vec![Turn::status(200).body(body)]).await.expect_err("it has failed");
        let line = error.to_string();
        assert!(error.server_message().is_some());
        assert!(line.lines().count() == 1 && line.len() < 1000 && !line.contains(char::is_control), "{line:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn errors_have_their_cause_as_source() {
    let (_, core) = script(vec![unreachable()]);
    let error = job().wait(&core).options(exact().tolerated_errors(0)).await.expect_err("nothing listens");
    assert!(error.error().expect("the error of the call").is_connect());
    assert_eq!(error.source().expect("the error of the connection").to_string(), "injected failure");
    assert!(error.to_string().starts_with("polling the job failed: askJob: no connection"), "{error}");
    let (_, core) = script(vec![retry_after(status(429), "9")]);
    let error = job().wait(&core).timeout(Duration::from_secs(5)).await.expect_err("it is over");
    assert_eq!(error.error().and_then(sdk_runtime::Error::retry_after), Some(Duration::from_secs(9)));
    assert!(error.source().is_some() && error.state().is_none());
}

/// Returns the messages of an error and its causes, as tools print them.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    std::iter::successors(Some(error), |error| (*error).source()).map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_errors_names_each_cause_once() {
    let cases: [(Vec<Turn>, &str); 5] = [
        (vec![unreachable()], "injected failure"),
        (vec![started(), unreachable()], "injected failure"),
        (vec![started(), status(401)], "so it is"),
        (vec![started(), Turn::status(200).body(r#"{"status":"failed","message":"bad password"}"#)], "bad password"),
        (vec![started(), state("pending")], "the job did not end in time"),
    ];
    for (turns, cause) in cases {
        let (_, core) = script(turns);
        let wait = start_job(&core).retry_config(sdk_runtime::RetryConfig::none()).wait();
        let error = wait.options(exact().tolerated_errors(0).timeout(Duration::from_mins(1))).await.expect_err(cause);
        let count = |chain: &[String]| chain.iter().map(|message| message.matches(cause).count()).sum::<usize>();
        let own = chain(&error);
        assert_eq!(count(&own), 1, "{own:#?}");
        let converted = chain(&sdk_runtime::Error::from(error));
        assert_eq!(count(&converted), 1, "{converted:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_converted_error_returns_the_handle() {
    let error: sdk_runtime::Error = start_and_wait(vec![state("failed")]).await.expect_err("it has failed").into();
    let original = error.job_error::<TestJob>().expect("the error of the wait");
    assert_eq!(original.job(), Some(&TestJob::new("here", "one")));
    assert!(original.is_failed() && error.to_string().ends_with("the job ended as \"failed\""), "{error}");
    let (_, core) = script(vec![status(401)]);
    let error = start_job(&core).wait().await.expect_err("it is not started");
    assert!(sdk_runtime::Error::from(error).job_error::<TestJob>().is_none());
}

#[test]
fn errors_are_small_send_and_sync() {
    fn check<E: std::error::Error + Send + Sync + 'static>() -> usize {
        size_of::<E>()
    }
    assert_eq!(check::<JobError<TestJob>>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), JobError<TestJob>>>(), size_of::<usize>());
}
