//! Guarantee 10: the future of a call can be dropped at any await point.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use sdk_runtime::{Call, Core, Credential};

use crate::operations::{client, look, standin_config};
use crate::service::{api, seen};
use crate::standin::{Standin, Turn};
use test_server::{Act, Server, json};

/// Polls a future at most this often, each time it wakes, and returns whether it completed.
async fn poll_times<F: Future>(future: F, times: usize) -> bool {
    let mut future = pin!(future);
    let mut left = times;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits for the credential, the head and every part of the body, and fails twice before it succeeds.
fn slow(standin: &Standin) -> Core {
    let mut config = standin_config(standin);
    let provider = || async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        Ok::<_, sdk_runtime::BoxError>("key".to_owned())
    };
    config.credential("apiKey", Credential::provider(provider));
    config.build().expect("settings")
}

fn slow_turns() -> Standin {
    let good = Arc::new(Mutex::new(0_usize));
    Standin::new(move |_, _| {
        let mut number = good.lock().expect("no thread panicked");
        *number += 1;
        let part = |text: &'static [u8]| (Duration::from_millis(5), Bytes::from_static(text));
        let body = vec![part(b"{\"status\":"), part(b"\"done\"}")];
        let status = if number.is_multiple_of(3) { 200 } else { 503 };
        Turn { delay: Duration::from_millis(20), body, ..Turn::status(status) }
    })
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_at_any_await_leaves_nothing_behind() {
    let mut points = 0;
    loop {
        let standin = slow_turns();
        let core = slow(&standin);
        let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let ended = poll_times(Call::new(&core, look()).send(), points).await;
        assert_eq!(standin.alive.load(Ordering::SeqCst), 0, "a request is alive after {points} polls");
        assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), tasks);
        assert!(standin.sent() <= 3);
        let sent = standin.sent();
        tokio::time::sleep(Duration::from_mins(2)).await;
        assert_eq!(standin.sent(), sent, "nothing keeps running");
        // The next call on the same client works.
        Call::new(&core, look()).send().await.expect("the next call succeeds");
        if ended {
            break;
        }
        points += 1;
    }
    // Three attempts, each with a credential, a head and two parts of a body, and two waits between them.
    assert!(points >= 3 * 4 + 2, "{points} await points were seen");
}

#[tokio::test]
async fn a_client_works_after_a_call_is_dropped_on_a_real_connection() {
    let server =
        Server::start(|number| if number.is_multiple_of(2) { Act::Send(json("503 x", "{}")) } else { seen() }).await;
    let core = client(&api(&server));
    for polls in 0..40 {
        let _ended = poll_times(Call::new(&core, look()).send(), polls).await;
        let seen = Call::new(&core, look()).send().await.expect("the next call succeeds");
        assert_eq!(seen.status, "done");
    }
}
