//! Moves operations of the method `QUERY` to the operations of other methods.
//!
//! `{query: {operationId: search}}` → `{additionalOperations: {QUERY: {operationId: search}}}`

use serde_json::{Map, Value};

use crate::document::Pointer;
use crate::openapi::ADDITIONAL;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    for holder in ["/paths", "/components/pathItems"] {
        let items = document.pointer_mut(holder).and_then(Value::as_object_mut).into_iter().flatten();
        for (path, item) in items {
            let place = Pointer::at(holder).join(path);
            let Value::Object(item) = item else { continue };
            let Some(query) = item.shift_remove("query") else { continue };
            let others = item.entry(ADDITIONAL).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(others) = others {
                log.moved(place.join("query"), place.join(ADDITIONAL).join("QUERY"));
                others.insert("QUERY".to_owned(), query);
            }
        }
    }
}
