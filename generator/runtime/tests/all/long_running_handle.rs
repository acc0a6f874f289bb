//! The handle as a value, and the traits of its futures.

use std::future::IntoFuture;
use std::hash::BuildHasher as _;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use sdk_runtime::{Progress, States, WaitOptions, text_at, value_at};

use crate::long_running::{State, TestJob, done, exact, job, script, start_job, started, state};

#[test]
fn a_handle_is_serialized_as_its_ids() {
    let text = serde_json::to_string(&job()).expect("it can be written");
    assert_eq!(text, r#"{"place":"here","id":"one"}"#);
    assert_eq!(serde_json::from_str::<TestJob>(&text).expect("it can be read"), job());
}

#[tokio::test(start_paused = true)]
async fn using_a_handle_does_not_change_its_value() {
    let (_, core) = script(vec![state("pending")]);
    let handle = job();
    handle.poll(&core).await.map(drop).expect("it is pending");
    assert_eq!(handle, job());
    assert_eq!(handle, handle.clone());
    assert_eq!(handle.elsewhere(), handle);
    assert_ne!(handle, TestJob::new("here", "two"));
    assert_eq!(serde_json::to_string(&handle).expect("text"), serde_json::to_string(&job()).expect("text"));
    let random = std::hash::RandomState::new();
    let hashes = [handle.clone(), job(), handle.elsewhere()].map(|handle| random.hash_one(handle));
    assert!(hashes.iter().all(|hash| *hash == random.hash_one(&handle)), "equal handles have the same hash");
    assert_eq!(format!("{handle:?}"), "TestJob { place: \"here\", id: \"one\" }");
}

#[tokio::test(start_paused = true)]
async fn progress_can_be_compared() {
    let (_, core) = script(vec![state("pending"), state("failed"), done()]);
    let handle = job();
    let [pending, failed, done] =
        [handle.poll(&core).await, handle.poll(&core).await, handle.poll(&core).await].map(|poll| poll.expect("200"));
    let of = |status: &str| State { status: status.to_owned(), more: std::collections::BTreeMap::new() };
    assert_eq!(pending, Progress::Running(of("pending")));
    assert_eq!(failed, Progress::Failed(of("failed")));
    assert_eq!(done, Progress::Done("it".to_owned()));
    assert!(pending != Progress::Running(of("other")) && pending != Progress::Failed(of("pending")));
}

#[test]
fn handles_futures_and_streams_are_send() {
    fn send<T: Send>(_: &T) {}
    fn all<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn unpin<T: Unpin>(_: &T) {}
    let (_, core) = script(vec![done()]);
    let handle = job();
    all(&handle);
    all(&WaitOptions::new());
    send(&handle.poll(&core));
    send(&handle.wait(&core));
    send(&handle.wait(&core).into_future());
    send(&start_job(&core).job());
    send(&start_job(&core).wait());
    send(&start_job(&core).wait().into_future());
    let mut states = handle.states(&core, exact());
    send(&states);
    unpin(&states);
    send(&states.next());
}

#[tokio::test(start_paused = true)]
async fn waits_and_streams_can_be_spawned() {
    let (_, core) = script(vec![started(), state("pending"), done()]);
    let spawned = tokio::spawn(async move {
        let handle = start_job(&core).job().await?;
        handle.poll(&core).await?;
        let mut states = handle.states(&core, exact());
        while let Some(item) = states.next().await {
            item.expect("no error");
        }
        Ok::<_, sdk_runtime::Error>(handle.wait(&core).await.expect("it is done"))
    });
    assert_eq!(spawned.await.expect("no panic").expect("no error"), "it");
    let (_, core) = script(vec![started(), state("pending"), done()]);
    let spawned = tokio::spawn(async move { start_job(&core).wait().on_start(|_| ()).on_state(|_| ()).await });
    assert_eq!(spawned.await.expect("no panic").expect("no error"), "it");
}

#[tokio::test(start_paused = true)]
async fn the_stream_implements_futures_core_stream() {
    async fn collect(
        mut states: impl Stream<Item = Result<Progress<TestJob>, crate::long_running::Failure>> + Unpin,
    ) -> usize {
        let mut count = 0;
        while std::future::poll_fn(|context| Pin::new(&mut states).poll_next(context)).await.is_some() {
            count += 1;
        }
        assert!(matches!(Pin::new(&mut states).poll_next(&mut Context::from_waker(Waker::noop())), Poll::Ready(None)));
        count
    }
    let (_, core) = script(vec![state("pending"), state("in_progress"), done()]);
    let handle = job();
    assert_eq!(collect(States::new(&handle, &core, exact())).await, 3);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_first_await() {
    let (standin, core) = script(vec![done()]);
    let handle = job();
    drop(handle.wait(&core));
    drop(handle.wait(&core).into_future());
    drop(handle.states(&core, exact()));
    drop(handle.poll(&core));
    drop(start_job(&core).wait());
    drop(start_job(&core).wait().into_future());
    drop(start_job(&core).job());
    assert_eq!(standin.sent(), 0);
}

#[test]
fn ids_are_found_by_json_pointer() {
    let response = serde_json::json!({
        "a": {"b": [{"c": "x"}], "n": 12, "big": u64::MAX, "e": "", "t": true, "z": null}, "~/": "y", "~1": "z",
        "list": ["first", "middle", "last"], "none": [], "-1": "a field", "01": "another",
    });
    assert_eq!(text_at(&response, "/a/b/0/c").as_deref(), Some("x"));
    assert_eq!(text_at(&response, "/a/b/-1/c").as_deref(), Some("x"));
    assert_eq!(text_at(&response, "/list/-1").as_deref(), Some("last"));
    assert_eq!(value_at::<String>(&response, "/list/-1").as_deref(), Some("last"));
    assert_eq!(text_at(&response, "/list/1").as_deref(), Some("middle"));
    assert_eq!(text_at(&response, "/-1").as_deref(), Some("a field"));
    assert_eq!(text_at(&response, "/01").as_deref(), Some("another"));
    assert_eq!(text_at(&response, "/~01").as_deref(), Some("z"));
    for index in ["01", "00", "+1", "-0", "-2", "3", "1 ", "", "1.0", "99999999999999999999"] {
        assert_eq!(text_at(&response, &format!("/list/{index}")), None, "{index}");
    }
    assert_eq!(text_at(&response, "/none/-1"), None);
    assert_eq!(value_at::<serde_json::Value>(&response, ""), Some(response.clone()));
    assert_eq!(value_at::<serde_json::Value>(&response, "list"), None, "a pointer starts with a slash");
    assert_eq!(text_at(&response, "/a/n").as_deref(), Some("12"));
    assert_eq!(text_at(&response, "/a/big").as_deref(), Some("18446744073709551615"));
    assert_eq!(text_at(&response, "/~0~1").as_deref(), Some("y"));
    for pointer in ["/a/e", "/a/t", "/a/z", "/a/b", "/none", "a"] {
        assert_eq!(text_at(&response, pointer), None, "{pointer}");
    }
    assert_eq!(value_at::<i64>(&response, "/a/n"), Some(12));
    assert_eq!(value_at::<i64>(&response, "/a/big"), None, "it does not fit");
    assert_eq!(value_at::<i64>(&response, "/a/b/0/c"), None);
    assert_eq!(value_at::<i64>(&response, "/none"), None);
}
