//! The server of the test kit: how it matches requests, what it answers, what it records and reports.

use std::time::Duration;

use sdk_runtime::mock::{NoBody, SERVER_URL, Script, Server};
use sdk_runtime::{
    Call, Config, Core, Error, ErrorKind, HttpMethod, Method, Operation, OperationMeta, RawResponse, RequestWriter,
    Response, RetryConfig,
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::operations::{KEY, Look, SPEC, Seen, Start, look, plain_get, start};
use crate::shapes::Written;

/// A GET of any path that accepts any response.
struct Get(&'static str);

impl Operation for Get {
    /// The content type and the body.
    type Output = (String, String);

    const META: OperationMeta = plain_get("get", "/");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path(self.0);
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Self::Output, Error> {
        let content_type = response.headers().get("content-type").map(|ty| ty.to_str().expect("text").to_owned());
        Ok((content_type.unwrap_or_default(), response.text()?))
    }
}

/// A type that cannot be serialized.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("not serializable"))
    }
}

fn client(server: &Server) -> Core {
    let mut config = Config::new(&SPEC);
    config.credential("apiKey", KEY.into());
    config.server_url(format!("{SERVER_URL}/base"));
    config.exchange(server.clone());
    config.rng_seed(1);
    config.build().expect("the settings are valid")
}

/// A server for the API of the tests, and the scripts of its two operations.
fn scripted() -> (Server, Script<Value, Value>, Script<Seen>) {
    let server = Server::new([Start::META, Look::META]);
    let (starts, looks) = (server.script(Start::META.id, 201), server.script(Look::META.id, 200));
    (server, starts, looks)
}

fn seen(status: &str) -> Seen {
    Seen { status: status.to_owned() }
}

async fn look_at(server: &Server) -> Result<String, Error> {
    Call::new(&client(server), look()).send().await.map(|seen| seen.status)
}

async fn get(server: &Server, path: &'static str) -> Result<Response<(String, String)>, Error> {
    Call::new(&client(server), Get(path)).send_with_response().await
}

#[tokio::test(start_paused = true)]
async fn answers_are_given_in_order_and_the_last_can_repeat() {
    let (server, starts, looks) = scripted();
    starts.respond(json!({"status": "started", "operationId": "op-1"}));
    looks.respond(seen("one")).respond(seen("two")).respond(seen("three")).repeat();
    let left = [
        "`startThing` was called less often than scripted: unused responses: 1",
        "`lookAtThing` was called less often than scripted: unused responses: 2",
    ];
    assert_eq!(server.problems(), left);
    for expected in ["one", "two", "three", "three", "three"] {
        assert_eq!(look_at(&server).await.expect("an answer"), expected);
    }
    assert_eq!(Call::new(&client(&server), start()).send().await.expect("an answer").operation_id, "op-1");
    assert_eq!(server.problems(), [""; 0]);
    looks.assert_received(5);
    starts.assert_received(1);
}

#[tokio::test(start_paused = true)]
async fn a_step_changes_its_own_answer_unless_it_was_sent() {
    let (server, _, looks) = scripted();
    let (first, second, third) = (looks.respond(seen("one")), looks.respond(seen("two")), looks.respond(seen("three")));
    let first = first.delay(Duration::from_secs(1));
    third.delay(Duration::from_secs(4));
    second.delay(Duration::from_secs(2));
    let before = Instant::now();
    look_at(&server).await.expect("an answer");
    first.repeat().delay(Duration::from_secs(60));
    let mut after = vec![before.elapsed().as_secs()];
    for _ in 0..2 {
        look_at(&server).await.expect("an answer");
        after.push(before.elapsed().as_secs());
    }
    assert_eq!(after, [1, 3, 7]);
    assert_eq!(look_at(&server).await.expect_err("all were given").status().map(u16::from), Some(400));
}

