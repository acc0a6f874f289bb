//! The requests of both operations: method, raw path, headers and body bytes.

use intuned_client::types::UpdateAuthSessionStartRequestBody;
use intuned_client::{IntunedClient, funcs};
use serde_json::{Value, json};

use super::{KEY, WORKSPACE, client, documented_body, pending, result, start, started};
use test_server::{Request, Server};

/// `intuned-client/0.1.0 (linux; x86_64)`, with the version of the client's manifest.
fn user_agent() -> String {
    let manifest = std::fs::read_to_string(crate::root().join("generated-client/Cargo.toml"));
    let manifest: toml::Table = manifest.expect("the client has a manifest").parse().expect("a manifest is TOML");
    let version = manifest["package"]["version"].as_str().expect("a version is text");
    format!("intuned-client/{version} ({}; {})", std::env::consts::OS, std::env::consts::ARCH)
}

/// Asserts that the request has exactly these headers, in any order, each once.
fn check_headers(request: &Request, expected: &[(&str, &str)]) {
    let mut sent: Vec<_> = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut expected = expected.to_vec();
    sent.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn start_sends_the_documented_request() {
    let server = Server::always(started()).await;
    start(&client(&server)).await.expect("the response is documented");

    let request = server.only();
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, format!("/{WORKSPACE}/projects/my-project/auth-sessions/%3Cid%3E/update"));
    check_headers(
        &request,
        &[
            ("host", &server.authority()),
            ("content-type", "application/json"),
            ("content-length", &request.body.len().to_string()),
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("x-api-key", KEY),
            ("user-agent", &user_agent()),
        ],
    );
    let expected = json!({
        "parameters": {"username": "john.doe", "password": "newPassword"},
        "proxy": "http://proxy.example.com:8080",
        "createAttempts": 3,
        "checkAttempts": 3,
        "saveTrace": true,
    });
    assert_eq!(request.json(), expected);
}

/// The parameters of a project, as its author would write them.
#[derive(serde::Serialize)]
struct Parameters {
    username: String,
    attempts: u8,
}

#[tokio::test]
async fn a_struct_of_the_caller_is_sent_as_parameters() {
    let server = Server::always(started()).await;
    let parameters = Parameters { username: "john.doe".to_owned(), attempts: 2 };
    let body = UpdateAuthSessionStartRequestBody::try_new(&parameters).expect("a struct is an object");
    let client = client(&server);
    client.project().auth_sessions().update().start("my-project", "<id>", body).await.expect("it is started");
    assert_eq!(server.only().json()["parameters"], json!({"username": "john.doe", "attempts": 2}));
}

#[test]
fn parameters_that_are_not_an_object_are_rejected() {
    let error = UpdateAuthSessionStartRequestBody::try_new(["secret"]).expect_err("a list is not an object");
    assert_eq!(error.kind(), intuned_client::ErrorKind::InvalidArgument);
    assert_eq!(error.to_string(), "invalid argument `parameters`: must be a JSON object, not an array");
}

#[test]
fn the_error_of_parameters_works_with_the_question_mark() {
    fn body(value: f64) -> Result<UpdateAuthSessionStartRequestBody, intuned_client::Error> {
        let body = UpdateAuthSessionStartRequestBody::try_new(std::collections::BTreeMap::from([("rate", value)]))?;
        Ok(body.proxy("http://proxy"))
    }
    assert!(body(0.5).is_ok());
    let error = body(f64::NAN).expect_err("it is not a JSON number");
    assert!(error.to_string().starts_with("invalid argument `parameters`: "), "{error}");
}

#[test]
fn a_proxy_has_a_value_only_if_it_is_neither_absent_nor_null() {
    let body = UpdateAuthSessionStartRequestBody::new([("key", "value")]);
    assert_eq!((body.proxy_value(), body.proxy.is_some()), (None, false));
    let null = body.clone().proxy_null();
    assert_eq!((null.proxy_value(), null.proxy.is_some()), (None, true));
    assert_eq!(body.proxy("http://proxy").proxy_value(), Some("http://proxy"));
}

#[tokio::test]
async fn result_sends_the_documented_request_without_a_body() {
    let server = Server::always(pending()).await;
    result(&client(&server)).await.expect("the response is documented");

    let request = server.only();
    assert_eq!(request.method, "GET");
    let path = format!("/{WORKSPACE}/projects/my-project/auth-sessions/%3Cid%3E/update/aaaabbbCCCCdddd/result");
    assert_eq!(request.target, path);
    check_headers(
        &request,
        &[
            ("host", &server.authority()),
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("x-api-key", KEY),
            ("user-agent", &user_agent()),
        ],
    );
    assert_eq!(request.text(), "");
}

#[tokio::test]
async fn no_header_names_a_version_of_the_api() {
    let server = Server::replay([started(), pending()]).await;
    let client = client(&server);
    start(&client).await.expect("the response is documented");
    result(&client).await.expect("the response is documented");
    for request in server.received() {
        assert!(request.headers.iter().all(|(name, _)| !name.contains("version")), "{:?}", request.headers);
    }
}

