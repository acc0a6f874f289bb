//! Schemas, at any location in the document.

use serde_json::Value;

use crate::document::{Document, Node, Pointer, holds_free_names, is_compound};

/// The keyword that names the schema of responses whose form in requests this schema is.
pub(crate) const REQUEST_OF: &str = "x-request-of";

/// Whether the reference of a schema leads to a part of another kind, such as a response.
pub(crate) fn refers_to_no_schema(schema: &Node<'_>) -> bool {
    let target = schema.text("$ref").and_then(Pointer::from_reference);
    target.is_some_and(|target| {
        let keys: Vec<&str> = target.as_str().split('/').collect();
        matches!(keys.as_slice(), ["", "components", kind, _] if *kind != "schemas")
    })
}

/// Whether a keyword describes the use of a type, not the type itself.
pub(crate) fn describes_use(keyword: &str) -> bool {
    const WORDS: [&str; 10] = [
        "title",
        "description",
        "default",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
        "externalDocs",
        "xml",
    ];
    WORDS.contains(&keyword) || keyword.starts_with("x-")
}

/// Returns the reference that a schema annotates: the only part of its `allOf`, beside keywords that do not change its values.
pub(crate) fn annotated_reference<'a>(schema: &Node<'a>) -> Option<Node<'a>> {
    const ANNOTATIONS: [&str; 8] =
        ["title", "description", "example", "examples", "externalDocs", "deprecated", "readOnly", "writeOnly"];
    let is_annotation = |key: &str| key == "allOf" || ANNOTATIONS.contains(&key) || key.starts_with("x-");
    let parts: Vec<_> = schema.get("allOf")?.items().collect();
    let [only] = parts.as_slice() else { return None };
    let is_alone = schema.entries().all(|(key, _)| is_annotation(key)) && only.text("$ref").is_some();
    is_alone.then(|| only.clone())
}

/// The types of a schema (OpenAPI 3.0, "Schema Object"), and `null`, which many 3.0 documents use as well.
const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// Whether the value of `type` is a type.
pub(crate) fn is_known_type(ty: &Node<'_>) -> bool {
    ty.value().as_str().is_some_and(|ty| TYPES.contains(&ty))
}

/// Whether the reference of a schema has no target in the document, or leads back to itself.
pub(crate) fn is_unresolved(schema: &Node<'_>) -> bool {
    schema.text("$ref").and_then(Pointer::from_reference).is_some() && schema.resolve().is_none()
}

/// Returns all schemas of the document, at any location, including nested ones.
pub(crate) fn schema_nodes(document: &Document) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let root = document.root();
    for (_, schema) in root.at(&["components", "schemas"]).iter().flat_map(Node::entries) {
        add_schema(schema, &mut all);
    }
    root.get("paths").iter().for_each(|node| add_schemas_below(node, false, &mut all));
    let others = |key: &str, _: &Value| !matches!(key, "schemas" | "examples") && !key.starts_with("x-");
    for (_, components) in root.get("components").iter().flat_map(|components| components.entries_where(others)) {
        add_schemas_below(&components, true, &mut all);
    }
    all
}

/// `are_names` is whether the keys of the node are names of any form.
fn add_schemas_below<'a>(node: &Node<'a>, are_names: bool, all: &mut Vec<Node<'a>>) {
    let is_searched = |key: &str, value: &Value| match key {
        _ if are_names => is_compound(value),
        "schema" => true,
        "schemas" | "example" | "examples" => false,
        _ => !key.starts_with("x-") && is_compound(value),
    };
    for (key, child) in node.entries_where(is_searched) {
        match key {
            "schema" if !are_names => add_schema(child, all),
            _ => add_schemas_below(&child, !are_names && holds_free_names(key), all),
        }
    }
    node.items().for_each(|item| add_schemas_below(&item, false, all));
}

fn add_schema<'a>(schema: Node<'a>, all: &mut Vec<Node<'a>>) {
    for (key, child) in schema.entries_where(|_, value| is_compound(value)) {
        match key {
            "properties" => child.entries().for_each(|(_, property)| add_schema(property, all)),
            "items" | "additionalProperties" | "not" if child.value().is_object() => add_schema(child, all),
            "allOf" | "oneOf" | "anyOf" => child.items().for_each(|part| add_schema(part, all)),
            _ => {}
        }
    }
    all.push(schema);
}
