//! Builds a value for a schema, from the examples in the document if there are any.

use generator::document::Node;
use generator::ir::ScalarType;
use serde_json::{Map, Value, json};

/// The maximum nesting of schemas: a schema can contain itself.
const DEPTH: usize = 12;

/// A value for a media type: its example, or a value built from its schema.
pub(super) fn of_media(media: &Node<'_>) -> Value {
    let named = media.get("examples").and_then(|examples| examples.entries().next().map(|(_, example)| example));
    let named = named.and_then(|example| example.resolve()).and_then(|example| example.get("value"));
    match media.get("example").or(named) {
        Some(example) => example.value().clone(),
        None => media.get("schema").map_or(Value::Null, |schema| of_schema(&schema)),
    }
}

/// A value built from a schema.
pub(super) fn of_schema(schema: &Node<'_>) -> Value {
    value(schema, DEPTH)
}

/// The members of a union with a discriminator, with their tags.
pub(super) fn members<'a>(union: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let choices = ["oneOf", "anyOf"].iter().find_map(|key| union.get(key));
    let property = tag_of(union);
    let mapping = union.at(&["discriminator", "mapping"]);
    let members = choices.iter().flat_map(|list| list.items().collect::<Vec<_>>()).flat_map(|member| {
        let reference = member.text("$ref").unwrap_or_default();
        let name = reference.rsplit('/').next().unwrap_or_default();
        let mapped = mapping.iter().flat_map(|mapping| mapping.entries().collect::<Vec<_>>());
        let is_own =
            |node: &Node<'_>| node.value().as_str().is_some_and(|target| target == reference || target == name);
        let mut tags: Vec<String> = mapped.filter(|(_, node)| is_own(node)).map(|(tag, _)| tag.to_owned()).collect();
        if tags.is_empty() {
            let stated = property.and_then(|property| stated_tag(&member, property));
            tags.push(stated.unwrap_or_else(|| name.to_owned()));
        }
        tags.into_iter().map(|tag| (tag, member.clone())).collect::<Vec<_>>()
    });
    members.collect()
}

/// The discriminator property of a union.
pub(super) fn tag_of<'a>(union: &Node<'a>) -> Option<&'a str> {
    union.get("discriminator").and_then(|node| node.text("propertyName"))
}

/// A value for a member of a union, with its tag.
pub(super) fn of_member(property: &str, tag: &str, member: &Node<'_>) -> Value {
    tagged(property, tag, of_schema(member))
}

fn tagged(property: &str, tag: &str, mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.insert(property.to_owned(), tag.into());
    }
    value
}

/// The tag in the member's own schema: the only value of an enum.
fn stated_tag(member: &Node<'_>, property: &str) -> Option<String> {
    let own = member.resolve()?.at(&["properties", property])?.resolve()?;
    let texts: Vec<Node<'_>> = own.get("enum")?.items().collect();
    let [only] = texts.as_slice() else { return None };
    only.value().as_str().map(str::to_owned)
}

fn value(schema: &Node<'_>, depth: usize) -> Value {
    let (Some(schema), Some(depth)) = (schema.resolve(), depth.checked_sub(1)) else { return Value::Null };
    let stated = schema.get("example").or_else(|| schema.get("default"));
    let listed = schema.get("enum").and_then(|list| list.items().next());
    if let Some(stated) = stated.or(listed) {
        return stated.value().clone();
    }
    let parts: Vec<Value> = schema.get("allOf").iter().flat_map(Node::items).map(|part| value(&part, depth)).collect();
    if let Some(first) = parts.first() {
        return if parts.iter().all(Value::is_object) { merged(parts, object(&schema, depth)) } else { first.clone() };
    }
    if let (Some(property), Some((tag, member))) = (tag_of(&schema), members(&schema).into_iter().next()) {
        return tagged(property, &tag, value(&member, depth));
    }
    if let Some(first) =
        ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)).find_map(|list| list.items().next())
    {
        return value(&first, depth);
    }
    match schema.text("type") {
        Some("string") => text(&schema),
        Some("integer") => json!(schema.get("minimum").and_then(|least| least.value().as_i64()).unwrap_or(1)),
        Some("number") => json!(schema.get("minimum").and_then(|least| least.value().as_f64()).unwrap_or(1.0)),
        Some("boolean") => json!(true),
        Some("array") => array(&schema, depth),
        Some("object") => object(&schema, depth),
        _ if schema.get("properties").is_some() => object(&schema, depth),
        _ => json!({}),
    }
}

fn merged(parts: Vec<Value>, own: Value) -> Value {
    let objects = parts.into_iter().chain([own]).filter_map(|part| match part {
        Value::Object(object) => Some(object),
        _ => None,
    });
    Value::Object(objects.flatten().collect())
}

fn array(schema: &Node<'_>, depth: usize) -> Value {
    let least = schema.get("minItems").and_then(|least| least.value().as_u64()).unwrap_or(1).clamp(1, 16);
    let item = schema.get("items").map_or(Value::Null, |items| value(&items, depth));
    (0..least).map(|_| item.clone()).collect()
}

/// An object with the required properties and the optional ones that have an example or a default.
fn object(schema: &Node<'_>, depth: usize) -> Value {
    let required: Vec<&str> =
        schema.get("required").iter().flat_map(Node::items).filter_map(|name| name.value().as_str()).collect();
    let properties = schema.get("properties");
    let mut object = Map::new();
    for (name, property) in properties.iter().flat_map(Node::entries) {
        let has_example =
            property.resolve().is_some_and(|it| it.get("example").is_some() || it.get("default").is_some());
        let is_write_only = property.resolve().is_some_and(|it| it.is_true("writeOnly"));
        if (required.contains(&name) || has_example) && !is_write_only {
            object.insert(name.to_owned(), value(&property, depth));
        }
    }
    Value::Object(object)
}

fn text(schema: &Node<'_>) -> Value {
    let text = ScalarType::of(schema.value()).map_or("text", ScalarType::sample);
    let bound =
        |key: &str| schema.get(key).and_then(|bound| bound.value().as_u64()).and_then(|it| usize::try_from(it).ok());
    let least = bound("minLength").unwrap_or_default().min(1024);
    let padded = text.chars().chain(std::iter::repeat_n('x', least.saturating_sub(text.len())));
    padded.take(bound("maxLength").unwrap_or(usize::MAX)).collect::<String>().into()
}
