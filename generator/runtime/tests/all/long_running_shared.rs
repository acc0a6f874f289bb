//! Many callers with one handle: they share polls, and none waits for a caller that was dropped.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sdk_runtime::{Core, Error, JobFailure, Progress, WaitOptions};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::long_running::{
    TestJob, closest, done, exact, job, poll_times, retry_after, script, script_of_start, start_job, state, status,
    times,
};
use crate::standin::{Standin, Turn};

/// Waits in this many tasks, and returns when each of them saw the end, in order.
async fn waits(count: usize, handle: &TestJob, core: &Core) -> Vec<Duration> {
    let now = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let (handle, core) = (handle.clone(), core.clone());
        tasks.spawn(async move {
            assert_eq!(handle.wait(&core).await.expect("it is done"), "it");
            now.elapsed()
        });
    }
    let mut known = tasks.join_all().await;
    known.sort_unstable();
    known
}

fn slow(turn: Turn, millis: u64) -> Turn {
    Turn { delay: Duration::from_millis(millis), ..turn }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_waits_see_the_end_within_two_intervals() {
    // A wait may send its second poll while the first is unanswered.
    for latency in [0, 5, 500, 3000] {
        let mut turns = vec![slow(state("pending"), latency); 3];
        turns.push(slow(done(), latency));
        let (standin, core) = script(turns);
        let before = Instant::now();
        let known = waits(1000, &job(), &core).await;
        let (first, last) = (known[0], known[999]);
        assert!(last <= first + Duration::from_secs(2), "{first:?} to {last:?} at {latency} ms");
        assert!(standin.sent() < 12, "{} polls at {latency} ms", standin.sent());
        assert!(closest(&standin, before) >= 800);
    }
}

#[tokio::test(start_paused = true)]
async fn waits_that_start_at_different_times_share_polls() {
    let (standin, core) = script([vec![slow(state("pending"), 50); 40], vec![done()]].concat());
    let (before, handle) = (Instant::now(), job());
    let mut tasks = JoinSet::new();
    for number in 0..200_u64 {
        let (handle, core) = (handle.clone(), core.clone());
        tasks.spawn(async move {
            tokio::time::sleep(Duration::from_millis(number * 37)).await;
            let mut states = 0;
            let waited = handle.wait(&core).on_state(|_| states += 1).await;
            assert_eq!((waited.expect("it is done"), states > 20), ("it".to_owned(), true));
        });
    }
    tasks.join_all().await;
    assert_eq!(standin.sent(), 41);
    assert!(closest(&standin, before) >= 800);
}

#[tokio::test(start_paused = true)]
async fn polls_and_streams_share_polls() {
    let (standin, core) = script(vec![slow(state("pending"), 100), slow(done(), 100)]);
    let handle = job();
    let clone = handle.clone();
    let mut states = handle.states(&core, exact());
    let (one, two, three) = tokio::join!(handle.poll(&core), states.next(), clone.poll(&core));
    assert!(matches!(one, Ok(Progress::Running(_))) && matches!(three, Ok(Progress::Running(_))));
    assert!(matches!(two, Some(Ok(Progress::Running(_)))));
    assert_eq!(standin.sent(), 1);
    let (one, two, three) = tokio::join!(handle.poll(&core), states.next(), handle.wait(&core));
    assert!(matches!(one, Ok(Progress::Done(_))) && matches!(two, Some(Ok(Progress::Done(_)))) && three.is_ok());
    assert_eq!(standin.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn failures_are_shared_with_all_their_details() {
    let (standin, core) = script(vec![slow(retry_after(status(429), "7"), 100), slow(status(400), 100)]);
    let handle = job();
    let (one, two) = tokio::join!(handle.poll(&core), handle.poll(&core));
    for error in [one, two].map(|polled| polled.map(drop).expect_err("429")) {
        assert_eq!((error.status().map(u16::from), error.retry_after()), (Some(429), Some(Duration::from_secs(7))));
        assert_eq!((error.attempts(), error.operation_id(), error.is_retryable()), (1, Some("askJob"), true));
        assert_eq!(error.text().as_deref(), Some("{\"message\":\"so it is\"}"));
    }
    let (one, two) = tokio::join!(handle.wait(&core), handle.wait(&core));
    for error in [one, two].map(|waited| waited.expect_err("400")) {
        let JobFailure::Poll(cause) = error.failure() else { panic!("{error:?}") };
        assert_eq!(cause.status().map(u16::from), Some(400));
    }
    assert_eq!(standin.sent(), 2);
    // Their sources are kept.
    let (_, core) = script(vec![slow(crate::long_running::unreachable(), 100)]);
    let handle = job();
    let (one, two) = tokio::join!(handle.poll(&core), handle.poll(&core));
    for error in [one, two].map(|polled| polled.map(drop).expect_err("nothing listens")) {
        let cause = std::error::Error::source(&error).expect("the error of the connection");
        assert_eq!((cause.to_string().as_str(), error.is_connect()), ("injected failure", true));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_one_client_does_not_end_the_wait_of_another() {
    let (_, refused) = script(vec![slow(status(401), 100)]);
    let (standin, core) = script(vec![slow(state("pending"), 100), slow(done(), 100)]);
    let handle = job();
    let (one, two) = tokio::join!(handle.wait(&refused), handle.wait(&core));
    assert_eq!(one.expect_err("401").error().and_then(sdk_runtime::Error::status).map(u16::from), Some(401));
    assert_eq!(two.expect("it is done"), "it");
    assert_eq!(standin.sent(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_outcome_of_an_earlier_poll_does_not_answer_a_later_one() {
    let (standin, core) = script(vec![state("pending"), state("in_progress")]);
    let (now, handle) = (Instant::now(), job());
    for expected in ["pending", "in_progress"] {
        let Ok(Progress::Running(state)) = handle.poll(&core).await else { panic!("it is running") };
        assert_eq!(state.status, expected);
    }
    assert_eq!(times(&standin, now), [0, 800]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_or_unpolled_poll_blocks_no_other() {
    // A future is dropped, or kept without being polled, at each await point of its poll.
    for kept in [true, false] {
        for polls in 0..6 {
            let part = (Duration::from_millis(10), bytes::Bytes::from_static(b" "));
            let slowly = Turn { body: vec![part; 3], ..slow(state("pending"), 10) };
            let (standin, core) = script(vec![slowly, done()]);
            let (now, handle) = (Instant::now(), job());
            let mut left = Box::pin(handle.poll(&core));
            poll_times(left.as_mut(), polls).await;
            if !kept {
                drop(left);
            }
            let known = waits(3, &handle, &core).await;
            assert!(known[2] <= Duration::from_secs(3), "{known:?} after {polls} polls");
            assert!(standin.sent() <= 2 || closest(&standin, now) >= 800);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hanging_poll_blocks_no_other_and_sees_the_end() {
    let (standin, core) = script(vec![slow(state("pending"), 3_600_000), done()]);
    let (now, handle) = (Instant::now(), job());
    let known = waits(10, &handle, &core).await;
    assert_eq!((known[0], known[9]), (Duration::from_millis(800), Duration::from_millis(800)));
    assert_eq!(times(&standin, now), [0, 800]);
}

#[tokio::test(start_paused = true)]
async fn each_wait_has_its_own_limit() {
    let (_, core) = script(vec![slow(state("pending"), 100)]);
    let (now, handle) = (Instant::now(), job());
    let limited = async |seconds: u64| {
        let error = handle.wait(&core).timeout(Duration::from_secs(seconds)).await.expect_err("it is over");
        assert!(error.is_timeout());
        assert_eq!(now.elapsed(), Duration::from_secs(seconds));
    };
    tokio::join!(limited(3), limited(7), limited(20));
}

#[tokio::test(start_paused = true)]
async fn a_pause_received_by_one_applies_to_all() {
    let (standin, core) = script_of_start(vec![slow(retry_after(state("pending"), "30"), 100), done()]);
    let begin_at = Instant::now();
    let handle = start_job(&core).job().await.expect("it starts");
    let known = waits(20, &handle, &core).await;
    assert_eq!(times(&standin, begin_at), [0, 0, 30_100]);
    assert_eq!(known[19], known[0]);
    let (standin, core) = script(vec![slow(retry_after(state("pending"), "300"), 100), done()]);
    let handle = job();
    let waiting = (0..20).map(|_| handle.wait(&core).into_future());
    let ended = Arc::new(Mutex::new(0));
    let mut tasks = Vec::new();
    for wait in waiting {
        let ended = ended.clone();
        tasks.push(async move {
            let error = wait.await.expect_err("the pause is too long");
            assert_eq!(error.error().and_then(sdk_runtime::Error::retry_after), Some(Duration::from_secs(300)));
            *ended.lock().expect("no thread panicked") += 1;
        });
    }
    for_all(tasks).await;
    assert_eq!((standin.sent(), *ended.lock().expect("no thread panicked")), (1, 20));
}

/// Runs all of these futures in one task.
async fn for_all<F: Future<Output = ()>>(futures: Vec<F>) {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        futures.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if futures.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[test]
fn waits_on_many_threads_end() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().expect("a runtime");
    let standin = Standin::new(|number, _| slow(if number < 3 { state("pending") } else { done() }, 5));
    let core = crate::operations::standin_client(&standin);
    let options = exact().interval(Duration::from_millis(50));
    runtime.block_on(async {
        let handle = job();
        let mut tasks = JoinSet::new();
        for _ in 0..500 {
            let (handle, core) = (handle.clone(), core.clone());
            tasks.spawn(async move { handle.wait(&core).options(options).await.expect("it is done") });
        }
        tasks.join_all().await;
    });
}

#[tokio::test(start_paused = true)]
async fn a_client_gets_no_result_of_another_client() {
    // The first client's response arrives while the second waits for its turn, and while its own poll is in flight.
    for (latency, waits) in [(100, true), (3000, true), (3000, false)] {
        let (allowed_standin, allowed) = script(vec![slow(done(), latency)]);
        let (refused_standin, refused) = script(vec![slow(status(403), 5000)]);
        let (now, handle) = (Instant::now(), job());
        let second = async {
            if waits {
                handle.wait(&refused).await.map(drop).expect_err("403").error().and_then(Error::status).map(u16::from)
            } else {
                handle.poll(&refused).await.map(drop).expect_err("403").status().map(u16::from)
            }
        };
        let (one, two) = tokio::join!(handle.poll(&allowed), second);
        assert!(matches!(one, Ok(Progress::Done(value)) if value == "it"));
        assert_eq!((two, allowed_standin.sent(), refused_standin.sent()), (Some(403), 1, 1));
        let second_poll = times(&refused_standin, now)[0];
        assert!((800..=latency.max(800) + 800).contains(&second_poll), "{second_poll}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_callers_of_each_client_share_its_polls() {
    let scripts = [0, 1].map(|_| script([vec![slow(state("pending"), 300); 3], vec![slow(done(), 300)]].concat()));
    let (now, handle) = (Instant::now(), job());
    let [one, two] = &scripts;
    tokio::join!(waits(1000, &handle, &one.1), waits(1000, &handle, &two.1));
    let mut all = [one, two].map(|(standin, _)| times(standin, now)).concat();
    all.sort_unstable();
    assert_eq!((one.0.sent(), two.0.sent()), (4, 4));
    assert!(all.windows(2).all(|pair| pair[1] - pair[0] >= 800), "{all:?}");
}

#[tokio::test(start_paused = true)]
async fn the_longer_of_two_pauses_applies() {
    let turns = [("30", 1000), ("1", 1000)].map(|(pause, latency)| slow(retry_after(state("pending"), pause), latency));
    let (standin, core) = script([turns.to_vec(), vec![done()]].concat());
    let (now, handle) = (Instant::now(), job());
    let (one, two) = tokio::join!(handle.poll(&core), handle.poll(&core));
    assert!(one.is_ok() && two.is_ok());
    handle.wait(&core).await.expect("it is done");
    assert_eq!(times(&standin, now), [0, 800, 31_000]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_polls_more_often_does_not_starve_another() {
    for (jitter, latency) in [(0.0, 0), (0.0, 100), (0.0, 200), (0.2, 0), (0.2, 100)] {
        let (often_standin, often) = script(vec![slow(state("pending"), latency)]);
        let (standin, core) = script(vec![state("pending"), state("pending"), done()]);
        let (now, handle) = (Instant::now(), job());
        let options = WaitOptions::new().interval(Duration::from_millis(200)).factor(1.0).jitter(jitter);
        let other = async {
            tokio::task::yield_now().await;
            handle.wait(&core).await
        };
        let ended = first_of(handle.wait(&often).options(options).into_future(), Box::pin(other)).await;
        assert_eq!(ended.expect("it is done"), "it");
        let [first, second, third] = times(&standin, now)[..] else { panic!("three polls") };
        assert!(first <= 1500 && second <= first + 2000 && third <= second + 3000, "{first} {second} {third}");
        let least = if jitter == 0.0 { 200 } else { 160 };
        let of_often = times(&often_standin, now);
        assert!(of_often.iter().all(|time| [first, second].iter().all(|other| time.abs_diff(*other) >= least)));
    }
}

#[tokio::test(start_paused = true)]
async fn clients_that_poll_continuously_take_turns() {
    for latency in [0, 1, 100, 799, 800, 1000] {
        let scripts = [(); 4].map(|()| script(vec![slow(state("pending"), latency)]));
        let handle = job();
        let mut tasks = JoinSet::new();
        for (_, core) in &scripts {
            let (handle, core) = (handle.clone(), core.clone());
            tasks.spawn(async move { while handle.poll(&core).await.is_ok() {} });
        }
        tokio::time::sleep(Duration::from_secs(400)).await;
        let sent = scripts.map(|(standin, _)| standin.sent());
        assert!(
            sent.iter().max() <= sent.iter().min().map(|least| least + least / 5 + 2).as_ref(),
            "{sent:?} at {latency} ms"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn unanswered_polls_do_not_starve_others() {
    for interval in [50, 100, 199, 200] {
        let (_, core) = script(vec![slow(done(), 300)]);
        let (now, handle) = (Instant::now(), job());
        let options = exact().interval(Duration::from_millis(interval));
        let impatient = async {
            loop {
                let _given_up =
                    tokio::time::timeout(Duration::from_millis(200), handle.wait(&core).options(options)).await;
            }
        };
        let patient = async {
            tokio::task::yield_now().await;
            handle.wait(&core).await
        };
        let ended = first_of(Box::pin(impatient), Box::pin(patient)).await;
        assert_eq!(ended.expect("it is done"), "it");
        assert!(now.elapsed() <= Duration::from_secs(2), "{:?} at {interval} ms", now.elapsed());
    }
}

/// The output of the first future to complete.
async fn first_of<T>(mut one: impl Future<Output = T> + Unpin, mut two: impl Future<Output = T> + Unpin) -> T {
    let both = std::future::poll_fn(|context| match Pin::new(&mut one).poll(context) {
        std::task::Poll::Pending => Pin::new(&mut two).poll(context),
        ready @ std::task::Poll::Ready(_) => ready,
    });
    tokio::time::timeout(Duration::from_secs(1000), both).await.expect("one of them ends")
}
