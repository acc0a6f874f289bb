//! Lowers the XML of bodies (OpenAPI, "XML Object").
//!
//! Unless the document names an element otherwise, a property has an element of its name, and a body one of the name of its
//! schema. Arrays have an element for each item, within another element if they are `wrapped`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lowering;
use crate::diagnostics::catalogue::{UNNAMED_XML, UNTYPED_XML};
use crate::document::{Node, Pointer};
use crate::ir::{Slot, SlotRole, Types, XmlContent, XmlElement, XmlField, XmlName, XmlNode, XmlRoot, XmlScalar};
use crate::naming::{shouty, unique};
use crate::openapi::media::is_typed_xml;
use crate::openapi::{XML_ITEM_NAME, XML_NAME, leaves, requires, union_members};

impl Lowering<'_> {
    /// Creates a slot for a body in XML. `None` if the media type does not state a schema of elements, or if a request would
    /// lack the name of its element.
    pub(super) fn xml_slot(
        &mut self,
        operation: &Node<'_>,
        role: SlotRole,
        name: &str,
        media: &Node<'_>,
    ) -> Option<Slot> {
        let schema = media.get("schema").filter(|_| is_typed_xml(name, media))?;
        let stated = keyword(&schema, "name")
            .or_else(|| media.text(XML_NAME))
            .filter(|name| is_element_name(&xml_name(&schema, name).local));
        if stated.is_none() && role == SlotRole::Body {
            let message = "the element of the request body has no name";
            self.diagnostics.report(self.document, &UNNAMED_XML, schema.pointer(), message);
            return None;
        }
        // The name of the element is not compared when a response is read.
        let name = xml_name(&schema, stated.unwrap_or("response"));
        let id = operation.text("operationId").unwrap_or_default();
        let suffix = if role == SlotRole::Body { "BODY" } else { "RESPONSE" };
        let ident = unique(format!("{suffix}_{}", shouty(id)), &mut self.xml_idents);
        let content = Contents { lowering: self, within: Vec::new() }
            .content(&schema, media.text(XML_ITEM_NAME).unwrap_or(&name.local));
        if content == XmlContent::Any {
            return None;
        }
        let slot = self.slot(operation, role, Some(&schema));
        self.slots.set_xml(slot, XmlRoot { ident, element: XmlElement { name, content } });
        Some(slot)
    }

    /// Completes the types that bodies in XML contain with their XML.
    pub(super) fn add_xml(&mut self, types: &mut Types) {
        let root = self.document.root();
        let Some(schemas) = root.at(&["components", "schemas"]) else { return };
        let mut open: Vec<String> = Vec::new();
        for xml in self.slots.iter().filter_map(|(_, definition)| definition.xml.as_ref()) {
            named(&xml.element.content, &mut open);
        }
        while let Some(name) = open.pop() {
            let Some(definition) = types.get_mut(&name) else { continue };
            if definition.xml.is_none()
                && let Some(schema) = schemas.get(&name)
            {
                let content = Contents { lowering: self, within: Vec::new() }.of_target(&schema, &name);
                named(&content, &mut open);
                definition.xml = Some(content);
            }
        }
    }

    fn untyped_xml(&mut self, schema: &Node<'_>, reason: &str) -> XmlContent {
        if self.xml_warned.insert(schema.pointer().clone()) {
            self.diagnostics.report(self.document, &UNTYPED_XML, schema.pointer(), reason);
        }
        XmlContent::Any
    }
}

/// Collects the names of the types that a content refers to.
fn named(content: &XmlContent, names: &mut Vec<String>) {
    match content {
        XmlContent::Named(name) => names.push(name.clone()),
        XmlContent::List(item) => named(&item.content, names),
        XmlContent::Object { fields, others } => {
            for field in fields {
                if let XmlNode::Element(element) | XmlNode::Items(element) | XmlNode::Wrapped(_, element) = &field.node
                {
                    named(&element.content, names);
                }
            }
            if let Some(others) = others {
                named(others, names);
            }
        }
        XmlContent::Any | XmlContent::Scalar(_) => {}
    }
}

