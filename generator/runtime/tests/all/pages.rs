//! Pagination: every way to get from one page to the next.

use sdk_runtime::{
    Call, Error, ErrorKind, FullPage, HttpMethod, Input, Method, NextPage, Operation, OperationMeta, PageToken,
    Paginated, PaginatedItems, Paging, RawResponse, RequestWriter,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::operations::client;
use crate::service::api;
use test_server::{Act, Request, Server, json as json_response};

/// Lists numbers. The test sets body and query.
#[derive(Clone, Default)]
pub struct List<const KIND: usize> {
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
pub struct Listed {
    #[serde(default)]
    pub items: Vec<i64>,
}

pub const NUMBER: usize = 0;
pub const LAST: usize = 1;
pub const OFFSET: usize = 2;
pub const CURSOR: usize = 3;
pub const IN_BODY: usize = 4;
pub const URL: usize = 5;
pub const FIRST: usize = 6;
/// The items are in the last group.
pub const NESTED: usize = 7;
/// Pages of at most three items, with the number of the last page.
pub const LAST_FULL: usize = 8;

const FULL: FullPage = FullPage { input: Input::Query("limit"), default: None, maximum: Some(3) };

impl<const KIND: usize> Operation for List<KIND> {
    type Output = Listed;

    const META: OperationMeta = OperationMeta {
        id: "list",
        method: HttpMethod::Known(Method::GET),
        path: "/list",
        accept: Some("application/json"),
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[&["apiKey"]],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/list");
        for (name, value) in &self.query {
            request.query(name, value);
        }
        match &self.body {
            Some(body) => request.json(body),
            None => Ok(()),
        }
    }

    fn decode(response: &RawResponse) -> Result<Listed, Error> {
        response.expect_status(&[200])?;
        response.json()
    }
}

impl<const KIND: usize> Paginated for List<KIND> {
    const PAGING: Paging = Paging {
        results: match KIND {
            LAST => None,
            NESTED => Some("/groups/-1/items"),
            _ => Some("/items"),
        },
        next: match KIND {
            NUMBER | NESTED => NextPage::Number { input: Input::Query("page"), first: 1, last: None, full: None },
            LAST_FULL => {
                NextPage::Number { input: Input::Query("page"), first: 1, last: Some("/pages"), full: Some(FULL) }
            }
            LAST => NextPage::Number { input: Input::Query("page"), first: 1, last: Some("/pages"), full: None },
            OFFSET => {
                NextPage::Offset { input: Input::Query("offset"), first: 0, pages: Some("/pages"), full: Some(FULL) }
            }
            CURSOR => NextPage::Cursor { input: Input::Query("after"), cursor: "/items/-1" },
            FIRST => NextPage::Cursor { input: Input::Query("before"), cursor: "/items/0" },
            IN_BODY => NextPage::Cursor { input: Input::Body("after"), cursor: "/next" },
            _ => NextPage::Url { address: "/next" },
        },
    };
}

impl<const KIND: usize> PaginatedItems for List<KIND> {
    type Item = i64;
}

pub fn list<const KIND: usize>() -> List<KIND> {
    List::default()
}

/// A server that sends these bodies in order and repeats the last.
pub async fn serving(bodies: Vec<Value>) -> Server {
    Server::start(move |number| {
        let body = bodies.get(number).or(bodies.last()).expect("there is one");
        Act::Send(json_response("200 OK", &body.to_string()))
    })
    .await
}

pub fn paths(server: &Server) -> Vec<String> {
    let path =
        |arrived: &Request| arrived.line().split(' ').nth(1).unwrap_or_default().trim_start_matches("/api").to_owned();
    server.received().iter().map(path).collect()
}

/// All items, and the requested paths.
async fn items<const KIND: usize>(operation: List<KIND>, bodies: Vec<Value>) -> (Vec<i64>, Vec<String>) {
    let server = serving(bodies).await;
    let core = client(&api(&server));
    let mut items = Call::new(&core, operation).items();
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.expect("an item"));
    }
    (all, paths(&server))
}

#[tokio::test]
async fn numbered_pages_end_at_an_empty_page() {
    let bodies = vec![json!({"items": [1, 2]}), json!({"items": [3]}), json!({"items": []})];
    let (all, requested) = items(list::<NUMBER>(), bodies).await;
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(requested, ["/list", "/list?page=2", "/list?page=3"]);
}

#[tokio::test]
async fn numbered_pages_continue_from_the_requested_page() {
    let query = vec![("page", "7".to_owned()), ("filter", "a b&c".to_owned())];
    let operation = List::<NUMBER> { query, body: None };
    let (all, requested) = items(operation, vec![json!({"items": [1]}), json!({})]).await;
    assert_eq!(all, [1]);
    assert_eq!(requested, ["/list?page=7&filter=a%20b%26c", "/list?filter=a%20b%26c&page=8"]);
}

