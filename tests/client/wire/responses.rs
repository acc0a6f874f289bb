//! Success responses: every documented form, and forms that were unknown when the client was generated.

use std::fmt::Debug;

use intuned_client::types::{
    UpdateAuthSessionCancelReasonType as Reason, UpdateAuthSessionError, UpdateAuthSessionErrorCategory as Category,
    UpdateAuthSessionErrorCode as Code, UpdateAuthSessionResultFailed as Failed,
    UpdateAuthSessionResultResponseBody as Body, UpdateAuthSessionStartResponseBody as Started,
    UpdateAuthSessionStartResponseBodyStatus as StartedStatus,
};
use intuned_client::{Error, ErrorKind};
use serde_json::{Value, json};

use super::{client, documented_body, result};
use test_server::{Response, Server};

async fn read(body: &Value) -> Result<Body, Error> {
    let server = Server::always(Response::json(200, body.to_string())).await;
    result(&client(&server)).await
}

async fn read_start(response: Response) -> Result<Started, Error> {
    let server = Server::always(response).await;
    let client = client(&server);
    client.project().auth_sessions().update().start("my-project", "<id>", documented_body()).await
}

/// Decodes a body, checks it, and checks that it round-trips.
async fn check<T>(body: Value, look: impl FnOnce(&Body) -> Option<T>) -> T {
    let read = read(&body).await.expect("the response can be read");
    assert_eq!(serde_json::to_value(&read).expect("it can be written again"), body, "nothing is lost");
    look(&read).unwrap_or_else(|| panic!("{body} became {read:?}"))
}

#[tokio::test]
async fn done_has_the_id_of_the_auth_session() {
    let body = json!({"status": "done", "authSessionId": "auth-session-123"});
    let id =
        check(body, |body| if let Body::Done(done) = body { Some(done.auth_session_id.clone()) } else { None }).await;
    assert_eq!(id, "auth-session-123");
}

#[test]
fn an_enum_that_can_grow_is_parsed_from_any_string() {
    // The error has no values, so there is nothing to handle.
    let Ok(known) = "terminated".parse::<Reason>();
    assert_eq!(known, Reason::Terminated);
    let Ok(new) = "tired".parse::<Reason>();
    assert_eq!(new, Reason::Unknown("tired".to_owned()));
}

#[tokio::test]
async fn pending_has_no_data() {
    check(json!({"status": "pending"}), |body| matches!(body, Body::Pending(_)).then_some(())).await;
}

#[tokio::test]
async fn in_progress_has_the_id_of_the_run() {
    let body = json!({"status": "in_progress", "runId": "V1StGXR8_Z5jdHi6B-myT"});
    let id = check(body, |body| if let Body::InProgress(run) = body { Some(run.run_id.clone()) } else { None }).await;
    assert_eq!(id, "V1StGXR8_Z5jdHi6B-myT");
}

#[tokio::test]
async fn canceled_has_the_reason() {
    let reason = json!({"type": "job-run-paused", "message": "paused", "doc_url": "https://d", "details": [1, null]});
    let body = json!({"status": "canceled", "message": "called off", "reason": reason});
    let canceled = check(body, |body| if let Body::Canceled(it) = body { Some(it.clone()) } else { None }).await;
    assert_eq!(canceled.message, "called off");
    assert_eq!(canceled.reason.type_, Reason::JobRunPaused);
    assert_eq!(canceled.reason.message, "paused");
    assert_eq!(canceled.reason.doc_url.as_deref(), Some("https://d"));
    assert_eq!(canceled.reason.details, Some(json!([1, null])));
}

