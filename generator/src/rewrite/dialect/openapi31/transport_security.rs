//! Drops the security scheme `mutualTLS`, with a warning: client certificates are configured on the HTTP client, not
//! per call.
//!
//! `security: [{certificate: []}]` → `security: [{}]`

use std::collections::BTreeSet;

use serde_json::Value;

use super::Log;
use crate::diagnostics::catalogue::CERTIFICATE_LEFT_OUT;
use crate::document::Pointer;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Some(Value::Object(schemes)) = document.pointer_mut("/components/securitySchemes") else { return };
    let is_certificate = |scheme: &Value| scheme.get("type").and_then(Value::as_str) == Some("mutualTLS");
    let names: BTreeSet<String> =
        schemes.iter().filter(|(_, scheme)| is_certificate(scheme)).map(|(name, _)| name.clone()).collect();
    let place = Pointer::root().join("components").join("securitySchemes");
    for name in &names {
        schemes.shift_remove(name);
        let message = format!("`{name}` is a client certificate, which only a custom HTTP client can present");
        log.report(&CERTIFICATE_LEFT_OUT, place.join(name), message);
    }
    if names.is_empty() {
        return;
    }
    drop_requirements(document, &names);
    for item in
        document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(|paths| paths.values_mut())
    {
        let operations = item.as_object_mut().into_iter().flat_map(|item| item.values_mut());
        operations.for_each(|operation| drop_requirements(operation, &names));
    }
}

fn drop_requirements(node: &mut Value, names: &BTreeSet<String>) {
    let alternatives = node.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten();
    for schemes in alternatives.filter_map(Value::as_object_mut) {
        schemes.retain(|name, _| !names.contains(name));
    }
}