#[tokio::test(start_paused = true)]
async fn responses_have_the_operations_status_and_content_type() {
    let meta = |accept, path| OperationMeta { id: path, accept, path, ..Get::META };
    let server =
        Server::new([meta(Some("application/json"), "/json"), meta(Some("text/plain"), "/text"), meta(None, "/")]);
    let scripts: [Script<Value>; 3] =
        [server.script("/json", 200), server.script("/text", 203), server.script("/", 204)];
    for script in &scripts {
        script.json(json!("a \"word\""));
        script.json(json!({"a": 1}));
    }
    for (path, status, content_type, body) in [
        ("/json", 200, "application/json", r#""a \"word\"""#),
        ("/json", 200, "application/json", r#"{"a":1}"#),
        ("/text", 203, "text/plain; charset=utf-8", "a \"word\""),
        ("/text", 203, "application/json", r#"{"a":1}"#),
        ("/", 204, "", ""),
        ("/", 204, "", ""),
    ] {
        let response = get(&server, path).await.expect("an answer");
        assert_eq!(
            (response.status().as_u16(), response.into_value()),
            (status, (content_type.to_owned(), body.to_owned())),
            "{path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn answers_can_set_status_headers_and_body() {
    let (server, _, looks) = scripted();
    looks.error(404, &json!({"message": "no such thing"})).header("x-request-id", "r-1").header("x-request-id", "r-2");
    looks.status(206).body("text/html", "<h1>Hello</h1>").header("x-part", "1");
    let error = look_at(&server).await.expect_err("404");
    assert_eq!((error.status().map(u16::from), error.server_message()), (Some(404), Some("no such thing")));
    let ids = error.api().expect("a response").headers().get_all("x-request-id").iter().collect::<Vec<_>>();
    assert_eq!(ids, ["r-1", "r-2"]);
    let response = get(&server, "/things/one").await.expect("206");
    assert_eq!((response.status().as_u16(), &response.headers()["x-part"]), (206, &"1".parse().expect("a header")));
    assert_eq!(response.into_value(), ("text/html".to_owned(), "<h1>Hello</h1>".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_rounded_up_to_whole_seconds() {
    for (wait, seconds) in [(2000, 2), (2001, 3), (500, 1), (0, 0)] {
        let (server, _, looks) = scripted();
        looks.status(503).retry_after(Duration::from_millis(wait));
        let call = Call::new(&client(&server), look()).retry_config(RetryConfig::none()).send().await;
        assert_eq!(call.expect_err("503").retry_after(), Some(Duration::from_secs(seconds)), "{wait}");
    }
}

#[tokio::test(start_paused = true)]
async fn connections_can_break_be_refused_or_go_silent() {
    let (server, starts, _) = scripted();
    starts.disconnect();
    starts.refuse().refuse().refuse().refuse();
    starts.hang();
    let core = client(&server);
    let call = async || Call::new(&core, start()).send().await.expect_err("no response");
    let before = Instant::now();
    let broken = call().await;
    assert_eq!((broken.kind(), broken.attempts(), broken.maybe_sent()), (ErrorKind::Connection, 1, true));
    let refused = call().await;
    assert_eq!((refused.kind(), refused.attempts(), refused.maybe_sent()), (ErrorKind::Connection, 4, false));
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    let before = Instant::now();
    assert!(call().await.is_timeout());
    assert_eq!(before.elapsed().as_secs(), 15);
    starts.assert_received(6);
}

#[tokio::test(start_paused = true)]
async fn requests_are_recorded_completely() {
    let (server, starts, looks) = scripted();
    starts.respond(json!({"status": "started", "operationId": "op-1"}));
    looks.respond(seen("done"));
    tokio::time::advance(Duration::from_secs(3)).await;
    let core = client(&server);
    Call::new(&core, start()).send().await.expect("an answer");
    let tags = vec!["x".to_owned(), "y z".to_owned()];
    let look =
        Look { id: "a/b c".to_owned(), filter: Some("&".to_owned()), tags, trace: Some("7".to_owned()), ..look() };
    Call::new(&core, look).send().await.expect("an answer");

    let all = server.requests();
    assert_eq!(all.iter().map(|one| one.operation_id()).collect::<Vec<_>>(), [Some("startThing"), Some("lookAtThing")]);
    let [request] = &looks.requests()[..] else { panic!("{:?}", looks.requests()) };
    assert_eq!((request.method(), request.path()), (&Method::GET, "/base/things/a%2Fb%20c"));
    assert_eq!((request.path_value("id"), request.path_value("x")), (Some("a/b c"), None));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(request.query(), [pair("filter", "&"), pair("tags", "x"), pair("tags", "y z")]);
    assert_eq!((request.query_value("tags"), request.query_value("x")), (Some("x"), None));
    assert_eq!((request.header("X-Trace"), request.header("x-api-key")), (Some("7"), Some(KEY)));
    assert_eq!((request.header("x-other"), request.headers().get("x-trace")), (None, Some(&"7".parse().expect("7"))));
    assert_eq!((request.elapsed().as_secs(), request.body().len(), request.json()), (3, 0, None));
    let body = json!({"parameters": {"user": "john"}});
    assert_eq!((all[0].method(), all[0].json()), (&Method::POST, Some(body.clone())));
    assert_eq!((all[0].body().to_vec(), starts.bodies().expect("JSON")), (body.to_string().into_bytes(), vec![body]));
    assert!(server.script::<Seen, u8>(Start::META.id, 201).bodies().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_request_matches_the_operation_with_the_most_literal_text() {
    let templates = [
        (Method::GET, "/users/{id}"),
        (Method::GET, "/users/me"),
        (Method::POST, "/users/{id}"),
        (Method::GET, "/files/{name}.{kind}"),
        (Method::GET, "/files/{name}"),
        (Method::GET, "/{kindOfReport}/latest"),
        (Method::GET, "/reports/{name}"),
        (Method::GET, "/größe/{n}"),
        (Method::GET, "/base/users/all"),
    ];
    let ids = ["get", "me", "post", "parts", "file", "latest", "report", "size", "all"];
    let metas = templates.into_iter().zip(ids).map(|((method, path), id)| OperationMeta {
        id,
        method: HttpMethod::Known(method),
        path,
        ..Get::META
    });
    let server = Server::new(metas);
    for (path, id, values) in [
        ("/users/7", "get", &[("id", "7")][..]),
        ("/users/me", "me", &[]),
        ("/users/all", "all", &[]),
        ("/files/a.b", "parts", &[("name", "a"), ("kind", "b")]),
        ("/files/a", "file", &[("name", "a")]),
        ("/reports/latest", "report", &[("name", "latest")]),
        ("/news/latest", "latest", &[("kindOfReport", "news")]),
        ("/gr%C3%B6%C3%9Fe/1", "size", &[("n", "1")]),
    ] {
        get(&server, path).await.expect_err("no answer is scripted");
        let requests = server.requests();
        let request = requests.last().expect("it was received");
        assert_eq!(request.operation_id(), Some(id), "{path}");
        for (name, value) in values {
            assert_eq!(request.path_value(name), Some(*value), "{path}");
        }
    }
    let post = Written(|request: &mut RequestWriter| {
        request.path("/users/me");
        Ok(())
    });
    Call::new(&client(&server), post).send().await.expect_err("no answer is scripted");
    assert_eq!(
        server.requests().last().and_then(|request| request.operation_id().map(str::to_owned)),
        Some("post".to_owned())
    );
}

#[tokio::test(start_paused = true)]
async fn one_segment_can_contain_several_values() {
    let meta = |id, path| OperationMeta { id, path, ..Get::META };
    let server = Server::new([meta("parts", "/files/{name}.{kind}"), meta("version", "/v{n}")]);
    server.script::<Value, NoBody>("parts", 200).json(json!(1)).repeat();
    for (path, values) in [("/files/a.b.txt", Some(("a.b", "txt"))), ("/files/a", None), ("/files/a.b/c", None)] {
        assert_eq!(get(&server, path).await.is_ok(), values.is_some(), "{path}");
        let requests = server.requests();
        let request = requests.last().expect("it was received");
        assert_eq!(request.path_value("name").zip(request.path_value("kind")), values, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_without_an_answer_fail_at_once_and_are_reported() {
    let (server, ..) = scripted();
    let error = look_at(&server).await.expect_err("no answer is scripted");
    let message = "`lookAtThing` was called, but has no scripted response left";
    assert_eq!(
        (error.status().map(u16::from), error.attempts(), error.server_message()),
        (Some(400), 1, Some(message))
    );
    let error = get(&server, "/nowhere").await.expect_err("no such operation");
    assert_eq!((error.status().map(u16::from), error.attempts()), (Some(400), 1));
    assert_eq!(server.problems(), [message, "the API has no operation `GET /base/nowhere`"]);
    assert_eq!(server.requests()[1].operation_id(), None);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_script_is_reported_instead_of_sent() {
    let (server, _, looks) = scripted();
    looks.status(99);
    looks.respond(seen("done")).header("not a name", "x").header("x", "a\nb").body("text/\n", "y");
    server.script::<Unwritable, NoBody>(Look::META.id, 200).respond(Unwritable);
    let problems = [
        "`lookAtThing`: 99 is not a valid status",
        "`lookAtThing`: the header `not a name` has an invalid name or value",
        "`lookAtThing`: the header `x` has an invalid name or value",
        "`lookAtThing`: the content type has invalid characters",
        "`lookAtThing`: a response cannot be serialized: not serializable",
    ];
    assert_eq!(server.problems()[..5], problems);
    let once = async || Call::new(&client(&server), look()).retry_config(RetryConfig::none()).send().await;
    assert_eq!(once().await.expect_err("an invalid status").status().map(u16::from), Some(500));
    assert_eq!(once().await.expect("the response stays as it is"), seen("done"));
    assert_eq!(once().await.expect_err("there was nothing to send").status().map(u16::from), Some(500));
}

#[test]
fn an_unexpected_number_of_requests_fails_the_test() {
    let (_, _, looks) = scripted();
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| looks.assert_received(1)));
    let message = failed.expect_err("none was received").downcast::<String>().expect("a message");
    assert!(message.contains("requests for `lookAtThing`"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn debug_output_shows_events_but_no_values() {
    let (server, starts, _) = scripted();
    let step = starts.respond(json!({"status": "started", "operationId": "op-1"})).status(500);
    let look = Look { filter: Some("filter-value".to_owned()), trace: Some("trace-value".to_owned()), ..look() };
    Call::new(&client(&server), look).send().await.expect_err("no answer is scripted");
    Call::new(&client(&server), start()).send().await.expect("an answer");
    let shown = format!("{server:?}");
    for text in
        ["lookAtThing", "/base/things/one", "filter", "x-trace", "x-api-key", "responses_left: 1", "response left"]
    {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
    for secret in ["filter-value", "trace-value", KEY, "john"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(format!("{:?}", starts.clone()).contains("startThing"));
    assert!(format!("{step:?}").contains("startThing"));
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_an_answer_ends_at_once() {
    let server = Server::new([Start::META]);
    let now = Instant::now();
    let error = crate::long_running::job().wait(&client(&server)).await.expect_err("no answer is scripted");
    assert_eq!((error.error().and_then(Error::status).map(u16::from), now.elapsed()), (Some(400), Duration::ZERO));
    assert_eq!(server.problems(), ["the API has no operation `GET /base/here/jobs/one`"]);
}
