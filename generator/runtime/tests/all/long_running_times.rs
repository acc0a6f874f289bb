//! The times of polls, to the millisecond, on a paused clock.

use std::cell::Cell;
use std::time::Duration;

use proptest::prelude::*;
use sdk_runtime::{ErrorKind, JobFailure, Progress, WaitOptions};
use tokio::time::Instant;

use crate::long_running::{
    closest, done, exact, job, millis, paused, retry_after, script, start_job, started, state, status, times,
};
use crate::standin::Turn;

fn pending(count: usize) -> Vec<Turn> {
    let mut turns = vec![state("pending"); count];
    turns.push(done());
    turns
}

#[tokio::test(start_paused = true)]
async fn by_default_intervals_grow_from_one_to_ten_seconds() {
    let (standin, core) = script(pending(9));
    let now = Instant::now();
    let value = job().wait(&core).options(exact()).await.expect("it is done");
    assert_eq!(value, "it");
    // 1 s, 1.5 s, 2.25 s, 3.375 s, 5.0625 s, 7.59375 s, then 10 s. Timers use whole milliseconds.
    let expected = [0, 1000, 2500, 4750, 8125, 13_188, 20_782, 30_782, 40_782, 50_782];
    assert_eq!(times(&standin, now), expected);
    assert_eq!(millis(now.elapsed()), 50_782);
}

#[tokio::test(start_paused = true)]
async fn start_and_wait_uses_the_same_times() {
    let mut turns = vec![Turn { delay: Duration::from_millis(300), ..started() }];
    turns.extend(pending(2));
    let (standin, core) = script(turns);
    let now = Instant::now();
    start_job(&core).wait().options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 300, 1300, 2800]);
}

#[tokio::test(start_paused = true)]
async fn every_option_for_times_is_respected() {
    let (standin, core) = script(pending(4));
    let options = exact()
        .first_delay(Duration::from_secs(7))
        .interval(Duration::from_millis(100))
        .factor(3.0)
        .max_interval(Duration::from_millis(500));
    let now = Instant::now();
    job().wait(&core).options(options).await.expect("it is done");
    assert_eq!(times(&standin, now), [7000, 7100, 7400, 7900, 8400]);
}

#[tokio::test(start_paused = true)]
async fn the_interval_starts_at_the_response() {
    let slow = Turn { delay: Duration::from_secs(3), ..state("pending") };
    let (standin, core) = script(vec![slow.clone(), slow, done()]);
    let now = Instant::now();
    job().wait(&core).options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 4000, 8500]);
}

