//! Guarantee 7 for jobs: parts of the start that a service echoes in polls are masked, or not shown at all.

use std::error::Error as _;
use std::fmt::Write as _;

use sdk_runtime::{Core, Credential, Error, JobError, JobFailure, Method, Progress};
use serde_json::json;

use crate::long_running::{Begin, Failure, TestJob, exact, start_job_with, started};
use crate::operations::standin_config;
use crate::standin::{Standin, Turn};

/// Every planted secret contains it.
const CORE: &str = "MARK";

/// Harmless text in the same message.
const SAID: &str = "login refused";

/// A message that echoes everything that was sent at the start.
fn echo() -> String {
    format!(
        "{SAID}: {CORE}-user with {CORE}-password by http://{CORE}-u:{CORE}-p@proxy, {CORE}-u, {CORE}-p, \
         {CORE}-header, {CORE}-key"
    )
}

fn start(core: &Core) -> sdk_runtime::Call<'_, Begin<'_>> {
    let body = json!({
        "parameters": {"user": format!("{CORE}-user"), "deep": [{"password": format!("{CORE}-password")}]},
        "proxy": format!("http://{CORE}-u:{CORE}-p@proxy"),
    });
    start_job_with(core, body).header("x-mine", format!("{CORE}-header"))
}

/// A client of a service that accepts every start and answers every poll with this response.
fn client(poll: Turn, provided: bool) -> Core {
    let standin =
        Standin::new(move |_, request| if request.method() == Method::POST { started() } else { poll.clone() });
    let mut config = standin_config(&standin);
    let key = || format!("{CORE}-key");
    config.credential(
        "apiKey",
        if provided {
            Credential::provider(move || async move { Ok::<_, sdk_runtime::BoxError>(key()) })
        } else {
            key().into()
        },
    );
    config.build().expect("the settings are valid")
}

fn body(body: &serde_json::Value, code: u16) -> Turn {
    Turn::status(code).body(body.to_string())
}

/// The ways in which a poll may echo, and whether each ends a wait.
fn polls() -> Vec<(&'static str, Turn)> {
    vec![
        ("failed", body(&json!({"status": "failed", "message": echo()}), 200)),
        ("canceled", body(&json!({"status": "canceled", "error": {"message": echo()}}), 200)),
        ("unknown status", body(&json!({"status": echo()}), 200)),
        ("pending", body(&json!({"status": "pending", "message": echo()}), 200)),
        ("400", body(&json!({"message": echo()}), 400)),
        ("401", body(&json!({"error": {"message": echo()}}), 401)),
        ("500", body(&json!({"message": echo()}), 500)),
        ("429", body(&json!({"message": echo()}), 429)),
        ("decode", body(&json!({"status": {"x": echo()}}), 200)),
        ("decode the whole body", body(&json!(echo()), 200)),
        ("plain", Turn { content_type: Some("text/plain"), ..Turn::status(400).body(echo()) }),
        ("cut off", Turn { broken: true, ..body(&json!({"status": echo()}), 200) }),
    ]
}

fn printed_error(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}\n", error.api(), error.server_message());
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = writeln!(text, "{cause}\n{cause:?}");
        source = cause.source();
    }
    text
}

/// Everything that a user can print of an error, except accessors that return what the service sent.
fn printed(error: &Failure) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{:?}\n{:?}\n", error.failure(), error.server_message());
    if let Some(cause) = error.error() {
        text.push_str(&printed_error(cause));
    }
    text
}

fn check(name: &str, text: &str) {
    assert!(!text.contains(CORE), "{name} shows a secret:\n{text}");
}

/// The error of a wait that tolerates no failures.
async fn wait(handle: &TestJob, core: &Core) -> Failure {
    let options = exact().tolerated_errors(0).timeout(std::time::Duration::from_secs(5));
    handle.wait(core).options(options).await.expect_err("it does not end well")
}

