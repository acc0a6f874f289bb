//! Damage to the parts of a document.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::values::{values, words};

/// What is done to one place of a document.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// The value becomes another.
    Put(Value),
    /// The value goes.
    Drop,
    /// The value becomes that of another place.
    Copy(Index),
    /// The value becomes a reference to another place.
    Refer(Index),
    /// The key becomes another.
    Rename(String),
}

/// Any of them.
pub(crate) fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        values().prop_map(Change::Put),
        Just(Change::Drop),
        any::<Index>().prop_map(Change::Copy),
        any::<Index>().prop_map(Change::Refer),
        words().prop_map(Change::Rename),
    ]
}

/// The places of all values below the root.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(object) => {
            for (key, part) in object {
                let place = format!("{place}/{}", escaped(key));
                places(part, &place, all);
                all.push(place);
            }
        }
        Value::Array(items) => {
            for (index, part) in items.iter().enumerate() {
                let place = format!("{place}/{index}");
                places(part, &place, all);
                all.push(place);
            }
        }
        _ => {}
    }
}

/// Does it at one of the places of a document. One that has no parts stays as it is.
pub(crate) fn apply(document: &mut Value, at: Index, change: &Change) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let place = at.get::<String>(&all).clone();
    let (parent, key) = place.rsplit_once('/').expect("a place has a parent");
    let key = key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Put(value) => *document.pointer_mut(&place).expect("it is there") = value.clone(),
        Change::Copy(from) => {
            let value = document.pointer(from.get::<String>(&all)).expect("it is there").clone();
            *document.pointer_mut(&place).expect("it is there") = value;
        }
        Change::Refer(to) => {
            *document.pointer_mut(&place).expect("it is there") =
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