#[tokio::test]
async fn numbered_pages_end_at_the_last_page_that_the_response_names() {
    let server = serving(vec![json!({"items": [1], "pages": 2}), json!({"items": [], "pages": "2"})]).await;
    let core = client(&api(&server));
    let mut pages = Call::new(&core, list::<LAST>()).pages();
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.push(page.expect("a page").items);
    }
    assert_eq!(all, [vec![1], vec![]]);
    assert_eq!(paths(&server), ["/list", "/list?page=2"]);
}

#[tokio::test]
async fn a_short_page_is_not_the_last_if_the_response_names_a_later_one() {
    let operation = || List::<LAST_FULL> { query: vec![("limit", "3".to_owned())], body: None };
    let page = |items: &[i64], pages: Value| json!({"items": items, "pages": pages});
    let bodies = vec![page(&[1], json!(3)), page(&[2, 3], json!("3")), page(&[4, 5, 6], json!(3))];
    let (all, requested) = items(operation(), bodies).await;
    assert_eq!((all, requested.len()), (vec![1, 2, 3, 4, 5, 6], 3));
    // An empty page still ends them.
    let (all, requested) = items(operation(), vec![page(&[1], json!(9)), page(&[], json!(9))]).await;
    assert_eq!((all, requested.len()), (vec![1], 2));
    // Without a number, a short page is the last.
    for nothing in [json!(null), json!("many"), json!({})] {
        let (all, requested) = items(operation(), vec![page(&[1, 2, 3], nothing.clone()), page(&[4], nothing)]).await;
        assert_eq!((all, requested.len()), (vec![1, 2, 3, 4], 2));
    }
}

#[tokio::test]
async fn the_items_may_be_in_the_last_item_of_an_array() {
    let bodies = vec![
        json!({"groups": [{"items": [7]}, {"items": [1, 2]}]}),
        json!({"groups": [{"items": [3]}]}),
        json!({"groups": []}),
    ];
    let (all, requested) = items(list::<NESTED>(), bodies).await;
    assert_eq!((all, requested.len()), (vec![1, 2, 3], 3));
}

