//! Runtime expressions and criteria of work that is polled: understood as they are written, or refused in words.

use generator::ir::Expression as Meant;
use generator::{Input, generate};
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;
use serde_json::{Value, json};

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Expression;

/// What a document says of its work.
#[derive(Debug, Clone)]
pub struct Work {
    /// Where the id of the work comes from.
    id: String,
    /// When it is over.
    condition: String,
    /// What the second criterion looks at, and the regex that it must match.
    context: String,
    pattern: String,
    seconds: Value,
}

impl Target for Expression {
    type Input = Work;
    const NAME: &'static str = "expression";
    const ABOUT: &'static str =
        "runtime expressions and criteria of polling are understood as written, or refused in words";
    const SHORT: u64 = 200;

    fn inputs() -> BoxedStrategy<Work> {
        (expression(), condition(), expression(), pattern(), seconds())
            .prop_map(|(id, condition, context, pattern, seconds)| Work { id, condition, context, pattern, seconds })
            .boxed()
    }

    fn run(input: &Work) -> Result<(), String> {
        let text = document(input).to_string();
        let output = match generate(&Input::new("work.json", &text)) {
            Ok(output) => output,
            Err(found) if found.errors() > 0 => return Ok(()),
            Err(_) => return Err("refused without a reason".to_owned()),
        };
        let work = output.api.operations.iter().find_map(|operation| operation.long_running.as_ref());
        let Some((_, meant)) = work.and_then(|work| work.arguments.first()) else {
            return Err("it was taken, but nothing starts the work".to_owned());
        };
        let written = match meant {
            Meant::ResponseBody(pointer) => format!("$response.body#{pointer}"),
            Meant::Request(name) => format!("$request.path.{name}"),
        };
        let others = ["query", "header"].map(|place| written.replace("path", place));
        if written != input.id && !others.contains(&input.id) {
            return Err(format!("{:?} was understood as {written:?}", input.id));
        }
        Ok(())
    }
}

fn document(work: &Work) -> Value {
    let parameter = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let reply = |schema: Value| json!({ "description": "x", "content": { "application/json": { "schema": schema } } });
    let mut started = reply(json!({ "type": "object", "properties": { "id": { "type": "string" } } }));
    started["links"] = json!({ "result": { "operationId": "ask", "parameters": { "id": work.id } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Work", "version": "1" },
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
                    "delaySeconds": work.seconds,
                    "intervalSeconds": 1,
                    "successCriteria": [{ "condition": work.condition }],
                    "failureCriteria": [{ "context": work.context, "type": "regex", "condition": work.pattern }],
                }],
                "responses": { "200": reply(json!({ "type": "object" })) },
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
