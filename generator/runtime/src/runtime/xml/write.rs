//! Converts JSON to XML.

use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use super::{Content, Element, Field, Name, Node, TEXT};

/// The namespace of the attribute `nil` (XML Schema Part 1, section 2.6.2).
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Returns the document of a value.
pub(crate) fn document(element: &Element, value: &Value) -> Result<String, String> {
    let mut out = Out(Writer::new(Vec::new()));
    out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.element(&qualified(&element.name), &element.name, element.content, value)?;
    String::from_utf8(out.0.into_inner()).map_err(|error| error.to_string())
}

struct Out(Writer<Vec<u8>>);

impl Out {
    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        self.0.write_event(event).map_err(|error| error.to_string())
    }

    fn element(&mut self, tag: &str, name: &Name, content: &Content, value: &Value) -> Result<(), String> {
        let mut start = BytesStart::new(tag);
        declare(&mut start, name);
        match (content, value) {
            (_, Value::Null) => {
                start.push_attribute(("xmlns:xsi", INSTANCE));
                start.push_attribute(("xsi:nil", "true"));
                self.event(Event::Empty(start))
            }
            (Content::Same(content), value) => self.element(tag, name, content, value),
            (Content::Object { fields, others }, Value::Object(object)) => {
                self.object(tag, start, fields, *others, object)
            }
            (Content::Any, Value::Object(object)) => self.object(tag, start, &[], Some(&Content::Any), object),
            (Content::List(item), Value::Array(values)) => {
                self.event(Event::Start(start))?;
                self.items(item, values)?;
                self.event(Event::End(BytesEnd::new(tag)))
            }
            (Content::Any, Value::Array(values)) => {
                values.iter().try_for_each(|value| self.element(tag, name, &Content::Any, value))
            }
            (_, Value::Object(_) | Value::Array(_)) => {
                Err(format!("the value of <{tag}> is not of the type that the API describes"))
            }
            (_, Value::String(text)) if text.is_empty() => self.event(Event::Empty(start)),
            (_, scalar) => {
                let text = text(scalar)?;
                self.event(Event::Start(start))?;
                self.event(Event::Text(BytesText::new(&text)))?;
                self.event(Event::End(BytesEnd::new(tag)))
            }
        }
    }

    fn items(&mut self, item: &Element, values: &[Value]) -> Result<(), String> {
        values.iter().try_for_each(|value| self.element(&qualified(&item.name), &item.name, item.content, value))
    }

    fn object(
        &mut self,
        tag: &str,
        mut start: BytesStart<'_>,
        fields: &[Field],
        others: Option<&Content>,
        object: &Map<String, Value>,
    ) -> Result<(), String> {
        for field in fields {
            if let (Node::Attribute(name, _), Some(value)) = (&field.node, object.get(field.key))
                && !value.is_null()
            {
                declare(&mut start, name);
                start.push_attribute((&*qualified(name), &*text(value)?));
            }
        }
        self.event(Event::Start(start))?;
        for field in fields {
            if let Some(value) = object.get(field.key) {
                self.field(field, value)?;
            }
        }
        for (key, value) in object.iter().filter(|(key, _)| !fields.iter().any(|field| field.key == *key)) {
            if key == TEXT {
                self.event(Event::Text(BytesText::new(&text(value)?)))?;
                continue;
            }
            if !is_name(key) {
                return Err(format!("{key:?} is not a name of an XML element"));
            }
            let name = Name::plain("");
            self.element(key, &name, others.unwrap_or(&Content::Any), value)?;
        }
        self.event(Event::End(BytesEnd::new(tag)))
    }

    fn field(&mut self, field: &Field, value: &Value) -> Result<(), String> {
        match (&field.node, value) {
            (Node::Attribute(..), _) | (Node::Text { .. } | Node::Items(_), Value::Null) => Ok(()),
            (Node::Text { cdata: true, .. }, value) => {
                let text = text(value)?;
                // `]]>` is split into two sections.
                BytesCData::escaped(&text).try_for_each(|part| self.event(Event::CData(part)))
            }
            (Node::Text { .. }, value) => self.event(Event::Text(BytesText::new(&text(value)?))),
            (Node::Element(element), value) => {
                self.element(&qualified(&element.name), &element.name, element.content, value)
            }
            (Node::Items(item), Value::Array(values)) => self.items(item, values),
            (Node::Wrapped(name, item), value @ (Value::Array(_) | Value::Null)) => {
                self.element(&qualified(name), name, &Content::List(*item), value)
            }
            (Node::Items(_) | Node::Wrapped(..), _) => Err(format!("the value of `{}` is not a list", field.key)),
        }
    }
}

fn qualified(name: &Name) -> String {
    name.prefix.map_or_else(|| name.local.to_owned(), |prefix| format!("{prefix}:{}", name.local))
}

/// Declares the namespace of a name on an element.
fn declare(start: &mut BytesStart<'_>, name: &Name) {
    let Some(namespace) = name.namespace else { return };
    let attribute = name.prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
    if start.attributes().flatten().all(|known| known.key.as_ref() != attribute) {
        start.push_attribute((&*attribute, namespace));
    }
}

/// Returns the text of a scalar.
fn text(value: &Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Object(_) | Value::Array(_) => {
            return Err("an attribute or a text cannot have properties or items".to_owned());
        }
        other => other.to_string(),
    };
    match text.chars().find(|character| !is_allowed(*character)) {
        Some(character) => Err(format!("XML cannot represent the character {character:?}")),
        None => Ok(text),
    }
}

/// Returns whether a character is allowed in a text (XML 1.0, section 2.2).
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Returns whether a text is a name without a prefix (Namespaces in XML 1.0, section 3), of letters, digits, `_`, `-` and `.`.
fn is_name(text: &str) -> bool {
    let is_start = |character: char| character.is_alphabetic() || character == '_';
    let is_part = |character: char| is_start(character) || character.is_numeric() || "-.".contains(character);
    text.chars().next().is_some_and(is_start) && text.chars().all(is_part)
}
