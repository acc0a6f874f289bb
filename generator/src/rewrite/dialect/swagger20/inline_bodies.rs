//! Replaces references to shared parameters of the body by copies, and moves such parameters of a path to its operations.
//! OpenAPI 3.0 has no such parameters.
//!
//! `parameters: [{$ref: '#/parameters/NewUser'}]` → `parameters: [{in: body, name: user, schema: …}]`

use std::collections::BTreeMap;

use serde_json::Value;

use super::{METHODS, Object, each_path_item};
use crate::document::Pointer;
use crate::rewrite::Log;

/// The shared parameters of the body, by the strings that refer to them.
type Shared = BTreeMap<String, (Pointer, Value)>;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let shared = shared(document);
    each_path_item(document, |item, place| {
        inline(item, place, &shared, log);
        for (method, operation) in item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            if let Value::Object(operation) = operation {
                inline(operation, &place.join(method), &shared, log);
            }
        }
        move_to_operations(item, place, log);
    });
    if let Some(Value::Object(parameters)) = document.get_mut("parameters") {
        parameters.retain(|_, parameter| !is_body(parameter));
    }
}

/// Whether a parameter is the body, or a field of a form.
fn is_body(parameter: &Value) -> bool {
    matches!(parameter.get("in").and_then(Value::as_str), Some("body" | "formData"))
}

fn shared(document: &Value) -> Shared {
    let parameters = document.get("parameters").and_then(Value::as_object).into_iter().flatten();
    let of_body = parameters.filter(|(_, parameter)| is_body(parameter));
    let place = Pointer::root().join("parameters");
    of_body
        .map(|(name, parameter)| {
            let place = place.join(name);
            (format!("#{place}"), (place, parameter.clone()))
        })
        .collect()
}

/// Replaces the references in the `parameters` of a path item or an operation.
fn inline(owner: &mut Object, place: &Pointer, shared: &Shared, log: &mut Log) {
    let place = place.join("parameters");
    let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for (index, parameter) in parameters.enumerate() {
        let target = parameter.get("$ref").and_then(Value::as_str).and_then(|target| shared.get(target));
        if let Some((from, copy)) = target {
            log.copied(from.clone(), place.join(index));
            *parameter = copy.clone();
        }
    }
}

/// Moves the parameters of the body from a path item to each of its operations that has none of the same name.
fn move_to_operations(item: &mut Object, place: &Pointer, log: &mut Log) {
    let list = place.join("parameters");
    let parameters = item.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let (of_body, others): (Vec<_>, Vec<_>) = parameters.into_iter().enumerate().partition(|(_, one)| is_body(one));
    if of_body.is_empty() {
        return;
    }
    for (method, operation) in item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str())) {
        let Value::Object(operation) = operation else { continue };
        let own = operation.entry("parameters").or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(own) = own else { continue };
        for (index, parameter) in &of_body {
            if !own.iter().any(|own| is_same(own, parameter)) {
                log.copied(list.join(index), place.join(method).join("parameters").join(own.len()));
                own.push(parameter.clone());
            }
        }
    }
    log.kept(&list, others.iter().map(|(index, _)| *index).collect());
    item.insert("parameters".to_owned(), others.into_iter().map(|(_, parameter)| parameter).collect());
}

/// Whether an operation's parameter replaces that of the path: it has the same name, or both are the whole body.
fn is_same(own: &Value, parameter: &Value) -> bool {
    let of = |value: &'static str| {
        own.get("in").is_some_and(|place| place == value) && parameter.get("in").is_some_and(|place| place == value)
    };
    of("body") || (of("formData") && own.get("name") == parameter.get("name"))
}