#[tokio::test]
async fn offsets_grow_by_the_received_items_and_end_at_a_short_page() {
    let operation = List::<OFFSET> { query: vec![("limit", "50".to_owned())], body: None };
    // The service returns at most 3, whatever the limit.
    let bodies = vec![json!({"items": [1, 2, 3]}), json!({"items": [4, 5, 6]}), json!({"items": [7]})];
    let (all, requested) = items(operation, bodies).await;
    assert_eq!(all, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(requested, ["/list?limit=50", "/list?limit=50&offset=3", "/list?limit=50&offset=6"]);
}

#[tokio::test]
async fn a_short_page_does_not_end_offsets_before_the_last_of_the_pages_that_the_response_counts() {
    // A full page has two items, the lower of limit and maximum.
    let operation = || List::<OFFSET> { query: vec![("limit", "2".to_owned())], body: None };
    let page = |items: &[i64], pages: u64| json!({"items": items, "pages": pages});
    let bodies = vec![page(&[1], 2), page(&[2], 2), page(&[3, 4], 2)];
    let (all, requested) = items(operation(), bodies).await;
    assert_eq!(all, [1, 2, 3, 4]);
    assert_eq!(requested, ["/list?limit=2", "/list?limit=2&offset=1", "/list?limit=2&offset=2"]);
    // An empty page still ends them.
    let (all, requested) = items(operation(), vec![page(&[1], 9), page(&[], 9)]).await;
    assert_eq!((all, requested.len()), (vec![1], 2));
    // Without a number, a short page is the last.
    let (all, requested) = items(operation(), vec![json!({"items": [1]})]).await;
    assert_eq!((all, requested.len()), (vec![1], 1));
}

#[tokio::test]
async fn without_a_limit_offsets_end_at_an_empty_page() {
    let (all, requested) = items(list::<OFFSET>(), vec![json!({"items": [1]}), json!({})]).await;
    assert_eq!((all, requested), (vec![1], vec!["/list".to_owned(), "/list?offset=1".to_owned()]));
}

#[tokio::test]
async fn a_cursor_may_be_the_last_item() {
    let (all, requested) = items(list::<CURSOR>(), vec![json!({"items": [5, 9]}), json!({"items": []})]).await;
    assert_eq!((all, requested), (vec![5, 9], vec!["/list".to_owned(), "/list?after=9".to_owned()]));
}

#[tokio::test]
async fn a_cursor_may_be_the_first_item() {
    let (all, requested) = items(list::<FIRST>(), vec![json!({"items": [5, 9]}), json!({"items": []})]).await;
    assert_eq!((all, requested), (vec![5, 9], vec!["/list".to_owned(), "/list?before=5".to_owned()]));
}

#[tokio::test]
async fn a_cursor_in_the_body_keeps_the_rest_of_the_body() {
    let bodies =
        [json!({"items": [1], "next": "a/b"}), json!({"items": [2], "next": 7}), json!({"items": [3], "next": ""})];
    let server = serving(bodies.to_vec()).await;
    let core = client(&api(&server));
    let operation = List::<IN_BODY> { body: Some(json!({"of": "things"})), query: Vec::new() };
    let mut pages = Call::new(&core, operation).pages();
    while let Some(page) = pages.next().await {
        page.expect("a page");
    }
    let sent: Vec<Value> =
        server.received().iter().map(|arrived| serde_json::from_slice(&arrived.body).expect("JSON")).collect();
    assert_eq!(
        sent,
        [json!({"of": "things"}), json!({"of": "things", "after": "a/b"}), json!({"of": "things", "after": 7})]
    );
}

#[tokio::test]
async fn next_urls_may_be_relative_and_keep_their_query() {
    let bodies = [
        json!({"items": [1], "next": "/api/list?x=1&y=%20#part"}),
        json!({"items": [2], "next": "?x=2"}),
        json!({"items": [3], "next": null}),
    ];
    let (all, requested) = items(list::<URL>(), bodies.to_vec()).await;
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(requested, ["/list", "/list?x=1&y=%20", "/list?x=2"]);
}

#[tokio::test]
async fn an_empty_null_or_false_cursor_ends_the_pages() {
    for next in [json!(""), json!(null), json!(false)] {
        let last = vec![json!({"items": [1], "next": next})];
        assert_eq!(items(list::<URL>(), last.clone()).await.1, ["/list"], "{last:?}");
        assert_eq!(items(list::<IN_BODY>(), last.clone()).await.1, ["/list"], "{last:?}");
    }
}

#[tokio::test]
async fn a_next_url_may_be_absolute_on_the_same_server() {
    let server = Server::start(|number| {
        let next = if number == 0 { json!("whatever") } else { Value::Null };
        Act::Send(json_response("200 OK", &json!({"items": [1], "next": next}).to_string()))
    })
    .await;
    let core = client(&api(&server));
    let place: PageToken =
        serde_json::from_value(json!({"url": format!("{}/list?x=1", api(&server))})).expect("a page token");
    let page = Call::new(&core, list::<URL>()).pages().start_at(place).next().await;
    assert!(page.is_some_and(|page| page.is_ok()));
    assert_eq!(paths(&server), ["/list?x=1"]);
    assert!(server.received()[0].header("x-api-key").is_some());
}

#[tokio::test]
async fn pages_can_be_resumed_in_another_process() {
    let server = serving(vec![json!({"items": [1]}), json!({"items": [2]}), json!({"items": []})]).await;
    let core = client(&api(&server));
    let mut pages = Call::new(&core, list::<NUMBER>()).pages();
    assert!(pages.position().is_none());
    pages.next().await.expect("a page").expect("it decodes");
    let written = serde_json::to_string(pages.position().expect("there is another")).expect("JSON");
    drop(pages);
    let place: PageToken = serde_json::from_str(&written).expect("a page token");
    let mut items = Call::new(&core, list::<NUMBER>()).items().start_at(place);
    assert_eq!(items.next().await.expect("an item").expect("it decodes"), 2);
    assert!(items.next().await.is_none());
    assert_eq!(paths(&server), ["/list", "/list?page=2", "/list?page=3"]);
}

#[tokio::test]
async fn an_item_that_fails_to_decode_is_named() {
    let server = serving(vec![json!({"items": [1, "2"]})]).await;
    let core = client(&api(&server));
    let mut items = Call::new(&core, list::<NUMBER>()).items();
    assert_eq!(items.next().await.expect("an item").expect("a number"), 1);
    let error = items.next().await.expect("an error").expect_err("no number");
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some(".")));
    let said = "item 2 of the page cannot be decoded at `.`: invalid type: string \"2\", expected i64";
    assert!(error.to_string().contains(said), "{error}");
}

#[tokio::test]
async fn a_page_is_requested_when_its_first_item_is_needed() {
    let server = serving(vec![json!({"items": [1, 2]}), json!({"items": [3]})]).await;
    let core = client(&api(&server));
    let mut items = Call::new(&core, list::<NUMBER>()).items();
    assert_eq!(server.arrivals(), 0);
    for (item, requested) in [(1, 1), (2, 1), (3, 2)] {
        assert_eq!(items.next().await.expect("an item").expect("it decodes"), item);
        assert_eq!(server.arrivals(), requested);
    }
}

#[cfg(feature = "blocking")]
#[test]
fn pages_and_items_are_blocking_iterators() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(serving(vec![json!({"items": [1, 2]}), json!({"items": [3]}), json!({"items": []})]));
    let core = client(&api(&server));
    let items = sdk_runtime::blocking::iter(Call::new(&core, list::<NUMBER>()).items());
    assert_eq!(items.map(|item| item.expect("an item")).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn the_headers_of_the_last_page_are_available() {
    let server = Server::start(|number| {
        let items = if number < 2 { vec![number] } else { Vec::new() };
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-page: {number}\r\n");
        let body = json!({ "items": items }).to_string();
        Act::Send(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
    })
    .await;
    let core = client(&api(&server));
    let mut pages = Call::new(&core, list::<NUMBER>()).pages();
    assert!(pages.headers().is_none());
    for expected in ["0", "1"] {
        pages.next().await.expect("there is a page").expect("a page");
        let headers = pages.headers().expect("a page was returned");
        assert_eq!(headers.get("x-page").and_then(|value| value.to_str().ok()), Some(expected));
    }
}
