//! Turns a union of constants of one type into an enum. A union of constants and any value of their type becomes an open
//! enum of strings, or the plain type.
//!
//! `{oneOf: [{title: Low, enum: [1]}, {enum: [2]}]}` → `{type: integer, enum: [1, 2], description: "- `1`: Low"}`
//!
//! `{anyOf: [{type: string, enum: [a, b]}, {type: string}]}` →
//! `{type: string, enum: [a, b], x-speakeasy-unknown-values: allow}`
//!
//! `{type: string, anyOf: [{format: uuid}, {format: email}]}` → `{type: string}`

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Log;
use super::shape::{is_null, is_shape};
use crate::document::{Document, Node};
use crate::openapi::{BINARY_OR_STRING, schema_nodes};

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, log: &mut Log) {
    for schema in schema_nodes(document) {
        for key in ["oneOf", "anyOf"] {
            let Some(folded) = schema.get(key).and_then(|members| fold(&schema, key, &members)) else { continue };
            let Some(Value::Object(object)) = value.to_mut().pointer_mut(schema.pointer().as_str()) else { continue };
            object.shift_remove(key);
            object.extend(folded);
            log.kept(&schema.pointer().join(key), Vec::new());
        }
    }
}

/// What replaces a union of scalars. `None` if a member is anything else.
fn fold(schema: &Node<'_>, key: &str, members: &Node<'_>) -> Option<Map<String, Value>> {
    let is_alone = schema.entries().all(|(other, _)| other == key || other == "type" || !is_shape(other));
    let stated = schema.get("type");
    let members: Vec<_> = members.items().collect();
    let scalars =
        members.iter().filter(|member| !is_null(member.value())).map(|member| scalar(member, stated.as_ref()));
    let scalars: Vec<Scalar<'_>> = scalars.collect::<Option<_>>()?;
    let ty = common_type(stated.as_ref(), &scalars)?;
    let is_open = scalars.iter().any(|scalar| scalar.values.is_none());
    let mut values: Vec<Value> = Vec::new();
    for value in scalars.iter().filter_map(|scalar| scalar.values).flatten() {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    // A union of one member, or of plain types only, is the concern of other rewrites unless the type is stated beside it.
    let is_several = scalars.len() > 1 && (!values.is_empty() || stated.is_some());
    // Named enums stay types of their own, unless the union has all strings anyway.
    let is_named = !is_open && members.iter().any(|member| member.text("$ref").is_some());
    if !is_alone || !is_several || is_named {
        return None;
    }
    let mut folded = Map::new();
    folded.insert("type".to_owned(), Value::from(ty));
    if !values.is_empty() && (ty == "string" || !is_open) {
        folded.insert("enum".to_owned(), Value::Array(values));
        if is_open {
            folded.insert("x-speakeasy-unknown-values".to_owned(), Value::from("allow"));
        }
    }
    if members.iter().any(|member| is_null(member.value()) || member.is_true("nullable")) {
        folded.insert("nullable".to_owned(), Value::Bool(true));
    }
    if scalars.iter().any(Scalar::is_binary) && !scalars.iter().all(Scalar::is_binary) {
        folded.insert(BINARY_OR_STRING.to_owned(), Value::Bool(true));
    }
    if let Some(lines) = described(&scalars) {
        let own = schema.words("description").map_or_else(String::new, |own| own + "\n\n");
        folded.insert("description".to_owned(), Value::String(own + &lines));
    }
    Some(folded)
}

/// A member that is a string, number or boolean.
struct Scalar<'a> {
    member: Node<'a>,
    /// `None` if the member does not state it.
    ty: Option<&'a str>,
    /// The only values of the member. `None` if it has all values of its type.
    values: Option<&'a Vec<Value>>,
}

impl Scalar<'_> {
    /// Whether it has bytes.
    fn is_binary(&self) -> bool {
        self.member.resolve_single().is_some_and(|target| target.text("format") == Some("binary"))
    }
}

fn scalar<'a>(member: &Node<'a>, stated: Option<&Node<'a>>) -> Option<Scalar<'a>> {
    let target = member.resolve_single()?;
    let ty = target.text("type");
    let values = target.get("enum").and_then(|values| values.value().as_array()).filter(|values| !values.is_empty());
    let is_plain = target.entries().all(|(key, _)| matches!(key, "type" | "enum") || !is_shape(key));
    let is_typed = ty.is_some() || values.is_some() || stated.is_some();
    (is_plain && is_typed).then(|| Scalar { member: member.clone(), ty, values })
}

/// Returns the only type of all members and of the schema that contains them.
fn common_type(stated: Option<&Node<'_>>, scalars: &[Scalar<'_>]) -> Option<&'static str> {
    let values = || scalars.iter().filter_map(|scalar| scalar.values).flatten().map(type_of);
    let own = scalars.iter().filter_map(|scalar| scalar.ty);
    let stated_type = stated.map(|ty| ty.value().as_str().unwrap_or_default());
    let types: Vec<String> = stated_type.into_iter().chain(own).chain(values()).map(str::to_owned).collect();
    let is_all = |allowed: &[&str]| !types.is_empty() && types.iter().all(|ty| allowed.iter().any(|one| one == ty));
    let is_whole = stated_type == Some("integer") && values().all(|ty| ty == "integer");
    match () {
        () if is_all(&["string"]) => Some("string"),
        () if is_all(&["boolean"]) => Some("boolean"),
        () if is_all(&["integer"]) || (is_whole && is_all(&["integer", "number"])) => Some("integer"),
        () if is_all(&["integer", "number"]) => Some("number"),
        () => None,
    }
}

fn type_of(value: &Value) -> &str {
    match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        _ => "",
    }
}

/// Returns a list of the constants with their titles and descriptions. `None` if no constant has either.
fn described(scalars: &[Scalar<'_>]) -> Option<String> {
    let line = |scalar: &Scalar<'_>| {
        let [only] = scalar.values?.as_slice() else { return None };
        let value = only.as_str().map_or_else(|| only.to_string(), str::to_owned);
        let title = scalar.member.words("title");
        let words: Vec<String> = [title, scalar.member.words("description")].into_iter().flatten().collect();
        let text = words.join(": ").split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty() && !value.contains('`')).then(|| format!("- `{value}`: {text}"))
    };
    let lines: Vec<String> = scalars.iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