#[tokio::test(start_paused = true)]
async fn echoes_of_the_start_are_masked_if_the_start_is_known() {
    for (name, turn) in polls() {
        for provided in [false, true] {
            let core = client(turn.clone(), provided);
            let options = exact().tolerated_errors(0).timeout(std::time::Duration::from_secs(5));
            let at_once = start(&core).wait().options(options).await.expect_err(name);
            let handle = start(&core).job().await.expect("it starts");
            let later = wait(&handle, &core).await;
            // Clones know the start too.
            let clone = handle.clone();
            drop(handle);
            let cloned = wait(&clone, &core).await;
            let polled = clone.poll(&core).await;
            for error in [&at_once, &later, &cloned] {
                check(name, &printed(error));
                assert!(error.is_timeout() || error.to_string() == at_once.to_string(), "{error}");
            }
            match polled {
                Err(error) => check(name, &printed_error(&error)),
                Ok(Progress::Failed(_) | Progress::Running(_)) => {}
                Ok(other) => panic!("{other:?}"),
            }
            if ["failed", "canceled", "400", "401", "500", "429", "plain"].contains(&name) {
                let message = at_once.server_message().expect("a message");
                assert!(message.starts_with("login refused: [redacted] with [redacted] by "), "{message}");
                assert!(at_once.to_string().contains(message), "{at_once}");
                let unmasked = at_once.unmasked_server_message();
                assert_eq!(unmasked, Some(echo()), "as it was sent");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_echo_is_shown_if_the_start_is_not_known() {
    for (name, turn) in polls() {
        let core = client(turn, false);
        let handle = start(&core).job().await.expect("it starts");
        for handle in [handle.elsewhere(), TestJob::new("here", "one")] {
            let error = wait(&handle, &core).await;
            let polled = handle.poll(&core).await;
            let mut text = printed(&error);
            if let Err(error) = &polled {
                text.push_str(&printed_error(error));
            }
            check(name, &text);
            assert!(!text.contains(SAID) && error.server_message().is_none(), "{name}:\n{text}");
            if ["failed", "canceled", "400", "401", "500", "429", "plain"].contains(&name) {
                assert_eq!(error.unmasked_server_message(), Some(echo()), "{name}");
            }
            if let (Err(error), "400" | "401" | "500" | "429") = (polled, name) {
                let api = error.api().expect("a response");
                assert_eq!(
                    (error.unmasked_server_message(), api.unmasked_server_message()),
                    (Some(echo()), Some(echo()))
                );
                assert_eq!((error.server_message(), api.server_message()), (None, None));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_is_described_without_what_was_sent() {
    let line = async |turn: Turn| {
        let core = client(turn, false);
        wait(&TestJob::new("here", "one"), &core).await.to_string()
    };
    let found = |name: &str| polls().into_iter().find(|(other, _)| *other == name).expect("there is one").1;
    assert_eq!(line(found("failed")).await, "the job ended as \"failed\"");
    assert_eq!(line(found("unknown status")).await, "the job did not end in time (4 polls); it may still be running");
    let polling = "polling the job failed: askJob: ";
    assert_eq!(line(found("400")).await, format!("{polling}400 Bad Request (1 attempt in 0.0 s)"));
    let decode = "200 OK: the body does not match the API description (1 attempt in 0.0 s)";
    assert_eq!(line(found("decode")).await, format!("{polling}{decode}"));
    let html = Turn { content_type: Some("text/MARK"), ..Turn::status(200) };
    let unexpected = "200 OK: the API does not describe this response (1 attempt in 0.0 s)";
    assert_eq!(line(html).await, format!("{polling}{unexpected}"));
}

#[tokio::test(start_paused = true)]
async fn a_decoding_path_is_not_printed_if_the_start_is_not_known() {
    let core = client(body(&json!({"status": 7}), 200), false);
    let error = TestJob::new("here", "one").poll(&core).await.map(drop).expect_err("it does not decode");
    assert_eq!(error.json_path(), Some("status"));
    assert!(format!("{error:?}").contains("json_path: None"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn the_credential_of_the_starting_client_is_masked_for_other_clients() {
    let first = client(Turn::status(200), true);
    let handle = start(&first).job().await.expect("it starts");
    let standin = Standin::always(body(&json!({"status": "failed", "message": format!("not {CORE}-key")}), 200));
    let second = standin_config(&standin).build().expect("the settings are valid");
    let error = wait(&handle, &second).await;
    assert_eq!(error.server_message(), Some("not [redacted]"));
}

#[tokio::test(start_paused = true)]
async fn the_message_of_a_failed_job_is_masked_before_it_is_shortened() {
    let secrets = ["MARK-one\nMARK-two", "MARK\u{200b}-zero-width", "MARK-across-the-limit"];
    let head = format!("no {} {} ", secrets[0], secrets[1]);
    let message = format!("{head}{:.<width$}{}", "", secrets[2], width = 290 - head.chars().count());
    let core = client(body(&json!({"status": "failed", "message": message}), 200), false);
    let error = start_job_with(&core, json!(secrets)).wait().await.expect_err("it has failed");
    let shown = error.server_message().expect("a message");
    assert!(shown.starts_with("no [redacted] [redacted] ...") && shown.ends_with("...[redacted]"), "{shown}");
    check("a long message", &printed(&error));
    let unmasked = error.unmasked_server_message().expect("a message");
    assert!(unmasked.starts_with("no MARK-one MARK-two MARK -zero-width ..."), "{unmasked}");
    assert!(unmasked.ends_with("...MARK-acros…"), "{unmasked}");
}

#[tokio::test(start_paused = true)]
async fn a_state_is_accessible_but_not_printed() {
    let state = json!({"status": "failed", "message": "m", "more": "anything at all"});
    let core = client(body(&state, 200), false);
    let error = start(&core).wait().await.expect_err("it has failed");
    assert_eq!(error.state().expect("its state").more["more"], "anything at all");
    let shown = format!("{error:?} {:?}", error.failure());
    assert!(!shown.contains("anything"), "{shown}");
    assert_eq!(format!("{:?}", error.failure()), "Failed(..)");
    let ends = "failure: Failed(..), status: Some(\"failed\"), message: Some(\"m\") }";
    assert!(format!("{error:?}").ends_with(ends), "{error:?}");
    let core = client(body(&json!({"status": "pending", "more": "anything at all"}), 200), false);
    let error: JobError<TestJob> = wait(&start(&core).job().await.expect("it starts"), &core).await;
    assert!(matches!(error.failure(), JobFailure::TimedOut { .. }) && error.state().is_some());
    assert!(!printed(&error).contains("anything"), "{error:?}");
}

/// Runs with a subscriber that collects all events.
#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn traces_of_jobs_have_no_secret() {
    let (collected, _guard) = crate::traces::Collected::install();
    for (name, turn) in polls() {
        let core = client(turn, true);
        let handle = start(&core).job().await.expect("it starts");
        wait(&handle, &core).await;
        wait(&handle.elsewhere(), &core).await;
        start(&core)
            .wait()
            .options(exact().tolerated_errors(0))
            .timeout(std::time::Duration::from_secs(2))
            .await
            .expect_err(name);
    }
    let text = collected.text();
    assert!(text.contains("poll wait") && text.contains("askJob"), "{text}");
    check("traces", &text);
    assert!(!text.contains(SAID), "{text}");
}

/// Hooks receive what the caller gets.
#[tokio::test(start_paused = true)]
async fn hooks_see_no_secret() {
    struct Check;
    impl sdk_runtime::Hooks for Check {
        fn on_error(&self, _: &sdk_runtime::Attempt<'_>, error: &Error, _: Option<std::time::Duration>) {
            check("a hook", &printed_error(error));
        }
    }
    for (_, turn) in polls() {
        let standin =
            Standin::new(move |_, request| if request.method() == Method::POST { started() } else { turn.clone() });
        let mut config = standin_config(&standin);
        config.credential("apiKey", format!("{CORE}-key").into());
        config.hooks(Check);
        let core = config.build().expect("the settings are valid");
        let handle = start(&core).job().await.expect("it starts");
        wait(&handle, &core).await;
        wait(&handle.elsewhere(), &core).await;
    }
}
