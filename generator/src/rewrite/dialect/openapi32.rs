//! Turns OpenAPI 3.2 into 3.1, whose own rewrites follow.

mod additional_operations;
mod cookie_styles;
mod default_mappings;
mod example_values;
mod item_schemas;
mod media_type_references;
mod query_strings;
mod summaries;
#[cfg(test)]
mod tests;
mod version_header;

use serde_json::{Map, Value};

use super::schemas;
use super::schemas::NAMED;
use crate::document::{Pointer, is_data};
use crate::rewrite::Rewrite;

/// All rewrites, in the order in which they run. References come first, because later rewrites look at what they lead to.
/// `version_header` is last, because it changes the version that makes these rewrites apply.
pub const REWRITES: &[Rewrite] = &[
    Rewrite::in_place("media_type_references", media_type_references::run),
    Rewrite::in_place("additional_operations", additional_operations::run),
    Rewrite::in_place("item_schemas", item_schemas::run),
    Rewrite::in_place("query_strings", query_strings::run),
    Rewrite::in_place("cookie_styles", cookie_styles::run),
    Rewrite::in_place("default_mappings", default_mappings::run),
    Rewrite::in_place("example_values", example_values::run),
    Rewrite::in_place("summaries", summaries::run),
    Rewrite::in_place("openapi32_version_header", version_header::run),
];

type Object = Map<String, Value>;

/// Calls a function with each object of the description that is not in a schema, inner objects first.
fn each_part(document: &mut Value, change: &mut dyn FnMut(&mut Object, &Pointer)) {
    visit(document, &Pointer::root(), false, change);
}

/// `has_names` states whether the keys of the value are names.
fn visit(value: &mut Value, place: &Pointer, has_names: bool, change: &mut dyn FnMut(&mut Object, &Pointer)) {
    match value {
        Value::Array(items) => {
            items.iter_mut().enumerate().for_each(|(index, item)| visit(item, &place.join(index), false, change));
        }
        Value::Object(object) => {
            for (key, part) in object.iter_mut() {
                let key = key.as_str();
                let is_schema = matches!(key, "schema" | "schemas" | "itemSchema");
                if has_names || !(is_schema || is_data(key) && key != "examples" || key.starts_with("x-")) {
                    let are_names = !has_names && (NAMED.contains(&key) || key == "mediaTypes" || key == "examples");
                    visit(part, &place.join(key), are_names && part.is_object(), change);
                }
            }
            if !has_names {
                change(object, place);
            }
        }
        _ => {}
    }
}
