//! Decides what the document means for the client: names, groups, policies and types. All decisions end in the [`Api`].
//!
//! Lowering reads only the normalised document. It reports what it cannot use, with the location, and continues.

mod client;
mod errors;
mod namespaces;
mod operations;
mod package;
mod pagination;
mod parameters;
mod polling;
mod responses;
mod retries;
mod streaming;
mod types;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::BAD_EXTENSION;
use crate::document::{Document, Node, Pointer};
use crate::ir::{Api, Operation, Slot, SlotDef, SlotRole, Slots, Types};
use crate::openapi::{Site, operations};
use serde_json::{Value, json};

/// The state of lowering.
struct Lowering<'a> {
    document: &'a Document,
    /// The operations of the document.
    sites: &'a [Site<'a>],
    slots: Slots,
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
        self.slots.add(SlotDef { role, schema, operation, location: self.document.location(place) })
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
    let mut lowering =
        Lowering { document, sites: &sites, slots: Slots::default(), diagnostics: Diagnostics::default() };
    let package = lowering.package(spec);
    let mut client = lowering.client(&package);
    let mut operations = lowering.operations(&client);
    client.needs_credential = !operations.is_empty() && operations.iter().all(needs_credential);
    let root = lowering.namespaces(&mut operations, &format!("{}Core", client.name));
    let types = lowering.types();
    lowering.final_values(&mut operations, &types);
    let api = Api { package, client, root, operations, types, slots: lowering.slots };
    (api, lowering.diagnostics)
}

impl Lowering<'_> {
    /// Sets the union member that is the final value of each job.
    fn final_values(&self, operations: &mut [Operation], types: &Types) {
        let done = |operation: &Operation| {
            let result = operation.long_running.as_ref()?.result;
            let state = types.get(&responses::type_name(&self.sites.get(result)?.node)?)?;
            polling::done_member(operations.get(result)?.polling.as_ref()?, state)
        };
        let done: Vec<_> = operations.iter().map(done).collect();
        for (operation, done) in operations.iter_mut().zip(done) {
            if let Some(pair) = &mut operation.long_running {
                pair.done = done;
            }
        }
    }
}

fn needs_credential(operation: &Operation) -> bool {
    !operation.security.is_empty() && operation.security.iter().all(|alternative| !alternative.is_empty())
}
