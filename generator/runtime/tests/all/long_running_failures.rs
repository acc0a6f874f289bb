//! Polls that fail: which failures a wait tolerates, how many of them, and for how long.

use std::error::Error as _;
use std::time::Duration;

use sdk_runtime::{BodyFailure, ErrorKind, FailureKind, JobFailure, WaitOptions};
use tokio::time::Instant;

use crate::long_running::{
    done, exact, job, retry_after, script, script_of_start, start_job, started, state, status, unreachable,
};
use crate::long_running_ends::{start_and_wait, wait};
use crate::operations::{client, standin_config};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, response};

fn cut_off() -> Turn {
    Turn { broken: true, ..Turn::status(200).body("{\"sta") }
}

#[tokio::test(start_paused = true)]
async fn consecutive_transient_errors_are_tolerated_up_to_the_limit() {
    let hanging = Turn { delay: Duration::from_hours(1), ..Turn::default() };
    let broken = Turn::failure(FailureKind::Broken);
    let kinds = [status(408), status(429), status(500), status(502), status(503), status(504), unreachable(), broken];
    for turn in kinds.into_iter().chain([cut_off(), hanging]) {
        let mut turns = vec![turn.clone(); 5];
        turns.push(done());
        let options = exact().tolerated_errors(5);
        let (_, core) = script(turns);
        assert_eq!(job().wait(&core).options(options).await.expect("five are tolerated"), "it");
        let mut turns = vec![turn.clone(); 6];
        turns.push(done());
        let (_, core) = script(turns);
        let error = job().wait(&core).options(options).await.expect_err("six are not");
        assert!(matches!(error.failure(), JobFailure::Poll(error) if error.is_retryable()), "{error:?}");
        assert_eq!(error.job(), Some(&job()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_number_of_tolerated_errors_can_be_set() {
    let (standin, core) = script(vec![status(503), done()]);
    let error = job().wait(&core).options(exact().tolerated_errors(0)).await.expect_err("none is tolerated");
    assert_eq!((error.error().and_then(sdk_runtime::Error::status).map(u16::from), standin.sent()), (Some(503), 1));
    let (standin, core) = script(vec![status(503)]);
    let options = exact().tolerated_errors(u32::MAX).timeout(Duration::from_mins(1));
    let error = job().wait(&core).options(options).await.expect_err("it is over");
    assert!(error.is_timeout() && error.state().is_none() && standin.sent() > 6);
    assert_eq!(
        error.error().and_then(sdk_runtime::Error::status).map(u16::from),
        Some(503),
        "the last failure is known"
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_resets_the_count_of_errors() {
    let mut turns = Vec::new();
    for _ in 0..4 {
        turns.extend(vec![status(503); 5]);
        turns.push(state("pending"));
    }
    turns.push(done());
    let (_, core) = script(turns);
    let waited = job().wait(&core).options(exact().tolerated_errors(5)).await;
    assert_eq!(waited.expect("never more than five in a row"), "it");
    // An error that was followed by an answer is not the last error.
    let error = start_and_wait(vec![status(503), state("pending")]).await.expect_err("it is over");
    assert!(error.is_timeout() && !error.is_failed() && error.error().is_none() && error.source().is_none());
    let shown = format!("{error:?}");
    assert!(shown.starts_with("JobError { job: Some(TestJob { place: "), "{shown}");
    assert!(shown.contains("failure: TimedOut { last_error: None, polls: "), "{shown}");
    assert!(shown.contains("status: Some(\"pending\"), message: None }"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn permanent_errors_end_the_wait_at_once() {
    for code in [400, 401, 403, 404, 409, 410, 422, 304] {
        let (standin, core) = script_of_start(vec![state("pending"), status(code), done()]);
        let handle = start_job(&core).job().await.expect("it starts");
        handle.poll(&core).await.map(drop).expect("it is pending");
        tokio::time::sleep(Duration::from_secs(10)).await;
        let error = handle.wait(&core).await.expect_err("it ends");
        let JobFailure::Poll(cause) = error.failure() else { unreachable!("{error:?}") };
        assert_eq!((cause.status().map(u16::from), standin.sent()), (Some(code), 3));
        assert!(!cause.is_retryable() && cause.operation_id() == Some("askJob"));
        assert_eq!(error.job(), Some(&job()), "the handle is not lost");
        assert_eq!(error.server_message(), Some("so it is"));
    }
}

#[tokio::test(start_paused = true)]
async fn one_unreadable_response_is_tolerated_and_two_are_not() {
    let html = Turn { content_type: Some("text/html"), ..Turn::status(200).body("<h1>Sorry</h1>") };
    let undescribed = Turn::status(202).body("{}");
    let bodies = ["not json", "{}", "[]", ""].map(|body| (ErrorKind::Decode, Turn::status(200).body(body)));
    let others = [(ErrorKind::UnexpectedResponse, html), (ErrorKind::UnexpectedResponse, undescribed)];
    let more = [
        (ErrorKind::Body(BodyFailure::TooManyValues), Turn::status(200).body(format!("[{}0]", "0,".repeat(2_000_000)))),
        (ErrorKind::Redirect, status(302)),
        (ErrorKind::HeadTooLarge, Turn::failure(FailureKind::HeadTooLarge)),
    ];
    for (kind, turn) in bodies.into_iter().chain(others).chain(more) {
        let turns = vec![turn.clone(), state("pending"), turn.clone(), status(503), done()];
        assert_eq!(wait(turns).await.expect("one at a time is tolerated"), "it");
        let error = wait(vec![turn.clone(), status(503), turn.clone(), done()]).await.expect_err("two are not");
        assert_eq!(error.error().map(sdk_runtime::Error::kind), Some(kind));
        let (standin, core) = script(vec![turn, done()]);
        job().wait(&core).options(exact().tolerated_errors(0)).await.expect_err("none is tolerated");
        assert_eq!(standin.sent(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn every_server_error_is_tolerated() {
    for code in [500, 501, 505, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 599] {
        assert_eq!(wait(vec![status(code), status(code), done()]).await.expect("it may pass"), "it", "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn any_number_of_failures_is_tolerated_for_two_minutes() {
    // The last polls are 10 s apart and refused at once.
    let (standin, core) = script([vec![unreachable(); 15], vec![done()]].concat());
    let now = Instant::now();
    assert_eq!(job().wait(&core).options(exact()).await.expect("it was down for less than two minutes"), "it");
    assert!(standin.sent() == 16 && now.elapsed() > Duration::from_secs(100), "{:?}", now.elapsed());
    for turn in [unreachable(), status(503), status(520)] {
        let (_, core) = script(vec![turn]);
        let now = Instant::now();
        let error = job().wait(&core).options(exact()).await.expect_err("it is down");
        assert!(matches!(error.failure(), JobFailure::Poll(_)), "{error:?}");
        let elapsed = now.elapsed().as_secs();
        assert!((120..=130).contains(&elapsed), "{elapsed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_failures_are_tolerated_for_any_time() {
    let slow = Turn { delay: Duration::from_hours(1), ..Turn::default() };
    let options = exact().interval(Duration::from_mins(1)).max_interval(Duration::from_mins(1));
    let (_, core) = script([vec![slow.clone(); 5], vec![done()]].concat());
    assert_eq!(job().wait(&core).options(options).await.expect("five are tolerated"), "it");
    let (standin, core) = script(vec![slow]);
    job().wait(&core).options(options).await.expect_err("six are not");
    assert_eq!(standin.sent(), 6);
}

#[tokio::test(start_paused = true)]
async fn only_the_configured_limit_applies() {
    let sent = async |options: WaitOptions| {
        let (standin, core) = script(vec![status(503)]);
        let now = Instant::now();
        let error = job().wait(&core).options(options).await.expect_err("it is down");
        assert!(matches!(error.failure(), JobFailure::Poll(_)), "{error:?}");
        (standin.sent(), now.elapsed().as_secs())
    };
    let every_second = exact().factor(1.0);
    let time = Duration::from_secs(30);
    assert_eq!(sent(every_second.tolerated_errors(2)).await, (3, 2));
    assert_eq!(sent(every_second.tolerated_error_time(time)).await, (31, 30));
    assert_eq!(sent(every_second.tolerated_error_time(time).tolerated_errors(2)).await, (31, 30));
    assert_eq!(sent(every_second.tolerated_error_time(time).tolerated_errors(40)).await, (41, 40));
    assert_eq!(sent(every_second.tolerated_error_time(Duration::ZERO)).await, (1, 0));
}

#[tokio::test(start_paused = true)]
async fn not_found_right_after_the_start_is_tolerated() {
    let (standin, core) = script_of_start(vec![status(404), status(404), done()]);
    assert_eq!(start_job(&core).wait().options(exact()).await.expect("it is found in the end"), "it");
    assert_eq!(standin.sent(), 4);
    // A clone knows the start, another process does not.
    let (_, core) = script_of_start(vec![status(404), done()]);
    let handle = start_job(&core).job().await.expect("it starts");
    assert_eq!(handle.clone().wait(&core).await.expect("it is found"), "it");
    let (_, core) = script_of_start(vec![status(404), done()]);
    let handle = start_job(&core).job().await.expect("it starts");
    let error = handle.elsewhere().wait(&core).await.expect_err("it is not known when it was started");
    assert_eq!(error.error().and_then(sdk_runtime::Error::status).map(u16::from), Some(404));
    // The first poll may be late: the start or the options ask for a pause.
    let (_, core) = script(vec![retry_after(started(), "15"), status(404), done()]);
    assert_eq!(start_job(&core).wait().await.expect("it is found in the end"), "it");
    let (_, core) = script_of_start(vec![status(404), status(404), done()]);
    let options = exact().first_delay(Duration::from_secs(30));
    assert_eq!(start_job(&core).wait().options(options).await.expect("it is found in the end"), "it");
    // Or its answer is late.
    let slow = Turn { delay: Duration::from_secs(12), ..status(404) };
    let (_, core) = script_of_start(vec![slow, done()]);
    assert_eq!(start_job(&core).wait().await.expect("it is found in the end"), "it");
    // After ten seconds of polls, 404 is a final answer.
    let (_, core) = script_of_start(vec![status(404)]);
    let now = Instant::now();
    let error = start_job(&core).wait().options(exact().factor(1.0)).await.expect_err("it is not found");
    assert_eq!(error.error().and_then(sdk_runtime::Error::status).map(u16::from), Some(404));
    assert_eq!(now.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn one_body_that_is_too_large_is_tolerated_and_two_are_not() {
    let large = Turn::status(200).body("x".repeat(3000));
    for (turns, sent) in [(vec![large.clone(), done()], None), (vec![large.clone(), status(503), large], Some(3))] {
        let standin = Standin::new(move |number, _| turns[number.min(turns.len() - 1)].clone());
        let mut config = standin_config(&standin);
        config.max_response_bytes(2000);
        let waited = job().wait(&config.build().expect("the settings are valid")).await;
        let kind = waited.err().and_then(|error| error.error().map(sdk_runtime::Error::kind));
        assert_eq!(kind, sent.map(|_| ErrorKind::Body(BodyFailure::TooLarge)));
        assert_eq!(standin.sent(), sent.unwrap_or(2));
    }
}

#[tokio::test]
async fn one_body_with_an_unsupported_encoding_is_tolerated() {
    let server = Server::start(|number| {
        let encoding = [JSON, ("content-encoding", "br")];
        let headers = if number == 0 { &encoding[..] } else { &encoding[..1] };
        Act::Send(response("200 OK", headers, br#"{"status":"done","value":"it"}"#))
    });
    let core = client(&api(&server.await));
    let options = exact().interval(Duration::from_millis(10));
    assert_eq!(job().wait(&core).options(options).await.expect("one is tolerated"), "it");
}
