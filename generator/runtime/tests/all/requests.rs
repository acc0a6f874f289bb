//! What is sent, byte for byte, and its preview.

use std::time::Duration;

use bytes::Bytes;
use sdk_runtime::{Call, Error, ListStyle, Operation, OperationMeta, RawResponse, RequestWriter};

use crate::operations::{KEY, Look, Start, client, config, look, plain_get, standin_client, start};
use crate::service::{api, seen, started};
use crate::standin::{Standin, Turn};
use test_server::{Act, Server, response};

fn full() -> Look {
    Look {
        id: "a/b".to_owned(),
        filter: Some("x=1 & y".to_owned()),
        tags: vec!["p,q".to_owned(), "r".to_owned()],
        style: None,
        trace: Some("t-1".to_owned()),
        cookie: Some("dark; mode".to_owned()),
    }
}

#[tokio::test]
async fn every_argument_is_in_its_location() {
    let server = Server::always(seen()).await;
    Call::new(&client(&api(&server)), full()).send().await.expect("seen");
    let request = &server.received()[0];
    assert_eq!(request.line(), "GET /api/things/a%2Fb?filter=x%3D1%20%26%20y&tags=p%2Cq&tags=r HTTP/1.1");
    let header = |name| request.header(name);
    assert_eq!(header("x-api-key"), Some(KEY));
    assert_eq!(header("accept"), Some("application/json"));
    assert_eq!(header("x-trace"), Some("t-1"));
    assert_eq!(header("cookie"), Some("theme=dark%3B%20mode"));
    assert_eq!(header("accept-encoding"), Some("gzip"));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("example-client/1.2.3 (")));
    assert_eq!((header("content-type"), header("referer"), request.body.len()), (None, None, 0));
}

#[test]
fn arrays_are_written_in_their_style() {
    let check = |style, query: &str| {
        let call = Look { tags: vec!["a".to_owned(), "b,c".to_owned()], style: Some(style), ..look() };
        let core = client("http://localhost");
        let url = Call::new(&core, call).preview().expect("a request").url().to_owned();
        assert_eq!(url, format!("http://localhost/things/one?tags={query}"));
    };
    check(ListStyle::Exploded, "a&tags=b%2Cc");
    check(ListStyle::Comma, "a,b%2Cc");
    check(ListStyle::Space, "a%20b%2Cc");
    check(ListStyle::Pipe, "a%7Cb%2Cc");
}

#[tokio::test]
async fn bodies_are_sent_as_written() {
    let server = Server::always(started()).await;
    let body = serde_json::json!({"a": [1, null, "ü"]});
    let response = Call::new(&client(&api(&server)), Start { body, ..start() }).send_with_response().await;
    let request = &server.received()[0];
    assert_eq!(request.line(), "POST /api/things/one/update HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-length"), Some("19"));
    assert_eq!(String::from_utf8_lossy(&request.body), r#"{"a":[1,null,"ü"]}"#);
    let response = response.expect("started");
    assert_eq!((response.status().as_u16(), response.attempts(), response.headers().len()), (201, 1, 2));
    assert_eq!(response.into_value().status, "started");
}

/// A `look` that returns its whole response.
struct Whole;

impl Operation for Whole {
    type Output = (u16, usize, Bytes);

    const META: OperationMeta = plain_get("whole", "/whole");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/whole");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<Self::Output, Error> {
        Ok((response.status().as_u16(), response.headers().len(), response.body().clone()))
    }
}

#[tokio::test]
async fn any_response_can_be_decoded() {
    let server = Server::always(Act::Send(response("203 x", &[("content-type", "image/png")], b"\x89PNG"))).await;
    let whole = Call::new(&client(&api(&server)), Whole).send().await.expect("a picture");
    assert_eq!(whole, (203, 2, Bytes::from_static(b"\x89PNG")));
}

#[tokio::test(start_paused = true)]
async fn the_response_reports_attempts_and_time() {
    let standin = Standin::new(|number, _| match number {
        0 => Turn { retry_after: Some("2".to_owned()), ..Turn::status(429) },
        _ => Turn { delay: Duration::from_secs(3), ..Turn::status(200).body(r#"{"status":"done"}"#) },
    });
    let response = Call::new(&standin_client(&standin), look()).send_with_response().await.expect("seen");
    assert_eq!((response.value().status.as_str(), response.status().as_u16(), response.attempts()), ("done", 200, 2));
    assert_eq!(response.elapsed().as_secs(), 5);
    assert_eq!(response.headers()["content-type"], "application/json");
    let shown = format!("{response:?}");
    for text in ["Seen", "status: 200", "headers: 1", "attempts: 2", "elapsed: 5s"] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
}

#[tokio::test]
async fn awaiting_a_call_equals_sending_it() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    assert_eq!(Call::new(&core, look()).await.expect("seen").status, "done");
    let mut call = Call::new(&core, look());
    call.operation_mut().id = "two".to_owned();
    assert_eq!(call.send().await.expect("seen").status, "done");
    assert_eq!(server.received()[1].line(), "GET /api/things/two HTTP/1.1");
}

#[tokio::test]
async fn headers_of_a_call_override_all_others() {
    let server = Server::always(seen()).await;
    let mut config = config(&api(&server));
    config.user_agent("mine/1".to_owned());
    let core = config.build().expect("the settings are valid");
    Call::new(&core, look()).send().await.expect("seen");
    let call = Call::new(&core, full())
        .header("x-trace", "t-1")
        .header("X-Trace", "t-2")
        .header("accept", "application/problem+json");
    call.header("x-api-key", "another").header("user-agent", "yours/2").send().await.expect("seen");
    let arrived = server.received();
    assert_eq!(arrived[0].header("user-agent"), Some("mine/1"));
    let expected = [
        ("x-trace", "t-2"),
        ("accept", "application/problem+json"),
        ("x-api-key", "another"),
        ("user-agent", "yours/2"),
    ];
    for (name, value) in expected {
        assert_eq!(arrived[1].header(name), Some(value));
        assert_eq!(arrived[1].head.to_lowercase().matches(&format!("\r\n{name}:")).count(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_request_can_be_previewed() {
    let server = Server::always(started()).await;
    let core = client(&api(&server));
    let call = Call::new(&core, start()).header("x-trace", "t-1");
    let preview = call.preview().expect("a request");
    assert_eq!(preview.method(), "POST");
    assert_eq!(preview.url(), format!("{}/things/one/update", api(&server)));
    assert_eq!(preview.headers()["x-trace"], "t-1");
    assert_eq!(preview.headers()["x-api-key"], "[redacted]");
    assert_eq!(server.connections(), 0);
    call.send().await.expect("started");
    assert_eq!(preview.body().expect("a body"), server.received()[0].body.as_slice());
}
