//! The operations of a document with what belongs to each, wherever the document keeps it.

mod defaults;
mod reply;

pub(crate) use defaults::bad_defaults;
pub(crate) use reply::{json_path, json_reply_schema, schema_at, stream_media};

use std::collections::BTreeSet;

use crate::document::{Document, Node, Pointer};
use crate::media::{is_json, is_range};

/// HTTP methods in the order of the specification.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Site<'a> {
    /// The path, as written.
    pub(crate) path: &'a str,
    /// The HTTP method, in small letters.
    pub(crate) method: &'a str,
    /// The path item around the operation.
    pub(crate) item: Node<'a>,
    /// The operation itself.
    pub(crate) node: Node<'a>,
}

impl<'a> Site<'a> {
    /// The operation's parameters, resolved, those of the path item first unless the operation states them anew.
    pub(crate) fn parameters(&self) -> Vec<Node<'a>> {
        let own: Vec<_> = parameters_of(&self.node);
        let mut all: Vec<_> = parameters_of(&self.item)
            .into_iter()
            .filter(|shared| !own.iter().any(|own| same_parameter(own, shared)))
            .collect();
        all.extend(own);
        all
    }
}

/// The entries of a path item that are operations, or should be.
pub(crate) fn methods<'a>(item: &Node<'a>) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    item.entries().filter(|(key, _)| METHODS.contains(key))
}

/// All operations, in the order of the document.
pub(crate) fn operations(document: &Document) -> Vec<Site<'_>> {
    let mut all = Vec::new();
    for (path, item) in document.root().get("paths").iter().flat_map(Node::entries) {
        let Some(item) = item.resolve() else { continue };
        for (method, node) in methods(&item).filter(|(_, node)| node.value().is_object()) {
            let item = item.clone();
            all.push(Site { path, method, item, node });
        }
    }
    all
}

/// The names in braces of a path.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty())
}

/// Whether a schema refers to a part of another kind, such as a reply, in its place.
pub(crate) fn refers_to_no_schema(schema: &Node<'_>) -> bool {
    let target = schema.text("$ref").and_then(Pointer::from_reference);
    target.is_some_and(|target| {
        let keys: Vec<&str> = target.as_str().split('/').collect();
        matches!(keys.as_slice(), ["", "components", kind, _] if *kind != "schemas")
    })
}

/// Whether the key of a reply is a status, such as `200`, or a range, such as `2XX`.
pub(crate) fn is_status(key: &str) -> bool {
    matches!(key.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'x' | b'X', b'x' | b'X'])
}

/// The successful replies: those in the 200s, else the one for all statuses.
pub(crate) fn good_replies<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let good: Vec<_> = all.iter().filter(|(status, _)| status.starts_with('2') && is_status(status)).cloned().collect();
    if good.is_empty() { all.into_iter().filter(|(status, _)| *status == "default").collect() } else { good }
}

/// The replies that are described as failures, in the order of the document.
pub(crate) fn failure_replies<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    // Where it is the only reply, or stands beside those in the 100s, it is the successful one.
    let is_for_failures = all.iter().any(|(status, _)| status.starts_with(['2', '3', '4', '5']));
    let is_failure = |status: &str| {
        !status.starts_with('2') && (status != "default" || is_for_failures) && !status.starts_with("x-")
    };
    all.into_iter().filter(|(status, _)| is_failure(status)).collect()
}

/// The entry of a content that is JSON: of `application/json` first, then of its kin, then of a range with a schema that
/// only JSON can be meant by. One that says nothing of the value comes behind those that do.
pub(crate) fn json_media<'a>(content: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    let all: Vec<_> = content.entries().collect();
    let kin = all.iter().filter(|(name, _)| is_json(name));
    let kin = kin.min_by_key(|(name, media)| (media.get("schema").is_none(), !name.starts_with("application/json")));
    let range = || all.iter().find(|(name, media)| is_range(name) && is_object(media));
    kin.or_else(range).cloned()
}

fn is_object(media: &Node<'_>) -> bool {
    let schema = media.get("schema").and_then(|schema| schema.resolve_single());
    schema.is_some_and(|schema| {
        let is_compound = ["properties", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
        is_compound || matches!(schema.text("type"), Some("object" | "array" | "integer" | "number" | "boolean"))
    })
}

/// The schema of a parameter, and whether it is that of a content in JSON.
pub(crate) fn parameter_schema<'a>(parameter: &Node<'a>) -> Option<(Node<'a>, bool)> {
    if let Some(schema) = parameter.get("schema") {
        return Some((schema, false));
    }
    let (name, media) = parameter.get("content")?.entries().next()?;
    Some((media.get("schema")?, is_json(name)))
}

