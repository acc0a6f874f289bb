//! The service that is played: what each rule of a document answers, how work goes on, and the server around it.

use std::time::Duration;

use generator::Input;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xtask::mock::{Ending, Inject, Plan, Reply, Request, Server, Service};

use crate::sandbox::{Sandbox, contains};

/// Parameters of every place, work whose state is a union, and work whose state is a field.
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
    let (_, api, _) = understood.expect("the document is sound");
    let document = generator::document::parse(text).expect("it was understood");
    Service::new(document, api, plan, inject.map(|inject| inject.parse::<Inject>().unwrap()))
}

fn service(plan: Plan) -> Service {
    service_of(SPEC, plan, None).unwrap()
}

/// A request with the credential and the header that some operation needs.
fn ask(service: &mut Service, method: &str, target: &str, body: Option<&Value>) -> Reply {
    let body = body.map(Value::to_string).unwrap_or_default();
    let headers = [("x-key", "k"), ("x-trace", "t-1"), ("content-type", "application/json; charset=utf-8")];
    service.answer(&Request::new(method, target, &headers, body.as_bytes()), Duration::ZERO)
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[track_caller]
fn check_refused(reply: &Reply, status: u16, rule: &str, message: &str) {
    let body = json_of(reply);
    assert_eq!((reply.status, body["rule"].as_str()), (status, Some(rule)), "{body}");
    contains(body["message"].as_str().unwrap(), message);
}

#[test]
fn replies_are_made_from_schemas() {
    let reply = ask(&mut service(Plan::default()), "GET", &format!("{SHOP}/loaves?limit=3&kinds=rye,wheat"), None);
    assert_eq!((reply.status, reply.content_type.as_deref()), (200, Some("application/json")));
    let loaf = json!({"id": "123e4567-e89b-12d3-a456-426614174000", "kind": "rye", "weight": 0.5, "parts": ["text"]});
    assert_eq!(json_of(&reply), json!([loaf]));
    let reply = ask(&mut service(Plan::default()), "GET", "/open", None);
    assert_eq!((reply.status, reply.body.len()), (204, 0));
}

#[test]
fn paths_and_methods_are_those_of_the_document() {
    let mut service = service(Plan::default());
    check_refused(&ask(&mut service, "GET", "/elsewhere", None), 404, "path", "no such path");
    let reply = ask(&mut service, "DELETE", &format!("{SHOP}/loaves"), None);
    check_refused(&reply, 405, "method", "GET, POST");
    assert_eq!(reply.headers, [("allow", "GET, POST".to_owned())]);
}

#[test]
fn a_credential_is_needed_where_the_document_says_so() {
    let mut service = service(Plan::default());
    for headers in [&[][..], &[("x-key", "")]] {
        let request = Request::new("GET", &format!("{SHOP}/loaves?limit=3"), headers, b"");
        check_refused(&service.answer(&request, Duration::ZERO), 401, "credential", "needs the credential key");
    }
    assert_eq!(service.answer(&Request::new("GET", "/open", &[], b""), Duration::ZERO).status, 204);
}

#[test]
fn parameters_are_held_to_their_schemas() {
    let mut service = service(Plan::default());
    let mut refused = |target: &str, message: &str| {
        check_refused(&ask(&mut service, "GET", target, None), 400, "parameter", message);
    };
    refused("/shops/corner/loaves?limit=3", "path parameter `shop` must be a UUID");
    refused("/shops//loaves?limit=3", "path parameter `shop` is empty");
    refused(&format!("{SHOP}/loaves"), "query parameter `limit` is missing");
    refused(&format!("{SHOP}/loaves?limit=many"), "query parameter `limit` must be of type integer");
    refused(&format!("{SHOP}/loaves?limit=11"), "query parameter `limit` is more than the maximum");
    refused(&format!("{SHOP}/loaves?limit=1&kinds=rye,oat"), "query parameter `kinds/1` must be one of");
    let without_trace = Request::new("GET", &format!("{SHOP}/loaves?limit=3"), &[("X-Key", "k")], b"");
    check_refused(
        &service.answer(&without_trace, Duration::ZERO),
        400,
        "parameter",
        "header parameter `X-Trace` is missing",
    );
}

#[test]
fn bodies_are_held_to_their_schema_and_their_values_are_not_repeated() {
    let mut service = service(Plan::default());
    let target = format!("{SHOP}/loaves");
    let mut refused = |body: Value, message: &str| {
        let reply = ask(&mut service, "POST", &target, Some(&body));
        check_refused(&reply, 400, "body", message);
        assert!(!String::from_utf8(reply.body).unwrap().contains("hidden"));
    };
    refused(json!({}), "`body/flour` is missing");
    refused(json!([]), "`body` must be of type object");
    refused(json!({"flour": "hidden"}), "`body/flour` must be one of \"rye\", \"wheat\"");
    refused(json!({"flour": null}), "`body/flour` must not be null");
    refused(json!({"flour": "rye", "grams": "hidden"}), "`body/grams` must be of type integer");
    refused(json!({"flour": "rye", "grams": 0}), "`body/grams` is less than the minimum");
    refused(json!({"flour": "rye", "name": "hidden"}), "`body/name` must have at most 5 characters");
    refused(json!({"flour": "rye", "toppings": [1]}), "`body/toppings/0` must be of type string");
    refused(json!({"flour": "rye", "salt": 1}), "`body/salt` is not known");
    assert_eq!(ask(&mut service, "POST", &target, Some(&json!({"flour": "rye", "name": null}))).status, 202);
}

#[test]
fn a_body_must_be_there_be_json_and_say_so() {
    let mut service = service(Plan::default());
    let target = format!("{SHOP}/loaves");
    check_refused(&ask(&mut service, "POST", &target, None), 400, "body", "the body is missing");
    let mut raw = |content_type: &str, body: &[u8]| {
        let headers = [("x-key", "k"), ("content-type", content_type)];
        service.answer(&Request::new("POST", &target, &headers, body), Duration::ZERO)
    };
    check_refused(&raw("text/plain", b"{}"), 415, "content-type", "must be application/json");
    check_refused(&raw("application/json", b"{\"flour\": "), 400, "body", "no JSON (line 1, column");
}

/// Starts work, and tells the path of its state.
fn start(service: &mut Service) -> String {
    let reply = ask(service, "POST", &format!("{SHOP}/loaves"), Some(&json!({"flour": "rye"})));
    format!("{SHOP}/tickets/{}", json_of(&reply)["ticket"]["number"])
}

#[test]
fn each_start_is_a_work_of_its_own_with_an_id_of_the_type_of_the_document() {
    let mut service = service(Plan { duration: Duration::ZERO, ..Plan::default() });
    assert_eq!([start(&mut service), start(&mut service)], [format!("{SHOP}/tickets/1"), format!("{SHOP}/tickets/2")]);
    let mut state = |target: &str| json_of(&ask(&mut service, "GET", target, None))["state"].clone();
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "running");
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "baked");
    assert_eq!(state(&format!("{SHOP}/tickets/2")), "running");
    assert_eq!(state(&format!("{SHOP}/tickets/1")), "baked");
    let unknown = ask(&mut service, "GET", &format!("{SHOP}/tickets/3"), None);
    check_refused(&unknown, 404, "work", "no such work was started");
    let of_another_shop = "/shops/00000000-0000-0000-0000-000000000000/tickets/1";
    check_refused(&ask(&mut service, "GET", of_another_shop, None), 404, "work", "no such work");
}

