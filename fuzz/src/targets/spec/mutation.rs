//! Random changes of the values of a document.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::values::{values, words};

/// A change of one value.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Replaces the value.
    Put(Value),
    /// Removes the value.
    Drop,
    /// Replaces the value by a copy of another value.
    Copy(Index),
    /// Replaces the value by a reference to another value.
    Refer(Index),
    /// Renames the key.
    Rename(String),
}

/// Any change.
pub(crate) fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        values().prop_map(Change::Put),
        Just(Change::Drop),
        any::<Index>().prop_map(Change::Copy),
        any::<Index>().prop_map(Change::Refer),
        words().prop_map(Change::Rename),
    ]
}

/// The pointers of all values below the root.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(object) => {
            for (key, part) in object {
                let pointer = format!("{pointer}/{}", escaped(key));
                pointers(part, &pointer, all);
                all.push(pointer);
            }
        }
        Value::Array(items) => {
            for (index, part) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{index}");
                pointers(part, &pointer, all);
                all.push(pointer);
            }
        }
        _ => {}
    }
}

/// Applies a change to one of the values of a document. A scalar or empty document is not changed.
pub(crate) fn apply(document: &mut Value, at: Index, change: &Change) {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let pointer = at.get::<String>(&all).clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a parent");
    let key = key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Put(value) => *document.pointer_mut(&pointer).expect("the value exists") = value.clone(),
        Change::Copy(from) => {
            let value = document.pointer(from.get::<String>(&all)).expect("the value exists").clone();
            *document.pointer_mut(&pointer).expect("the value exists") = value;
        }
        Change::Refer(to) => {
            *document.pointer_mut(&pointer).expect("the value exists") =
                json!({ "$ref": format!("#{}", to.get::<String>(&all)) });
        }
        Change::Drop | Change::Rename(_) => match document.pointer_mut(parent) {
            Some(Value::Object(object)) => {
                let value = object.shift_remove(&key);
                if let (Change::Rename(name), Some(value)) = (change, value) {
                    object.insert(name.clone(), value);
                }
            }
            Some(Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
            _ => {}
        },
    }
}
