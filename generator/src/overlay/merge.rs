//! Merges a value of an overlay into one of the document: objects member by member, arrays by appending, and anything
//! else by replacing.

use serde_json::Value;

use super::Allows;
use crate::document::Pointer;

/// Returns why the update does not fit the target, or `None` if it fits.
pub(super) fn refusal(target: &Value, update: &Value, allows: Allows) -> Option<&'static str> {
    let is_primitive = !update.is_object() && !update.is_array();
    match target {
        Value::Object(_) if !update.is_object() => Some("an object can only be updated with an object"),
        Value::Object(_) | Value::Array(_) => None,
        _ if allows == Allows::Updates => {
            Some("a single value cannot be updated in Overlay 1.0: the target must be the enclosing object")
        }
        _ if !is_primitive => Some("a single value can only be replaced by a single value"),
        _ => None,
    }
}

/// Merges the update from `from` into the target at `place`.
///
/// Returns the location of each value that was added, with its location in the source of the update.
pub(super) fn merge(target: &mut Value, update: &Value, place: &Pointer, from: &Pointer) -> Vec<(Pointer, Pointer)> {
    let mut grafts = Vec::new();
    match target {
        Value::Array(items) if !update.is_array() => {
            grafts.push((place.join(items.len()), from.clone()));
            items.push(update.clone());
        }
        target => merge_into(target, update, place, from, &mut grafts),
    }
    grafts
}

fn merge_into(
    target: &mut Value,
    update: &Value,
    place: &Pointer,
    from: &Pointer,
    grafts: &mut Vec<(Pointer, Pointer)>,
) {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            for (key, value) in update {
                let (place, from) = (place.join(key), from.join(key));
                match target.get_mut(key) {
                    Some(target) => merge_into(target, value, &place, &from, grafts),
                    None => {
                        target.insert(key.clone(), value.clone());
                        grafts.push((place, from));
                    }
                }
            }
        }
        (Value::Array(items), Value::Array(update)) => {
            for (index, value) in update.iter().enumerate() {
                grafts.push((place.join(items.len()), from.join(index)));
                items.push(value.clone());
            }
        }
        (target, update) => {
            *target = update.clone();
            grafts.push((place.clone(), from.clone()));
        }
    }
}
