//! Lowers `x-rust-type`: the types of other crates that replace generated types.

use serde_json::{Map, Value};

use crate::document::Node;
use crate::ir::{Dependency, RustType};
use crate::openapi::{RUST_TYPE, RUST_TYPE_ORIGIN, rust_type_problems};

/// Returns the type that replaces that of a schema, if its extension names one.
pub(super) fn rust_type(schema: &Node<'_>) -> Option<RustType> {
    let value = schema.get(RUST_TYPE)?;
    let value = value.value();
    let object = Map::new();
    let object = value.as_object().unwrap_or(&object);
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    let path = value
        .as_str()
        .map(str::to_owned)
        .or_else(|| text("path"))
        .filter(|path| rust_type_problems(&path.as_str().into()).is_empty())?;
    let features = object.get("features").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let dependency = text("crate").zip(text("version")).filter(|_| rust_type_problems(value).is_empty());
    let dependency =
        dependency.map(|(name, version)| Dependency { name, version, features: features.map(str::to_owned).collect() });
    let origin = schema.text(RUST_TYPE_ORIGIN).unwrap_or_default().to_owned();
    Some(RustType { path, dependency, origin })
}