/// A failed update with this error.
async fn failed(error: Value) -> Failed {
    let read = read(&json!({"status": "failed", "message": "no luck", "error": error})).await;
    match read.expect("the response can be read") {
        Body::Failed(failed) => failed,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn failed_has_the_whole_error() {
    let error = json!({
        "message": "bad password", "category": "auth", "code": "auth-check-failed", "retirable": true,
        "doc_url": "https://d", "correlation_id": "c-1", "details": {"step": 2},
    });
    let body = json!({"status": "failed", "message": "no luck", "error": error});
    let failed = check(body, |body| if let Body::Failed(it) = body { Some(it.clone()) } else { None }).await;
    assert_eq!(failed.message, "no luck");
    assert_eq!(failed.error.message, "bad password");
    assert_eq!(failed.error.category, Category::Auth);
    assert_eq!(failed.error.code, Some(Code::AuthCheckFailed));
    assert!(failed.error.retirable);
    assert_eq!(failed.error.doc_url.as_deref(), Some("https://d"));
    assert_eq!(failed.error.correlation_id.as_deref(), Some("c-1"));
    assert_eq!(failed.error.details, Some(json!({"step": 2})));
}

#[tokio::test]
async fn missing_fields_take_their_defaults() {
    let failed = failed(json!({"message": "m", "category": "user"})).await;
    assert!(!failed.error.retirable, "the document's default");
    assert_eq!(failed.error.code, None);
    assert_eq!(failed.error.doc_url, None);
    assert_eq!(failed.error.correlation_id, None);
    assert_eq!(failed.error.details, None);
}

#[tokio::test]
async fn every_documented_value_of_an_enum_is_known() {
    let categories = ["infrastructure", "execution", "auth", "user", "billing"];
    for text in categories {
        let category = failed(json!({"message": "m", "category": text})).await.error.category;
        assert!(!matches!(category, Category::Unknown(_)), "{text}");
        assert_eq!(category.as_str(), text);
    }
    for text in documented("UpdateAuthSessionError", "code") {
        let code = failed(json!({"message": "m", "category": "user", "code": text})).await.error.code;
        assert!(!matches!(code, None | Some(Code::Unknown(_))), "{text}");
        assert_eq!(code.map(|code| code.to_string()), Some(text));
    }
    for text in documented("UpdateAuthSessionCancelReason", "type") {
        let reason = Reason::from(text.as_str());
        assert!(!matches!(reason, Reason::Unknown(_)), "{text}");
        assert_eq!(reason.as_str(), text);
    }
}

/// The enum values of a property in the document.
fn documented(schema: &str, property: &str) -> Vec<String> {
    let text = std::fs::read_to_string(crate::root().join("openapi.yaml")).expect("the document is there");
    let document = generator::document::parse(&text).expect("the document is valid");
    let values = document.root().at(&["components", "schemas", schema, "properties", property, "enum"]);
    let values: Vec<_> =
        values.iter().flat_map(generator::document::Node::items).map(|value| value.value().clone()).collect();
    assert!(!values.is_empty(), "{schema}.{property} lists its texts");
    values.into_iter().map(|value| value.as_str().expect("it is a text").to_owned()).collect()
}

#[tokio::test]
async fn an_unknown_status_keeps_the_whole_json() {
    for body in [
        json!({"status": "paused", "until": "tomorrow", "nested": {"deep": [1, 2, {"x": null}]}}),
        json!({"status": ""}),
        json!({"status": "DONE", "authSessionId": "auth-session-123"}),
    ] {
        let (kept, tag) = check(body.clone(), |read| match read {
            Body::Unknown(kept) => Some((kept.clone(), read.tag().to_owned())),
            _ => None,
        })
        .await;
        assert_eq!(kept, body);
        assert_eq!(tag, body["status"]);
    }
}

#[tokio::test]
async fn unknown_enum_values_are_kept_everywhere() {
    let canceled = json!({"status": "canceled", "message": "m", "reason": {"type": "solar-flare", "message": "m"}});
    let reason = check(canceled, |body| match body {
        Body::Canceled(canceled) => Some(canceled.reason.type_.clone()),
        _ => None,
    });
    assert_eq!(reason.await, Reason::Unknown("solar-flare".to_owned()));

    let failed = failed(json!({"message": "m", "category": "weather", "code": "hail"})).await;
    assert_eq!(failed.error.category, Category::Unknown("weather".to_owned()));
    assert_eq!(failed.error.code, Some(Code::Unknown("hail".to_owned())));

    let started = read_start(Response::json(201, r#"{"status":"queued","operationId":"o"}"#)).await;
    let started = started.expect("the response can be read");
    assert_eq!(started.status, StartedStatus::Unknown("queued".to_owned()));
    assert_eq!(started.operation_id, "o");
}

#[tokio::test]
async fn unknown_fields_are_kept_at_every_depth() {
    let extra = json!({"future": [1, {"a": "b"}]});
    let started = read_start(Response::json(201, r#"{"status":"started","operationId":"o","eta":{"s":9}}"#)).await;
    let started = started.expect("the response can be read");
    assert_eq!(started.status, StartedStatus::Started);
    assert_eq!(Value::Object(started.extra), json!({"eta": {"s": 9}}));

    let with_extra = |mut body: Value| {
        body["future"] = extra["future"].clone();
        body
    };
    for body in [
        json!({"status": "done", "authSessionId": "auth-session-123"}),
        json!({"status": "pending"}),
        json!({"status": "in_progress", "runId": "r"}),
        json!({"status": "canceled", "message": "m", "reason": with_extra(json!({"type": "terminated", "message": "m"}))}),
    ] {
        let found = check(with_extra(body), |body| match body {
            Body::Done(done) => Some(vec![done.extra.clone()]),
            Body::Pending(pending) => Some(vec![pending.extra.clone()]),
            Body::InProgress(run) => Some(vec![run.extra.clone()]),
            Body::Canceled(canceled) => Some(vec![canceled.extra.clone(), canceled.reason.extra.clone()]),
            _ => None,
        });
        for found in found.await {
            assert_eq!(Value::Object(found), extra);
        }
    }
    let failed = failed(with_extra(json!({"message": "m", "category": "user"}))).await;
    assert_eq!(Value::Object(failed.error.extra), extra);
}

#[tokio::test]
async fn content_types_are_compared_without_parameters_and_case() {
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "Application/Json;Charset=UTF-8",
        "application/json ; profile=\"a;b\"",
        "application/vnd.api+json",
    ] {
        let body = r#"{"status":"started","operationId":"o"}"#;
        let response = Response::status(201).header("content-type", content_type).body(body);
        assert_eq!(
            read_start(response).await.map(|started| started.operation_id).ok().as_deref(),
            Some("o"),
            "{content_type}"
        );
    }
}

/// Checks the kind and status of an error, and returns it for further checks.
fn check_error<T: Debug>(outcome: Result<T, Error>, kind: ErrorKind, status: u16) -> Error {
    let error = outcome.expect_err("the response cannot be used");
    assert_eq!((error.kind(), error.status().map(u16::from)), (kind, Some(status)), "{error}");
    error
}

#[tokio::test]
async fn every_error_of_a_response_shows_the_status_on_one_line() {
    for response in [
        Response::html(201, "<html></html>"),
        Response::status(201),
        Response::json(201, "{}"),
        Response::json(200, r#"{"status":"started","operationId":"o"}"#),
        Response::json(404, "{}"),
        Response::status(302),
    ] {
        let line = read_start(response.clone()).await.expect_err("the response cannot be used").to_string();
        let Response::Answer { status, .. } = &response else { unreachable!("the server answers") };
        assert!(line.contains(&status.to_string()), "{status} is not in: {line}");
    }
}

#[tokio::test]
async fn an_undocumented_success_status_is_an_error() {
    for status in [200, 202, 204] {
        let response = Response::json(status, r#"{"status":"started","operationId":"o"}"#);
        let error = check_error(read_start(response).await, ErrorKind::UnexpectedResponse, status);
        assert!(error.maybe_sent(), "the service may have started the update: {error}");
        assert!(!error.is_retryable(), "{error}");
    }
    let server = Server::always(Response::json(201, r#"{"status":"pending"}"#)).await;
    check_error(result(&client(&server)).await, ErrorKind::UnexpectedResponse, 201);
}

#[tokio::test]
async fn an_unexpected_content_type_is_an_error_with_status_and_body() {
    let page = "<html><body>Sign in</body></html>";
    for content_type in ["text/html", "text/plain", "application/xml", "application/jsonp", "json", ""] {
        let server = Server::always(Response::status(200).header("content-type", content_type).body(page)).await;
        let error = check_error(result(&client(&server)).await, ErrorKind::UnexpectedResponse, 200);
        assert_eq!(error.text().as_deref(), Some(page), "{content_type}");
        assert_eq!(error.api().and_then(|response| response.content_type()), Some(content_type));
        assert_eq!(server.arrivals(), 1, "asking again would not help");
    }
    let server = Server::always(Response::status(200).body(r#"{"status":"pending"}"#)).await;
    check_error(result(&client(&server)).await, ErrorKind::UnexpectedResponse, 200);
}

#[tokio::test]
async fn bodies_that_do_not_decode_name_the_path_and_keep_the_status() {
    let reason = |reason: Value| json!({"status": "canceled", "message": "m", "reason": reason}).to_string();
    let error = |error: Value| json!({"status": "failed", "message": "m", "error": error}).to_string();
    for (body, path, word) in [
        (String::new(), ".", "EOF"),
        ("<html>".to_owned(), ".", "expected value"),
        ("null".to_owned(), ".", "status"),
        ("[]".to_owned(), ".", "status"),
        ("{}".to_owned(), ".", "status"),
        (r#"{"status":"pending"} {}"#.to_owned(), ".", "trailing characters"),
        (r#"{"authSessionId":"auth-session-123"}"#.to_owned(), ".", "missing `status`"),
        (r#"{"status":null}"#.to_owned(), "status", "`status` is not a string"),
        (r#"{"status":7}"#.to_owned(), "status", "`status` is not a string"),
        (r#"{"status":"done"}"#.to_owned(), ".", "missing field `authSessionId`"),
        (r#"{"status":"done","authSessionId":null}"#.to_owned(), "authSessionId", "expected a string"),
        (r#"{"status":"in_progress","runId":[1]}"#.to_owned(), "runId", "expected a string"),
        (r#"{"status":"canceled","message":"m"}"#.to_owned(), ".", "missing field `reason`"),
        (reason(json!("text")), "reason", "invalid type"),
        (reason(json!({"type": "terminated"})), "reason", "missing field `message`"),
        (reason(json!({"type": 1, "message": "m"})), "reason.type", "integer `1`"),
        (error(json!({"message": "m"})), "error", "missing field `category`"),
        (error(json!({"message": "m", "category": "user", "retirable": "no"})), "error.retirable", "boolean"),
        (error(json!({"message": "m", "category": "user", "code": {}})), "error.code", "map"),
    ] {
        let server = Server::always(Response::json(200, body.clone())).await;
        let error = check_error(result(&client(&server)).await, ErrorKind::Decode, 200);
        assert_eq!(error.json_path(), Some(path), "{body}: {error}");
        assert!(error.to_string().contains(word), "{body}: `{word}` is not in: {error}");
        assert_eq!(error.text().as_deref(), Some(body.as_str()), "the body is kept");
        assert_eq!(server.arrivals(), 1, "{body}: asking again would not help");
    }
}

#[tokio::test]
async fn truncated_json_is_an_error_of_the_whole_body() {
    for body in ["{", r#"{"status""#, r#"{"status":"pending""#, r#"{"status":"done","authSessionId":"a"#, "{]"] {
        let server = Server::always(Response::json(200, body)).await;
        let error = check_error(result(&client(&server)).await, ErrorKind::Decode, 200);
        assert_eq!(error.json_path(), Some("."), "{body}: {error}");
        assert_eq!(error.text().as_deref(), Some(body), "the body is kept");
    }
}

#[tokio::test]
async fn a_start_that_does_not_decode_may_have_started_something() {
    for body in ["", "{}", r#"{"status":"started"}"#, r#"{"status":1,"operationId":"o"}"#] {
        let server = Server::always(Response::json(201, body)).await;
        let error = check_error(super::start(&client(&server)).await, ErrorKind::Decode, 201);
        assert!(error.maybe_sent(), "{error}");
        assert!(!error.is_retryable(), "{error}");
        assert_eq!(error.text().as_deref(), Some(body));
        assert_eq!(server.arrivals(), 1);
    }
}

#[test]
fn objects_are_read_by_their_fields() {
    let read = |text: &str| serde_json::from_str::<UpdateAuthSessionError>(text);
    let error = read(r#"{"category": "first", "later": [1], "message": "a", "category": "user", "doc_url": null}"#);
    let error = error.expect("an object with the required fields");
    assert_eq!(error.category, Category::from("user"), "the last value of a field counts");
    assert_eq!((error.message.as_str(), error.doc_url.as_deref(), error.retirable), ("a", None, false));
    assert_eq!(error.extra.get("later"), Some(&json!([1])));
    // A field that was `null` is not written, and a default is.
    let written = json!({"message": "a", "category": "user", "retirable": false, "later": [1]});
    assert_eq!(serde_json::to_value(&error).expect("it is JSON"), written);
    for (text, message) in [
        (r#"{"category": "user"}"#, "missing field `message`"),
        (r#"{"category": 1, "message": "a"}"#, "invalid type: integer `1`"),
        (r#"["a", "user"]"#, "invalid type: sequence, expected an object"),
        (r#"{"message": "a""#, "EOF while parsing an object"),
    ] {
        let error = read(text).expect_err("it is not an error of the API").to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
