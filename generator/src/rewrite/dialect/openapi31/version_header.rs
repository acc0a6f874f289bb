//! Changes the version to one of 3.0, and adds members that 3.1 makes optional.
//!
//! `{openapi: 3.1.0, components: …}` → `{openapi: 3.0.3, components: …, paths: {}}`

use serde_json::{Map, Value, json};

use super::Log;
use crate::diagnostics::catalogue::{FOREIGN_DIALECT, NEEDS_MODERN};
use crate::document::Pointer;
use crate::openapi::METHODS;

/// The JSON Schema dialects with the same meaning as that of OpenAPI 3.1.
const DIALECTS: [&str; 3] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.1/schema-base/",
    "https://json-schema.org/draft/2020-12/schema",
];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Value::Object(root) = document else { return };
    root.insert("openapi".to_owned(), Value::from("3.0.3"));
    root.entry("paths").or_insert_with(|| Value::Object(Map::new()));
    if let Some(dialect) = root.shift_remove("jsonSchemaDialect") {
        check_dialect(&dialect, log);
    }
    if let Some(Value::Object(info)) = root.get_mut("info") {
        let summary = info.shift_remove("summary");
        if let Some(summary) = summary.filter(|_| !info.contains_key("description")) {
            info.insert("description".to_owned(), summary);
        }
    }
    for item in root.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(|paths| paths.values_mut()) {
        let members = item.as_object_mut().into_iter().flatten();
        for (_, operation) in members.filter(|(method, _)| METHODS.contains(&method.as_str())) {
            if let Value::Object(operation) = operation {
                operation.entry("responses").or_insert_with(|| json!({ "default": { "description": "" } }));
            }
        }
    }
}

fn check_dialect(dialect: &Value, log: &mut Log) {
    let place = Pointer::root().join("jsonSchemaDialect");
    let text = dialect.as_str().unwrap_or_default();
    if DIALECTS.iter().any(|known| text.starts_with(known)) {
        return;
    }
    let is_draft =
        ["https://json-schema.org/draft", "http://json-schema.org/draft"].iter().any(|known| text.starts_with(known));
    let (code, end) = if is_draft {
        (&FOREIGN_DIALECT, "is read as the dialect of OpenAPI 3.1")
    } else {
        (&NEEDS_MODERN, "is unknown and could change the meaning of any keyword")
    };
    log.report(code, place, format!("the dialect `{text}` {end}"));
}
