//! Guarantees 2 and 3: time limits, on a paused clock. No test here really waits.

use std::time::Duration;

use proptest::prelude::*;
use sdk_runtime::{
    Backoff, BackoffConfig, Call, Credential, ErrorKind, FailureKind, RetryBudget, RetryConfig, StopReason, TimeoutKind,
};
use tokio::time::Instant;

use crate::operations::{look, standin_client, standin_config, start};
use crate::standin::{Standin, Turn};

/// How late tokio's timers may be.
const TICK: Duration = Duration::from_millis(1);

/// Runs on a paused clock, which advances only when all tasks wait.
fn paused<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

fn millis(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(Duration::from_millis)
}

#[derive(Clone, Debug)]
struct Limits {
    total: Duration,
    attempt: Duration,
    retry: RetryConfig,
    max_elapsed: Duration,
    max_attempts: u32,
}

fn limits() -> impl Strategy<Value = Limits> {
    let backoff = (millis(1..5_000), millis(0..60_000), 1.0..4.0_f64, millis(1..120_000));
    let rest = (1..12_u32, millis(0..120_000), any::<bool>());
    (millis(1..120_000), millis(1..60_000), backoff, rest).prop_map(|(total, attempt, backoff, rest)| {
        let (initial, more, exponent, max_elapsed) = backoff;
        let (max_attempts, max_retry_after, unavailable) = rest;
        let waits = BackoffConfig::new().initial_interval(initial).max_interval(initial + more);
        let waits = waits.exponent(exponent).max_elapsed_time(max_elapsed);
        let retry = RetryConfig::backoff(waits).max_attempts(max_attempts).max_retry_after(max_retry_after);
        let retry = retry.retry_unavailable_with_retry_after(unavailable);
        Limits { total, attempt, retry, max_elapsed, max_attempts }
    })
}

