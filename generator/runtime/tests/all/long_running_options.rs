//! The options of a start apply to the polls of its wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sdk_runtime::{CallOptions, Core, JobFailure, RetryConfig, StopReason, WaitOptions};
use tokio::time::Instant;

use crate::long_running::{TestJob, done, exact, job, retry_after, start_job, started, state, status};
use crate::operations::standin_client;
use crate::standin::{Standin, Turn};

/// The URLs and headers of the requests that a service has received.
type Heads = Arc<Mutex<Vec<(String, http::HeaderMap)>>>;

/// Sends the responses in order, and repeats the last one.
fn recorded(turns: Vec<Turn>) -> (Heads, Core) {
    let heads = Heads::default();
    let list = heads.clone();
    let standin = Standin::new(move |number, request| {
        let head = (request.url().to_string(), request.headers().clone());
        list.lock().expect("no thread panicked").push(head);
        turns[number.min(turns.len() - 1)].clone()
    });
    (heads, standin_client(&standin))
}

fn polls(heads: &Heads) -> Vec<(String, http::HeaderMap)> {
    heads.lock().expect("no thread panicked")[1..].to_vec()
}

#[tokio::test(start_paused = true)]
async fn polls_have_the_headers_the_query_and_the_server_of_the_start() {
    let (heads, core) = recorded(vec![started(), state("pending"), done()]);
    let shared = CallOptions::new().header("x-shared", "both");
    let call = start_job(&core).options(shared).header("x-tenant", "seven").extra_query("trace", "on");
    let call = call.header("content-type", "application/json").server_url("http://localhost:9/other");
    call.wait().options(exact()).await.expect("it ends");
    let polls = polls(&heads);
    assert_eq!(polls.len(), 2);
    for (url, headers) in polls {
        assert_eq!(url, "http://localhost:9/other/here/jobs/one?trace=on");
        assert_eq!((&headers["x-tenant"], &headers["x-shared"]), (&"seven".parse().unwrap(), &"both".parse().unwrap()));
        assert!(!headers.contains_key("content-type"), "a poll has no body");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handle_has_the_settings_of_the_client() {
    let (heads, core) = recorded(vec![started(), done()]);
    let handle = start_job(&core).header("x-tenant", "seven").job().await.expect("it starts");
    handle.wait(&core).options(exact()).await.expect("it ends");
    assert!(polls(&heads).iter().all(|(_, headers)| !headers.contains_key("x-tenant")));
}

#[tokio::test(start_paused = true)]
async fn the_time_limit_of_an_attempt_applies_to_polls_and_that_of_the_call_does_not() {
    let slow = Turn { delay: Duration::from_secs(3), ..done() };
    let (_, core) = recorded(vec![started(), slow.clone()]);
    let call = start_job(&core).timeout(Duration::from_secs(1));
    call.wait().options(exact()).await.expect("only the start is limited");
    let (heads, core) = recorded(vec![started(), slow]);
    let options = exact().tolerated_errors(0).timeout(Duration::from_secs(60));
    let error = start_job(&core).attempt_timeout(Duration::from_secs(1)).wait().options(options).await;
    let error = error.expect_err("the poll is too slow");
    assert!(error.error().is_some_and(sdk_runtime::Error::is_timeout), "{error}");
    assert_eq!(polls(&heads).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_retry_settings_decide_which_failed_polls_are_transient() {
    let (heads, core) = recorded(vec![started(), status(418), done()]);
    start_job(&core).wait().options(exact()).await.expect_err("418 is permanent");
    assert_eq!(polls(&heads).len(), 1);
    let (heads, core) = recorded(vec![started(), status(418), done()]);
    start_job(&core).retry_codes(["418"]).wait().options(exact()).await.expect("418 is transient");
    assert_eq!(polls(&heads).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_longest_retry_after_applies_to_polls() {
    let turns = || vec![started(), retry_after(state("pending"), "20"), done()];
    let (_, core) = recorded(turns());
    let retry = RetryConfig::new().max_retry_after(Duration::from_secs(10));
    let error = start_job(&core).retry_config(retry).wait().options(exact()).await.expect_err("20 s are too long");
    let JobFailure::Poll(error) = error.failure() else { panic!("{error}") };
    assert_eq!(error.stop_reason(), Some(StopReason::RetryAfterTooLong));
    let before = Instant::now();
    let (_, core) = recorded(turns());
    start_job(&core).wait().options(exact()).await.expect("60 s are waited for");
    assert_eq!(before.elapsed(), Duration::from_secs(20));
}

/// The polls of a start with options may have another outcome than those of the client.
#[tokio::test(start_paused = true)]
async fn polls_with_other_options_are_not_shared() {
    let standin = Standin::new(|_, request| {
        let is_tenant = request.headers().contains_key("x-tenant");
        match (request.method().as_str(), is_tenant) {
            ("POST", _) => started(),
            (_, true) => done(),
            (_, false) => state("pending"),
        }
    });
    let core = standin_client(&standin);
    let mut handle: Option<TestJob> = None;
    let first = start_job(&core).header("x-tenant", "seven").wait();
    let first = first.options(exact().first_delay(Duration::from_secs(5))).on_start(|job| handle = Some(job.clone()));
    first.await.expect("it ends");
    let handle = handle.expect("it was started");
    let (mine, other) = (handle.clone(), handle);
    let waits = async {
        let limit = exact().timeout(Duration::from_secs(3));
        tokio::join!(mine.wait(&core).options(limit), other.wait(&core).options(limit))
    };
    let (mine, other) = waits.await;
    assert!(mine.expect_err("pending").is_timeout() && other.expect_err("pending").is_timeout());
}

#[tokio::test(start_paused = true)]
async fn options_of_a_wait_are_merged() {
    let standin = Standin::always(state("pending"));
    let core = standin_client(&standin);
    let handle = job();
    let slow = exact().interval(Duration::from_secs(2)).factor(1.0);
    let before = Instant::now();
    let wait = handle.wait(&core).timeout(Duration::from_secs(5)).options(slow);
    assert!(wait.await.expect_err("it never ends").is_timeout());
    assert_eq!((before.elapsed(), standin.sent()), (Duration::from_secs(5), 3), "at 0, 2 and 4 s");
    let before = Instant::now();
    let wait = handle.wait(&core).options(slow.timeout(Duration::from_secs(9))).options(WaitOptions::new());
    assert!(wait.options(exact().timeout(Duration::from_secs(5))).await.expect_err("it never ends").is_timeout());
    assert_eq!(before.elapsed(), Duration::from_secs(5), "a later value takes precedence");
}

#[tokio::test(start_paused = true)]
async fn both_limits_of_failed_polls_can_be_set_one_after_the_other() {
    let standin = Standin::always(status(503));
    let core = standin_client(&standin);
    let handle = job();
    let before = Instant::now();
    let wait = handle.wait(&core).options(exact().factor(1.0).tolerated_errors(2));
    let wait = wait.options(WaitOptions::new().tolerated_error_time(Duration::from_secs(7)));
    wait.await.expect_err("polls fail for too long");
    assert_eq!((before.elapsed(), standin.sent()), (Duration::from_secs(7), 8));
}
