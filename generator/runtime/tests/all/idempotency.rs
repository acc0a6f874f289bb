//! Guarantee 1: an operation that a key makes idempotent is retried only if the key is sent.

use sdk_runtime::{
    Attempt, Call, Error, Hooks, HttpMethod, Method, Operation, OperationMeta, RawResponse, RequestHead, RequestWriter,
};

use crate::operations::{client, config, start};
use crate::service::api;
use test_server::{Act, Server, json};

struct Keyed(Option<&'static str>);

impl Operation for Keyed {
    type Output = ();

    const META: OperationMeta = OperationMeta {
        id: "keyed",
        method: HttpMethod::Known(Method::POST),
        path: "/x",
        accept: None,
        idempotent: true,
        idempotency_key: Some("idempotency-key"),
        retry: None,
        security: &[],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        start().encode(request)?;
        self.0.map_or(Ok(()), |key| request.header("Idempotency-Key", key))
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }
}

/// Answers the first request with 503, others with success.
async fn server() -> Server {
    Server::start(|number| Act::Send(json(if number == 0 { "503 x" } else { "201 x" }, "{}"))).await
}

#[tokio::test]
async fn with_the_key_it_is_retried() {
    let server = server().await;
    let core = client(&api(&server));
    Call::new(&core, Keyed(Some("k-1"))).send().await.expect("the second attempt");
    let keys: Vec<_> =
        server.received().iter().map(|request| request.header("idempotency-key").map(str::to_owned)).collect();
    assert_eq!(keys, [Some("k-1".to_owned()), Some("k-1".to_owned())]);
}

#[tokio::test]
async fn with_the_key_as_a_header_of_the_call_it_is_retried() {
    let server = server().await;
    let core = client(&api(&server));
    Call::new(&core, Keyed(None)).header("Idempotency-Key", "k-1").send().await.expect("the second attempt");
    assert_eq!(server.arrivals(), 2);
}

#[tokio::test]
async fn without_the_key_it_is_not_retried() {
    let server = server().await;
    let core = client(&api(&server));
    let error = Call::new(&core, Keyed(None)).send().await.expect_err("503");
    assert_eq!((error.status().map(u16::from), error.attempts(), error.maybe_sent()), (Some(503), 1, true));
    assert_eq!(server.arrivals(), 1);
}

/// A hook could set a different key for each attempt, so that each is processed.
struct KeyOfEachAttempt;

impl Hooks for KeyOfEachAttempt {
    fn before_request(&self, attempt: &Attempt<'_>, request: &mut RequestHead<'_>) {
        request.headers_mut().insert("idempotency-key", attempt.number.into());
    }
}

#[tokio::test]
async fn a_key_that_a_hook_sets_does_not_count() {
    let server = server().await;
    let mut config = config(&api(&server));
    config.hooks(KeyOfEachAttempt);
    let error = Call::new(&config.build().expect("settings"), Keyed(None)).send().await.expect_err("503");
    assert_eq!((error.status().map(u16::from), server.arrivals()), (Some(503), 1));
}

struct WithoutKey;

impl Hooks for WithoutKey {
    fn before_request(&self, _: &Attempt<'_>, request: &mut RequestHead<'_>) {
        request.headers_mut().remove("idempotency-key");
    }
}

#[tokio::test]
async fn a_key_that_a_hook_removes_does_not_count() {
    let server = server().await;
    let mut config = config(&api(&server));
    config.hooks(WithoutKey);
    let error = Call::new(&config.build().expect("settings"), Keyed(Some("k-1"))).send().await.expect_err("503");
    assert_eq!((error.status().map(u16::from), server.arrivals()), (Some(503), 1));
}

#[tokio::test]
async fn the_setting_of_the_call_overrides_the_key() {
    let server = server().await;
    let core = client(&api(&server));
    Call::new(&core, Keyed(None)).idempotent(true).send().await.expect("the second attempt");
    let error = Call::new(&core, Keyed(Some("k"))).idempotent(false).send().await;
    assert!(error.is_ok(), "the server answers now");
    assert_eq!(server.arrivals(), 3);
}