fn turn() -> impl Strategy<Value = Turn> {
    let delay = prop_oneof![Just(Duration::ZERO), millis(0..2_000), millis(0..100_000)];
    let failure = prop_oneof![
        3 => Just(None),
        1 => Just(Some(FailureKind::Connect)),
        1 => Just(Some(FailureKind::Broken)),
        1 => Just(Some(FailureKind::Timeout)),
    ];
    let status = prop_oneof![Just(200_u16), Just(404), Just(429), Just(500), Just(503), Just(302)];
    let retry_after = prop_oneof![Just(None), "[0-9]{1,3}".prop_map(Some), ".{0,12}".prop_map(Some)];
    let retry_after = retry_after.prop_map(|text| text.filter(|text| http::HeaderValue::from_str(text).is_ok()));
    let part = (millis(0..30_000), Just(bytes::Bytes::from_static(b" ")));
    (delay, failure, status, retry_after, proptest::collection::vec(part, 0..4), any::<bool>()).prop_map(
        |(delay, failure, status, retry_after, body, broken)| Turn {
            delay,
            failure,
            status,
            retry_after,
            body,
            broken,
            content_type: None,
            headers: Vec::new(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_call_exceeds_its_deadline(limits in limits(), turns in proptest::collection::vec(turn(), 1..8), post: bool) {
        paused(async move {
            let standin = Standin::new(move |number, _| turns[number % turns.len()].clone());
            let mut config = standin_config(&standin);
            config.timeout(limits.total);
            config.attempt_timeout(limits.attempt);
            config.retry_config(limits.retry);
            config.retry_budget(RetryBudget::unlimited());
            let core = config.build().expect("the settings are valid");
            let before = Instant::now();
            let error = if post {
                Call::new(&core, start()).send().await.map(drop).expect_err("no turn is a good response")
            } else {
                Call::new(&core, look()).send().await.map(drop).expect_err("no turn is a good response")
            };
            let elapsed = before.elapsed();
            prop_assert!(elapsed <= limits.total + TICK, "{elapsed:?} of {:?}: {error}", limits.total);
            prop_assert!(error.elapsed() <= elapsed);
            prop_assert!(error.attempts() <= limits.max_attempts);
            prop_assert_eq!(usize::try_from(error.attempts()).ok(), Some(standin.sent()));
            let times = standin.times.lock().expect("no thread panicked").clone();
            for (place, time) in times.iter().enumerate().skip(1) {
                let started = time.duration_since(before);
                prop_assert!(started <= limits.max_elapsed + TICK, "retry {place} started after {started:?}");
            }
            prop_assert_eq!(standin.alive.load(std::sync::atomic::Ordering::SeqCst), 0);
            Ok(())
        })?;
    }

    #[test]
    fn waits_stay_within_their_bounds(
        initial in millis(1..10_000), more in millis(0..120_000), exponent in 1.0..1e300_f64,
        failed: u32, seed: u64,
    ) {
        let backoff = Backoff { initial, max: initial + more, exponent };
        let bound = backoff.bound(failed);
        prop_assert!(bound <= backoff.max && bound >= initial.min(backoff.max));
        prop_assert!(backoff.bound(failed.saturating_add(1)) >= bound);
        prop_assert!(backoff.wait(failed, &mut fastrand::Rng::with_seed(seed)) <= bound);
    }
}

#[test]
fn bounds_grow_by_the_exponent_from_the_first_wait() {
    let backoff = Backoff { initial: Duration::from_millis(500), max: Duration::from_mins(1), exponent: 1.5 };
    let bounds: Vec<u128> = (1..5).map(|failed| backoff.bound(failed).as_millis()).collect();
    assert_eq!(bounds, [500, 750, 1125, 1687]);
    assert_eq!(backoff.bound(u32::MAX), Duration::from_mins(1));
    let mut random = fastrand::Rng::with_seed(7);
    let waits: Vec<Duration> = (0..1000).map(|_| backoff.wait(1, &mut random)).collect();
    assert!(waits.iter().any(|wait| wait.as_millis() < 50) && waits.iter().any(|wait| wait.as_millis() > 450));
}

#[tokio::test(start_paused = true)]
async fn by_default_nothing_hangs() {
    let standin = Standin::always(Turn { delay: Duration::from_hours(24), ..Turn::status(200) });
    let before = Instant::now();
    let error = Call::new(&standin_client(&standin), look()).send().await.expect_err("it hangs");
    // Four attempts of 15 s and the waits between them take more than a minute.
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutKind::Total));
    assert_eq!(before.elapsed().as_secs(), 60);
    assert_eq!((error.attempts(), standin.sent()), (4, 4));
    let before = Instant::now();
    let error = Call::new(&standin_client(&standin), start()).send().await.expect_err("it hangs");
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutKind::Attempt));
    assert_eq!((before.elapsed().as_secs(), error.stop_reason()), (15, Some(StopReason::MaybeSent)));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_ends_with_the_attempt() {
    let part = (Duration::from_millis(1100), bytes::Bytes::from_static(b" "));
    let standin = Standin::always(Turn { body: vec![part; 1000], ..Turn::status(200) });
    let core = standin_client(&standin);
    let before = Instant::now();
    let error = Call::new(&core, start()).send().await.expect_err("it trickles");
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Timeout(TimeoutKind::Attempt), Some(200)));
    assert_eq!(before.elapsed().as_secs(), 15);
    assert_eq!(error.api().map(|response| response.body().len()), Some(13));
    assert!(error.to_string().contains("the attempt took too long while the body was read"), "{error}");
    let error = Call::new(&core, start()).timeout(Duration::from_secs(10)).send().await.expect_err("it trickles");
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Timeout(TimeoutKind::Total), Some(200)));
    assert!(error.to_string().contains("the call took too long while the body was read"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_credential_counts_towards_the_deadline() {
    let standin = Standin::always(Turn::status(200));
    let mut config = standin_config(&standin);
    config.credential("apiKey", Credential::provider(std::future::pending::<Result<String, sdk_runtime::BoxError>>));
    let core = config.build().expect("the settings are valid");
    let before = Instant::now();
    let call = Call::new(&core, start()).timeout(Duration::from_secs(20));
    let error = call.send().await.expect_err("it never comes");
    assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Timeout(TimeoutKind::Total), false));
    assert_eq!((before.elapsed().as_secs(), standin.sent()), (20, 0));
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_arrives_too_late_is_not_sent() {
    let standin = Standin::always(Turn::status(500));
    let mut config = standin_config(&standin);
    config.attempt_timeout(Duration::from_secs(1));
    let provider = || async {
        tokio::time::advance(Duration::from_secs(1)).await;
        Ok::<_, sdk_runtime::BoxError>("key".to_owned())
    };
    config.credential("apiKey", Credential::provider(provider));
    let core = config.build().expect("the settings are valid");
    let error = Call::new(&core, start()).send().await.expect_err("no time is left");
    assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Timeout(TimeoutKind::Attempt), false));
    assert_eq!((standin.sent(), error.attempts()), (0, 4));
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_would_start_too_late_is_not_waited_for() {
    let turn = Turn { retry_after: Some("10".to_owned()), ..Turn::status(503) };
    let standin = Standin::always(turn);
    let core = standin_client(&standin);
    let before = Instant::now();
    let error = Call::new(&core, look()).timeout(Duration::from_secs(10)).send().await.expect_err("503");
    assert_eq!(
        (error.stop_reason(), error.retry_after()),
        (Some(StopReason::OutOfTime), Some(Duration::from_secs(10)))
    );
    assert_eq!((before.elapsed(), error.attempts()), (Duration::ZERO, 1));
    let error = Call::new(&core, look()).timeout(Duration::from_secs(35)).send().await.expect_err("503");
    assert_eq!((error.attempts(), before.elapsed().as_secs()), (4, 30));
    let waits = RetryConfig::backoff(BackoffConfig::new().max_elapsed_time(Duration::from_secs(15)));
    let error = Call::new(&core, look()).retry_config(waits).send().await.expect_err("503");
    assert_eq!((error.attempts(), error.stop_reason()), (2, Some(StopReason::OutOfTime)));
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_the_longer_of_backoff_and_retry_after() {
    let turn = Turn { retry_after: Some("60".to_owned()), ..Turn::status(429) };
    let standin = Standin::new(move |number, _| if number == 0 { turn.clone() } else { Turn::status(404) });
    let core = standin_client(&standin);
    let before = Instant::now();
    let call = Call::new(&core, look()).timeout(Duration::from_mins(2));
    call.send().await.expect_err("404");
    assert_eq!((before.elapsed().as_secs(), standin.sent()), (60, 2));
    let turn = Turn { retry_after: Some("0".to_owned()), ..Turn::status(429) };
    let standin = Standin::new(move |number, _| if number == 0 { turn.clone() } else { Turn::status(404) });
    let before = Instant::now();
    Call::new(&standin_client(&standin), look()).send().await.expect_err("404");
    assert!(before.elapsed() > Duration::ZERO && before.elapsed() <= Duration::from_millis(501));
}

#[tokio::test(start_paused = true)]
async fn a_seed_makes_the_waits_of_all_calls_reproducible() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let standin = Standin::always(Turn::status(503));
        let mut config = standin_config(&standin);
        config.rng_seed(seed);
        let (core, before) = (config.build().expect("the settings are valid"), Instant::now());
        for _ in 0..2 {
            Call::new(&core, look()).send().await.expect_err("503");
        }
        let times = standin.times.lock().expect("no thread panicked");
        let waits: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(before.elapsed() > Duration::ZERO && waits[..3] != waits[4..], "{waits:?}");
        runs.push(waits);
    }
    assert!(runs[0] == runs[1] && runs[1] != runs[2], "{runs:?}");
}

