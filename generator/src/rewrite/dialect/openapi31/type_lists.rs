//! Replaces a list of types by its only type, nullable if the list has `null`, or by a union of the types.
//!
//! `{type: [string, 'null'], minLength: 1}` → `{type: string, nullable: true, minLength: 1}`
//! `{type: [string, integer], minLength: 1}` → `{oneOf: [{type: string, minLength: 1}, {type: integer}]}`

use serde_json::{Map, Value, json};

use super::Log;
use super::schemas::{Schema, each};
use crate::diagnostics::catalogue::UNKNOWN_TYPE;
use crate::document::Pointer;

/// Keywords that apply to values of one type only.
const STRINGS: [&str; 5] = ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"];
const NUMBERS: [&str; 5] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const ARRAYS: [&str; 4] = ["items", "minItems", "maxItems", "uniqueItems"];
const OBJECTS: [&str; 5] = ["properties", "required", "additionalProperties", "minProperties", "maxProperties"];
/// Formats of numbers (OpenAPI 3.0, "Data Types"); all other formats are of strings.
const NUMBER_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        let Some(stated) = schema.get("type").and_then(Value::as_array) else { return };
        let mut types: Vec<String> = Vec::with_capacity(stated.len());
        for ty in stated {
            match ty.as_str() {
                Some(ty) if !types.iter().any(|known| known == ty) => types.push(ty.to_owned()),
                Some(_) => {}
                None if ty.is_null() => {
                    log.report(
                        &UNKNOWN_TYPE,
                        place.join("type"),
                        "`null` in a list of types is the string `null` without quotes",
                    );
                    if !types.iter().any(|known| known == "null") {
                        types.push("null".to_owned());
                    }
                }
                None => return,
            }
        }
        if types.is_empty() {
            return;
        }
        if types.len() > 1 && types.iter().any(|ty| ty == "null") {
            types.retain(|ty| ty != "null");
            schema.insert("nullable".to_owned(), Value::Bool(true));
        }
        if types.iter().any(|ty| ty == "number") {
            types.retain(|ty| ty != "integer");
        }
        match types.as_slice() {
            [only] => {
                schema.insert("type".to_owned(), Value::String(only.clone()));
                require_items(schema);
            }
            several => split(schema, several, place, log),
        }
    });
}

fn split(schema: &mut Schema, types: &[String], place: &Pointer, log: &mut Log) {
    schema.shift_remove("type");
    let is_compound = ["$ref", "oneOf", "anyOf", "allOf"].iter().any(|keyword| schema.contains_key(*keyword));
    let is_any = ["string", "number", "boolean", "array", "object"].iter().all(|ty| types.iter().any(|own| own == ty));
    if is_compound || is_any {
        // The parts already determine the type, or any value is valid.
        return;
    }
    let mut branches: Vec<Schema> = Vec::with_capacity(types.len());
    for ty in types {
        let below = place.join("oneOf").join(branches.len());
        let mut branch = Map::from_iter([("type".to_owned(), json!(ty))]);
        for keyword in keywords(ty, schema) {
            if let Some(value) = schema.shift_remove(&keyword) {
                log.moved(place.join(&keyword), below.join(&keyword));
                branch.insert(keyword, value);
            }
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            let own: Vec<Value> = values.iter().filter(|value| is_of(value, ty)).cloned().collect();
            if own.is_empty() {
                continue;
            }
            branch.insert("enum".to_owned(), Value::Array(own));
        }
        require_items(&mut branch);
        branches.push(branch);
    }
    schema.shift_remove("enum");
    match branches.as_mut_slice() {
        [only] => schema.append(only),
        _ => {
            schema.insert("oneOf".to_owned(), json!(branches));
        }
    }
}

/// Returns the keywords of a schema that apply to values of this type only.
fn keywords(ty: &str, schema: &Schema) -> Vec<String> {
    let own: &[&str] = match ty {
        "string" => &STRINGS,
        "number" | "integer" => &NUMBERS,
        "array" => &ARRAYS,
        "object" => &OBJECTS,
        _ => &[],
    };
    let format = schema.get("format").and_then(Value::as_str).filter(|format| {
        let is_of_number = NUMBER_FORMATS.contains(format);
        if is_of_number { ty == "number" || ty == "integer" } else { ty == "string" }
    });
    own.iter().copied().chain(format.map(|_| "format")).map(str::to_owned).collect()
}

fn is_of(value: &Value, ty: &str) -> bool {
    match ty {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Adds empty `items` to an array that has none, because 3.0 requires them.
fn require_items(schema: &mut Schema) {
    if schema.get("type").and_then(Value::as_str) == Some("array") {
        schema.entry("items").or_insert_with(|| Value::Object(Map::new()));
    }
}
