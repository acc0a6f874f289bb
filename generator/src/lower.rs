//! Decides what the document means for the client: names, groups, policies and types. All decisions end in the [`Api`].
//!
//! Lowering reads only the normalised document. It reports what it cannot use, with the location, and continues.

mod client;
mod enums;
mod errors;
mod features;
mod multipart;
mod namespaces;
mod operations;
mod package;
mod pagination;
mod parameter_style;
mod parameters;
mod polling;
mod response_headers;
mod responses;
mod retries;
mod retry_defaults;
mod rust_type;
mod streaming;
#[cfg(test)]
mod tests;
mod types;
mod unions;
mod xml;

use self::client::is_plain;
use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::BAD_EXTENSION;
use crate::document::{Document, Node, Pointer};
use crate::ir::{Api, Operation, ScalarType, Slot, SlotDef, SlotRole, Slots};
use crate::openapi::{Site, operations};
use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Value, json};

/// The state of lowering.
struct Lowering<'a> {
    document: &'a Document,
    /// The operations of the document.
    sites: &'a [Site<'a>],
    slots: Slots,
    /// The names of constants for bodies in XML.
    xml_idents: BTreeSet<String>,
    /// The schemas whose XML has been reported as untyped.
    xml_warned: BTreeSet<Pointer>,
    diagnostics: Diagnostics,
}

impl Lowering<'_> {
    /// Creates a slot for values of a schema, or for any JSON if there is no schema.
    fn slot(&mut self, operation: &Node<'_>, role: SlotRole, schema: Option<&Node<'_>>) -> Slot {
        let value = schema.map_or_else(|| json!({}), |schema| schema.value().clone());
        let place = schema.unwrap_or(operation).pointer();
        self.slot_of(operation, role, value, place)
    }

    /// Creates a slot for values of a schema that is derived from the one at `place`.
    fn slot_of(&mut self, operation: &Node<'_>, role: SlotRole, schema: Value, place: &Pointer) -> Slot {
        let operation = operation.text("operationId").unwrap_or_default().to_owned();
        self.slots.add(SlotDef { role, schema, operation, location: self.document.location(place), xml: None })
    }

    /// Reports an extension value that cannot be used.
    fn bad_extension(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.diagnostics.report(self.document, &BAD_EXTENSION, node.pointer(), message);
    }
}

/// Lowers a normalised document. `spec` is the name of its file.
#[must_use]
pub fn lower(document: &Document, spec: &str) -> (Api, Diagnostics) {
    let sites = operations(document);
    let mut lowering = Lowering {
        document,
        sites: &sites,
        slots: Slots::default(),
        xml_idents: BTreeSet::new(),
        xml_warned: BTreeSet::new(),
        diagnostics: Diagnostics::default(),
    };
    let package = lowering.package(spec);
    let mut client = lowering.client(&package);
    let mut types = lowering.types();
    let mut operations = lowering.operations(&client, &types);
    lowering.add_xml(&mut types);
    client.security = common_security(&operations);
    let mut servers = client.server.iter().chain(operations.iter().filter_map(|operation| operation.server.as_ref()));
    client.needs_plain_http = servers.any(|server| is_plain(server));
    let mut root = lowering.namespaces(&mut operations, &format!("{}Core", client.name));
    let features = features::features(&mut root, &mut operations);
    let slots = lowering.slots;
    let has_scalars = types.iter().any(|definition| ScalarType::is_in(&definition.schema))
        || slots.iter().any(|(_, slot)| ScalarType::is_in(&slot.schema));
    let api = Api { package, client, root, features, operations, types, slots, has_scalars };
    (api, lowering.diagnostics)
}

/// Returns the security requirements of requests that the document does not describe: those of its operations, the most
/// frequent first. A request without a credential is the last choice.
fn common_security(operations: &[Operation]) -> Vec<Vec<String>> {
    let mut counts: Vec<(&Vec<String>, usize)> = Vec::new();
    let stated = operations.iter().flat_map(|operation| &operation.security).filter(|schemes| !schemes.is_empty());
    for schemes in stated {
        match counts.iter_mut().find(|(known, _)| *known == schemes) {
            Some((_, count)) => *count += 1,
            None => counts.push((schemes, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let mut security: Vec<_> = counts.into_iter().map(|(schemes, _)| schemes.clone()).collect();
    if !security.is_empty() {
        security.push(Vec::new());
    }
    security
}
