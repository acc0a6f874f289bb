//! Finds new names that another type, field or variant has.

use serde_json::Value;

use super::Edit;
use crate::document::{Document, Pointer};
use crate::naming::{Named, TakenNames};
use crate::openapi::NAME_OVERRIDE;

/// Returns why a new name, which the document has by now, is not possible.
pub(super) fn collision(document: &Document, edit: &Edit) -> Option<String> {
    if edit.keyword == NAME_OVERRIDE { of_schema(document, edit) } else { of_variant(document, edit) }
}

/// Returns why the name of a type or of a field is not possible.
fn of_schema(document: &Document, edit: &Edit) -> Option<String> {
    let around = edit.schema.parent()?;
    let is_type = around == Pointer::root().join("components").join("schemas");
    let siblings = document.value().pointer(around.as_str())?.as_object()?;
    let names = siblings.iter().map(|(key, schema)| schema.get(NAME_OVERRIDE).and_then(Value::as_str).unwrap_or(key));
    let of = if is_type { Named::Type } else { Named::Field };
    TakenNames::new(of, names).problem(edit.value.as_str()?)
}

/// Returns why the name of a variant is not possible.
fn of_variant(document: &Document, edit: &Edit) -> Option<String> {
    let schema = document.value().pointer(edit.schema.as_str())?;
    let names = schema.get(edit.keyword)?;
    let name = |text| names.get(text).and_then(Value::as_str).unwrap_or(text);
    let values = schema.get("enum")?.as_array()?.iter().filter_map(Value::as_str);
    TakenNames::new(Named::Variant, values.map(name)).problem(name(edit.variant.as_deref()?))
}
