//! Validates a value against a schema: the parts of OpenAPI 3.0 schemas that documents commonly use.
//!
//! Patterns and formats other than `uuid` are not checked. Messages name locations and rules, never values: messages are
//! logged, and a value may be a secret.

use generator::document::Node;
use serde_json::Value;

/// The maximum nesting of schemas: a schema can contain itself.
const DEPTH: usize = 64;

/// Validates a value.
///
/// # Errors
///
/// The first rule that the value violates, with the location below `location`.
pub(super) fn check(schema: &Node<'_>, value: &Value, location: &str) -> Result<(), String> {
    check_at(schema, value, location, DEPTH)
}

fn check_at(schema: &Node<'_>, value: &Value, location: &str, depth: usize) -> Result<(), String> {
    let (Some(schema), Some(depth)) = (schema.resolve(), depth.checked_sub(1)) else { return Ok(()) };
    if value.is_null() {
        let takes_any = ["type", "enum", "allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none());
        let takes_null = schema.is_true("nullable") || takes_any;
        return if takes_null { Ok(()) } else { Err(format!("`{location}` must not be null")) };
    }
    for part in schema.get("allOf").iter().flat_map(Node::items) {
        check_at(&part, value, location, depth)?;
    }
    check_choice(&schema, value, location, depth)?;
    check_enum(&schema, value, location)?;
    check_type(&schema, value, location)?;
    match value {
        Value::Object(_) => check_object(&schema, value, location, depth),
        Value::Array(items) => check_array(&schema, items, location, depth),
        Value::String(text) => check_text(&schema, text, location),
        Value::Number(number) => check_number(&schema, number.as_f64().unwrap_or_default(), location),
        Value::Bool(_) | Value::Null => Ok(()),
    }
}

fn check_choice(schema: &Node<'_>, value: &Value, location: &str, depth: usize) -> Result<(), String> {
    let choices: Vec<Node<'_>> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| schema.get(key))
        .flat_map(|list| list.items().collect::<Vec<_>>())
        .collect();
    if choices.is_empty() {
        return Ok(());
    }
    if let Some(property) = schema.get("discriminator").and_then(|node| node.text("propertyName")) {
        let tag =
            value.get(property).and_then(Value::as_str).ok_or_else(|| format!("`{location}/{property}` is missing"))?;
        let member = super::sample::members(schema).into_iter().find(|(own, _)| own == tag);
        let (_, member) = member.ok_or_else(|| format!("`{location}/{property}` is not a known variant"))?;
        return check_at(&member, value, location, depth);
    }
    let is_valid = choices.iter().any(|choice| check_at(choice, value, location, depth).is_ok());
    if is_valid { Ok(()) } else { Err(format!("`{location}` matches none of the alternatives")) }
}

fn check_enum(schema: &Node<'_>, value: &Value, location: &str) -> Result<(), String> {
    match schema.get("enum") {
        Some(list) if !list.items().any(|item| item.value() == value) => {
            let values: Vec<String> = list.items().map(|item| item.value().to_string()).collect();
            Err(format!("`{location}` must be one of {}", values.join(", ")))
        }
        _ => Ok(()),
    }
}

fn check_type(schema: &Node<'_>, value: &Value, location: &str) -> Result<(), String> {
    let Some(wanted) = schema.text("type") else { return Ok(()) };
    let is_valid = match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => true,
    };
    if is_valid { Ok(()) } else { Err(format!("`{location}` must be of type {wanted}")) }
}

fn check_object(schema: &Node<'_>, value: &Value, location: &str, depth: usize) -> Result<(), String> {
    let properties = schema.get("properties");
    let property = |name: &str| properties.as_ref().and_then(|properties| properties.get(name));
    for name in schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()) {
        let is_read_only =
            property(name).and_then(|property| property.resolve()).is_some_and(|it| it.is_true("readOnly"));
        if value.get(name).is_none() && !is_read_only {
            return Err(format!("`{location}/{name}` is missing"));
        }
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let location = format!("{location}/{name}");
        match (property(name), schema.get("additionalProperties")) {
            (Some(property), _) => check_at(&property, value, &location, depth)?,
            (None, Some(more)) if *more.value() == Value::Bool(false) => {
                return Err(format!("`{location}` is not a known property"));
            }
            (None, Some(more)) if more.value().is_object() => check_at(&more, value, &location, depth)?,
            (None, _) => {}
        }
    }
    Ok(())
}

fn check_array(schema: &Node<'_>, items: &[Value], location: &str, depth: usize) -> Result<(), String> {
    check_size(schema, items.len(), ["minItems", "maxItems"], location, "items")?;
    let Some(schema) = schema.get("items") else { return Ok(()) };
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| check_at(&schema, item, &format!("{location}/{index}"), depth))
}

fn check_text(schema: &Node<'_>, text: &str, location: &str) -> Result<(), String> {
    check_size(schema, text.chars().count(), ["minLength", "maxLength"], location, "characters")?;
    if schema.text("format") == Some("uuid") && !is_uuid(text) {
        return Err(format!("`{location}` must be a UUID"));
    }
    Ok(())
}

fn check_size(schema: &Node<'_>, size: usize, keys: [&str; 2], location: &str, unit: &str) -> Result<(), String> {
    let bound = |key: &str| schema.get(key).and_then(|bound| bound.value().as_u64());
    let size = size as u64;
    match keys.map(bound) {
        [Some(least), _] if size < least => Err(format!("`{location}` must have at least {least} {unit}")),
        [_, Some(most)] if size > most => Err(format!("`{location}` must have at most {most} {unit}")),
        _ => Ok(()),
    }
}

fn check_number(schema: &Node<'_>, number: f64, location: &str) -> Result<(), String> {
    let bound = |key: &str| schema.get(key).and_then(|bound| bound.value().as_f64());
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_some_and(|least| number < least || (number <= least && schema.is_true("exclusiveMinimum"))) {
        return Err(format!("`{location}` is less than the minimum"));
    }
    if most.is_some_and(|most| number > most || (number >= most && schema.is_true("exclusiveMaximum"))) {
        return Err(format!("`{location}` is more than the maximum"));
    }
    Ok(())
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
