//! Path parameters come to agree with the path, which is what is sent.
//!
//! `/a/{id}: {get: {parameters: [{name: old, in: path}]}}` →
//! `/a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}}`

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::walk::{operations, placeholders};

pub(super) fn run(document: &Document, _: &mut Log) -> Value {
    let mut value = document.value().clone();
    for site in operations(document) {
        let Some(Value::Array(list)) = value.pointer_mut(site.node.pointer().join("parameters").as_str()) else {
            continue;
        };
        let is_path = |parameter: &Value| parameter.get("in").and_then(Value::as_str) == Some("path");
        let name = |parameter: &Value| parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let names: Vec<&str> = placeholders(site.path).collect();
        list.retain(|parameter| !is_path(parameter) || names.contains(&name(parameter).as_str()));
        for parameter in list.iter_mut().filter(|parameter| is_path(parameter)) {
            parameter["required"] = Value::Bool(true);
        }
        for missing in names {
            if !list.iter().any(|parameter| is_path(parameter) && name(parameter) == missing) {
                list.push(json!({ "name": missing, "in": "path", "required": true, "schema": { "type": "string" } }));
            }
        }
    }
    value
}
