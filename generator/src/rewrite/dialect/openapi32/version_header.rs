//! Changes the version to one of 3.1, and drops what has no meaning for a client: the URI of the document, the names of servers,
//! and how tags are grouped.
//!
//! `{openapi: 3.2.0, $self: …, tags: [{name: users, kind: nav}]}` → `{openapi: 3.1.2, tags: [{name: users}]}`

use serde_json::Value;

use super::each_part;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, _: &mut Log) {
    each_part(document, &mut |part, _| {
        for (list, keys) in [("servers", &["name"][..]), ("tags", &["parent", "kind"])] {
            for entry in part.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Value::Object(entry) = entry {
                    entry.retain(|key, _| !keys.contains(&key.as_str()));
                }
            }
        }
    });
    if let Value::Object(root) = document {
        root.shift_remove("$self");
        root.insert("openapi".to_owned(), Value::from("3.1.2"));
    }
}
