//! The intended differences between a document and its client, each with its reason.

use std::collections::BTreeSet;

use generator::diagnostics::Diagnostic;

use super::operations::sites;
use super::place::Place;
use super::schema::Schema;
use super::types::Context;

/// Codes of diagnostics that are about names, servers and settings. They explain no difference, because the comparison
/// does not look at these.
const UNRELATED: [&str; 13] = [
    "W001", // an unknown key of `x-sdk`
    "W002", // an unused global parameter
    "W003", // several servers
    "W005", // no `operationId`
    "W006", // an `operationId` used twice
    "W007", // a schema name used twice
    "W008", // an operation name used twice
    "W021", // a broken link
    "W022", // an unknown global parameter
    "W024", // callbacks
    "W026", // a relative server
    "W040", // pagination
    "W060", // a server without encryption
];

/// Whether a diagnostic can be the reason of a difference at its location.
pub(super) fn explains_differences(diagnostic: &Diagnostic) -> bool {
    !UNRELATED.contains(&diagnostic.code.id)
}

/// Whether the client has no argument for a header parameter: OpenAPI says that parameters with these names are ignored,
/// because the media types of the operation and its security requirements describe them.
pub(super) fn is_ignored_header(name: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|ignored| name.eq_ignore_ascii_case(ignored))
}

/// Whether a struct may be without a property.
pub(super) fn may_be_absent(name: &str, schema: &Schema<'_>, context: &Context) -> bool {
    // The tag of a union is written and read by the union, not by its members.
    let is_tag = context.tag.as_deref() == Some(name);
    // A value that only the service sets is not sent, and a value that only the client sets is not received.
    let is_other_direction = if context.is_request { schema.is_read_only } else { schema.is_write_only };
    is_tag || is_other_direction
}

/// Whether a required property may be optional in a struct: if requests or responses, whichever the struct is for, do not
/// have it.
pub(super) fn may_be_optional(schema: &Schema<'_>, context: &Context) -> bool {
    if context.is_request { schema.is_read_only } else { schema.is_write_only }
}

/// Whether a shape, which is that of a request or of a response, may be without a property or its requirement.
pub(super) fn is_of_one_direction(schema: &Schema<'_>) -> bool {
    schema.is_read_only || schema.is_write_only
}

/// Whether an optional property may be `null` although the document does not say so: a merge patch (RFC 7396) removes
/// properties with `null`, so the types of merge patches are copies whose optional properties are nullable.
pub(super) fn may_be_null(is_required: bool, context: &Context) -> bool {
    context.is_merge_patch && !is_required
}

/// Whether `null` is compared. A parameter is text, in which OpenAPI defines no `null`.
pub(super) fn has_null(context: &Context) -> bool {
    !context.is_parameter
}

/// Whether a body that is not JSON is the text or the bytes of its value: text has no other form for numbers and booleans.
pub(super) fn is_raw(schema: &Schema<'_>) -> bool {
    let is_scalar = |ty: &&str| !["object", "array"].contains(ty);
    schema.is_binary || schema.is_unknown || schema.is_any() || schema.types.iter().any(is_scalar)
}

/// Whether an operation accepts credentials that its requirements do not name. A scheme that no operation requires (`W048`
/// reports it) is an alternative of every operation, because a document that declares it means it to be used; a call
/// without credentials is one then, unless the document requires others.
pub(super) fn is_added_alternative(names: &BTreeSet<String>, stated: &[BTreeSet<String>], root: &Place<'_>) -> bool {
    match names.iter().collect::<Vec<_>>().as_slice() {
        [] => stated.is_empty(),
        [name] => root.at(&["components", "securitySchemes", name]).is_some() && !is_required(name, root),
        _ => false,
    }
}

/// Whether a requirement names a scheme.
fn is_required(name: &str, root: &Place<'_>) -> bool {
    let operations = sites(root);
    let own = operations.iter().filter_map(|site| site.place.get("security"));
    let all: Vec<_> = own.chain(root.get("security")).collect();
    all.iter().flat_map(Place::items).any(|alternative| alternative.has(name))
}
