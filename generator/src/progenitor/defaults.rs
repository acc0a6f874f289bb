//! Keeps only the defaults that progenitor can write as a value of the field's type, because it rejects the whole
//! document for any other. A field with another default is omitted if it is not set, like a field without a default.

use serde_json::{Map, Value};

use crate::ir::{Api, EnumValue, Kind};

/// Keeps the defaults that are certain to work, with the placeholder names of enum values, and removes the others.
pub(super) fn settle_defaults(schema: &mut Value, api: &Api) {
    match schema {
        Value::Object(object) => {
            if let Some(default) = object.shift_remove("default")
                && let Some(settled) = settled(&default, object, api)
            {
                object.insert("default".to_owned(), settled);
            }
            let parts = object.iter_mut().filter(|(key, _)| key.as_str() != "default");
            for (key, part) in parts {
                match part {
                    Value::Object(properties) if key == "properties" => {
                        properties.values_mut().for_each(|property| settle_defaults(property, api));
                    }
                    part => settle_defaults(part, api),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| settle_defaults(item, api)),
        _ => {}
    }
}

fn settled(default: &Value, schema: &Map<String, Value>, api: &Api) -> Option<Value> {
    if let Some(values) = enum_values(schema, api) {
        let index = values.iter().position(|value| Some(value.text.as_str()) == default.as_str())?;
        return Some(Value::String(placeholder_name(index)));
    }
    let is_certain = match schema.get("type").and_then(Value::as_str)? {
        "string" => default.is_string(),
        "boolean" => default.is_boolean(),
        "number" => default.is_number(),
        "integer" => is_in_format(default, schema.get("format").and_then(Value::as_str)),
        "object" => default.as_object().is_some_and(Map::is_empty) && !schema.contains_key("properties"),
        "array" => {
            let items = schema.get("items")?.as_object()?;
            let settled: Option<Vec<_>> = default.as_array()?.iter().map(|item| settled(item, items, api)).collect();
            return settled.map(Value::Array);
        }
        _ => false,
    };
    is_certain.then(|| default.clone())
}

fn is_in_format(value: &Value, format: Option<&str>) -> bool {
    let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let (min, max) = match format {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint64") => (0, u64::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    };
    number.is_some_and(|number| (min..=max).contains(&number))
}

/// Returns the values of the enum that a schema refers to, directly or through an `allOf` of one reference.
fn enum_values<'a>(schema: &Map<String, Value>, api: &'a Api) -> Option<&'a [EnumValue]> {
    let single =
        schema.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1).and_then(|parts| parts.first());
    let reference = single.map_or(schema.get("$ref"), |part| part.get("$ref"));
    match &api.types.get(reference?.as_str()?.rsplit('/').next()?)?.kind {
        Kind::Enum { values, .. } => Some(values),
        _ => None,
    }
}

/// Returns a placeholder name for a value of a string enum. Progenitor fails on values whose Rust names are equal, and
/// a pass writes the enum anyway.
pub(crate) fn placeholder_name(index: usize) -> String {
    format!("V{index}")
}
