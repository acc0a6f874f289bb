//! Turns OpenAPI 3.1 into 3.0.
//!
//! Where 3.0 has no equivalent, the result allows more values than the
//! document does, never fewer, with a warning (`W030`). Constructs that can be neither expressed nor omitted are an
//! error (`E050`). A rewrite leaves values that it does not understand alone; `check` reports them.

mod boolean_schemas;
mod close_objects;
mod constants;
mod drop_conditions;
mod encodings;
mod exclusive_bounds;
mod hoist_definitions;
mod inline_path_items;
mod null_branches;
mod override_references;
mod pattern_properties;
mod reference_siblings;
mod resolve_identifiers;
mod single_examples;
#[cfg(test)]
mod tests;
mod transport_security;
mod tuples;
mod type_lists;
mod version_header;
mod webhooks;

use super::{Log, schemas};
use crate::rewrite::Rewrite;

/// All rewrites, in the order in which they run.
///
/// References come first, because later rewrites look at the schemas they lead to. Keywords that 3.0 lacks are replaced
/// before `type_lists` and `null_branches` decide what may be `null`. `version_header` is last, because it changes the
/// version that makes these rewrites apply.
pub const REWRITES: &[Rewrite] = &[
    Rewrite::in_place("webhooks", webhooks::run),
    Rewrite::in_place("inline_path_items", inline_path_items::run),
    Rewrite::in_place("transport_security", transport_security::run),
    Rewrite::in_place("override_references", override_references::run),
    Rewrite::in_place("resolve_identifiers", resolve_identifiers::run),
    Rewrite::in_place("hoist_definitions", hoist_definitions::run),
    Rewrite::in_place("tuples", tuples::run),
    Rewrite::in_place("boolean_schemas", boolean_schemas::run),
    Rewrite::in_place("pattern_properties", pattern_properties::run),
    Rewrite::in_place("close_objects", close_objects::run),
    Rewrite::in_place("drop_conditions", drop_conditions::run),
    Rewrite::in_place("constants", constants::run),
    Rewrite::in_place("type_lists", type_lists::run),
    Rewrite::in_place("null_branches", null_branches::run),
    Rewrite::in_place("exclusive_bounds", exclusive_bounds::run),
    Rewrite::in_place("single_examples", single_examples::run),
    Rewrite::in_place("encodings", encodings::run),
    Rewrite::in_place("reference_siblings", reference_siblings::run),
    Rewrite::in_place("version_header", version_header::run),
];
