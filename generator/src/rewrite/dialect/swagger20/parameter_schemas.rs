//! Moves the keywords that describe the value of a parameter or a header to a `schema`, and turns the format of a collection
//! into a style.
//!
//! `{in: query, name: ids, type: array, items: {type: string}, collectionFormat: pipes}` →
//! `{in: query, name: ids, schema: {type: array, items: {type: string}}, style: pipeDelimited, explode: false}`

use serde_json::Value;

use super::{Object, each_operation, each_path_item, entries};
use crate::diagnostics::catalogue::COLLECTION_FORMAT;
use crate::document::Pointer;
use crate::rewrite::Log;

/// The keywords of a parameter that describe its value (Swagger 2.0, "Parameter Object").
///
/// A reference beside them is not defined there, but common: it leads to a definition of the value.
const OF_VALUE: [&str; 20] = [
    "$ref",
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "x-enum-varnames",
    "x-example",
];

/// A style of OpenAPI 3.0.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) name: &'static str,
    pub(super) explode: bool,
}

impl Style {
    /// One parameter or part per item.
    pub(super) const EXPLODED: Self = Self { name: "form", explode: true };

    /// Returns what separates the items of a list in a part of a multipart body.
    pub(super) fn separator(self) -> &'static str {
        match self.name {
            "spaceDelimited" => " ",
            "pipeDelimited" => "|",
            "tabDelimited" => "\t",
            _ => ",",
        }
    }

    /// Returns the style of a collection format in a query or a form.
    fn of(format: &str) -> Option<Self> {
        let name = match format {
            "multi" => return Some(Self::EXPLODED),
            "csv" => "form",
            "ssv" => "spaceDelimited",
            "pipes" => "pipeDelimited",
            "tsv" => "tabDelimited",
            _ => return None,
        };
        Some(Self { name, explode: false })
    }
}

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let place = Pointer::root().join("parameters");
    for (name, parameter) in entries(document, "parameters") {
        rewrite(parameter, &place.join(name), log);
    }
    each_path_item(document, |item, place| rewrite_list(item, place, log));
    each_operation(document, |operation, place| {
        rewrite_list(operation, place, log);
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            for (status, response) in responses {
                rewrite_headers(response, &place.join("responses").join(status), log);
            }
        }
    });
    let place = Pointer::root().join("responses");
    for (name, response) in entries(document, "responses") {
        rewrite_headers(response, &place.join(name), log);
    }
}

fn rewrite_list(owner: &mut Object, place: &Pointer, log: &mut Log) {
    let parameters = owner.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
    for (index, parameter) in parameters.enumerate() {
        rewrite(parameter, &place.join("parameters").join(index), log);
    }
}

fn rewrite_headers(response: &mut Value, place: &Pointer, log: &mut Log) {
    for (name, header) in entries(response, "headers") {
        rewrite(header, &place.join("headers").join(name), log);
    }
}

/// Rewrites a parameter or a header. A header has no `in`.
fn rewrite(parameter: &mut Value, place: &Pointer, log: &mut Log) {
    let is_complete = parameter.get("schema").is_some() || parameter.get("content").is_some();
    let is_reference = parameter.get("$ref").is_some() && parameter.get("in").is_none();
    if is_complete || is_reference || !parameter.is_object() {
        return;
    }
    for key in OF_VALUE.iter().filter(|key| parameter.get(**key).is_some()) {
        log.moved(place.join(key), place.join("schema").join(key));
    }
    let is_in_query = parameter.get("in").is_some_and(|place| place == "query");
    let (mut schema, mut rest, style) = split(std::mem::take(parameter), place, log);
    match style {
        Some(style) if is_in_query => {
            rest.insert("style".to_owned(), Value::from(style.name));
            rest.insert("explode".to_owned(), Value::from(style.explode));
        }
        // In a path or a header a list is comma-separated, which is also the default of OpenAPI 3.0.
        Some(style) if style.name != "form" || style.explode => {
            let message = "the collection format has no equivalent here, so the parameter is a string".to_owned();
            log.report(&COLLECTION_FORMAT, place.clone(), message);
            schema = serde_json::json!({ "type": "string" });
        }
        _ => {}
    }
    rest.insert("schema".to_owned(), schema);
    *parameter = Value::Object(rest);
}

/// Splits a parameter into the schema of its value, its other members, and its style if it is a list.
pub(super) fn split(parameter: Value, place: &Pointer, log: &mut Log) -> (Value, Object, Option<Style>) {
    let Value::Object(parameter) = parameter else { return (parameter, Object::new(), None) };
    let (mut schema, mut rest): (Object, Object) =
        parameter.into_iter().partition(|(key, _)| OF_VALUE.contains(&key.as_str()));
    if let Some(example) = schema.shift_remove("x-example") {
        schema.insert("example".to_owned(), example);
    }
    let format = rest.shift_remove("collectionFormat");
    let is_list = schema.get("type").is_some_and(|ty| ty == "array");
    let format = format.as_ref().and_then(Value::as_str).unwrap_or("csv");
    let style = is_list.then(|| Style::of(format)).flatten();
    if is_list && style.is_none() {
        let message = format!("the collection format `{format}` is unknown, so the list is written as `csv`");
        log.report(&COLLECTION_FORMAT, place.join("collectionFormat"), message);
    }
    if let Some(items) = schema.get_mut("items") {
        drop_inner_formats(items, &place.join("items"), log);
    }
    let style = style.or(is_list.then_some(Style { name: "form", explode: false }));
    (Value::Object(schema), rest, style)
}

/// Removes the collection formats of lists in lists. No style of OpenAPI 3.0 describes them.
fn drop_inner_formats(items: &mut Value, place: &Pointer, log: &mut Log) {
    let Value::Object(items) = items else { return };
    if items.shift_remove("collectionFormat").is_some_and(|format| format != "csv") {
        let message = "the collection format of a list in a list is ignored".to_owned();
        log.report(&COLLECTION_FORMAT, place.join("collectionFormat"), message);
    }
    if let Some(items) = items.get_mut("items") {
        drop_inner_formats(items, &place.join("items"), log);
    }
}
