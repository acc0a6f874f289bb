//! Finds new names that another type, field or variant has.

use serde_json::Value;

use super::Edit;
use crate::document::{Document, Pointer};
use crate::naming::{PRELUDE, pascal, snake};
use crate::openapi::NAME_OVERRIDE;

/// Returns why a new name, which the document has by now, is not possible.
pub(super) fn collision(document: &Document, edit: &Edit) -> Option<String> {
    if edit.keyword == NAME_OVERRIDE { of_schema(document, edit) } else { of_variant(document, edit) }
}

/// Returns why the name of a type or of a field is not possible.
fn of_schema(document: &Document, edit: &Edit) -> Option<String> {
    let around = edit.schema.parent()?;
    let is_type = around == Pointer::root().join("components").join("schemas");
    let convert: fn(&str) -> String = if is_type { pascal } else { snake };
    let name = convert(edit.value.as_str()?);
    if is_type && PRELUDE.contains(&name.as_str()) {
        return Some(format!("a type cannot have the name `{name}`"));
    }
    let siblings = document.value().pointer(around.as_str())?.as_object()?;
    let stated = |schema: &Value| schema.get(NAME_OVERRIDE)?.as_str().map(convert);
    let own = |(key, schema): (&String, &Value)| stated(schema).unwrap_or_else(|| convert(key));
    let kind = if is_type { "type" } else { "field" };
    (siblings.iter().map(own).filter(|own| *own == name).count() > 1)
        .then(|| format!("another {kind} has the name `{name}`"))
}

/// Returns why the name of a variant is not possible.
fn of_variant(document: &Document, edit: &Edit) -> Option<String> {
    let text = edit.variant.as_deref()?;
    let schema = document.value().pointer(edit.schema.as_str())?;
    let names = schema.get(edit.keyword)?;
    let name = |text: &str| pascal(names.get(text).and_then(Value::as_str).unwrap_or(text));
    let new = name(text);
    let values = schema.get("enum")?.as_array()?.iter().filter_map(Value::as_str);
    let same = values.filter(|value| name(value) == new).count();
    (same > 1 || new == "Unknown").then(|| format!("another variant has the name `{new}`"))
}
