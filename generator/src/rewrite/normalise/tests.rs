//! Tests every rewrite against its own fixture.

use crate::document;
use crate::rewrite::harness::rewrites;

rewrites! {
    inline_paths
    name_operations
    move_path_parameters
    fix_path_parameters
    nullable_references
    read_constants
    whole_numbers
    fix_types
    drop_external_parts
    name_deep_targets
    inline_components
    name_xml_elements
    copy_replaced_schemas
    hoist_rust_types
    drop_head_bodies
    separate_lone_defaults
    unwrap_members
    fold_constants
    fold_parts
    merge_properties
    fix_enums
    drop_bad_defaults
    expand_bases
    fix_discriminators
    hoist_inline_schemas
    complete_discriminators
    rename_schemas
    break_cycles
    intersect
    infer_discriminators
    null_in_merge_patches
    split_directions
    move_nullable
    normalise_keywords
}

#[test]
fn a_moved_value_keeps_its_source_position() {
    let text = include_str!("fixtures/hoist_inline_schemas.yaml");
    let (document, _) = super::normalise(document::parse(text).expect("the fixture is sound"));
    let hoisted =
        document.root().at(&["components", "schemas", "UserAddress2", "properties", "city"]).expect("hoisted");
    let span = document.span(hoisted.pointer()).expect("it has a place");
    let line = text.lines().nth(span.line - 1).expect("the line exists");
    assert_eq!(line.trim(), "city: {type: string}");
}
