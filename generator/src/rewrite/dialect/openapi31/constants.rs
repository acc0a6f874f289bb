//! Replaces a constant by an enum of one value, and gives an enum without a type the type of its values.
//!
//! `{const: dog}` → `{type: string, enum: [dog]}`

use serde_json::{Value, json};

use super::Log;
use super::schemas::{Schema, each};
use crate::diagnostics::catalogue::KEYWORD_DROPPED;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        if let Some(constant) = schema.shift_remove("const") {
            let ty = type_of(&constant);
            if constant.is_object() || constant.is_array() {
                let message = format!("no type accepts only this {ty}");
                log.report(&KEYWORD_DROPPED, place.join("const"), message);
                schema.shift_remove("enum");
            } else {
                log.moved(place.join("const"), place.join("enum").join(0));
                schema.insert("enum".to_owned(), json!([constant]));
            }
            // The schema has no type or several; the value has exactly one.
            if !schema.get("type").is_some_and(Value::is_string) {
                schema.insert("type".to_owned(), Value::from(ty));
            }
        }
        state_type(schema);
    });
}

fn state_type(schema: &mut Schema) {
    let Some(values) = schema.get("enum").and_then(Value::as_array).filter(|_| !schema.contains_key("type")) else {
        return;
    };
    let mut types: Vec<&str> = values.iter().map(type_of).collect();
    types.sort_unstable();
    types.dedup();
    let is_mixed = types.iter().filter(|ty| **ty != "null").count() > 1;
    if let ["integer", "number"] | ["integer", "null", "number"] = types.as_slice() {
        types.retain(|ty| *ty != "integer");
    } else if is_mixed {
        return;
    }
    let ty = match types.as_slice() {
        [] => return,
        [only] => Value::from(*only),
        _ => json!(types),
    };
    schema.insert("type".to_owned(), ty);
}

/// Returns the schema type of a value.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