/// Lowers the contents of elements.
struct Contents<'l, 'd> {
    lowering: &'l mut Lowering<'d>,
    /// The schemas that the current one is a part of.
    within: Vec<Pointer>,
}

impl Contents<'_, '_> {
    /// Returns the content of an element whose values have a schema. `name` is the name of the element, which unnamed items of
    /// a list have too.
    fn content(&mut self, schema: &Node<'_>, name: &str) -> XmlContent {
        let Some(target) = schema.resolve_single() else { return XmlContent::Any };
        let is_component = target.pointer().parent().is_some_and(|parent| parent.as_str() == "/components/schemas");
        let is_compound = ["properties", "additionalProperties", "oneOf", "anyOf", "allOf"];
        if is_component && is_compound.iter().any(|key| target.get(key).is_some()) {
            let members = leaves(&target).unwrap_or_default();
            if union_members(&target).is_none() || !members.iter().all(is_scalar) {
                return target.pointer().last().map_or(XmlContent::Any, XmlContent::Named);
            }
        }
        self.of_target(&target, name)
    }

    /// Returns the content of a schema itself, also if it has a name.
    fn of_target(&mut self, schema: &Node<'_>, name: &str) -> XmlContent {
        let Some(schema) = schema.resolve_single() else { return XmlContent::Any };
        if self.within.contains(schema.pointer()) {
            return self.lowering.untyped_xml(&schema, "the schema contains itself, so its XML is read without types");
        }
        self.within.push(schema.pointer().clone());
        let content = self.of_schema(&schema, name);
        self.within.pop();
        content
    }

    fn of_schema(&mut self, schema: &Node<'_>, name: &str) -> XmlContent {
        let values = schema.get("enum");
        let scalars: BTreeSet<_> =
            values.iter().flat_map(Node::items).filter_map(|value| scalar_of(value.value())).collect();
        if !scalars.is_empty() {
            return XmlContent::Scalar(scalars.into_iter().collect());
        }
        let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
        let members: Vec<_> = union_members(schema).iter().flat_map(Node::items).collect();
        if !parts.is_empty() || !members.is_empty() {
            let mut contents: Vec<XmlContent> = parts.iter().map(|part| self.of_target(part, name)).collect();
            if let Some(union) = self.of_members(schema, &members, name) {
                contents.push(union);
            }
            if schema.get("properties").is_some() {
                contents.push(self.object(schema));
            }
            return self.merged(schema, contents);
        }
        match schema.text("type") {
            Some("boolean") => XmlContent::Scalar(vec![XmlScalar::Boolean]),
            Some("integer" | "number") => XmlContent::Scalar(vec![XmlScalar::Number]),
            Some("string") => XmlContent::Scalar(vec![XmlScalar::String]),
            Some("array") => match schema.get("items") {
                Some(items) => XmlContent::List(Box::new(self.item(&items, name))),
                None => {
                    self.lowering.untyped_xml(schema, "the items have no schema, so their XML is read without types")
                }
            },
            _ if schema.get("properties").is_some() => self.object(schema),
            Some("object") if schema.get("additionalProperties").is_some_and(|others| others.value().is_object()) => {
                self.object(schema)
            }
            _ => self.lowering.untyped_xml(schema, "the schema accepts any value, so its XML is read without types"),
        }
    }