#[tokio::test(start_paused = true)]
async fn limits_beyond_the_range_of_the_clock_are_accepted() {
    let standin = Standin::always(Turn::status(200).body("{\"status\":\"done\"}"));
    let core = standin_client(&standin);
    let call = Call::new(&core, look()).timeout(Duration::MAX).attempt_timeout(Duration::MAX);
    call.send().await.expect("no overflow");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_may_be_most_of_a_year() {
    let delay = Duration::from_secs(360 * 24 * 60 * 60);
    let standin = Standin::always(Turn { delay, ..Turn::status(200).body("{\"status\":\"done\"}") });
    let core = standin_client(&standin);
    let call = Call::new(&core, look()).timeout(Duration::MAX).attempt_timeout(Duration::MAX);
    call.send().await.expect("it is in time");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_not_started_if_a_late_timer_leaves_it_no_time() {
    let standin = Standin::always(Turn { retry_after: Some("2".to_owned()), ..Turn::status(429) });
    let mut config = standin_config(&standin);
    config.timeout(Duration::from_micros(2_000_500));
    let core = config.build().expect("the settings are valid");
    let error = Call::new(&core, look()).send().await.expect_err("it is rejected");
    assert_eq!((error.attempts(), standin.sent(), error.kind()), (1, 1, ErrorKind::Status));
    // It is also too late if a timer with the maximum delay would leave no time.
    let error =
        Call::new(&core, look()).timeout(Duration::from_millis(2_001)).send().await.expect_err("it is rejected");
    assert_eq!((error.attempts(), standin.sent(), error.kind()), (1, 2, ErrorKind::Status));
}
