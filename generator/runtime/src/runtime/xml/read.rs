//! Converts elements to JSON.

use serde_json::{Map, Number, Value};

use super::tree::Tree;
use super::{Content, Element, Field, Node, Scalar};

/// Returns the value of an element.
pub(crate) fn value(content: &Content, tree: &Tree) -> Value {
    if tree.is_nil {
        return Value::Null;
    }
    match content {
        Content::Any => any(tree),
        Content::Same(content) => self::value(content, tree),
        Content::Scalar(types) => scalar(types, &tree.text),
        Content::List(item) => tree.children.iter().map(|child| value(item.content, child)).collect(),
        Content::Object { fields, others } => object(fields, *others, tree),
    }
}

/// Returns the value of an element without a description.
fn any(tree: &Tree) -> Value {
    if tree.children.is_empty() && tree.attributes.is_empty() {
        return Value::String(tree.text.clone());
    }
    let mut object = Map::new();
    for (name, text) in &tree.attributes {
        insert(&mut object, name, Value::String(text.clone()));
    }
    for child in &tree.children {
        insert(&mut object, &child.name, if child.is_nil { Value::Null } else { any(child) });
    }
    Value::Object(object)
}

/// Adds a value. The values of a repeated name are collected in an array.
fn insert(object: &mut Map<String, Value>, name: &str, value: Value) {
    match object.get_mut(name) {
        None => drop(object.insert(name.to_owned(), value)),
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// Returns the scalar of a text. A text of no type is a string, which its Rust type then rejects. An empty text is `null` if
/// it cannot be a string.
fn scalar(types: &[Scalar], text: &str) -> Value {
    let trimmed = text.trim_ascii();
    let of = |ty: &Scalar| match ty {
        Scalar::Boolean => match trimmed {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Scalar::Number => number(trimmed).map(Value::Number),
        Scalar::String => Some(Value::String(text.to_owned())),
    };
    let empty = || if trimmed.is_empty() { Value::Null } else { Value::String(text.to_owned()) };
    types.iter().find_map(of).unwrap_or_else(empty)
}

/// Returns a number, which XML Schema writes with more freedom than JSON: `+1`, `007`, `.5`, `1.`.
fn number(text: &str) -> Option<Number> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (integer, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let (integer, exponent) = integer.split_once(['e', 'E']).map_or((integer, None), |(start, end)| (start, Some(end)));
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((start, end)) => (start, Some(end)),
        None => (fraction, exponent),
    };
    if integer.is_empty() && fraction.is_empty() {
        return None;
    }
    let integer = integer.trim_start_matches('0');
    let mut json = format!("{sign}{}", if integer.is_empty() { "0" } else { integer });
    for (mark, part) in [(".", Some(fraction).filter(|part| !part.is_empty())), ("e", exponent)] {
        if let Some(part) = part {
            json.push_str(mark);
            json.push_str(part);
        }
    }
    serde_json::from_str(&json).ok()
}

fn object(fields: &[Field], others: Option<&Content>, tree: &Tree) -> Value {
    let mut object = Map::new();
    for field in fields {
        if let Some(value) = field_value(field, tree) {
            object.insert(field.key.to_owned(), value);
        }
    }
    if let Some(others) = others {
        let is_field = |name: &str| fields.iter().any(|field| field.element() == Some(name));
        for child in tree.children.iter().filter(|child| !is_field(&child.name)) {
            insert(&mut object, &child.name, value(others, child));
        }
    }
    if tree.children.is_empty() && !tree.text.trim_ascii().is_empty() {
        add_text(fields, &mut object, tree);
    }
    Value::Object(object)
}

/// Reads the text of an element whose description does not mention it, if exactly one required property of text is missing.
fn add_text(fields: &[Field], object: &mut Map<String, Value>, tree: &Tree) {
    let mut missing = fields.iter().filter(|field| field.required && !object.contains_key(field.key));
    if let (Some(Field { key, node: Node::Element(Element { content: Content::Scalar(types), .. }), .. }), None) =
        (missing.next(), missing.next())
    {
        object.insert((*key).to_owned(), scalar(types, &tree.text));
    }
}

fn field_value(field: &Field, tree: &Tree) -> Option<Value> {
    let children = |name: &'static str| tree.children.iter().filter(move |child| child.name == name);
    match &field.node {
        Node::Attribute(name, types) => {
            let (_, text) = tree.attributes.iter().find(|(attribute, _)| attribute == name.local)?;
            Some(scalar(types, text))
        }
        Node::Text { types, .. } => Some(scalar(types, &tree.text)),
        Node::Element(element) => {
            let mut found = children(element.name.local);
            let first = value(element.content, found.next()?);
            let others: Vec<Value> = found.map(|child| value(element.content, child)).collect();
            // A repeated element is a contradiction, which the type of the field rejects.
            Some(if others.is_empty() { first } else { std::iter::once(first).chain(others).collect() })
        }
        Node::Items(item) => {
            let found: Vec<&Tree> = children(item.name.local).collect();
            match found.as_slice() {
                [] => field.required.then(|| Value::Array(Vec::new())),
                [only] if is_wrapper(item.content, only) => {
                    Some(only.children.iter().map(|child| value(item.content, child)).collect())
                }
                _ => Some(found.iter().map(|child| value(item.content, child)).collect()),
            }
        }
        Node::Wrapped(name, item) => match children(name.local).next() {
            Some(wrapper) if wrapper.is_nil => Some(Value::Null),
            Some(wrapper) => Some(wrapper.children.iter().map(|child| value(item.content, child)).collect()),
            None => field.required.then(|| Value::Array(Vec::new())),
        },
    }
}

/// Returns whether the only element of an array cannot be an item, but contains the items. Services often wrap arrays although
/// their description does not say so.
fn is_wrapper(item: &Content, tree: &Tree) -> bool {
    let has_text = !tree.text.trim_ascii().is_empty();
    match item {
        Content::Scalar(_) => !tree.children.is_empty(),
        Content::Object { fields, .. } => {
            let is_known = |child: &Tree| fields.iter().any(|field| field.element() == Some(&*child.name));
            let is_required = fields.iter().any(|field| field.required);
            is_required && !has_text && tree.attributes.is_empty() && !tree.children.iter().any(is_known)
        }
        Content::Same(item) => is_wrapper(item, tree),
        Content::Any | Content::List(_) => false,
    }
}

impl Field {
    /// Returns the name of the child elements that belong to the property.
    fn element(&self) -> Option<&'static str> {
        match &self.node {
            Node::Element(element) | Node::Items(element) => Some(element.name.local),
            Node::Wrapped(name, _) => Some(name.local),
            Node::Attribute(..) | Node::Text { .. } => None,
        }
    }
}
