//! Options of calls, defaults of a client, and raw requests.

use std::time::Duration;

use sdk_runtime::{Call, CallOptions, Config, ErrorKind, Method, Operation, StatusCode};
use test_server::{Act, Server, json};

use crate::operations::{KEY, SPEC, Seen, client, config, look, start};
use crate::service::{api, seen};

/// Compiles only if the trait is public.
fn with_tenant<O: Operation>(call: Call<'_, O>) -> Call<'_, O> {
    call.header("x-tenant", "7")
}

#[tokio::test]
async fn options_can_be_reused_and_overridden() {
    let server = Server::always(seen()).await;
    let core = client(&api(&server));
    let options = CallOptions::new().header("x-a", "1").header("x-b", "1").extra_query("page size", "a&b");
    let call = with_tenant(Call::new(&core, look())).options(options.clone()).header("x-b", "2");
    call.await.expect("seen");
    Call::new(&core, look()).options(options).await.expect("seen");
    let [first, second] = [&server.received()[0], &server.received()[1]];
    assert_eq!((first.header("x-tenant"), first.header("x-a"), first.header("x-b")), (Some("7"), Some("1"), Some("2")));
    assert_eq!((second.header("x-tenant"), second.header("x-b")), (None, Some("1")));
    for request in [first, second] {
        assert!(request.target.ends_with("?page%20size=a%26b"), "{}", request.target);
    }
}

#[tokio::test]
async fn later_options_replace_earlier_ones() {
    let core = client("http://localhost");
    let call = Call::new(&core, look()).timeout(Duration::ZERO).options(CallOptions::new());
    assert_eq!(call.await.expect_err("zero").kind(), ErrorKind::Configuration);
    let options = CallOptions::new().server_url("ftp://localhost");
    let error = Call::new(&core, look()).options(options).await.expect_err("neither http nor https");
    assert_eq!(error.to_string(), "lookAtThing: invalid setting `server_url`: the scheme must be https or http");
}

#[test]
fn debug_output_of_options_has_no_header_or_query_values() {
    let options = CallOptions::new().header("x-a", "secret").extra_query("q", "secret");
    let shown = format!("{options:?}");
    assert!(shown.contains("x-a") && shown.contains("\"q\"") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn client_defaults_are_sent_unless_a_call_overrides_them() {
    let server = Server::always(Act::Send(json("400 x", r#"{"message":"not default-secret"}"#))).await;
    let mut config = config(&api(&server));
    config.default_header("x-tenant", "default-secret");
    config.default_query("version".to_owned(), "3".to_owned());
    config.default_query("version".to_owned(), "5".to_owned());
    let core = config.build().expect("settings");
    let error = Call::new(&core, look()).await.expect_err("400");
    assert_eq!(error.server_message(), Some("not [redacted]"));
    Call::new(&core, look()).header("x-tenant", "own").extra_query("version", "4").await.expect_err("400");
    let [first, second] = [&server.received()[0], &server.received()[1]];
    assert_eq!((first.header("x-tenant"), second.header("x-tenant")), (Some("default-secret"), Some("own")));
    assert!(first.target.ends_with("?version=3&version=5") && second.target.ends_with("?version=4"));
}

#[test]
fn all_invalid_settings_are_reported_together() {
    let mut config = Config::new(&SPEC);
    config.server_url("nowhere".to_owned());
    config.user_agent("a\nb".to_owned());
    config.timeout(Duration::ZERO);
    config.max_response_bytes(0);
    config.default_header("host", "x");
    config.credential("apiKey", "".into());
    let missing = config.parameter("workspace_id", None, sdk_runtime::parse_uuid, Some("set it"));
    assert!(missing.is_none());
    let error = config.build().expect_err("they are invalid");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    let message = error.to_string();
    for setting in
        ["server_url", "user_agent", "timeout", "max_response_bytes", "default_header", "api_key", "workspace_id"]
    {
        assert!(message.contains(&format!("setting `{setting}`: ")), "{setting} is not in {message}");
    }
}

#[tokio::test]
async fn a_raw_request_is_sent_like_a_call() {
    let server = Server::start(|number| if number == 0 { Act::Send(json("503 x", "{}")) } else { seen() }).await;
    let core = client(&api(&server));
    let call = core.raw_request(Method::GET, "/v2/things%20here").json::<Seen>().extra_query("limit", "10");
    let response = call.send_with_response().await.expect("seen");
    assert_eq!((response.value().status.as_str(), response.status(), response.attempts()), ("done", StatusCode::OK, 2));
    let request = &server.received()[1];
    assert_eq!(request.target, "/api/v2/things%20here?limit=10");
    assert_eq!((request.header("x-api-key"), request.header("accept")), (Some(KEY), Some("application/json")));
}

#[tokio::test]
async fn a_raw_request_that_may_have_been_processed_is_not_retried() {
    let server = Server::always(Act::Reset).await;
    let core = client(&api(&server));
    let post = || core.raw_request(Method::POST, "/v2/things").json_body(&serde_json::json!({"a": 1})).bytes();
    let error = post().await.expect_err("reset");
    assert_eq!((error.attempts(), error.maybe_sent()), (1, true));
    assert_eq!(post().idempotent(true).await.expect_err("reset").attempts(), 3);
    let request = &server.received()[0];
    assert_eq!(
        (request.header("content-type"), request.body.as_slice()),
        (Some("application/json"), &br#"{"a":1}"#[..])
    );
}

#[tokio::test]
async fn a_raw_request_cannot_leave_the_server() {
    let core = client("http://localhost");
    for path in [
        "v2",
        "//example.com",
        "/a/../b",
        "/a?b=c",
        "/a#b",
        "/a b",
        "/a\\b",
        "/ä",
        "/{id}",
        ".example.com/a",
        "@example.com/",
    ] {
        let error = core.raw_request(Method::GET, path).bytes().preview().map(|preview| preview.url().to_string());
        match error {
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{path}"),
            Ok(url) => assert!(url.starts_with("http://localhost/"), "{path} leads to {url}"),
        }
    }
}

#[tokio::test]
async fn hooks_can_change_headers_and_query_but_not_credentials() {
    struct Meddles;

    impl sdk_runtime::Hooks for Meddles {
        fn before_request(&self, _: &sdk_runtime::Attempt<'_>, request: &mut sdk_runtime::RequestHead<'_>) {
            request.set_query("source", "a b");
            for name in ["x-api-key", "authorization", "x-added", "host"] {
                request.headers_mut().insert(name, "hook".parse().expect("a header"));
            }
        }
    }

    let server = Server::always(seen()).await;
    let mut config = config(&api(&server));
    config.hooks(Meddles);
    let core = config.build().expect("settings");
    Call::new(&core, look()).extra_query("source", "call").await.expect("seen");
    Call::new(&core, start()).header("x-api-key", "of the call").await.expect_err("it is not started");
    let [first, second] = [&server.received()[0], &server.received()[1]];
    assert!(first.target.ends_with("?source=a%20b"), "{}", first.target);
    assert_eq!((first.header("x-api-key"), first.header("x-added")), (Some(KEY), Some("hook")));
    assert_eq!(first.header("host"), Some(server.address().to_string().as_str()));
    assert_eq!(second.header("x-api-key"), Some("of the call"));
}
