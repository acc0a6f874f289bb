//! Decides what the document means for the client: names, groups, policies, types. All decisions end in the [`Api`].
//!
//! Reads the normalised document and nothing else; what it cannot use it reports, with its place, and goes on.

mod client;
mod namespaces;
mod operations;
mod package;
mod parameters;
mod polling;
mod replies;
mod retries;
mod types;

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::BAD_EXTENSION;
use crate::document::{Document, Node};
use crate::ir::{Api, Operation};

/// What every step of lowering works on.
struct Lowering<'a> {
    document: &'a Document,
    found: Diagnostics,
}

impl Lowering<'_> {
    /// Reports a value of an extension that cannot be used.
    fn bad_extension(&mut self, node: &Node<'_>, message: impl Into<String>) {
        self.found.report(self.document, &BAD_EXTENSION, node.pointer(), message);
    }
}

/// Lowers a normalised document. `spec` is the name of its file.
#[must_use]
pub fn lower(document: &Document, spec: &str) -> (Api, Diagnostics) {
    let mut lowering = Lowering { document, found: Diagnostics::default() };
    let package = lowering.package(spec);
    let mut client = lowering.client(&package);
    let operations = lowering.operations(&client);
    client.needs_credential = !operations.is_empty() && operations.iter().all(needs_credential);
    let root = lowering.namespaces(&operations);
    let types = lowering.types();
    let api = Api { package, client, root, operations, types };
    (api, lowering.found)
}

fn needs_credential(operation: &Operation) -> bool {
    !operation.security.is_empty() && operation.security.iter().all(|alternative| !alternative.is_empty())
}