/// Whether a schema is known to be of a text, a number or a boolean.
pub(crate) fn is_plain(schema: &Node<'_>) -> bool {
    let is_compound = ["oneOf", "anyOf", "allOf", "not"].iter().any(|key| schema.get(key).is_some());
    let is_known = matches!(schema.text("type"), Some("string" | "integer" | "number" | "boolean"));
    is_known && !is_compound
}

/// The body's entry that is sent, by a stated order: JSON, forms, parts, text, bytes.
pub(crate) fn body_media<'a>(content: &Node<'a>) -> Option<(&'a str, Node<'a>)> {
    json_media(content).or_else(|| content.entries().min_by_key(|(name, _)| crate::media::kind(name)))
}

/// The list of the members of a union.
pub(crate) fn union_members<'a>(union: &Node<'a>) -> Option<Node<'a>> {
    union.get("oneOf").or_else(|| union.get("anyOf"))
}

/// A mapping names its schema by reference or by bare name (OpenAPI 3.0, "Discriminator Object").
pub(crate) fn names_same(reference: &str, mapped: &str) -> bool {
    reference == mapped || reference.rsplit('/').next() == Some(mapped)
}

/// Whether a member of a union is an object, so that it can have the property that tells the members apart.
pub(crate) fn can_carry_tag(schema: &Node<'_>) -> bool {
    let is_composed = ["properties", "allOf", "oneOf", "anyOf"].iter().any(|key| schema.get(key).is_some());
    is_composed || schema.text("type").is_none_or(|ty| ty == "object")
}

/// Whether the property of a member is a text, as a tag must be, or is left open.
pub(crate) fn is_text_property(member: &Node<'_>, property: &str) -> bool {
    let schema = member.at(&["properties", property]).and_then(|schema| schema.resolve_single());
    schema.is_none_or(|schema| schema.text("type").is_none_or(|ty| ty == "string"))
}

/// The texts that the property of an object can be.
pub(crate) fn own_tags(member: &Node<'_>, property: &str) -> Option<Vec<String>> {
    let values = member.at(&["properties", property])?.resolve_single()?.get("enum")?;
    let texts: Option<Vec<_>> = values.items().map(|value| value.value().as_str().map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty())
}

/// Whether each of some objects requires the property, with texts that no other has.
pub(crate) fn tells_apart(property: &str, members: &[Node<'_>]) -> bool {
    let is_required = |member: &Node<'_>| {
        let required = member.get("required");
        required.iter().flat_map(Node::items).any(|required| required.value().as_str() == Some(property))
    };
    let mut seen = BTreeSet::new();
    members.iter().all(|member| {
        let tags = own_tags(member, property).filter(|_| is_required(member));
        tags.is_some_and(|tags| tags.into_iter().all(|tag| seen.insert(tag)))
    })
}

/// Name and location tell one parameter from another.
pub(crate) fn same_parameter(a: &Node<'_>, b: &Node<'_>) -> bool {
    a.text("name") == b.text("name") && a.text("in") == b.text("in")
}

fn parameters_of<'a>(node: &Node<'a>) -> Vec<Node<'a>> {
    let list = node.get("parameters");
    list.iter().flat_map(Node::items).filter_map(|parameter| parameter.resolve()).collect()
}

/// All schemas of the document, in whatever place they stand, those within others included.
pub(crate) fn schema_nodes(document: &Document) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let root = document.root();
    for (_, schema) in root.at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        add_schema(schema, &mut all);
    }
    for key in ["paths", "components"] {
        root.get(key).iter().for_each(|node| add_schemas_below(node, &mut all));
    }
    all
}

fn add_schemas_below<'a>(node: &Node<'a>, all: &mut Vec<Node<'a>>) {
    for (key, child) in node.entries().filter(|(key, _)| !key.starts_with("x-")) {
        match key {
            "schema" => add_schema(child, all),
            "schemas" | "example" | "examples" => {}
            _ => add_schemas_below(&child, all),
        }
    }
    node.items().for_each(|item| add_schemas_below(&item, all));
}

fn add_schema<'a>(schema: Node<'a>, all: &mut Vec<Node<'a>>) {
    for (key, child) in schema.entries() {
        match key {
            "properties" => child.entries().for_each(|(_, property)| add_schema(property, all)),
            "items" | "additionalProperties" | "not" if child.value().is_object() => add_schema(child, all),
            "allOf" | "oneOf" | "anyOf" => child.items().for_each(|part| add_schema(part, all)),
            _ => {}
        }
    }
    all.push(schema);
}
