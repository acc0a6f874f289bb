//! Makes path parameters agree with the path, because the path is what is sent. Those in the query of a path become query
//! parameters.
//!
//! `/a/{id}: {get: {parameters: [{name: old, in: path}]}}` →
//! `/a/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}}`

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Log;
use crate::document::Document;
use crate::openapi::{operations, path_query, placeholder, placeholders, plain_path};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for site in operations(document) {
        let Some(parameters) = site.node.get("parameters") else { continue };
        let Some(list) = parameters.value().as_array() else { continue };
        let (fixed, kept) = fixed(list, site.path);
        if fixed == *list {
            continue;
        }
        if let Some(slot) = value.to_mut().pointer_mut(parameters.pointer().as_str()) {
            *slot = Value::Array(fixed);
            log.kept(parameters.pointer(), kept);
        }
    }
}

/// Returns the list that agrees with the path, and the indices of the parameters that it keeps.
fn fixed(list: &[Value], path: &str) -> (Vec<Value>, Vec<usize>) {
    let is_path = |parameter: &Value| parameter.get("in").and_then(Value::as_str) == Some("path");
    let name = |parameter: &Value| parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let names: Vec<&str> = placeholders(plain_path(path)).collect();
    let is_query = |parameter: &Value, key: &str| {
        parameter.get("in").and_then(Value::as_str) == Some("query") && name(parameter) == key
    };
    let queries = path_query(path).filter_map(|(key, value)| Some((key, placeholder(value)?)));
    let queries: Vec<_> = queries.filter(|(key, _)| !list.iter().any(|parameter| is_query(parameter, key))).collect();
    let key_of = |place: &str| queries.iter().find(|(_, name)| *name == place).map(|(key, _)| *key);
    let kept = list.iter().enumerate().filter(|(_, parameter)| {
        let name = name(parameter);
        !is_path(parameter) || names.contains(&name.as_str()) || key_of(&name).is_some()
    });
    let (kept, mut list): (Vec<usize>, Vec<Value>) = kept.map(|(index, parameter)| (index, parameter.clone())).unzip();
    for parameter in list.iter_mut().filter(|parameter| is_path(parameter)) {
        parameter["required"] = Value::Bool(true);
        let name = name(parameter);
        if let Some(key) = key_of(&name).filter(|_| !names.contains(&name.as_str())) {
            parameter["name"] = key.into();
            parameter["in"] = "query".into();
            if let Some(parameter) = parameter.as_object_mut() {
                parameter.remove("style");
                // A path has one value for a parameter, even if it is a list.
                parameter.entry("explode").or_insert(false.into());
            }
        }
    }
    for (key, _) in &queries {
        if !list.iter().any(|parameter| is_query(parameter, key)) {
            list.push(json!({ "name": key, "in": "query", "required": true, "schema": { "type": "string" } }));
        }
    }
    for missing in names {
        if !list.iter().any(|parameter| is_path(parameter) && name(parameter) == missing) {
            list.push(json!({ "name": missing, "in": "path", "required": true, "schema": { "type": "string" } }));
        }
    }
    (list, kept)
}
