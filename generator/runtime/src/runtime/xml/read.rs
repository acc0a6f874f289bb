//! Converts elements to JSON.

use serde_json::{Map, Number, Value};

use super::tree::Tree;
use super::{Content, Element, Field, Node, Scalar, TEXT};

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
    if !tree.text.trim_ascii().is_empty() {
        object.insert(TEXT.to_owned(), Value::String(tree.text.clone()));
    }
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
    // Where a text can be of several types, it is only of one that is written like this.
    let is_only = types.len() == 1;
    let of = |ty: &Scalar| match ty {
        Scalar::Boolean => match trimmed {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "1" if is_only => Some(Value::Bool(true)),
            "0" if is_only => Some(Value::Bool(false)),
            _ => None,
        },
        Scalar::Number => number(trimmed).filter(|number| is_only || number.to_string() == text).map(Value::Number),
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
    let (mantissa, exponent) = rest.split_once(['e', 'E']).map_or((rest, None), |(start, end)| (start, Some(end)));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_power = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && is_digits(digits)
    };
    if integer.len() + fraction.len() == 0
        || !is_digits(integer)
        || !is_digits(fraction)
        || !exponent.is_none_or(is_power)
    {
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
        // A child that has the name of a property, but not its location, is not that property.
        let is_field = |name: &str| fields.iter().any(|field| field.element() == Some(name) || field.key == name);
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
            let found = tree.attributes.iter().find(|(attribute, _)| attribute == name.local);
            // `null` cannot be written as an attribute.
            found.map(|(_, text)| scalar(types, text)).or_else(|| field.required.then_some(Value::Null))
        }
        Node::Text { types, .. } => {
            let is_blank = tree.text.trim_ascii().is_empty();
            (field.required || !is_blank).then(|| scalar(types, if is_blank { "" } else { &tree.text }))
        }
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
                [] => match children(field.key).next() {
                    Some(wrapper) => Some(items(item, wrapper)),
                    None => field.required.then(|| Value::Array(Vec::new())),
                },
                [only] if is_wrapper(item.content, only) => Some(items(item, only)),
                _ => Some(found.iter().map(|child| value(item.content, child)).collect()),
            }
        }
        Node::Wrapped(name, item) => match children(name.local).next() {
            Some(wrapper) if wrapper.is_nil => Some(Value::Null),
            Some(wrapper) => Some(items(item, wrapper)),
            None => field.required.then(|| Value::Array(Vec::new())),
        },
    }
}

/// Returns the items in an element around them.
fn items(item: &Element, wrapper: &Tree) -> Value {
    wrapper.children.iter().map(|child| value(item.content, child)).collect()
}

/// Returns whether the only element of an array cannot be an item, but contains the items. Services often wrap arrays although
/// their description does not say so.
fn is_wrapper(item: &Content, tree: &Tree) -> bool {
    let has_text = !tree.text.trim_ascii().is_empty();
    match item {
        _ if tree.is_nil => false,
        Content::Scalar(_) => !tree.children.is_empty(),
        Content::Object { fields, .. } => {
            let is_known = |child: &Tree| fields.iter().any(|field| field.element() == Some(&*child.name));
            let is_single = |field: &Field| matches!(field.node, Node::Attribute(..) | Node::Element(_));
            let is_incomplete = fields.iter().any(|field| field.required && is_single(field));
            is_incomplete && !has_text && tree.attributes.is_empty() && !tree.children.iter().any(is_known)
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
