//! Replaces a path item that is a reference by a copy of the target. Keywords beside the reference are kept.
//!
//! `/users: {$ref: '#/components/pathItems/Users'}` → `/users: {get: …}`

use serde_json::Value;

use super::Log;
use crate::document::Pointer;

/// The maximum length of a chain of references. A longer one counts as a cycle, which `check` reports.
const STEPS: usize = 32;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let referring = paths.filter(|(_, item)| item.get("$ref").is_some()).map(|(path, _)| path.clone());
    for path in referring.collect::<Vec<_>>() {
        let place = Pointer::root().join("paths").join(&path);
        for _ in 0..STEPS {
            if !inline(document, &place, log) {
                break;
            }
        }
    }
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.shift_remove("pathItems");
    }
}

/// Follows one reference. Returns `false` if there is none that can be followed.
fn inline(document: &mut Value, place: &Pointer, log: &mut Log) -> bool {
    let reference = document.pointer(place.as_str()).and_then(|item| item.get("$ref")).and_then(Value::as_str);
    let Some(target) = reference.and_then(Pointer::from_reference).filter(|target| target != place) else {
        return false;
    };
    let Some(Value::Object(mut copy)) = document.pointer(target.as_str()).cloned() else { return false };
    let Some(Value::Object(item)) = document.pointer_mut(place.as_str()) else { return false };
    item.shift_remove("$ref");
    for key in copy.keys().filter(|key| !item.contains_key(*key)) {
        log.copied(target.join(key), place.join(key));
    }
    copy.append(item);
    *item = copy;
    true
}