    /// Returns the content of a union: one that any member fits. `None` if there are no members.
    fn of_members(&mut self, union: &Node<'_>, members: &[Node<'_>], name: &str) -> Option<XmlContent> {
        let contents: Vec<_> = members.iter().map(|member| self.of_target(member, name)).collect();
        if contents.is_empty() {
            return None;
        }
        let scalars: Option<BTreeSet<XmlScalar>> = contents.iter().try_fold(BTreeSet::new(), |mut all, content| {
            let XmlContent::Scalar(types) = content else { return None };
            all.extend(types);
            Some(all)
        });
        if let Some(scalars) = scalars {
            return Some(XmlContent::Scalar(scalars.into_iter().collect()));
        }
        let mut content = self.merged(union, contents);
        if let XmlContent::Object { fields, .. } = &mut content {
            let is_required = |key: &str| members.iter().all(|member| requires(member, key));
            for field in fields.iter_mut() {
                field.required = is_required(&field.key);
            }
            let tag = union.at(&["discriminator", "propertyName"]).and_then(|tag| tag.value().as_str());
            if let Some(tag) = tag.filter(|tag| fields.iter().all(|field| field.key != *tag)) {
                let content = XmlContent::Scalar(vec![XmlScalar::String]);
                let node = XmlNode::Element(XmlElement { name: plain(tag), content });
                fields.insert(0, XmlField { key: tag.to_owned(), required: false, node });
            }
        }
        Some(content)
    }

    /// Joins contents that describe the same element.
    fn merged(&mut self, schema: &Node<'_>, contents: Vec<XmlContent>) -> XmlContent {
        let mut contents = contents.into_iter();
        let Some(mut all) = contents.next() else { return XmlContent::Any };
        for content in contents {
            match (&mut all, content) {
                (first, second) if *first == second => {}
                (XmlContent::Object { fields, others }, XmlContent::Object { fields: more, others: more_others }) => {
                    for field in more {
                        match fields.iter().find(|known| known.key == field.key || known.node.is_at(&field.node)) {
                            None => fields.push(field),
                            Some(known) if known.node == field.node => {}
                            Some(_) => {
                                let message = format!(
                                    "the members write `{}` differently, so it is read as one of them",
                                    field.key
                                );
                                self.lowering.untyped_xml(schema, &message);
                            }
                        }
                    }
                    if others.is_none() {
                        *others = more_others;
                    }
                }
                _ => {
                    return self.lowering.untyped_xml(
                        schema,
                        "the members of the union are not all objects or all scalars, so their XML is read without types",
                    );
                }
            }
        }
        all
    }

    fn object(&mut self, schema: &Node<'_>) -> XmlContent {
        let properties = schema.get("properties");
        let mut fields: Vec<XmlField> = Vec::new();
        for (key, property) in properties.iter().flat_map(Node::entries) {
            let node = self.node(key, &property);
            if node.names().any(|name| !is_element_name(&name.local)) {
                let message =
                    format!("the name of `{key}` is not a name in XML, so the property is neither read nor written");
                self.lowering.untyped_xml(&property, &message);
            } else if fields.iter().any(|known| known.node.is_at(&node)) {
                let message =
                    format!("another property has the location of `{key}`, so it is neither read nor written");
                self.lowering.untyped_xml(&property, &message);
            } else {
                fields.push(XmlField { key: key.to_owned(), required: requires(schema, key), node });
            }
        }
        let others = match schema.get("additionalProperties") {
            Some(others) if others.value() == &Value::Bool(false) => None,
            Some(others) if others.value().is_object() => Some(match self.content(&others, "") {
                XmlContent::List(_) => self.lowering.untyped_xml(
                    &others,
                    "a map of lists does not say how its items are named, so they are read without types",
                ),
                content => content,
            }),
            _ => Some(XmlContent::Any),
        };
        XmlContent::Object { fields, others: others.map(Box::new) }
    }

    fn node(&mut self, key: &str, property: &Node<'_>) -> XmlNode {
        let stated = keyword(property, "name").unwrap_or(key);
        let name = xml_name(property, stated);
        let kind = keyword(property, "nodeType");
        let is_text = matches!(kind, Some("text" | "cdata")) || flag(property, "x-ms-text");
        let is_attribute = kind == Some("attribute") || flag(property, "attribute");
        // An attribute without a prefix has no namespace.
        let namespace = name.namespace.clone().filter(|_| !is_attribute || name.prefix.is_some());
        let name = XmlName { namespace, ..name };
        match self.content(property, stated) {
            content @ (XmlContent::Object { .. } | XmlContent::Named(_)) if kind == Some("none") => {
                self.lowering.untyped_xml(property, "`nodeType: none` is not supported, so the property is an element");
                XmlNode::Element(XmlElement { name, content })
            }
            XmlContent::Scalar(types) if is_attribute => XmlNode::Attribute(name, types),
            XmlContent::Scalar(types) if is_text => XmlNode::Text { types, cdata: kind == Some("cdata") },
            content if is_attribute || is_text => {
                self.lowering.untyped_xml(property, "only a scalar can be an attribute or a text, so it is an element");
                XmlNode::Element(XmlElement { name, content })
            }
            XmlContent::List(item) if kind == Some("element") || flag(property, "wrapped") => {
                XmlNode::Wrapped(name, *item)
            }
            XmlContent::List(item) => XmlNode::Items(*item),
            content => XmlNode::Element(XmlElement { name, content }),
        }
    }

    fn item(&mut self, items: &Node<'_>, name: &str) -> XmlElement {
        let stated = keyword(items, "name").unwrap_or(name);
        XmlElement { name: xml_name(items, stated), content: self.content(items, stated) }
    }
}

