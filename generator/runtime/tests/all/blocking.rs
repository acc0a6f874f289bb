//! Calls in programs without an async runtime.

use std::thread;

use sdk_runtime::{Call, blocking};

use crate::operations::{client, look, start};
use crate::service::{api, seen, started};
use test_server::Server;

/// The address of a server that runs on a separate thread until the process ends. It answers `look` and `start` in turn.
fn server() -> String {
    let (tell, address) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let server = Server::start(|number| if number % 2 == 0 { seen() } else { started() }).await;
            tell.send(api(&server)).expect("the test waits");
            std::future::pending::<()>().await;
        });
    });
    address.recv().expect("the server starts")
}

#[test]
fn a_blocking_call_needs_no_runtime() {
    let core = client(&server());
    Call::new(&core, look()).blocking().expect("the server answers");
    let response = Call::new(&core, start()).blocking_with_response().expect("the connection is still there");
    assert_eq!((response.status().as_u16(), response.attempts()), (201, 1));
}

#[test]
fn many_threads_call_concurrently() {
    let core = client(&server());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| Call::new(&core, look()).blocking().is_ok())).collect();
        let done = threads.into_iter().filter_map(|thread| thread.join().ok()).count();
        assert_eq!(done, 8);
    });
}

/// On threads where tokio allows blocking, and on threads where it does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_call_works_on_any_thread_of_a_runtime() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    let blocking = |core: &sdk_runtime::Core| drop(Call::new(core, look()).blocking().expect("the server answers"));
    let own = core.clone();
    tokio::task::spawn_blocking(move || blocking(&own)).await.expect("no panic");
    tokio::task::block_in_place(|| blocking(&core));
    blocking(&core);
    assert_eq!(blocking::run(async { 7 }).ok(), Some(7));
}

#[test]
fn a_blocking_call_works_on_a_thread_that_has_entered_a_runtime() {
    let core = client(&server());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _guard = runtime.enter();
    Call::new(&core, look()).blocking().expect("the server answers");
}

#[tokio::test]
async fn streams_are_iterators_on_threads_of_a_runtime() {
    let items = blocking::iter(futures(3)).map(|item| item.expect("a number")).collect::<Vec<_>>();
    assert_eq!(items, [0, 1, 2]);
}

/// A stream of the first numbers.
fn futures(end: u32) -> impl futures_core::Stream<Item = Result<u32, sdk_runtime::Error>> + Unpin + Send {
    struct Numbers(std::ops::Range<u32>);
    impl futures_core::Stream for Numbers {
        type Item = Result<u32, sdk_runtime::Error>;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            std::task::Poll::Ready(self.0.next().map(Ok))
        }
    }
    Numbers(0..end)
}

#[tokio::test]
async fn a_future_is_polled_on_the_thread_that_waits_for_it() {
    let here = std::thread::current().id();
    let read = blocking::run(async { std::thread::current().id() }).expect("the runtime starts");
    assert_eq!(read, here);
    // More steps than the budget of a task allows.
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    (0..1_000).for_each(|number| sender.send(number).expect("the receiver exists"));
    let all = blocking::run(async move {
        let mut count = 0;
        while count < 1_000 && receiver.recv().await.is_some() {
            count += 1;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        count
    });
    assert_eq!(all.ok(), Some(1_000));
}

#[test]
fn any_future_can_be_blocked_on() {
    let core = client(&server());
    let both = blocking::run(async { (Call::new(&core, look()).await.is_ok(), 7) }).expect("no runtime here");
    assert_eq!(both.1, 7);
}
