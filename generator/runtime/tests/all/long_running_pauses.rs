//! Pauses that the service requests with `Retry-After` in polls and starts: short ones and excessive ones.

use std::time::{Duration, SystemTime};

use sdk_runtime::{JobFailure, Progress, RetryConfig, StopReason, WaitOptions};
use tokio::time::Instant;

use crate::long_running::{Failure, done, exact, job, retry_after, script, start_job, started, state, status, times};
use crate::standin::Turn;

#[tokio::test(start_paused = true)]
async fn polls_wait_for_retry_after() {
    let turns = vec![
        retry_after(state("pending"), "30"),
        retry_after(status(503), "45"),
        retry_after(status(429), "1"),
        done(),
    ];
    let (standin, core) = script(turns.clone());
    let now = Instant::now();
    job().wait(&core).options(exact()).await.expect("it is done");
    // The last one is shorter than the interval.
    assert_eq!(times(&standin, now), [0, 30_000, 75_000, 77_250]);
    let (standin, core) = script(turns);
    let (now, handle) = (Instant::now(), job());
    assert!(matches!(handle.poll(&core).await, Ok(Progress::Running(_))));
    let error = handle.poll(&core).await.expect_err("it is unavailable");
    assert_eq!((error.status().map(u16::from), error.retry_after()), (Some(503), Some(Duration::from_secs(45))));
    assert_eq!(error.attempts(), 1, "a poll is one request");
    assert_eq!(handle.clone().poll(&core).await.expect_err("429").status().map(u16::from), Some(429));
    assert!(matches!(handle.poll(&core).await, Ok(Progress::Done(value)) if value == "it"));
    assert_eq!(times(&standin, now), [0, 30_000, 75_000, 76_000]);
}