fn scalar_of(value: &Value) -> Option<XmlScalar> {
    match value {
        Value::Bool(_) => Some(XmlScalar::Boolean),
        Value::Number(_) => Some(XmlScalar::Number),
        Value::String(_) => Some(XmlScalar::String),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns a keyword of the XML Object of a schema, or of the schema that it refers to.
fn keyword<'a>(schema: &Node<'a>, key: &str) -> Option<&'a str> {
    find(schema, key)?.value().as_str()
}

fn flag(schema: &Node<'_>, key: &str) -> bool {
    find(schema, key).is_some_and(|value| value.value() == true)
}

fn find<'a>(schema: &Node<'a>, key: &str) -> Option<Node<'a>> {
    let mut schema = schema.clone();
    let mut seen: Vec<Pointer> = Vec::new();
    while !seen.contains(schema.pointer()) {
        // Keywords beside a reference have no effect (OpenAPI 3.0, "Reference Object"). Those of 3.1 were moved before.
        let own = schema.at(&["xml", key]).filter(|_| schema.text("$ref").is_none());
        if let Some(value) = own.filter(|value| value.value().as_str() != Some("")) {
            return Some(value);
        }
        seen.push(schema.pointer().clone());
        let parts: Vec<_> = schema.get("allOf").iter().flat_map(Node::items).collect();
        schema = match (schema.text("$ref"), parts.as_slice()) {
            (Some(_), _) => schema.follow()?,
            (None, [only]) => only.clone(),
            (None, _) => return None,
        };
    }
    None
}

/// Returns the name that a schema gives its element or attribute. A prefix may be part of the name.
fn xml_name(schema: &Node<'_>, name: &str) -> XmlName {
    let stated = keyword(schema, "prefix").filter(|prefix| !prefix.is_empty());
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(stated.unwrap_or(prefix)), local),
        None => (stated, name),
    };
    XmlName {
        local: local.to_owned(),
        prefix: prefix.map(str::to_owned),
        namespace: keyword(schema, "namespace").filter(|uri| !uri.is_empty()).map(str::to_owned),
    }
}

/// Whether a text is a name without a prefix (Namespaces in XML 1.0, section 3), of letters, digits, `_`, `-` and `.`.
fn is_element_name(local: &str) -> bool {
    let is_start = |character: char| character.is_alphabetic() || character == '_';
    let is_part = |character: char| is_start(character) || character.is_numeric() || "-.".contains(character);
    local.chars().next().is_some_and(is_start) && local.chars().all(is_part)
}

fn is_scalar(schema: &Node<'_>) -> bool {
    schema.get("enum").is_some() || matches!(schema.text("type"), Some("boolean" | "integer" | "number" | "string"))
}

fn plain(name: &str) -> XmlName {
    XmlName { local: name.to_owned(), prefix: None, namespace: None }
}
