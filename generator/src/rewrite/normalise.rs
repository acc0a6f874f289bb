//! Rewrites a document into the form that later stages read: one location for each construct, and a name for each
//! compound schema.
//!
//! No rewrite changes the meaning of the document without a warning. A rewrite leaves what it cannot handle alone,
//! because `check` has reported it.

mod break_cycles;
mod copy_replaced_schemas;
mod drop_bad_defaults;
mod drop_external_parts;
mod drop_head_bodies;
mod expand_bases;
mod fix_discriminators;
mod fix_enums;
mod fix_path_parameters;
mod fix_types;
mod fold_constants;
mod fold_parts;
mod hoist_inline_schemas;
mod hoist_rust_types;
mod infer_discriminators;
mod inline_components;
mod inline_paths;
mod intersect;
mod merge_properties;
mod move_nullable;
mod move_path_parameters;
mod name_deep_targets;
mod name_operations;
mod name_xml_elements;
mod normalise_keywords;
mod null_in_merge_patches;
mod nullable_references;
mod read_constants;
mod rename_schemas;
mod separate_lone_defaults;
mod shape;
mod split_directions;
#[cfg(test)]
mod tests;
mod unwrap_members;
mod whole_numbers;

use super::{Log, Rewrite, apply_all};
use crate::diagnostics::Diagnostics;
use crate::document::Document;

/// All rewrites, in the order in which they run.
///
/// Paths and parameters come first, because references to them must be resolved before parts are looked up by path.
/// Inline schemas get names (`hoist_inline_schemas`) before names are made unique in Rust (`rename_schemas`), and only
/// named schemas can be in a cycle or an intersection. Discriminators are inferred after `intersect`, when each member has
/// all its properties. The same is true of merge patches (`null_in_merge_patches`) and of the forms that
/// requests and responses have (`split_directions`).
pub const REWRITES: &[Rewrite] = &[
    Rewrite::beside("inline_paths", inline_paths::run),
    Rewrite::beside("name_operations", name_operations::run),
    Rewrite::beside("move_path_parameters", move_path_parameters::run),
    Rewrite::beside("fix_path_parameters", fix_path_parameters::run),
    Rewrite::beside("nullable_references", nullable_references::run),
    Rewrite::beside("read_constants", read_constants::run),
    Rewrite::beside("whole_numbers", whole_numbers::run),
    Rewrite::beside("fix_types", fix_types::run),
    Rewrite::beside("drop_external_parts", drop_external_parts::run),
    Rewrite::beside("name_deep_targets", name_deep_targets::run),
    Rewrite::beside("inline_components", inline_components::run),
    Rewrite::beside("name_xml_elements", name_xml_elements::run),
    Rewrite::beside("copy_replaced_schemas", copy_replaced_schemas::run),
    Rewrite::beside("hoist_rust_types", hoist_rust_types::run),
    Rewrite::beside("drop_head_bodies", drop_head_bodies::run),
    Rewrite::beside("separate_lone_defaults", separate_lone_defaults::run),
    Rewrite::beside("unwrap_members", unwrap_members::run),
    Rewrite::beside("fold_constants", fold_constants::run),
    Rewrite::in_turn("fold_parts", fold_parts::run),
    Rewrite::beside("merge_properties", merge_properties::run),
    Rewrite::beside("fix_enums", fix_enums::run),
    Rewrite::beside("drop_bad_defaults", drop_bad_defaults::run),
    Rewrite::beside("expand_bases", expand_bases::run),
    Rewrite::beside("fix_discriminators", fix_discriminators::run),
    Rewrite::beside("hoist_inline_schemas", hoist_inline_schemas::run),
    Rewrite::beside("complete_discriminators", infer_discriminators::complete),
    Rewrite::beside("rename_schemas", rename_schemas::run),
    Rewrite::beside("break_cycles", break_cycles::run),
    Rewrite::beside("intersect", intersect::run),
    Rewrite::beside("infer_discriminators", infer_discriminators::infer),
    Rewrite::beside("null_in_merge_patches", null_in_merge_patches::run),
    Rewrite::beside("split_directions", split_directions::run),
    Rewrite::beside("move_nullable", move_nullable::run),
    Rewrite::beside("normalise_keywords", normalise_keywords::run),
];

/// Runs all rewrites, and reports what they could not preserve.
#[must_use]
pub fn normalise(document: Document) -> (Document, Diagnostics) {
    apply_all(REWRITES, document)
}
