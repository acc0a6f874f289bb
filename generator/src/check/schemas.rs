//! Checks for schemas that no type can be generated for.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{
    ALL_OF_CYCLE, BAD_DEFAULT, BAD_DISCRIMINATOR, BAD_ENUM, BASE_WITHOUT_UNION, DUPLICATE_TYPE, NOT_A_SCHEMA,
    UNION_CYCLE, UNKNOWN_TYPE, UNLISTED_MEMBER,
};
use crate::document::{Document, Node, Pointer};
use crate::naming::pascal;
use crate::openapi::{
    annotated_reference, bad_defaults, can_carry_tag, is_known_type, is_tag_property, names_same, refers_to_no_schema,
    schema_nodes, tells_apart, union_members,
};

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let root = document.root();
    let named = root.at(&["components", "schemas"]);
    if let Some(schemas) = &named {
        check_names(document, schemas, diagnostics);
    }
    for (name, schema) in named.iter().flat_map(Node::entries) {
        if reaches_itself(&schema, &["oneOf", "anyOf"], schema.pointer(), &mut BTreeSet::new()) {
            let message = format!("the union `{name}` is a member of itself, which has no effect");
            diagnostics.report(document, &UNION_CYCLE, schema.pointer(), message);
        }
        if reaches_itself(&schema, &["allOf"], schema.pointer(), &mut BTreeSet::new()) {
            let message = format!("schema `{name}` includes itself through `allOf`, which has no effect");
            diagnostics.report(document, &ALL_OF_CYCLE, schema.pointer(), message);
        }
    }
    for schema in schema_nodes(document) {
        check_type(document, &schema, diagnostics);
        if refers_to_no_schema(&schema) {
            let reference = schema.text("$ref").unwrap_or_default();
            let message = format!("`{reference}` is not a schema, so the value is typed as any JSON");
            diagnostics.report(document, &NOT_A_SCHEMA, schema.pointer(), message);
        }
    }
    for schema in bad_defaults(document) {
        let place = schema.pointer().join("default");
        diagnostics.report(document, &BAD_DEFAULT, &place, "the default is not valid for its schema, so it is ignored");
    }
    for part in [named, root.get("paths")].iter().flatten() {
        walk(document, part, diagnostics);
    }
}

fn check_names(document: &Document, schemas: &Node<'_>, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, schema) in schemas.entries() {
        if let Some(earlier) = seen.insert(pascal(name), name) {
            let message = format!("schemas `{earlier}` and `{name}` both become `{}` in Rust", pascal(name));
            diagnostics.report(document, &DUPLICATE_TYPE, schema.pointer(), message);
        }
    }
}

/// Whether a schema leads to the target through the parts under these keywords.
fn reaches_itself(schema: &Node<'_>, keys: &[&str], target: &Pointer, seen: &mut BTreeSet<Pointer>) -> bool {
    let mut lists = keys.iter().filter_map(|key| schema.get(key));
    lists.any(|list| {
        list.items().any(|part| {
            let Some(part) = part.resolve() else {
                return false;
            };
            part.pointer() == target
                || (seen.insert(part.pointer().clone()) && reaches_itself(&part, keys, target, seen))
        })
    })
}

fn check_type(document: &Document, schema: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(ty) = schema.get("type") else { return };
    if !is_known_type(&ty) {
        let text = ty.value().as_str().map_or_else(|| ty.value().to_string(), str::to_owned);
        diagnostics.report(document, &UNKNOWN_TYPE, ty.pointer(), format!("`{text}` is not a schema type"));
    }
}

