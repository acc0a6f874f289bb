//! Writes security schemes as OpenAPI 3.0 does.
//!
//! `{type: basic}` → `{type: http, scheme: basic}`
//! `{type: oauth2, flow: application, tokenUrl: …, scopes: …}` →
//! `{type: oauth2, flows: {clientCredentials: {tokenUrl: …, scopes: …}}}`

use serde_json::{Value, json};

use super::{Object, entries};
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, _: &mut Log) {
    for (_, scheme) in entries(document, "securityDefinitions") {
        let Value::Object(scheme) = scheme else { continue };
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                scheme.insert("type".to_owned(), json!("http"));
                scheme.insert("scheme".to_owned(), json!("basic"));
            }
            Some("oauth2") => add_flows(scheme),
            _ => {}
        }
    }
}

fn add_flows(scheme: &mut Object) {
    let Some(flow) = scheme.shift_remove("flow") else { return };
    let name = match flow.as_str() {
        Some("application") => "clientCredentials",
        Some("accessCode") => "authorizationCode",
        Some(name @ ("implicit" | "password")) => name,
        // `check` reports a scheme without flows.
        _ => return,
    };
    let mut members = Object::new();
    for key in ["authorizationUrl", "tokenUrl", "scopes"] {
        if let Some(value) = scheme.shift_remove(key) {
            members.insert(key.to_owned(), value);
        }
    }
    members.entry("scopes").or_insert_with(|| json!({}));
    scheme.insert("flows".to_owned(), json!({ name: members }));
}
