//! A thousand concurrent calls on one client, with random faults from a seed.

use std::sync::Mutex;
use std::time::Duration;

use sdk_runtime::{Call, Error, ErrorKind, FailureKind, RetryBudget};

use crate::operations::{config, look, standin_config, start};
use crate::service::{api, seen, started};
use crate::standin::{Standin, Turn};
use test_server::{Act, JSON, Server, json, response_with_length};

const CALLS: usize = 1_000;

fn check_error(error: &Error, limit: Duration) {
    let known = [200, 201, 404, 429, 503];
    assert!(error.status().map(u16::from).is_none_or(|status| known.contains(&status)), "{error}");
    assert!(!matches!(error.kind(), ErrorKind::Configuration | ErrorKind::InvalidArgument), "{error}");
    assert!(error.elapsed() <= limit, "{error}");
    assert!((1..=4).contains(&error.attempts()), "{error}");
}

#[tokio::test(start_paused = true)]
async fn every_call_ends_with_its_value_or_a_typed_error_in_time() {
    let random = Mutex::new(fastrand::Rng::with_seed(42));
    let standin = Standin::new(move |_, request| {
        let mut random = random.lock().expect("no thread panicked");
        let delay = Duration::from_millis(random.u64(0..3_000));
        let good = if request.method() == "POST" {
            Turn::status(201).body("{\"status\":\"started\",\"operationId\":\"o\"}")
        } else {
            Turn::status(200).body("{\"status\":\"done\"}")
        };
        let turn = match random.u8(0..10) {
            0 => Turn::failure(FailureKind::Connect),
            1 => Turn::failure(FailureKind::Broken),
            2 => Turn::status(503),
            3 => Turn { retry_after: Some("1".to_owned()), ..Turn::status(429) },
            4 => Turn { broken: true, ..good },
            5 => {
                return Turn { delay: Duration::from_hours(1), ..good };
            }
            _ => good,
        };
        Turn { delay, ..turn }
    });
    let mut config = standin_config(&standin);
    let limit = Duration::from_secs(30);
    config.timeout(limit);
    config.retry_budget(RetryBudget::unlimited());
    let core = config.build().expect("settings");
    let calls: Vec<_> = (0..CALLS)
        .map(|number| {
            let core = core.clone();
            tokio::spawn(async move {
                let before = tokio::time::Instant::now();
                let outcome = if number.is_multiple_of(2) {
                    Call::new(&core, look()).send().await.map(drop)
                } else {
                    Call::new(&core, start()).send().await.map(drop)
                };
                assert!(before.elapsed() <= limit + Duration::from_millis(1));
                outcome
            })
        })
        .collect();
    let mut good = 0;
    for call in calls {
        match call.await.expect("no panic") {
            Ok(()) => good += 1,
            Err(error) => check_error(&error, limit + Duration::from_millis(1)),
        }
    }
    assert!(good > CALLS / 2, "{good}");
    assert_eq!(standin.alive.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_ends_in_time_on_real_connections() {
    let random = Mutex::new(fastrand::Rng::with_seed(42));
    let server = Server::start(move |_| match random.lock().expect("no thread panicked").u8(0..20) {
        0 | 1 => Act::Reset,
        2 | 3 => Act::Send(json("503 x", "{}")),
        4 => Act::Send(json("429 x", "{}")),
        5 => Act::SendAndClose(response_with_length("200 OK", &[JSON], b"{\"sta", 100)),
        6 => Act::SendAndClose(json("404 x", "{}")),
        7..=13 => started(),
        _ => seen(),
    })
    .await;
    let core = config(&api(&server)).build().expect("settings");
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let core = core.clone();
            tokio::spawn(async move { Call::new(&core, look()).send().await.map(drop) })
        })
        .collect();
    let mut good = 0;
    for call in calls {
        match call.await.expect("no panic") {
            Ok(()) => good += 1,
            // The limit is 20 s. A busy machine may check the clock late.
            Err(error) => check_error(&error, Duration::from_secs(25)),
        }
    }
    assert!(good > CALLS / 10, "{good}");
    assert!(server.arrivals() >= CALLS);
}
