//! Makes path parameters agree with the path, because the path is what is sent.
//!
//! `/a/{id}: {get: {parameters: [{name: old, in: path}]}}` →
//! `/a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::openapi::{operations, placeholders};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for site in operations(document) {
        let Some(parameters) = site.node.get("parameters") else { continue };
        let Some(list) = parameters.value().as_array() else { continue };
        let mended = mended(list, site.path);
        if mended == *list {
            continue;
        }
        if let Some(slot) = value.to_mut().pointer_mut(parameters.pointer().as_str()) {
            *slot = Value::Array(mended);
        }
    }
}

fn mended(list: &[Value], path: &str) -> Vec<Value> {
    let is_path = |parameter: &Value| parameter.get("in").and_then(Value::as_str) == Some("path");
    let name = |parameter: &Value| parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let names: Vec<&str> = placeholders(path).collect();
    let mut list = list.to_vec();
    list.retain(|parameter| !is_path(parameter) || names.contains(&name(parameter).as_str()));
    for parameter in list.iter_mut().filter(|parameter| is_path(parameter)) {
        parameter["required"] = Value::Bool(true);
    }
    for missing in names {
        if !list.iter().any(|parameter| is_path(parameter) && name(parameter) == missing) {
            list.push(json!({ "name": missing, "in": "path", "required": true, "schema": { "type": "string" } }));
        }
    }
    list
}
