//! Reports valid parts of a document that clients do not use, and keys that have no meaning.

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::{
    BAD_STATUS, CALLBACKS_LEFT_OUT, ENCODING_IGNORED, RELATIVE_SERVER, RESERVED_ENCODED,
};
use crate::document::{Document, Node};
use crate::openapi::media::{MediaKind, kind};
use crate::openapi::{Site, is_status};

pub(super) fn check(document: &Document, sites: &[Site<'_>], diagnostics: &mut Diagnostics) {
    check_servers(document, &document.root(), diagnostics);
    for operation in sites {
        check_servers(document, &operation.item, diagnostics);
        check_servers(document, &operation.node, diagnostics);
        if let Some(callbacks) =
            operation.node.get("callbacks").filter(|callbacks| callbacks.entries().next().is_some())
        {
            let message = "the client does not support callbacks, which are requests that the service sends";
            diagnostics.report(document, &CALLBACKS_LEFT_OUT, callbacks.pointer(), message);
        }
        let is_ignored =
            |parameter: &&Node<'_>| parameter.is_true("allowReserved") && parameter.text("in") != Some("query");
        for parameter in operation.parameters().iter().filter(is_ignored) {
            let name = parameter.text("name").unwrap_or_default();
            let message =
                format!("the client ignores `allowReserved` of parameter `{name}`, which is not in the query");
            diagnostics.report(document, &RESERVED_ENCODED, parameter.pointer(), message);
        }
        check_encodings(document, &operation.node, diagnostics);
        for (status, response) in operation.node.get("responses").iter().flat_map(Node::entries) {
            if !is_status(status) && status != "default" && !status.starts_with("x-") {
                let message = format!("`{status}` is not a valid status code, so its response is ignored");
                diagnostics.report(document, &BAD_STATUS, response.pointer(), message);
            }
        }
    }
}

/// Reports encodings of a form that clients do not use. They use the style, and the content type if it is JSON.
fn check_encodings(document: &Document, operation: &Node<'_>, diagnostics: &mut Diagnostics) {
    let body = operation.get("requestBody").and_then(|body| body.resolve());
    let content = body.and_then(|body| body.get("content"));
    let form = content.as_ref().and_then(|content| content.get("application/x-www-form-urlencoded"));
    for (field, encoding) in form.and_then(|form| form.get("encoding")).iter().flat_map(Node::entries) {
        let style = encoding.text("style");
        let is_known = style.is_none_or(|style| {
            matches!(style, "form" | "spaceDelimited" | "pipeDelimited" | "tabDelimited" | "deepObject")
        });
        // OpenAPI ignores the content type of a field that has a style.
        let is_json = encoding
            .text("contentType")
            .is_none_or(|media_type| style.is_some() || kind(media_type) == MediaKind::Json);
        if !is_known || !is_json {
            let message = format!("the client does not send the field `{field}` in its declared encoding");
            diagnostics.report(document, &ENCODING_IGNORED, encoding.pointer(), message);
        }
    }
}

fn check_servers(document: &Document, node: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Some(server) = node.get("servers").and_then(|servers| servers.items().next()) else { return };
    let url = server.text("url").unwrap_or_default();
    // A variable may contain the scheme.
    let is_whole = url.starts_with("http://") || url.starts_with("https://") || url.starts_with('{');
    if !is_whole {
        let message =
            format!("the server URL `{url}` is not an absolute HTTP URL, so the client has no default server");
        diagnostics.report(document, &RELATIVE_SERVER, server.pointer(), message);
    }
}