fn walk(document: &Document, node: &Node<'_>, diagnostics: &mut Diagnostics) {
    if let Some(mapping) = node.at(&["discriminator", "mapping"]).filter(|_| union_members(node).is_none()) {
        let names: Vec<_> = document.root().at(&["components", "schemas"]).iter().flat_map(Node::entries).collect();
        let is_there = |target: &Node<'_>| {
            let target = target.value().as_str().unwrap_or_default();
            names.iter().any(|(name, _)| names_same(&format!("#/components/schemas/{name}"), target))
        };
        if !mapping.entries().any(|(_, target)| is_there(&target)) {
            let message = "the discriminator maps to no schema of the document";
            diagnostics.report(document, &BASE_WITHOUT_UNION, mapping.pointer(), message);
        }
    }
    if let Some(discriminator) = node.get("discriminator").filter(|_| union_members(node).is_some()) {
        check_discriminator(document, node, &discriminator, diagnostics);
    }
    if let Some(values) = node.get("enum").filter(|_| node.text("type") == Some("string")) {
        check_enum(document, node, &values, diagnostics);
    }
    if let Some(values) = node.get("enum") {
        check_scalars(document, node, &values, diagnostics);
    }
    for (_, child) in node.described_parts() {
        walk(document, &child, diagnostics);
    }
    for item in node.items() {
        walk(document, &item, diagnostics);
    }
}

fn check_discriminator(document: &Document, union: &Node<'_>, discriminator: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(property) = discriminator.text("propertyName") else {
        let message = "the discriminator has no `propertyName`";
        return diagnostics.report(document, &BAD_DISCRIMINATOR, discriminator.pointer(), message);
    };
    let members = union_members(union).into_iter().flat_map(|members| members.items().collect::<Vec<_>>());
    let members: Vec<_> = members.map(|member| annotated_reference(&member).unwrap_or(member)).collect();
    let resolved: Option<Vec<_>> = members.iter().map(Node::resolve).collect();
    let is_told_apart = resolved.is_some_and(|members| tells_apart(property, &members));
    for member in &members {
        if member.resolve().is_some_and(|member| !can_carry_tag(&member)) {
            let message =
                format!("a union member is not an object, so it cannot have the discriminator property `{property}`");
            diagnostics.report(document, &BAD_DISCRIMINATOR, member.pointer(), message);
        }
        if member.resolve().is_some_and(|member| !is_tag_property(&member, property)) {
            let message = format!(
                "`{property}` of a union member is neither a string, an integer nor a boolean, so it cannot distinguish the members"
            );
            diagnostics.report(document, &BAD_DISCRIMINATOR, member.pointer(), message);
        }
        if member.text("$ref").is_none() && !is_told_apart {
            let message = format!("a union member is neither a `$ref` nor requires a distinct value of `{property}`");
            diagnostics.report(document, &BAD_DISCRIMINATOR, member.pointer(), message);
        }
    }
    for (tag, target) in discriminator.get("mapping").iter().flat_map(Node::entries) {
        let text = target.value().as_str().unwrap_or_default();
        if !members.iter().any(|member| member.text("$ref").is_some_and(|reference| names_same(reference, text))) {
            let message = format!("`{property}: {tag}` is mapped to `{text}`, which is not a member of the union");
            diagnostics.report(document, &UNLISTED_MEMBER, target.pointer(), message);
        }
    }
}

/// Checks that the values of an enum of numbers or booleans have its type.
fn check_scalars(document: &Document, schema: &Node<'_>, values: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(ty @ ("integer" | "number" | "boolean")) = schema.text("type") else { return };
    for value in values.items().filter(|value| !value.value().is_null()) {
        let is_valid = if ty == "boolean" { value.value().is_boolean() } else { value.value().is_number() };
        if !is_valid {
            let message = format!("`{}` is listed in the enum, but its type is `{ty}`", value.value());
            diagnostics.report(document, &BAD_ENUM, value.pointer(), message);
        }
    }
}

fn check_enum(document: &Document, schema: &Node<'_>, values: &Node<'_>, diagnostics: &mut Diagnostics) {
    if values.items().next().is_none() {
        let message = "the enum is empty, so it is ignored";
        diagnostics.report(document, &BAD_ENUM, values.pointer(), message);
    }
    let mut seen = BTreeSet::new();
    for value in values.items() {
        let allowed = value.value().is_string() || (value.value().is_null() && schema.is_true("nullable"));
        if !allowed {
            let message = format!("`{}` is a value of a string enum, but is not a string", value.value());
            diagnostics.report(document, &BAD_ENUM, value.pointer(), message);
        } else if !seen.insert(value.value().to_string()) {
            let message = format!("`{}` is listed twice in the enum", value.value());
            diagnostics.report(document, &BAD_ENUM, value.pointer(), message);
        }
    }
}
