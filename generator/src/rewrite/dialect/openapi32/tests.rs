//! Tests every rewrite against its own fixture.

use crate::rewrite::harness::rewrites;

rewrites! {
    media_type_references
    additional_operations
    item_schemas
    query_strings
    cookie_styles
    default_mappings
    example_values
    summaries
    openapi32_version_header
}
