//! Checks paths, operations and their names.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{
    ADJACENT_PARAMETERS, BAD_PATH, DUPLICATE_OPERATION_ID, MISSING_OPERATION_ID, MISSING_PART, PATH_SUFFIX,
};
use crate::document::{Document, Node, Pointer};
use crate::openapi::{Site, methods, path_query, placeholder, sent_method};

pub(super) fn check(document: &Document, sites: &[Site<'_>], diagnostics: &mut Diagnostics) {
    let paths = document.root().get("paths");
    for (path, item) in paths.iter().flat_map(Node::entries).filter(|(path, _)| !path.starts_with("x-")) {
        check_path(document, path, &item, diagnostics);
    }
    let mut seen: BTreeMap<&str, Pointer> = BTreeMap::new();
    check_lists(document, &document.root(), diagnostics);
    for operation in sites {
        let node = &operation.node;
        check_lists(document, node, diagnostics);
        match node.text("operationId") {
            None => {
                let message = format!("`{} {}` has no operationId", sent_method(operation.method), operation.path);
                diagnostics.report(document, &MISSING_OPERATION_ID, node.pointer(), message);
            }
            Some(id) => {
                if let Some(earlier) = seen.insert(id, node.pointer().clone()) {
                    let message = format!("operationId `{id}` is already used by {earlier}");
                    diagnostics.report(document, &DUPLICATE_OPERATION_ID, &node.pointer().join("operationId"), message);
                }
            }
        }
    }
}

/// Checks for objects in place of arrays. They would be read as empty, and `security` would then require no credential.
fn check_lists(document: &Document, node: &Node<'_>, diagnostics: &mut Diagnostics) {
    for key in ["security", "servers", "tags", "parameters"] {
        if let Some(list) = node.get(key).filter(|list| !list.value().is_array()) {
            diagnostics.report(document, &MISSING_PART, list.pointer(), format!("`{key}` is not a list"));
        }
    }
}

fn check_path(document: &Document, path: &str, item: &Node<'_>, diagnostics: &mut Diagnostics) {
    for (method, node) in methods(item).filter(|(_, node)| !node.value().is_object()) {
        let message = format!("`{method}` of the path `{path}` is not an object");
        diagnostics.report(document, &MISSING_PART, node.pointer(), message);
    }
    let (plain, suffix) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
    if let Some(reason) = fault(plain) {
        diagnostics.report(document, &BAD_PATH, item.pointer(), format!("the path `{path}` {reason}"));
    } else if let Some(part) = odd_part(path) {
        let message = format!("the part `{part}` of the path `{path}` is not of the form `name={{parameter}}`");
        diagnostics.report(document, &BAD_PATH, item.pointer(), message);
    } else if path.contains("}{") {
        let message = format!("nothing separates two parameters of the path `{path}`");
        diagnostics.report(document, &ADJACENT_PARAMETERS, item.pointer(), message);
    } else if !suffix.is_empty() {
        let message = format!("the path `{path}` contains a query or a fragment");
        diagnostics.report(document, &PATH_SUFFIX, item.pointer(), message);
    }
}

/// Returns the name of a part of a query that contains braces, but whose value is not a parameter.
fn odd_part(path: &str) -> Option<&str> {
    let is_odd = |(name, value): &(&str, &str)| {
        name.contains(['{', '}']) || value.contains(['{', '}']) && placeholder(value).is_none()
    };
    path_query(path).find(is_odd).map(|(name, _)| name)
}

fn fault(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        return Some("does not start with `/`");
    }
    if path.chars().any(char::is_control) {
        return Some("contains a control character");
    }
    let mut open = false;
    for c in path.chars() {
        match (c, open) {
            ('{', false) => open = true,
            ('}', true) => open = false,
            ('{' | '}', _) => return Some("has unbalanced braces"),
            _ => {}
        }
    }
    open.then_some("has an unclosed brace").or(path.contains("{}").then_some("has a parameter without a name"))
}
