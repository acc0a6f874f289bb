//! Guarantee 10 for jobs: wherever a future is dropped, the id is kept and the result can be reached.

use std::future::IntoFuture;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use sdk_runtime::Progress;

use crate::long_running::{Service, TestJob, exact, job, poll_times, start_job};

/// Each request has four await points: the credential, the head and two parts of the body.
const STEPS: usize = 4;

/// Reaches the result, both with the handle and from another process.
async fn check_completes(service: &Service, handle: &TestJob) {
    service.check_quiet().await;
    assert_eq!(handle.wait(&service.core).await.expect("it is done"), "it");
    assert_eq!(handle.elsewhere().wait(&service.core).await.expect("it is still done"), "it");
    assert_eq!(job().wait(&service.core).await.expect("it is known by its ids"), "it");
    assert_eq!(handle, &job());
}

/// How many polls a start takes.
async fn polls_of_a_start() -> usize {
    for polls in 0.. {
        let service = Service::new();
        let ended = poll_times(start_job(&service.core).job(), polls).await;
        service.check_quiet().await;
        assert!(service.starts.load(Ordering::SeqCst) <= 1);
        if let Some(handle) = ended {
            check_completes(&service, &handle.expect("it is started")).await;
            assert!(polls > STEPS, "{polls} await points were seen");
            return polls;
        }
    }
    unreachable!("there are more numbers than await points")
}

#[tokio::test(start_paused = true)]
async fn starting_and_waiting_can_be_dropped_anywhere_after_the_response_of_the_start() {
    let start = polls_of_a_start().await;
    for polls in 0.. {
        let service = Service::new();
        let kept = Mutex::new(None);
        let reported = Mutex::new(0);
        let waiting = start_job(&service.core)
            .wait()
            .on_start(|handle| *kept.lock().expect("no thread panicked") = Some(handle.clone()))
            .on_state(|_| *reported.lock().expect("no thread panicked") += 1);
        let ended = poll_times(waiting.into_future(), polls).await;
        let kept = kept.into_inner().expect("no thread panicked");
        assert_eq!(kept.is_some(), polls >= start, "the id after {polls} polls, {start} of them for the start");
        if let Some(handle) = kept {
            check_completes(&service, &handle).await;
            assert_eq!(service.starts.load(Ordering::SeqCst), 1, "it is started once");
        } else {
            service.check_quiet().await;
        }
        if let Some(value) = ended {
            assert_eq!(value.expect("it is done"), "it");
            assert_eq!(reported.into_inner().expect("no thread panicked"), 2);
            // Four polls and three waits between them.
            assert!(polls >= start + 4 * STEPS + 3, "{polls} await points were seen");
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_can_be_dropped_anywhere() {
    for polls in 0.. {
        let (service, handle) = (Service::new(), job());
        let ended = poll_times(handle.wait(&service.core).into_future(), polls).await;
        check_completes(&service, &handle).await;
        if ended.is_some() {
            assert!(polls >= 4 * STEPS + 3, "{polls} await points were seen");
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_poll_can_be_dropped_anywhere() {
    for polls in 0.. {
        let (service, handle) = (Service::new(), job());
        handle.poll(&service.core).await.map(drop).expect("it is pending");
        let ended = poll_times(handle.poll(&service.core), polls).await;
        check_completes(&service, &handle).await;
        if ended.is_some() {
            assert!(polls > STEPS, "{polls} await points were seen");
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_can_be_dropped_anywhere() {
    for polls in 0.. {
        let (service, handle) = (Service::new(), job());
        let mut states = handle.states(&service.core, exact());
        let ended = poll_times(
            async {
                while let Some(item) = states.next().await {
                    item.expect("no error");
                }
            },
            polls,
        )
        .await;
        drop(states);
        check_completes(&service, &handle).await;
        if ended.is_some() {
            assert!(polls >= 4 * STEPS + 3, "{polls} await points were seen");
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_next_of_a_stream_loses_no_state() {
    let (service, handle) = (Service::new(), job());
    let mut states = handle.states(&service.core, exact());
    let (mut seen, mut dropped) = (Vec::new(), 0);
    loop {
        // One poll at a time, each in a separate future.
        match poll_times(states.next(), 1).await {
            Some(Some(Ok(Progress::Running(state)))) => seen.push(state.status),
            Some(Some(Ok(Progress::Done(value)))) => seen.push(value),
            Some(Some(other)) => unreachable!("{other:?}"),
            Some(None) => break,
            None => {
                dropped += 1;
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }
    }
    assert_eq!(seen, ["pending", "in_progress", "it"]);
    assert!(dropped > 4 * STEPS);
    assert_eq!(service.standin.sent(), 4, "no poll is repeated");
    service.check_quiet().await;
}
