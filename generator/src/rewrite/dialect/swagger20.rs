//! Turns Swagger 2.0 into OpenAPI 3.0.
//!
//! The order of the rewrites matters: what an operation consumes and produces becomes the media types of its body and its
//! responses while both are still beside each other, `components` comes after everything that is moved there, and
//! `version_header` is last, because it changes the version that makes these rewrites apply.

mod components;
mod discriminators;
mod inline_bodies;
mod media_types;
mod nullable_schemas;
mod parameter_schemas;
mod request_bodies;
mod response_contents;
mod security_schemes;
mod servers;
#[cfg(test)]
mod tests;
mod version_header;

use serde_json::{Map, Value};

use crate::document::Pointer;
use crate::rewrite::Rewrite;

/// All rewrites, in the order in which they run.
pub const REWRITES: &[Rewrite] = &[
    Rewrite::in_place("inline_bodies", inline_bodies::run),
    Rewrite::in_place("request_bodies", request_bodies::run),
    Rewrite::in_place("response_contents", response_contents::run),
    Rewrite::in_place("parameter_schemas", parameter_schemas::run),
    Rewrite::in_place("security_schemes", security_schemes::run),
    Rewrite::in_place("components", components::run),
    Rewrite::in_place("discriminators", discriminators::run),
    Rewrite::in_place("nullable_schemas", nullable_schemas::run),
    Rewrite::in_place("servers", servers::run),
    Rewrite::in_place("version_header", version_header::run),
];

/// The members of a path item that are operations: those of OpenAPI 3.0 without `trace`.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

type Object = Map<String, Value>;

/// Calls a function with each path item and its location.
fn each_path_item(document: &mut Value, mut change: impl FnMut(&mut Object, &Pointer)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")) {
        if let Value::Object(item) = item {
            change(item, &Pointer::root().join("paths").join(path));
        }
    }
}

/// Calls a function with each operation and its location.
fn each_operation(document: &mut Value, mut change: impl FnMut(&mut Object, &Pointer)) {
    each_path_item(document, |item, place| {
        for (method, operation) in item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str())) {
            if let Value::Object(operation) = operation {
                change(operation, &place.join(method));
            }
        }
    });
}

/// Returns the members of an object of objects, such as the shared parameters of a document.
fn entries<'a>(document: &'a mut Value, key: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    document.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten()
}

/// Returns the items of a list that are strings.
fn strings(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