#[tokio::test(start_paused = true)]
async fn retry_after_may_be_a_date() {
    for code in [200, 503] {
        let standin = crate::standin::Standin::new(move |number, _| {
            let then = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(20));
            let turn = if code == 200 { state("pending") } else { status(code) };
            if number == 0 { retry_after(turn, &then) } else { done() }
        });
        let core = crate::operations::standin_client(&standin);
        let now = Instant::now();
        job().wait(&core).options(exact()).await.expect("it is done");
        let requested = standin.times.lock().expect("no thread panicked")[1].duration_since(now);
        // A date has whole seconds, and the system clock is not paused.
        assert!((18.0..=20.1).contains(&requested.as_secs_f64()), "{requested:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_received_by_one_clone_applies_to_all() {
    let (standin, core) = script(vec![state("pending"), retry_after(status(503), "40"), done()]);
    let (now, handle) = (Instant::now(), job());
    handle.poll(&core).await.map(drop).expect("it is pending");
    let other = handle.clone();
    // The poll reports the pause, and the wait obeys it too.
    let (polled, waited) = tokio::join!(handle.poll(&core), other.wait(&core));
    assert_eq!(polled.map(drop).expect_err("it is unavailable").status().map(u16::from), Some(503));
    assert_eq!(waited.expect("it is done"), "it");
    assert_eq!(times(&standin, now), [0, 800, 40_800]);
}

#[tokio::test(start_paused = true)]
async fn a_poll_does_not_wait_a_day_for_retry_after() {
    let (standin, core) = script(vec![retry_after(status(503), "86400"), done()]);
    let (now, handle) = (Instant::now(), job());
    handle.poll(&core).await.map(drop).expect_err("503");
    let error = handle.poll(&core).await.map(drop).expect_err("it is too soon");
    assert_eq!((now.elapsed(), standin.sent()), (Duration::ZERO, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_hours(24)));
    assert_eq!((error.stop_reason(), error.maybe_sent()), (Some(StopReason::RetryAfterTooLong), false));
    assert!(error.is_retryable() && error.is_timeout());
    assert_eq!(error.to_string(), "askJob: the service requires a pause of another 86400 s before the next poll");
    tokio::time::sleep(Duration::from_millis(59_999)).await;
    let error = handle.poll(&core).await.map(drop).expect_err("it is still too soon");
    assert_eq!(error.retry_after(), Some(Duration::from_millis(86_340_001)));
    // The handle stays usable during that day.
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(matches!(handle.poll(&core).await, Ok(Progress::Done(_))));
    assert_eq!(now.elapsed(), Duration::from_mins(1));
}

/// The error of a wait that ends because the requested pause is too long.
fn too_long(waited: Result<String, Failure>) -> Duration {
    let error = waited.expect_err("the pause is too long");
    let JobFailure::Poll(cause) = error.failure() else { panic!("{error:?}") };
    assert_eq!(cause.stop_reason(), Some(StopReason::RetryAfterTooLong));
    assert!(cause.is_retryable() && error.job().is_some());
    cause.retry_after().expect("the error has a delay")
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_once_if_the_requested_pause_is_too_long() {
    for turn in [state("pending"), status(503), status(429), status(520)] {
        let (standin, core) = script(vec![retry_after(turn.clone(), "60"), retry_after(turn.clone(), "61"), done()]);
        let (now, handle) = (Instant::now(), job());
        let mut states = Vec::new();
        let waited = handle.wait(&core).on_state(|state| states.push(state.status.clone())).await;
        let known = waited.as_ref().err().and_then(|error| error.error()?.status()).map(u16::from);
        assert_eq!(known, Some(turn.status).filter(|status| *status != 200), "the response is not lost");
        assert_eq!(too_long(waited), Duration::from_secs(61));
        assert_eq!((now.elapsed(), standin.sent()), (Duration::from_secs(60), 2));
        assert_eq!(states.len(), if turn.status == 200 { 2 } else { 0 });
        // Other waits also end at once, for as long as the client's limit.
        tokio::time::sleep(Duration::from_secs(59)).await;
        assert_eq!(too_long(handle.clone().wait(&core).await), Duration::from_secs(2));
        let next = handle.states(&core, WaitOptions::new()).next().await.expect("an error");
        assert_eq!(too_long(next.map(|_| String::new())), Duration::from_secs(2));
        assert_eq!(standin.sent(), 2);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(handle.wait(&core).await.expect("it can be polled again"), "it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handle_stays_usable_after_a_pause_of_any_length() {
    let (standin, core) = script(vec![retry_after(state("pending"), "99999999999999999999999"), done()]);
    let handle = job();
    assert_eq!(too_long(handle.wait(&core).await), Duration::from_hours(365 * 24));
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(handle.wait(&core).await.expect("it is done"), "it");
    assert_eq!(standin.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_longest_pause_is_set_on_the_client() {
    let patient = |limit: u64, turns: Vec<Turn>| {
        let standin = crate::standin::Standin::new(move |number, _| turns[number.min(turns.len() - 1)].clone());
        let mut config = crate::operations::standin_config(&standin);
        config.retry_config(RetryConfig::new().max_retry_after(Duration::from_secs(limit)));
        (standin, config.build().expect("the settings are valid"))
    };
    let (standin, core) = patient(600, vec![retry_after(state("pending"), "600"), done()]);
    let (now, handle) = (Instant::now(), job());
    assert_eq!(handle.wait(&core).options(exact()).await.expect("it is waited for"), "it");
    assert_eq!(times(&standin, now), [0, 600_000]);
    // Another client of the same handle, with a shorter limit.
    let (_, core) = patient(3600, vec![retry_after(state("pending"), "3000")]);
    let (standin, hasty) = script(vec![done()]);
    let handle = job();
    handle.poll(&core).await.map(drop).expect("it is pending");
    tokio::time::sleep(Duration::from_millis(59_999)).await;
    assert_eq!(too_long(handle.wait(&hasty).await), Duration::from_millis(2_940_001));
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(handle.wait(&hasty).await.expect("its longest pause is over"), "it");
    assert_eq!(standin.sent(), 1);
    // Another client of the same handle, with a longer limit.
    let (_, hasty) = script(vec![retry_after(state("pending"), "300")]);
    let (standin, core) = patient(600, vec![done()]);
    let (now, handle) = (Instant::now(), job());
    handle.poll(&hasty).await.map(drop).expect("it is pending");
    assert_eq!(handle.wait(&core).await.expect("it is waited for"), "it");
    assert_eq!(times(&standin, now), [300_000]);
    // A later, shorter pause applies to waits that the longer one no longer blocks.
    let (_, core) = patient(3600, vec![retry_after(state("pending"), "3000")]);
    let (standin, hasty) = script(vec![retry_after(state("pending"), "20"), done()]);
    let (now, handle) = (Instant::now(), job());
    handle.poll(&core).await.map(drop).expect("it is pending");
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(handle.wait(&hasty).await.expect("it is done"), "it");
    assert_eq!(times(&standin, now), [60_000, 80_000]);
    // A client that accepts no pause still keeps the interval.
    let (standin, core) = patient(0, vec![retry_after(state("pending"), "1"), done()]);
    assert_eq!(too_long(job().wait(&core).await), Duration::from_secs(1));
    assert_eq!(standin.sent(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_final_state_counts_whatever_pause_it_requests() {
    let (_, core) = script(vec![retry_after(done(), "86400")]);
    let handle = job();
    assert_eq!(handle.wait(&core).await.expect("it is done"), "it");
    assert_eq!(handle.wait(&core).await.expect("it can be polled again"), "it");
    let (_, core) = script(vec![retry_after(state("failed"), "86400")]);
    assert!(job().wait(&core).await.expect_err("it has failed").is_failed());
}

#[tokio::test(start_paused = true)]
async fn the_start_can_request_a_pause_before_the_first_poll() {
    let turns = || vec![retry_after(started(), "20"), state("pending"), done()];
    let (standin, core) = script(turns());
    let now = Instant::now();
    start_job(&core).wait().options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 20_000, 21_000]);
    // The pause is never shorter than the configured delay.
    let (standin, core) = script(turns());
    let now = Instant::now();
    start_job(&core).wait().options(exact().first_delay(Duration::from_secs(30))).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 30_000, 31_000]);
    let (standin, core) = script(turns());
    let now = Instant::now();
    let handle = start_job(&core).job().await.expect("it starts");
    tokio::time::sleep(Duration::from_secs(5)).await;
    handle.poll(&core).await.map(drop).expect("it is pending");
    handle.clone().wait(&core).options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 20_000, 21_000]);
}

#[tokio::test(start_paused = true)]
async fn the_start_can_request_an_excessive_pause() {
    let (standin, core) = script(vec![retry_after(started(), "3600"), done()]);
    let mut kept = None;
    let waited = start_job(&core).wait().on_start(|handle| kept = Some(handle.clone())).await;
    assert_eq!(too_long(waited), Duration::from_hours(1));
    let handle = kept.expect("it was started");
    assert_eq!(handle.poll(&core).await.map(drop).expect_err("too soon").retry_after(), Some(Duration::from_hours(1)));
    assert_eq!(standin.sent(), 1);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(handle.wait(&core).await.expect("it is done"), "it");
}