#[tokio::test]
async fn the_path_of_the_server_url_prefixes_that_of_the_operation() {
    let server = Server::always(pending()).await;
    for (base, prefix) in [("", ""), ("/", ""), ("/api/v1/workspace", "/api/v1/workspace"), ("/api/", "/api")] {
        let client = super::builder(&server).server_url(format!("{}{base}", server.url()));
        result(&client.build().expect("the URL is valid")).await.expect("the response is documented");
        let target = server.received().pop().map(|request| request.target).expect("a request has come");
        let path = "projects/my-project/auth-sessions/%3Cid%3E/update/aaaabbbCCCCdddd/result";
        assert_eq!(target, format!("{prefix}/{WORKSPACE}/{path}"), "after {base:?}");
    }
}

/// Sends a body and returns its text.
async fn sent(body: UpdateAuthSessionStartRequestBody) -> String {
    let server = Server::always(started()).await;
    let client = client(&server);
    client.project().auth_sessions().update().start("p", "s", body).await.expect("the response is documented");
    server.only().text().to_owned()
}

#[tokio::test]
async fn fields_with_defaults_are_always_sent_and_others_only_when_set() {
    let minimal = || UpdateAuthSessionStartRequestBody::new([("username", "john.doe")]);
    let cases = [
        (minimal(), r#""createAttempts":3,"checkAttempts":3,"saveTrace":true"#),
        (minimal().create_attempts(0).save_trace(false), r#""createAttempts":0,"checkAttempts":3,"saveTrace":false"#),
        (
            minimal().check_attempts(7).proxy("p"),
            r#""proxy":"p","createAttempts":3,"checkAttempts":7,"saveTrace":true"#,
        ),
        (minimal().proxy_null(), r#""proxy":null,"createAttempts":3,"checkAttempts":3,"saveTrace":true"#),
        (minimal().proxy("p").proxy_null(), r#""proxy":null,"createAttempts":3,"checkAttempts":3,"saveTrace":true"#),
    ];
    for (body, fields) in cases {
        assert_eq!(sent(body).await, format!(r#"{{"parameters":{{"username":"john.doe"}},{fields}}}"#));
    }
}

#[tokio::test]
async fn parameters_carry_any_json() {
    let values =
        json!({"param1": "value1", "param2": 42, "param3": true, "ünï": [null, 1.5, {"deep": "\u{1F511}\"\n"}]});
    let Value::Object(map) = values.clone() else { unreachable!("it is an object") };
    let body: Value = serde_json::from_str(&sent(UpdateAuthSessionStartRequestBody::new(map)).await).expect("JSON");
    assert_eq!(body["parameters"], values);

    let nothing: [(&str, &str); 0] = [];
    let body: Value = serde_json::from_str(&sent(UpdateAuthSessionStartRequestBody::new(nothing)).await).expect("JSON");
    assert_eq!(body["parameters"], json!({}), "required, so sent also when empty");
}

#[tokio::test]
async fn functions_and_methods_send_the_same_bytes() {
    let server = Server::replay([started(), started(), pending(), pending()]).await;
    let client = client(&server);
    start(&client).await.expect("the response is documented");
    funcs::project_auth_sessions_update_start(client.core(), "my-project", "<id>", documented_body())
        .await
        .expect("the response is documented");
    result(&client).await.expect("the response is documented");
    funcs::project_auth_sessions_update_result(client.core(), "my-project", "<id>", "aaaabbbCCCCdddd")
        .await
        .expect("the response is documented");

    let requests = server.received();
    assert_eq!(requests[0], requests[1]);
    assert_eq!(requests[2], requests[3]);
}

#[tokio::test]
async fn await_and_send_do_the_same() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let call = || client.project().auth_sessions().update().result("p", "s", "o");
    call().await.expect("the response is documented");
    call().send().await.expect("the response is documented");
    let response = call().send_with_response().await.expect("the response is documented");

    assert_eq!(response.status(), 200);
    assert_eq!(response.attempts(), 1);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.value().tag(), "pending");
    let requests = server.received();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| *request == requests[0]), "{requests:#?}");
}

#[tokio::test]
async fn nothing_is_sent_before_a_call_is_awaited() {
    let server = Server::always(pending()).await;
    let client = client(&server);
    let call = client.project().auth_sessions().update().result("p", "s", "o");
    let preview = call.preview().expect("the call can be sent");
    drop(call);

    assert_eq!(server.arrivals(), 0);
    assert_eq!(preview.url(), format!("{}/{WORKSPACE}/projects/p/auth-sessions/s/update/o/result", server.url()));
    assert_eq!(preview.headers()["x-api-key"], "[redacted]");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_and_calls_can_be_sent_between_threads() {
    fn is_shareable<T: Clone + Send + Sync + 'static>(value: &T) -> T {
        value.clone()
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let server = Server::always(pending()).await;
    let client = is_shareable(&client(&server));
    let core = is_shareable(client.core());
    let tasks = [IntunedClient::from(core), client].map(|client| {
        tokio::spawn(async move {
            let call = is_send(client.project().auth_sessions().update().result("p", "s", "o"));
            is_send(call.into_future()).await.map(|body| body.tag().to_owned())
        })
    });
    for task in tasks {
        assert_eq!(task.await.expect("the task ends").expect("the response is documented"), "pending");
    }
}
