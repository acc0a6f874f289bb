//! XML as the generator's model of an API describes it, for mocked services and for scenarios.
//!
//! Nothing here is shared with clients, so that a scenario finds what a client writes or reads wrongly.

use anyhow::{Context as _, Result, bail};
use generator::ir::{Api, XmlContent, XmlElement, XmlNode, XmlScalar};
use quick_xml::escape::{escape, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value, json};

/// An element without prefixes and without its declarations of namespaces. Two elements are equal if only blanks between
/// elements, the order of attributes, or comments differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Tree>,
    text: String,
}

impl Tree {
    /// Parses a document.
    ///
    /// # Errors
    ///
    /// The text is not XML, or has an entity that XML does not define.
    pub fn parse(text: &[u8]) -> Result<Self> {
        let mut reader = Reader::from_str(std::str::from_utf8(text)?);
        // The parent of the root is not an element.
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event()? {
                Event::Start(start) => open.push(Self::of(&start)?),
                Event::Empty(start) => open.last_mut().context("no element")?.children.push(Self::of(&start)?),
                Event::End(_) => {
                    let mut element = open.pop().context("no element")?;
                    let text = element.text.trim().to_owned();
                    element.text = text;
                    open.last_mut().context("no element")?.children.push(element);
                }
                Event::Text(text) => open.last_mut().context("no element")?.text.push_str(&text.xml10_content()),
                Event::CData(text) => open.last_mut().context("no element")?.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let text = &mut open.last_mut().context("no element")?.text;
                    match reference.resolve_char_ref()? {
                        Some(character) => text.push(character),
                        None => text.push_str(resolve_xml_entity(&reference).context("unknown entity")?),
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let root = open.pop().and_then(|mut parent| parent.children.pop()).context("the text has no element")?;
        Ok(root)
    }

    fn of(start: &BytesStart<'_>) -> Result<Self> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute?;
            if !attribute.key.as_ref().starts_with("xmlns") {
                let name = attribute.key.local_name().as_ref().to_owned();
                attributes.push((name, attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
            }
        }
        attributes.sort();
        Ok(Self { name: start.local_name().as_ref().to_owned(), attributes, ..Self::default() })
    }

    /// Returns all texts and attributes, sorted.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let mut texts = self.collected();
        texts.sort();
        texts
    }

    fn collected(&self) -> Vec<String> {
        let own = self.attributes.iter().map(|(_, text)| text.clone());
        let own = own.chain(Some(self.text.clone()).filter(|text| !text.is_empty()));
        own.chain(self.children.iter().flat_map(Self::collected)).collect()
    }

    /// Returns the value of the element as the API describes it.
    #[must_use]
    pub fn value(&self, api: &Api, content: &XmlContent) -> Value {
        match content {
            XmlContent::Any => json!(self.text),
            XmlContent::Scalar(types) => scalar(types, &self.text),
            XmlContent::Named(name) => {
                let described = api.types.get(name).and_then(|definition| definition.xml.as_ref());
                described.map_or(Value::Null, |content| self.value(api, content))
            }
            XmlContent::List(item) => self.children.iter().map(|child| child.value(api, &item.content)).collect(),
            XmlContent::Object { fields, others } => {
                let mut object = Map::new();
                let mut known: Vec<&str> = Vec::new();
                for field in fields {
                    let children =
                        |name: &str| self.children.iter().filter(|child| child.name == name).collect::<Vec<_>>();
                    let value = match &field.node {
                        XmlNode::Attribute(name, types) => {
                            let found = self.attributes.iter().find(|(attribute, _)| *attribute == name.local);
                            found.map(|(_, text)| scalar(types, text))
                        }
                        XmlNode::Text { types, .. } => Some(scalar(types, &self.text)),
                        XmlNode::Element(element) => {
                            known.push(&element.name.local);
                            children(&element.name.local).first().map(|child| child.value(api, &element.content))
                        }
                        XmlNode::Items(item) => {
                            known.push(&item.name.local);
                            let items = children(&item.name.local);
                            let items: Vec<_> = items.iter().map(|child| child.value(api, &item.content)).collect();
                            (field.required || !items.is_empty()).then_some(Value::Array(items))
                        }
                        XmlNode::Wrapped(name, item) => {
                            known.push(&name.local);
                            let wrapper = children(&name.local).into_iter().next();
                            wrapper.map(|wrapper| {
                                wrapper.children.iter().map(|child| child.value(api, &item.content)).collect()
                            })
                        }
                    };
                    object.extend(value.map(|value| (field.key.clone(), value)));
                }
                if let Some(others) = others {
                    let more = self.children.iter().filter(|child| !known.contains(&child.name.as_str()));
                    object.extend(more.map(|child| (child.name.clone(), child.value(api, others))));
                }
                Value::Object(object)
            }
        }
    }
}

fn scalar(types: &[XmlScalar], text: &str) -> Value {
    let of = |ty: &XmlScalar| match ty {
        XmlScalar::Boolean => text.parse().ok().map(Value::Bool),
        XmlScalar::Number => serde_json::from_str(text).ok().map(Value::Number),
        XmlScalar::String => Some(json!(text)),
    };
    types.iter().find_map(of).unwrap_or_else(|| json!(text))
}

/// Returns the document of a value.
///
/// # Errors
///
/// The value is not of the described type.
pub fn document(api: &Api, element: &XmlElement, value: &Value) -> Result<String> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(api, &element.name.local, &element.content, value, &mut text)?;
    Ok(text)
}

fn write(api: &Api, name: &str, content: &XmlContent, value: &Value, out: &mut String) -> Result<()> {
    let (mut attributes, mut inner) = (String::new(), String::new());
    match (content, value) {
        (XmlContent::Named(target), value) => {
            let described = api.types.get(target).and_then(|definition| definition.xml.as_ref());
            return write(api, name, described.context("a type without a description of its XML")?, value, out);
        }
        (XmlContent::Object { fields, others }, Value::Object(object)) => {
            for field in fields {
                let Some(value) = object.get(&field.key).filter(|value| !value.is_null()) else { continue };
                match &field.node {
                    XmlNode::Attribute(name, _) => {
                        attributes.push_str(&format!(" {}=\"{}\"", name.local, escape(plain(value))));
                    }
                    XmlNode::Text { .. } => inner.push_str(&escape(plain(value))),
                    XmlNode::Element(element) => write(api, &element.name.local, &element.content, value, &mut inner)?,
                    XmlNode::Items(item) => write_items(api, item, value, &mut inner)?,
                    XmlNode::Wrapped(name, item) => {
                        inner.push_str(&format!("<{}>", name.local));
                        write_items(api, item, value, &mut inner)?;
                        inner.push_str(&format!("</{}>", name.local));
                    }
                }
            }
            let is_other = |key: &str| fields.iter().all(|field| field.key != key);
            for (key, value) in object.iter().filter(|(key, _)| is_other(key)) {
                write(api, key, others.as_deref().unwrap_or(&XmlContent::Any), value, &mut inner)?;
            }
        }
        (XmlContent::List(item), value) => write_items(api, item, value, &mut inner)?,
        (_, Value::Object(_) | Value::Array(_)) => bail!("the value of <{name}> is not a scalar"),
        (_, value) => inner.push_str(&escape(plain(value))),
    }
    out.push_str(&format!("<{name}{attributes}>{inner}</{name}>"));
    Ok(())
}

fn write_items(api: &Api, item: &XmlElement, value: &Value, out: &mut String) -> Result<()> {
    let values = value.as_array().into_iter().flatten();
    values.into_iter().try_for_each(|value| write(api, &item.name.local, &item.content, value, out))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
