//! Changes the version to OpenAPI 3.0.
//!
//! `swagger: '2.0'` → `openapi: 3.0.3`

use serde_json::Value;

use crate::document::Pointer;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Value::Object(root) = document else { return };
    if root.shift_remove("swagger").is_some() {
        log.moved(Pointer::root().join("swagger"), Pointer::root().join("openapi"));
        root.shift_insert(0, "openapi".to_owned(), Value::from("3.0.3"));
    }
}