#[tokio::test(start_paused = true)]
async fn an_interval_above_ten_seconds_does_not_grow() {
    let (standin, core) = script(pending(2));
    let now = Instant::now();
    let options = exact().interval(Duration::from_secs(25));
    job().wait(&core).options(options).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 25_000, 50_000]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jitter_stays_within_its_fraction_of_the_wait(
        interval in 1..3_000_u32, factor in 1.0..3.0_f64, more in 0..20_000_u32, jitter in 0.0..0.999_f64, seed: u64,
    ) {
        paused(async move {
            let standin = crate::standin::Standin::always(state("pending"));
            let mut config = crate::operations::standin_config(&standin);
            config.rng_seed(seed);
            let core = config.build().expect("the settings are valid");
            let length = |millis: u32| Duration::from_millis(u64::from(millis));
            let (interval, longest) = (length(interval), length(interval + more));
            let options = WaitOptions::new().interval(interval).factor(factor).max_interval(longest).jitter(jitter);
            let now = Instant::now();
            let waited = job().wait(&core).options(options.timeout(Duration::from_mins(1))).await;
            prop_assert!(waited.expect_err("it is never over").is_timeout());
            prop_assert_eq!(now.elapsed(), Duration::from_mins(1));
            let mut bound = interval.as_secs_f64();
            for pair in times(&standin, now).windows(2).take(200) {
                #[expect(clippy::cast_precision_loss, reason = "a minute has few milliseconds")]
                let waited = (pair[1] - pair[0]) as f64 / 1000.0;
                prop_assert!(waited >= bound * (1.0 - jitter) - 1e-8, "{waited} of {bound}");
                prop_assert!(waited <= bound * (1.0 + jitter) + 0.001 + 1e-8, "{waited} of {bound}");
                bound = (bound * factor).min(longest.as_secs_f64());
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn jitter_is_drawn_for_every_wait() {
    let (standin, core) = script(pending(30));
    let now = Instant::now();
    let options = WaitOptions::new().factor(1.0);
    job().wait(&core).options(options).await.expect("it is done");
    let mut waits: Vec<u64> = times(&standin, now).windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits.iter().all(|wait| (800..=1201).contains(wait)), "{waits:?}");
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() > 20 && waits[0] < 900 && waits[waits.len() - 1] > 1100, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_tight_loop_of_polls_keeps_the_minimum_interval() {
    for latency in [0, 100, 799, 800, 2000] {
        let (standin, core) = script(vec![Turn { delay: Duration::from_millis(latency), ..state("pending") }]);
        let (now, handle) = (Instant::now(), job());
        for _ in 0..10 {
            assert!(matches!(handle.poll(&core).await, Ok(Progress::Running(_))));
        }
        let expected: Vec<u64> = (0..10).map(|count| count * (800 + latency)).collect();
        assert_eq!(times(&standin, now), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_due_poll_is_sent_at_once_between_two_ticks() {
    let (standin, core) = script(vec![state("pending")]);
    tokio::time::advance(Duration::from_micros(500)).await;
    let now = Instant::now();
    job().poll(&core).await.map(drop).expect("it is pending");
    assert_eq!((now.elapsed(), standin.sent()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn concurrent_clones_share_polls() {
    for (latency, sent) in [(0, 6), (100, 5), (2000, 10)] {
        let (standin, core) = script(vec![Turn { delay: Duration::from_millis(latency), ..state("pending") }]);
        let (now, handle) = (Instant::now(), job());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (core, handle) = (core.clone(), handle.clone());
            tasks.spawn(async move {
                for _ in 0..5 {
                    handle.poll(&core).await.map(drop).expect("it is pending");
                }
            });
        }
        tasks.join_all().await;
        assert!(standin.sent() <= sent, "{} at {latency}", standin.sent());
        assert!(closest(&standin, now) >= 800, "{:?}", times(&standin, now));
    }
}

#[tokio::test(start_paused = true)]
async fn polls_within_one_task_keep_the_minimum_interval() {
    let (standin, core) = script(vec![state("pending")]);
    let (now, handle) = (Instant::now(), job());
    let (one, two, three) = tokio::join!(handle.poll(&core), handle.poll(&core), handle.poll(&core));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    // The first ends before the others start.
    assert_eq!(times(&standin, now), [0, 800]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_after_a_poll_keeps_the_minimum_interval() {
    let (standin, core) = script(pending(2));
    let (now, handle) = (Instant::now(), job());
    handle.poll(&core).await.map(drop).expect("it is pending");
    handle.clone().wait(&core).options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 1000, 2000]);
    let (standin, core) = script(pending(2));
    let (now, handle) = (Instant::now(), job());
    let ended = handle.wait(&core).options(exact().timeout(Duration::from_millis(100))).await;
    assert!(ended.expect_err("it is pending").is_timeout());
    handle.poll(&core).await.map(drop).expect("it is pending");
    assert_eq!(times(&standin, now), [0, 800]);
}

#[tokio::test(start_paused = true)]
async fn a_tight_loop_of_polls_does_not_starve_a_wait() {
    for latency in [0, 1, 5, 20, 50, 63, 100, 300, 799] {
        let mut turns = vec![Turn { delay: Duration::from_millis(latency), ..state("pending") }; 40];
        turns.push(done());
        let (standin, core) = script(turns);
        let (now, handle) = (Instant::now(), job());
        let over = Cell::new(false);
        let mut states = 0;
        let polling = async {
            while !over.get() {
                handle.poll(&core).await.map(drop).expect("it is answered");
            }
        };
        let waiting = async {
            let wait = handle.wait(&core).on_state(|_| states += 1).timeout(Duration::from_mins(10));
            let waited = wait.await;
            over.set(true);
            waited
        };
        // The loop is always polled first when both are ready.
        let ((), waited) = tokio::join!(biased; polling, waiting);
        assert_eq!(waited.expect("it is done"), "it");
        assert!(states >= 5, "the wait saw {states} states of 40");
        assert!(closest(&standin, now) >= 800);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unpolled_stream_blocks_no_other() {
    let (standin, core) = script(vec![Turn { delay: Duration::from_secs(5), ..state("pending") }]);
    let (now, handle) = (Instant::now(), job());
    let mut kept = handle.states(&core, exact());
    let unfinished = tokio::time::timeout(Duration::from_secs(1), kept.next()).await;
    assert!(unfinished.is_err(), "its poll is not answered yet");
    let mut waiting = handle.states(&core, exact());
    assert!(crate::long_running::poll_times(waiting.next(), 1).await.is_none());
    handle.poll(&core).await.map(drop).expect("it is pending");
    handle.poll(&core).await.map(drop).expect("it is pending");
    assert_eq!(times(&standin, now)[..2], [0, 1000]);
    drop((kept, waiting));
}

#[tokio::test(start_paused = true)]
async fn polls_dropped_while_waiting_do_not_delay_the_next() {
    let (standin, core) = script(vec![state("pending")]);
    let (now, handle) = (Instant::now(), job());
    handle.poll(&core).await.map(drop).expect("it is pending");
    for _ in 0..70 {
        let _given_up = tokio::time::timeout(Duration::from_millis(10), handle.poll(&core)).await;
    }
    handle.poll(&core).await.map(drop).expect("it is pending");
    assert_eq!(times(&standin, now), [0, 800]);
}

/// Waits for three seconds, and returns the number of polls.
async fn three_seconds(turns: Vec<Turn>) -> u32 {
    let (standin, core) = script(turns);
    let (now, handle) = (Instant::now(), job());
    let error = handle.wait(&core).options(exact().timeout(Duration::from_secs(3))).await.expect_err("it is over");
    assert_eq!(now.elapsed(), Duration::from_secs(3), "{error}");
    assert_eq!(error.job(), Some(&handle));
    let JobFailure::TimedOut { polls, .. } = error.failure() else { panic!("{error:?}") };
    assert_eq!(usize::try_from(*polls).ok(), Some(standin.sent()));
    *polls
}

#[tokio::test(start_paused = true)]
async fn the_limit_is_exact_at_any_point() {
    let hanging = Turn { delay: Duration::from_hours(1), ..state("pending") };
    let trickling = (Duration::from_millis(400), bytes::Bytes::from_static(b" "));
    // During a wait.
    assert_eq!(three_seconds(vec![state("pending")]).await, 3);
    assert_eq!(three_seconds(vec![status(503)]).await, 3);
    // During a hanging poll, before its head and in its body.
    assert_eq!(three_seconds(vec![hanging.clone()]).await, 1);
    assert_eq!(three_seconds(vec![state("pending"), hanging]).await, 2);
    assert_eq!(three_seconds(vec![Turn { body: vec![trickling; 1000], ..Turn::status(200) }]).await, 1);
    // During a pause that the service requests.
    assert_eq!(three_seconds(vec![retry_after(state("pending"), "60")]).await, 1);
    assert_eq!(three_seconds(vec![retry_after(status(429), "60")]).await, 1);
    // A poll that is due exactly at the limit is not sent.
    assert_eq!(three_seconds(vec![retry_after(state("pending"), "3")]).await, 1);
}

#[tokio::test(start_paused = true)]
async fn the_limit_may_end_before_the_first_poll() {
    let (standin, core) = script(vec![done()]);
    let now = Instant::now();
    let options = exact().first_delay(Duration::from_secs(10)).timeout(Duration::from_millis(1234));
    let error = job().wait(&core).options(options).await.expect_err("it is over");
    assert_eq!((millis(now.elapsed()), standin.sent()), (1234, 0));
    assert_eq!(error.to_string(), "the job did not end in time (0 polls); it may still be running");
}

#[tokio::test(start_paused = true)]
async fn the_default_limit_comes_from_the_document() {
    let (_, core) = script(vec![state("pending")]);
    let now = Instant::now();
    assert!(job().wait(&core).await.expect_err("it is over").is_timeout());
    assert_eq!(now.elapsed(), Duration::from_hours(1));
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_exceeds_the_attempt_timeout_is_retried() {
    let hanging = Turn { delay: Duration::from_hours(1), ..state("pending") };
    let (standin, core) = script(vec![hanging.clone(), hanging, done()]);
    let now = Instant::now();
    job().wait(&core).options(exact()).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 16_000, 32_500]);
}

#[tokio::test(start_paused = true)]
async fn options_beyond_the_range_of_the_clock_are_accepted() {
    let longest = Duration::MAX;
    for options in [
        exact().interval(longest).max_interval(longest),
        exact().interval(longest),
        exact().first_delay(longest),
        exact().timeout(longest),
        exact().max_interval(longest).factor(1e300),
        WaitOptions::new().interval(longest).jitter(0.999),
    ] {
        let (_, core) = script(pending(3));
        let waited = job().wait(&core).options(options).timeout(Duration::from_secs(5)).await;
        assert!(waited.map_or_else(|error| error.is_timeout(), |value| value == "it"), "{options:?}");
    }
    let (_, core) = script(pending(3));
    job().wait(&core).timeout(longest).await.expect("it is done");
}

fn check_rejected(options: WaitOptions, option: &str) {
    paused(async {
        let (standin, core) = script(vec![started()]);
        let handle = job();
        let error = handle.wait(&core).options(options).await.expect_err("it is rejected");
        assert_eq!(error.error().map(sdk_runtime::Error::kind), Some(ErrorKind::Configuration));
        assert!(error.to_string().contains(&format!("`WaitOptions::{option}`")), "{error}");
        assert_eq!(error.job(), Some(&handle), "it has the handle");
        let mut states = handle.states(&core, options);
        assert!(states.next().await.expect("an error").is_err());
        assert!(states.next().await.is_none() && states.next().await.is_none());
        // With invalid wait options, nothing is started.
        let error = start_job(&core).wait().options(options).await.expect_err("it is rejected");
        let JobFailure::Start(cause) = error.failure() else { panic!("{error:?}") };
        assert_eq!((cause.kind(), cause.maybe_sent()), (ErrorKind::Configuration, false));
        assert_eq!(standin.sent(), 0);
    });
}

#[test]
fn invalid_options_are_rejected_before_anything_is_sent() {
    let new = WaitOptions::new;
    check_rejected(new().interval(Duration::ZERO), "interval");
    check_rejected(new().factor(0.999), "factor");
    check_rejected(new().factor(f64::NAN), "factor");
    check_rejected(new().factor(f64::INFINITY), "factor");
    check_rejected(new().jitter(1.0), "jitter");
    check_rejected(new().jitter(-0.1), "jitter");
    check_rejected(new().jitter(f64::NAN), "jitter");
    check_rejected(new().timeout(Duration::ZERO), "timeout");
    check_rejected(new().max_interval(Duration::from_millis(999)), "max_interval");
    check_rejected(new().interval(Duration::from_secs(3)).max_interval(Duration::from_secs(2)), "max_interval");
}
