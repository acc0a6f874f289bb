//! Calls in programs without an async runtime.

use std::thread;

use sdk_runtime::{Call, ErrorKind, blocking};

use crate::operations::{client, look, start};
use crate::server::{Server, seen, started};

/// The address of a server that runs on a thread of its own until the test's process ends.
fn server() -> String {
    let (tell, address) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let server = Server::start(|number| if number % 2 == 0 { seen() } else { started() }).await;
            tell.send(server.url()).expect("the test waits");
            std::future::pending::<()>().await;
        });
    });
    address.recv().expect("the server starts")
}

#[test]
fn a_call_is_made_without_a_runtime_of_the_users() {
    let core = client(&server());
    Call::new(&core, look()).blocking().expect("the server answers");
    let reply = Call::new(&core, start()).blocking_with_response().expect("the connection is still there");
    assert_eq!((reply.status(), reply.attempts()), (201, 1));
}

#[test]
fn calls_are_made_from_many_threads_at_once() {
    let core = client(&server());
    thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| Call::new(&core, look()).blocking().is_ok())).collect();
        let done = threads.into_iter().filter_map(|thread| thread.join().ok()).count();
        assert_eq!(done, 8);
    });
}

#[tokio::test]
async fn within_a_runtime_it_is_an_error_and_no_panic() {
    let core = client("http://127.0.0.1:1");
    let error = Call::new(&core, look()).blocking().expect_err("this thread belongs to a runtime");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "a blocking call would stop the async runtime that its thread belongs to: use `.await` there"
    );
    assert!(blocking::run(async {}).is_err());
}

#[test]
fn any_future_can_be_run() {
    let core = client(&server());
    let both = blocking::run(async { (Call::new(&core, look()).await.is_ok(), 7) }).expect("no runtime here");
    assert_eq!(both.1, 7);
}
