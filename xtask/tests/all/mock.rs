//! `mock`: the response to each violated rule, the progress of jobs, and the server.

use std::time::Duration;

use clientsmith::mock::{Ending, Inject, Plan, Request, Response, Server, Service};
use generator::Input;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::sandbox::{Sandbox, contains};

/// Parameters in every location, and a job whose state is a field.
const SPEC: &str = r##"openapi: 3.0.3
info: {title: Bakery, version: "1"}
servers: [{url: "https://bakery.example.com"}]
security: [{key: []}]
paths:
  /shops/{shop}/loaves:
    parameters:
      - {name: shop, in: path, required: true, schema: {type: string, format: uuid}}
    get:
      operationId: listLoaves
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 10}}
        - {name: kinds, in: query, explode: false, schema: {type: array, items: {type: string, enum: [rye, wheat]}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string, minLength: 2}}
      responses:
        "200":
          description: Loaves.
          headers:
            Content-Length: {schema: {type: integer}}
            X-Left: {schema: {type: integer}, example: 4}
            X-Kinds: {schema: {type: array, minItems: 2, items: {type: string, enum: [rye]}}}
            X-Oven: {content: {application/json: {example: {"hot": true}}}}
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  required: [id, kind, weight, parts]
                  properties:
                    id: {type: string, format: uuid}
                    kind: {type: string, enum: [rye, wheat]}
                    weight: {type: number, minimum: 0.5}
                    parts: {type: array, items: {type: string}}
                    note: {type: string}
    post:
      operationId: bake
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Dough"}}}
      responses:
        "202":
          description: It is being baked.
          content:
            application/json:
              schema:
                type: object
                required: [ticket]
                properties: {ticket: {type: object, required: [number], properties: {number: {type: integer}}}}
          links:
            state:
              operationId: loaf
              parameters: {shop: $request.path.shop, number: "$response.body#/ticket/number"}
  /shops/{shop}/tickets/{number}:
    get:
      operationId: loaf
      parameters:
        - {name: shop, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: number, in: path, required: true, schema: {type: integer}}
      x-speakeasy-polling:
        - name: WaitForLoaf
          intervalSeconds: 1
          limitCount: 10
          successCriteria: [{condition: $statusCode == 200}, {condition: '$response.body#/state == "baked"'}]
          failureCriteria: [{condition: '$response.body#/state == "burnt"'}]
      responses:
        "200":
          description: How far it is.
          content:
            application/json:
              schema: {type: object, required: [state], properties: {state: {type: string}}}
  /open:
    get:
      operationId: open
      security: []
      responses: {"204": {description: Open.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: x-key}
  schemas:
    Dough:
      type: object
      required: [flour]
      additionalProperties: false
      properties:
        flour: {type: string, enum: [rye, wheat]}
        grams: {type: integer, minimum: 1}
        name: {type: string, nullable: true, maxLength: 5}
        toppings: {type: array, items: {type: string}}
"##;

const SHOP: &str = "/shops/123e4567-e89b-12d3-a456-426614174000";

fn service_of(text: &str, plan: Plan, inject: Option<&str>) -> anyhow::Result<Service> {
    let input = Input::new("spec.yaml", text);
    let understood = generator::understand(&input);
    let (_, api, _) = understood.expect("the document is valid");
    let document = generator::document::parse(text).expect("the document is valid");
    Service::new(document, api, plan, inject.map(|inject| inject.parse::<Inject>().unwrap()))
}

fn service(plan: Plan) -> Service {
    service_of(SPEC, plan, None).unwrap()
}

/// Sends a request with the credential and the required header.
fn send(service: &mut Service, method: &str, target: &str, body: Option<&Value>) -> Response {
    let body = body.map(Value::to_string).unwrap_or_default();
    let headers = [("x-key", "k"), ("x-trace", "t-1"), ("content-type", "application/json; charset=utf-8")];
    service.respond(&Request::new(method, target, &headers, body.as_bytes()), Duration::ZERO)
}

fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[track_caller]
fn check_rejected(response: &Response, status: u16, rule: &str, message: &str) {
    let body = json_of(response);
    assert_eq!((response.status, body["rule"].as_str()), (status, Some(rule)), "{body}");
    contains(body["message"].as_str().unwrap(), message);
}

#[test]
fn responses_are_built_from_schemas() {
    let response = send(&mut service(Plan::default()), "GET", &format!("{SHOP}/loaves?limit=3&kinds=rye,wheat"), None);
    assert_eq!((response.status, response.content_type.as_deref()), (200, Some("application/json")));
    let loaf = json!({"id": "123e4567-e89b-12d3-a456-426614174000", "kind": "rye", "weight": 0.5, "parts": ["text"]});
    assert_eq!(json_of(&response), json!([loaf]));
    let headers: Vec<_> = response.headers.iter().map(|(name, value)| (name.as_ref(), value.as_str())).collect();
    assert_eq!(headers, [("X-Left", "4"), ("X-Kinds", "rye,rye"), ("X-Oven", r#"{"hot":true}"#)]);
    let response = send(&mut service(Plan::default()), "GET", "/open", None);
    assert_eq!((response.status, response.body.len()), (204, 0));
}

#[test]
fn unknown_paths_and_methods_are_rejected() {
    let mut service = service(Plan::default());
    check_rejected(&send(&mut service, "GET", "/elsewhere", None), 404, "path", "does not define this path");
    let response = send(&mut service, "DELETE", &format!("{SHOP}/loaves"), None);
    check_rejected(&response, 405, "method", "GET, POST");
    assert_eq!(response.headers, [("allow".into(), "GET, POST".to_owned())]);
}

#[test]
fn a_credential_is_required_where_the_document_requires_it() {
    let mut service = service(Plan::default());
    for headers in [&[][..], &[("x-key", "")]] {
        let request = Request::new("GET", &format!("{SHOP}/loaves?limit=3"), headers, b"");
        check_rejected(&service.respond(&request, Duration::ZERO), 401, "credential", "needs the credential key");
    }
    assert_eq!(service.respond(&Request::new("GET", "/open", &[], b""), Duration::ZERO).status, 204);
}

#[test]
fn parameters_are_validated_against_their_schemas() {
    let mut service = service(Plan::default());
    let mut rejected = |target: &str, message: &str| {
        check_rejected(&send(&mut service, "GET", target, None), 400, "parameter", message);
    };
    rejected("/shops/corner/loaves?limit=3", "path parameter `shop` must be a UUID");
    rejected("/shops//loaves?limit=3", "path parameter `shop` is empty");
    rejected(&format!("{SHOP}/loaves"), "query parameter `limit` is missing");
    rejected(&format!("{SHOP}/loaves?limit=many"), "query parameter `limit` must be of type integer");
    rejected(&format!("{SHOP}/loaves?limit=11"), "query parameter `limit` is more than the maximum");
    rejected(&format!("{SHOP}/loaves?limit=1&kinds=rye,oat"), "query parameter `kinds/1` must be one of");
    let without_trace = Request::new("GET", &format!("{SHOP}/loaves?limit=3"), &[("X-Key", "k")], b"");
    check_rejected(
        &service.respond(&without_trace, Duration::ZERO),
        400,
        "parameter",
        "header parameter `X-Trace` is missing",
    );
}

#[test]
fn bodies_are_validated_and_messages_do_not_contain_their_values() {
    let mut service = service(Plan::default());
    let target = format!("{SHOP}/loaves");
    let mut rejected = |body: Value, message: &str| {
        let response = send(&mut service, "POST", &target, Some(&body));
        check_rejected(&response, 400, "body", message);
        assert!(!String::from_utf8(response.body).unwrap().contains("hidden"));
    };
    rejected(json!({}), "`body/flour` is missing");
    rejected(json!([]), "`body` must be of type object");
    rejected(json!({"flour": "hidden"}), "`body/flour` must be one of \"rye\", \"wheat\"");
    rejected(json!({"flour": null}), "`body/flour` must not be null");
    rejected(json!({"flour": "rye", "grams": "hidden"}), "`body/grams` must be of type integer");
    rejected(json!({"flour": "rye", "grams": 0}), "`body/grams` is less than the minimum");
    rejected(json!({"flour": "rye", "name": "hidden"}), "`body/name` must have at most 5 characters");
    rejected(json!({"flour": "rye", "toppings": [1]}), "`body/toppings/0` must be of type string");
    rejected(json!({"flour": "rye", "salt": 1}), "`body/salt` is not a known property");
    assert_eq!(send(&mut service, "POST", &target, Some(&json!({"flour": "rye", "name": null}))).status, 202);
}

#[test]
fn a_body_must_be_present_and_be_json_with_a_json_content_type() {
    let mut service = service(Plan::default());
    let target = format!("{SHOP}/loaves");
    check_rejected(&send(&mut service, "POST", &target, None), 400, "body", "the body is missing");
    let mut raw = |content_type: &str, body: &[u8]| {
        let headers = [("x-key", "k"), ("content-type", content_type)];
        service.respond(&Request::new("POST", &target, &headers, body), Duration::ZERO)
    };
    check_rejected(&raw("text/plain", b"{}"), 415, "content-type", "must be application/json");
    check_rejected(&raw("application/json", b"{\"flour\": "), 400, "body", "not valid JSON (line 1, column");
}

/// Starts a job and returns the path that polls it.
fn start(service: &mut Service) -> String {
    let response = send(service, "POST", &format!("{SHOP}/loaves"), Some(&json!({"flour": "rye"})));
    format!("{SHOP}/tickets/{}", json_of(&response)["ticket"]["number"])
}

#[test]
fn each_start_creates_a_job_with_an_id_of_the_documented_type() {
    let mut service = service(Plan { duration: Duration::ZERO, ..Plan::default() });
    assert_eq!([start(&mut service), start(&mut service)], [format!("{SHOP}/tickets/1"), format!("{SHOP}/tickets/2")]);
    let mut state = |target: &str| json_of(&send(&mut service, "GET", target, None))["state"].clone();
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "running");
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "baked");
    assert_eq!(state(&format!("{SHOP}/tickets/2")), "running");
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "baked");
    let unknown = send(&mut service, "GET", &format!("{SHOP}/tickets/3"), None);
    check_rejected(&unknown, 404, "work", "no such work was started");
    let of_another_shop = "/shops/00000000-0000-0000-0000-000000000000/tickets/1";
    check_rejected(&send(&mut service, "GET", of_another_shop, None), 404, "work", "no such work");
}

#[test]
fn jobs_can_fail_if_the_document_has_a_state_for_it() {
    let mut service = service(Plan { duration: Duration::ZERO, ending: Ending::Failed });
    let target = start(&mut service);
    let states = [(); 2].map(|()| json_of(&send(&mut service, "GET", &target, None))["state"].clone());
    assert_eq!(states, ["running", "burnt"]);
    let plan = Plan { duration: Duration::ZERO, ending: Ending::Canceled };
    let error = service_of(SPEC, plan, None).err().unwrap().to_string();
    contains(&error, "`loaf` has no state for a job that was canceled");
}

/// The states of a job of the workspace's document, polled at these seconds.
fn states_at(seconds: &[u64], plan: Plan) -> Vec<String> {
    let text = std::fs::read_to_string(xtask::workspace::spec()).unwrap();
    let mut service = service_of(&text, plan, None).unwrap();
    let target = "/123e4567-e89b-12d3-a456-426614174000/projects/p/auth-sessions/s/update";
    let headers = [("x-api-key", "k"), ("content-type", "application/json")];
    let start = Request::new("POST", target, &headers, br#"{"parameters":{}}"#);
    assert_eq!(json_of(&service.respond(&start, Duration::ZERO))["operationId"], "op-1");
    let poll = Request::new("GET", &format!("{target}/op-1/result"), &headers, b"");
    let states = seconds.iter().map(|second| json_of(&service.respond(&poll, Duration::from_secs(*second))));
    states.map(|state| state["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn states_of_a_union_follow_the_order_of_the_document_over_time() {
    let plan = |ending| Plan { duration: Duration::from_secs(10), ending };
    let expected = ["pending", "pending", "in_progress", "in_progress", "done", "done"];
    assert_eq!(states_at(&[0, 4, 5, 9, 10, 99], plan(Ending::Done)), expected);
    assert_eq!(states_at(&[60, 61, 62], plan(Ending::Failed)), ["pending", "in_progress", "failed"]);
    assert_eq!(states_at(&[60, 61, 62], plan(Ending::Canceled)), ["pending", "in_progress", "canceled"]);
}

#[test]
fn failures_are_injected_between_responses() {
    let mut service = service_of(SPEC, Plan::default(), Some("503,429:2")).unwrap();
    let responses: Vec<_> = (0..4).map(|_| send(&mut service, "GET", "/open", None)).collect();
    assert_eq!(responses.iter().map(|response| response.status).collect::<Vec<_>>(), [204, 503, 204, 429]);
    assert_eq!(responses[1].headers, [("retry-after".into(), "1".to_owned())]);
}

/// Sends raw bytes and reads until the connection closes.
async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn the_server_speaks_http_and_logs_no_secret() {
    let server = Server::bind(service(Plan::default()), 0).await.unwrap();
    let address = server.address().unwrap();
    assert!(address.ip().is_loopback());
    let mut log = Vec::new();
    let client = async {
        let head = "Host: localhost\r\nConnection: close\r\nX-Key: hidden\r\n";
        let good = exchange(address, &format!("GET /open?token=hidden HTTP/1.1\r\n{head}\r\n")).await;
        let bad = exchange(
            address,
            &format!("POST {SHOP}/loaves HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{{\"flour\":\"hidden\"}}"),
        )
        .await;
        (good, bad)
    };
    let mut responses = None;
    let talk = async { responses = Some(client.await) };
    server.serve(talk, |line| log.push(line.to_owned())).await;
    let (good, bad) = responses.unwrap();
    contains(&good, "HTTP/1.1 204 No Content\r\n");
    contains(&bad, "HTTP/1.1 400 Bad Request\r\n");
    contains(&bad, "content-type: application/json\r\n");
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!(log[0], "GET /open -> 204");
    assert!(!log.join("\n").contains("hidden"), "{log:?}");
}

#[test]
fn a_document_with_errors_does_not_start_the_server() {
    let sandbox = Sandbox::new("info: {title: Users}\n");
    let run = sandbox.run(&["mock", "--spec", "spec.yaml", "--port", "0"]).ends_with(1);
    contains(&run.err, "the server was not started");
}

#[test]
fn invalid_options_are_rejected() {
    let sandbox = Sandbox::new(SPEC);
    for options in [&["--inject", "200:2"][..], &["--fail", "--cancel"], &["--delay", "-1"], &["--port", "x"]] {
        sandbox.run(&[&["mock", "--spec", "spec.yaml"], options].concat()).ends_with(2);
    }
    let help = sandbox.run(&["mock", "--help"]).succeeds().out;
    for part in ["--port <N>", "--fail", "--cancel", "--delay <SECONDS>", "--inject <STATUS[,STATUS…]:N>"] {
        contains(&help, part);
    }
}
