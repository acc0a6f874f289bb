//! Pagination that fails: loops, other servers, failures, limits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sdk_runtime::{Call, ErrorKind, NextPageFailure};
use serde_json::json;

use crate::operations::{client, standin_client};
use crate::pages::{CURSOR, IN_BODY, List, NUMBER, OFFSET, URL, list, paths, serving};
use crate::service::api;
use crate::standin::{Standin, Turn};
use test_server::{Act, Server, json as json_response, response};

#[tokio::test]
async fn page_loops_are_detected() {
    // The number of pages before the loop, and its length.
    for (distance, length) in (1..=9_usize).map(|length| (0, length)).chain([(0, 40), (5, 3), (20, 7)]) {
        let server = Server::start(move |number| {
            let next = format!("c{}", number.min(distance) + number.saturating_sub(distance) % length);
            Act::Send(json_response("200 OK", &json!({"items": [number], "next": next}).to_string()))
        })
        .await;
        let core = client(&api(&server));
        let mut pages = Call::new(&core, List::<IN_BODY> { body: Some(json!({})), query: Vec::new() }).pages();
        let error = loop {
            match pages.next().await.expect("it does not end well") {
                Ok(_) => assert!(server.arrivals() <= 3 * (distance + length + 1), "a loop of {length} is not noticed"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::NextPage(NextPageFailure::Repeated));
        assert_eq!(error.operation_id(), Some("list"));
        assert!(pages.next().await.is_none());
    }
}

#[tokio::test]
async fn the_number_of_pages_is_limited() {
    let server = serving(vec![json!({"items": [1]})]).await;
    let core = client(&api(&server));
    let mut pages = Call::new(&core, list::<NUMBER>()).pages().max_pages(3);
    while let Some(page) = pages.next().await {
        page.expect("a page");
    }
    assert!(pages.position().is_some());
    let mut items = Call::new(&core, list::<NUMBER>()).items().max_pages(2);
    while let Some(item) = items.next().await {
        item.expect("an item");
    }
    assert_eq!(server.arrivals(), 5);
}

#[tokio::test]
async fn the_credential_is_sent_to_no_other_server() {
    let other = serving(vec![json!({"items": []})]).await;
    let port = other.address().port();
    let addresses = [
        format!("http://127.0.0.1:{port}/api/list"),
        format!("//127.0.0.1:{port}/api/list"),
        format!("http://localhost:{port}/"),
        "https://127.0.0.1/list".to_owned(),
        "data:text/plain,x".to_owned(),
    ];
    for address in addresses {
        let server = serving(vec![json!({"items": [1], "next": address})]).await;
        let core = client(&api(&server));
        let mut pages = Call::new(&core, list::<URL>()).pages();
        pages.next().await.expect("a page").expect("the first is good");
        let error = pages.next().await.expect("an error").expect_err("it is elsewhere");
        assert_eq!(error.kind(), ErrorKind::NextPage(NextPageFailure::OtherServer), "{address}");
        assert!(!format!("{error} {error:?}").contains(&port.to_string()));
        assert_eq!((server.arrivals(), other.connections()), (1, 0));
    }
    let server = Server::start(move |_| Act::Send(json_response("200 OK", "{}"))).await;
    for user in ["user:word", "user", ":word"] {
        let url = api(&server).replace("http://", &format!("http://{user}@"));
        let place = serde_json::from_value(json!({ "url": url })).expect("a page token");
        let error = Call::new(&client(&api(&server)), list::<URL>()).pages().start_at(place).next().await;
        let error = error.expect("an error").expect_err("it has a user");
        assert_eq!(error.kind(), ErrorKind::NextPage(NextPageFailure::OtherServer), "{user}");
    }
    assert_eq!(server.arrivals(), 0);
}

#[tokio::test]
async fn an_invalid_cursor_is_an_error() {
    for (next, expect) in [(json!({"a": 1}), "unreadable"), (json!("http://"), "unreadable")] {
        let server = serving(vec![json!({"items": [1], "next": next})]).await;
        let core = client(&api(&server));
        let mut pages = Call::new(&core, list::<URL>()).pages();
        let mut last = pages.next().await;
        while let Some(Ok(_)) = last {
            last = pages.next().await;
        }
        let error = last.expect("an error").expect_err("it is not a URL");
        assert_eq!(error.kind().name(), format!("next_page.{expect}"), "{next}");
    }
    let place = serde_json::from_value(json!({"number": 3})).expect("a page token");
    let core = client("http://localhost:1");
    let error = Call::new(&core, list::<CURSOR>()).pages().start_at(place).next().await;
    assert_eq!(error.expect("an error").expect_err("a token of another pagination").kind(), ErrorKind::InvalidArgument);
}

#[tokio::test]
async fn a_failed_page_can_be_requested_again() {
    let server = Server::start(|number| match number {
        1 => Act::Send(response("400 Bad Request", &[], b"")),
        _ => Act::Send(json_response("200 OK", r#"{"items":[1]}"#)),
    })
    .await;
    let core = client(&api(&server));
    let mut pages = Call::new(&core, list::<OFFSET>()).pages();
    pages.next().await.expect("a page").expect("the first is good");
    let error = pages.next().await.expect("an error").expect_err("it is rejected");
    assert_eq!(error.status().map(u16::from), Some(400));
    assert!(pages.next().await.is_none());
    let place = pages.position().cloned().expect("where it failed");
    let mut again = Call::new(&core, list::<OFFSET>()).pages().start_at(place);
    assert!(again.next().await.is_some_and(|page| page.is_ok()));
    assert_eq!(paths(&server), ["/list", "/list?offset=1", "/list?offset=1"]);
}

#[tokio::test]
async fn each_page_is_retried_by_the_policy_of_the_call() {
    let server = Server::start(|number| match number {
        0 => Act::Send(json_response("200 OK", r#"{"items":[1]}"#)),
        1 => Act::Send(response("503 Service Unavailable", &[], b"")),
        _ => Act::Send(json_response("200 OK", r#"{"items":[]}"#)),
    })
    .await;
    let core = client(&api(&server));
    let mut items = Call::new(&core, list::<NUMBER>()).header("x-trace", "7").items();
    assert_eq!(items.next().await.expect("an item").expect("it decodes"), 1);
    assert!(items.next().await.is_none());
    assert_eq!(paths(&server), ["/list", "/list?page=2", "/list?page=2"]);
    assert!(server.received().iter().all(|arrived| arrived.header("x-trace") == Some("7")));
}

#[tokio::test(start_paused = true)]
async fn the_limits_of_a_call_apply_to_each_page() {
    let standin = Standin::new(|number, _| Turn {
        delay: Duration::from_secs(if number == 3 { 12 } else { 8 }),
        ..Turn::status(200).body(r#"{"items":[1]}"#)
    });
    let core = standin_client(&standin);
    let mut pages = Call::new(&core, list::<NUMBER>()).timeout(Duration::from_secs(10)).pages();
    for _ in 0..3 {
        pages.next().await.expect("a page").expect("it is in time");
    }
    assert!(pages.next().await.expect("an error").expect_err("it is late").is_timeout());
}

#[tokio::test]
async fn an_item_that_fails_to_decode_is_named_and_skipped() {
    let server = serving(vec![json!({"items": [1, "two", 3]}), json!({"items": []})]).await;
    let core = client(&api(&server));
    let mut items = Call::new(&core, list::<NUMBER>()).items();
    assert!(items.next().await.is_some_and(|item| item.is_ok()));
    let error = items.next().await.expect("an error").expect_err("it is not a number");
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Decode, Some(200)));
    assert!(error.to_string().contains("item 2 of the page"), "{error}");
    assert!(items.next().await.is_some_and(|item| item.is_ok()));
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_response_other_than_a_page_is_an_error_of_pages_and_items() {
    for body in ["7", "nothing", r#"{"items":7}"#] {
        let server = Server::always(Act::Send(json_response("200 OK", body))).await;
        let core = client(&api(&server));
        let page = Call::new(&core, list::<NUMBER>()).pages().next().await.expect("an error");
        assert_eq!(page.expect_err("it is not a page").kind(), ErrorKind::Decode, "{body}");
        let item = Call::new(&core, list::<NUMBER>()).items().next().await.expect("an error");
        assert_eq!(item.expect_err("it is not a page").kind(), ErrorKind::Decode, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_a_page_sends_no_second_request() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requested = seen.clone();
    let standin = Standin::new(move |_, request| {
        requested.lock().expect("no thread panicked").push(request.url().query().map(str::to_owned));
        let body = if request.url().query() == Some("page=2") { r#"{"items":[]}"# } else { r#"{"items":[1]}"# };
        Turn { delay: Duration::from_millis(10), ..Turn::status(200).body(body) }
    });
    let core = standin_client(&standin);
    let mut pages = Call::new(&core, list::<NUMBER>()).pages();
    let mut count = 0;
    loop {
        match tokio::time::timeout(Duration::from_millis(3), pages.next()).await {
            Ok(Some(page)) => count += page.map(|_| 1).expect("a page"),
            Ok(None) => break,
            Err(_) => {}
        }
    }
    assert_eq!(count, 2);
    assert_eq!(*seen.lock().expect("no thread panicked"), [None, Some("page=2".to_owned())]);
}
