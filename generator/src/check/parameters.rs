//! Checks that parameters are declared once, and agree with the path.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{DUPLICATE_PARAMETER, MISSING_PART, PARAMETER_FIXED};
use crate::document::{Document, Node};
use crate::openapi::{Site, path_query, placeholder, placeholders, plain_path, same_parameter};

pub(super) fn check(document: &Document, sites: &[Site<'_>], diagnostics: &mut Diagnostics) {
    for operation in sites {
        let parameters = operation.parameters();
        check_placeholders(document, operation, &parameters, diagnostics);
        for parameter in &parameters {
            check_one(document, operation, parameter, diagnostics);
        }
        for list in [&operation.item, &operation.node].into_iter().filter_map(|node| node.get("parameters")) {
            check_duplicates(document, &list, diagnostics);
        }
    }
}

fn check_placeholders(
    document: &Document,
    operation: &Site<'_>,
    parameters: &[Node<'_>],
    diagnostics: &mut Diagnostics,
) {
    let is_declared = |location: &str, name: &str| {
        let mut all = parameters.iter();
        all.any(|parameter| parameter.text("in") == Some(location) && parameter.text("name") == Some(name))
    };
    let in_query = path_query(operation.path).filter(|(key, _)| !is_declared("query", key));
    let in_query = in_query.filter_map(|(_, value)| placeholder(value));
    for name in placeholders(plain_path(operation.path)).chain(in_query).filter(|name| !is_declared("path", name)) {
        let message = format!("the path contains `{{{name}}}`, but no path parameter of that name is declared");
        diagnostics.report(document, &PARAMETER_FIXED, operation.node.pointer(), message);
    }
}

fn check_one(document: &Document, operation: &Site<'_>, parameter: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(name) = parameter.text("name") else {
        return diagnostics.report(document, &MISSING_PART, parameter.pointer(), "the parameter has no `name`");
    };
    if !matches!(parameter.text("in"), Some("path" | "query" | "header" | "cookie")) {
        let message = format!("the `in` of parameter `{name}` is not `path`, `query`, `header` or `cookie`");
        diagnostics.report(document, &MISSING_PART, parameter.pointer(), message);
    }
    if !is_path(parameter) {
        return;
    }
    if !placeholders(operation.path).any(|placeholder| placeholder == name) {
        let message = format!("path parameter `{name}` does not occur in the path `{}`", operation.path);
        diagnostics.report(document, &PARAMETER_FIXED, parameter.pointer(), message);
    }
    if !parameter.is_true("required") {
        let message = format!("path parameter `{name}` is not `required: true`");
        diagnostics.report(document, &PARAMETER_FIXED, parameter.pointer(), message);
    }
}

fn check_duplicates(document: &Document, list: &Node<'_>, diagnostics: &mut Diagnostics) {
    let all: Vec<_> = list.items().filter_map(|item| Some((item.pointer().clone(), item.resolve()?))).collect();
    for (index, (place, parameter)) in all.iter().enumerate() {
        if all.iter().take(index).any(|(_, earlier)| same_parameter(earlier, parameter)) {
            let name = parameter.text("name").unwrap_or_default();
            let message = format!("parameter `{name}` is declared twice in the same location");
            diagnostics.report(document, &DUPLICATE_PARAMETER, place, message);
        }
    }
}

fn is_path(parameter: &Node<'_>) -> bool {
    parameter.text("in") == Some("path")
}
