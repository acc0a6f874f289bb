//! Parses XML 1.0 into a tree of elements.
//!
//! Nothing outside of the text is read, and only the five predefined entities are known, so a short text cannot expand into a
//! long one.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Failure;

/// How deeply elements may be nested.
const MAX_DEPTH: usize = 128;

/// An element, with names that have lost their prefix.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Tree>,
    /// All text of the element, without that of its children.
    pub(crate) text: String,
    /// Whether the element has the attribute `xsi:nil`.
    pub(crate) is_nil: bool,
}

/// Parses a text. The number of elements and attributes is limited.
pub(crate) fn parse(text: &[u8], max_nodes: usize) -> Result<Tree, Failure> {
    let text = std::str::from_utf8(text).map_err(|_| Failure::Invalid("the XML is not UTF-8".to_owned()))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Tree> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    loop {
        let event = reader.read_event().map_err(|error| invalid(&error, reader.error_position()))?;
        let position = reader.buffer_position();
        match event {
            Event::Start(start) | Event::Empty(start) if root.is_some() => {
                return Err(invalid(&format_args!("a second root element, <{}>", start.name().as_ref()), position));
            }
            Event::Start(start) => {
                if open.len() == MAX_DEPTH {
                    return Err(invalid(&format_args!("more than {MAX_DEPTH} nested elements"), position));
                }
                open.push(element(&start, &mut nodes).map_err(|error| invalid(&error, position))?);
            }
            Event::Empty(start) => {
                let element = element(&start, &mut nodes).map_err(|error| invalid(&error, position))?;
                close(element, &mut open, &mut root);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(element, &mut open, &mut root);
                }
            }
            Event::Text(text) => match open.last_mut() {
                Some(element) => element.text.push_str(&text.xml10_content()),
                None if text.trim_ascii().is_empty() => {}
                None => return Err(invalid(&"text outside of the root element", position)),
            },
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|error| invalid(&error, position))?;
                let Some(element) = open.last_mut() else {
                    return Err(invalid(&"text outside of the root element", position));
                };
                match (character, resolve_xml_entity(&reference)) {
                    (Some(character), _) => element.text.push(character),
                    (None, Some(text)) => element.text.push_str(text),
                    (None, None) => {
                        return Err(invalid(&format_args!("the unknown entity `&{};`", &*reference), position));
                    }
                }
            }
            Event::Decl(declaration) => match declaration.encoding() {
                Some(Ok(name)) if !["utf-8", "us-ascii"].iter().any(|known| name.eq_ignore_ascii_case(known)) => {
                    return Err(invalid(&format_args!("the encoding {name} is not supported"), position));
                }
                _ => {}
            },
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
        if nodes > max_nodes {
            return Err(Failure::TooMany);
        }
    }
    match (root, open.last()) {
        (_, Some(element)) => Err(invalid(&format_args!("<{}> is not closed", element.name), text.len() as u64)),
        (Some(root), None) => Ok(root),
        (None, None) => Err(Failure::Invalid("the body has no XML element".to_owned())),
    }
}

fn close(element: Tree, open: &mut [Tree], root: &mut Option<Tree>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
    }
}

fn element(start: &BytesStart<'_>, nodes: &mut usize) -> Result<Tree, quick_xml::Error> {
    *nodes += 1;
    let mut element = Tree { name: start.local_name().as_ref().to_owned(), ..Tree::default() };
    for attribute in start.attributes() {
        let attribute = attribute?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
        let prefix = attribute.key.prefix();
        let local = attribute.key.local_name();
        match (prefix.as_ref().map(AsRef::as_ref), local.as_ref()) {
            (Some("xmlns"), _) | (None, "xmlns") => {}
            (Some(_), "nil") => element.is_nil = matches!(&*value, "true" | "1"),
            (_, local) => {
                *nodes += 1;
                element.attributes.push((local.to_owned(), value.into_owned()));
            }
        }
    }
    Ok(element)
}

fn invalid(reason: &dyn std::fmt::Display, position: u64) -> Failure {
    Failure::Invalid(format!("the XML is invalid at byte {position}: {reason}"))
}