#[test]
fn work_can_fail_where_the_document_has_a_state_for_it() {
    let mut service = service(Plan { duration: Duration::ZERO, ending: Ending::Failed });
    let target = start(&mut service);
    let states = [(); 2].map(|()| json_of(&ask(&mut service, "GET", &target, None))["state"].clone());
    assert_eq!(states, ["running", "burnt"]);
    let plan = Plan { duration: Duration::ZERO, ending: Ending::Canceled };
    let error = service_of(SPEC, plan, None).err().unwrap().to_string();
    contains(&error, "`loaf` has no state that says that the work was canceled");
}

/// The states of the repository's own document, asked for at these seconds.
fn states_at(seconds: &[u64], plan: Plan) -> Vec<String> {
    let text = std::fs::read_to_string(xtask::workspace::spec()).unwrap();
    let mut service = service_of(&text, plan, None).unwrap();
    let target = "/123e4567-e89b-12d3-a456-426614174000/projects/p/auth-sessions/s/update";
    let headers = [("x-api-key", "k"), ("content-type", "application/json")];
    let start = Request::new("POST", target, &headers, br#"{"parameters":{}}"#);
    assert_eq!(json_of(&service.answer(&start, Duration::ZERO))["operationId"], "op-1");
    let ask = Request::new("GET", &format!("{target}/op-1/result"), &headers, b"");
    let states = seconds.iter().map(|second| json_of(&service.answer(&ask, Duration::from_secs(*second))));
    states.map(|state| state["status"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn states_of_a_union_come_in_the_order_of_the_document_as_time_goes_by() {
    let plan = |ending| Plan { duration: Duration::from_secs(10), ending };
    let expected = ["pending", "pending", "in_progress", "in_progress", "done", "done"];
    assert_eq!(states_at(&[0, 4, 5, 9, 10, 99], plan(Ending::Done)), expected);
    assert_eq!(states_at(&[60, 61, 62], plan(Ending::Failed)), ["pending", "in_progress", "failed"]);
    assert_eq!(states_at(&[60, 61, 62], plan(Ending::Canceled)), ["pending", "in_progress", "canceled"]);
}

#[test]
fn failures_are_put_between_the_replies() {
    let mut service = service_of(SPEC, Plan::default(), Some("503,429:2")).unwrap();
    let replies: Vec<_> = (0..4).map(|_| ask(&mut service, "GET", "/open", None)).collect();
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [204, 503, 204, 429]);
    assert_eq!(replies[1].headers, [("retry-after", "1".to_owned())]);
}

/// Sends bytes as they are, and reads to the end of the connection.
async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply
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
    let mut replies = None;
    let talk = async { replies = Some(client.await) };
    server.serve(talk, |line| log.push(line.to_owned())).await;
    let (good, bad) = replies.unwrap();
    contains(&good, "HTTP/1.1 204 No Content\r\n");
    contains(&bad, "HTTP/1.1 400 Bad Request\r\n");
    contains(&bad, "content-type: application/json\r\n");
    assert_eq!(log.len(), 2, "{log:?}");
    assert_eq!(log[0], "GET /open -> 204");
    assert!(!log.join("\n").contains("hidden"), "{log:?}");
}

#[test]
fn a_document_with_errors_is_not_served() {
    let sandbox = Sandbox::new("openapi: 3.0.3\n");
    let run = sandbox.run(&["mock", "--spec", "spec.yaml", "--port", "0"]).ends_with(1);
    contains(&run.err, "nothing is served");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let sandbox = Sandbox::new(SPEC);
    for options in [&["--inject", "200:2"][..], &["--fail", "--cancel"], &["--delay", "-1"], &["--port", "x"]] {
        sandbox.run(&[&["mock", "--spec", "spec.yaml"], options].concat()).ends_with(2);
    }
    let help = sandbox.run(&["mock", "--help"]).succeeds().out;
    for part in ["--port <N>", "--fail", "--cancel", "--delay <SECONDS>", "--inject <STATUS[,STATUS…]:N>"] {
        contains(&help, part);
    }
}
