//! Reads OpenAPI constructs: what belongs to an operation, wherever the document defines it.
//!
//! Nothing here changes a document. The choices that several stages must make alike are here too: which media type, which
//! response, which example.

mod defaults;
mod dialect;
mod examples;
pub(crate) mod media;
mod operations;
mod parameters;
mod response_parts;
mod responses;
mod rust_type;
mod schemas;
mod unions;

/// The keyword of a media type in XML that states the name of its element: that of its schema.
pub(crate) const XML_NAME: &str = "x-xml-name";

/// The keyword of a media type in XML that states the name of the items of its list: that of their schema.
pub(crate) const XML_ITEM_NAME: &str = "x-xml-item-name";

/// The keyword of a string that states which media type its content has.
pub(crate) const CONTENT_MEDIA_TYPE: &str = "x-content-media-type";

/// The keyword of a string that states how it encodes bytes, if no `format` does.
pub(crate) const CONTENT_ENCODING: &str = "x-content-encoding";

/// The keyword of a string that was a union of bytes and strings.
pub(crate) const BINARY_OR_STRING: &str = "x-binary-or-string";

/// The keyword of an encoding that states what separates the items of a list in its only part.
pub(crate) const ITEM_SEPARATOR: &str = "x-item-separator";

/// The extension that marks values that must not be shown.
pub(crate) const SENSITIVE: &str = "x-speakeasy-param-sensitive";

/// Marks the description of a property that joins those of all parts of an intersection.
pub(crate) const JOINED: &str = "x-joined";

pub(crate) use defaults::{bad_defaults, whole_number};
pub use dialect::Dialect;
pub(crate) use dialect::plain;
pub(crate) use examples::example;
pub(crate) use media::{body_media, json_media};
pub(crate) use operations::{
    ADDITIONAL, METHODS, Site, methods, operations, path_query, placeholder, placeholders, plain_path, sent_method,
};
pub(crate) use parameters::{is_plain, parameter_schema, same_parameter};
pub(crate) use response_parts::{json_path, json_response_schema, schema_at, stream_media};
pub(crate) use responses::{error_responses, is_status, success_headers, success_responses};
pub(crate) use rust_type::{NAME_OVERRIDE, RUST_TYPE, RUST_TYPE_ORIGIN, is_replaced, rust_type_problems};
pub(crate) use schemas::{
    REQUEST_OF, annotated_reference, describes_use, is_known_type, is_unresolved, refers_to_no_schema, schema_nodes,
};
pub(crate) use unions::{
    INFERRED, PARTIAL, VALUES, can_carry_tag, constants, is_tag_property, leaves, listed, names_same, parts,
    property_type, requires, tells_apart, union_members,
};
