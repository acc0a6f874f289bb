//! Moves parameters of a path item to each of its operations.
//!
//! `/a: {parameters: [P], get: {parameters: [Q]}}` → `/a: {get: {parameters: [P, Q]}}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::{Document, Pointer};
use crate::openapi::operations;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for operation in operations(document) {
        let parameters = operation.parameters();
        let list = operation.node.pointer().join("parameters");
        for (index, parameter) in parameters.iter().enumerate() {
            log.copied(parameter.pointer().clone(), list.join(index));
        }
        let parameters = parameters.iter().map(|parameter| parameter.value().clone()).collect();
        set(value.to_mut(), operation.node.pointer(), "parameters", Value::Array(parameters));
        if let Some(Value::Object(item)) = value.to_mut().pointer_mut(operation.item.pointer().as_str()) {
            item.shift_remove("parameters");
        }
    }
}

fn set(root: &mut Value, place: &Pointer, key: &str, value: Value) {
    if let Some(Value::Object(object)) = root.pointer_mut(place.as_str()) {
        object.insert(key.to_owned(), value);
    }
}
