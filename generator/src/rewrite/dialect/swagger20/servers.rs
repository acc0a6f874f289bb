//! Joins the scheme, the host and the base path to URLs of servers. `https` comes before `http`, and is also what a host
//! without schemes has.
//!
//! `schemes: [https], host: api.example.com, basePath: /v1` → `servers: [{url: https://api.example.com/v1}]`

use serde_json::{Value, json};

use super::{each_operation, strings};
use crate::document::Pointer;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let of_operations = operations_with_schemes(document);
    let Value::Object(root) = document else { return };
    let schemes = root.shift_remove("schemes");
    let base = root.shift_remove("basePath");
    let base = base.as_ref().and_then(Value::as_str).unwrap_or_default();
    // It must start with a slash (Swagger 2.0, "Swagger Object"). Without one, it would become a part of the host.
    let base = base.trim_matches('/');
    let base = if base.is_empty() { String::new() } else { format!("/{base}") };
    let host = root.shift_remove("host");
    let host = host.as_ref().and_then(Value::as_str);
    let from = Pointer::root().join(if host.is_some() { "host" } else { "basePath" });
    if let Some(servers) = servers(host, &base, schemes.as_ref()) {
        log.moved(from, Pointer::root().join("servers"));
        root.insert("servers".to_owned(), servers);
    }
    for (place, own) in of_operations.into_iter().filter(|(_, own)| Some(own) != schemes.as_ref()) {
        let operation = document.pointer_mut(place.as_str()).and_then(Value::as_object_mut);
        if let (Some(operation), Some(servers)) = (operation, servers(host, &base, Some(&own))) {
            log.moved(place.join("schemes"), place.join("servers"));
            operation.insert("servers".to_owned(), servers);
        }
    }
}

/// Takes the schemes of the operations that have any.
fn operations_with_schemes(document: &mut Value) -> Vec<(Pointer, Value)> {
    let mut found = Vec::new();
    each_operation(document, |operation, place| {
        found.extend(operation.shift_remove("schemes").map(|schemes| (place.clone(), schemes)));
    });
    found
}

/// Returns the servers. `None` if the document has neither a host nor a base path.
fn servers(host: Option<&str>, base: &str, schemes: Option<&Value>) -> Option<Value> {
    let mut schemes = strings(schemes);
    // WebSockets are not called with requests.
    schemes.retain(|scheme| matches!(scheme.as_str(), "http" | "https"));
    schemes.sort_by_key(|scheme| scheme == "http");
    if schemes.is_empty() {
        schemes.push("https".to_owned());
    }
    let urls = match host {
        Some(host) => schemes.iter().map(|scheme| format!("{scheme}://{host}{base}")).collect(),
        None if base.is_empty() => return None,
        None => vec![base.to_owned()],
    };
    Some(urls.into_iter().map(|url| json!({ "url": url })).collect())
}
