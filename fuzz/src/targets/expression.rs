//! Runtime expressions and polling criteria: they are parsed as written, or rejected with a diagnostic.

use generator::ir::Expression as Parsed;
use generator::{Input, generate};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Expression;

/// The description of a job in a document.
#[derive(Debug, Clone)]
pub struct Job {
    /// The expression for the id of the job.
    id: String,
    /// The success condition.
    condition: String,
    /// The context of the failure criterion and its regex.
    context: String,
    pattern: String,
    seconds: Value,
}

impl Target for Expression {
    type Input = Job;
    const NAME: &'static str = "expression";
    const ABOUT: &'static str =
        "runtime expressions and polling criteria are parsed as written, or rejected with a diagnostic";
    const SHORT: u64 = 200;

    fn inputs() -> BoxedStrategy<Job> {
        (expression(), condition(), expression(), pattern(), seconds())
            .prop_map(|(id, condition, context, pattern, seconds)| Job { id, condition, context, pattern, seconds })
            .boxed()
    }

    fn run(input: &Job) -> Result<(), String> {
        let text = document(input).to_string();
        let output = match generate(&Input::new("job.json", &text)) {
            Ok(output) => output,
            Err(diagnostics) if diagnostics.errors() > 0 => return Ok(()),
            Err(_) => return Err("rejected without an error".to_owned()),
        };
        let job = output.api.operations.iter().find_map(|operation| operation.long_running.as_ref());
        let Some((_, parsed)) = job.and_then(|job| job.arguments.first()) else {
            return Err("it was accepted, but no operation starts the job".to_owned());
        };
        let written = match parsed {
            Parsed::ResponseBody(pointer) => format!("$response.body#{pointer}"),
            Parsed::Request(name) => format!("$request.path.{name}"),
        };
        let others = ["query", "header"].map(|place| written.replace("path", place));
        if written != input.id && !others.contains(&input.id) {
            return Err(format!("{:?} was parsed as {written:?}", input.id));
        }
        Ok(())
    }
}

fn document(job: &Job) -> Value {
    let parameter = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let response =
        |schema: Value| json!({ "description": "x", "content": { "application/json": { "schema": schema } } });
    let mut started = response(json!({ "type": "object", "properties": { "id": { "type": "string" } } }));
    started["links"] = json!({ "result": { "operationId": "ask", "parameters": { "id": job.id } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Job", "version": "1" },
        "paths": {
            "/begin/{queue}": { "post": {
                "operationId": "begin",
                "parameters": [
                    { "name": "queue", "in": "path", "required": true, "schema": { "type": "string" } },
                    { "name": "a.b", "in": "query", "schema": { "type": "string" } },
                ],
                "responses": { "200": started },
            } },
            "/done/{id}": { "get": {
                "operationId": "ask",
                "parameters": [parameter],
                "x-speakeasy-polling": [{
                    "name": "Done",
                    "delaySeconds": job.seconds,
                    "intervalSeconds": 1,
                    "successCriteria": [{ "condition": job.condition }],
                    "failureCriteria": [{ "context": job.context, "type": "regex", "condition": job.pattern }],
                }],
                "responses": { "200": response(json!({ "type": "object" })) },
            } },
        },
    })
}

fn expression() -> impl Strategy<Value = String> {
    let pointer = "(/[~/01a.\"{} ]{0,5}){0,3}";
    prop_oneof![
        4 => pointer.prop_map(|pointer| format!("$response.body#{pointer}")),
        3 => "\\$request\\.(path|query|header|body|)\\.(queue|a\\.b|id|)",
        1 => "\\$(response|request|statusCode|method|url)[.#]?(body|header|path)?[.#/]{0,2}[a-z]{0,3}",
        1 => ".{0,16}",
    ]
}

fn condition() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "\\$statusCode ?(==|=|!=) ?[-0-9]{1,6}",
        3 => "\\$response\\.body#(/[~/01a.]{0,3}){0,2} ?== ?[\"'].{0,6}[\"']",
        1 => "\\$response\\.body#/a == [\"']",
        1 => ".{0,20}",
    ]
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![3 => "\\^\\(?[a-z|_-]{0,12}\\)?\\$", 1 => ".{0,12}"]
}

fn seconds() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (0..100_u32).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => ".{0,4}".prop_map(Value::from),
    ]
}
