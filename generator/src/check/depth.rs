//! Checks how deeply schemas are composed of other schemas, before any stage follows them.
//!
//! Later stages and progenitor resolve intersections recursively, so a chain of thousands would overflow the stack.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::TOO_DEEP;
use crate::document::{Document, Node, Pointer};
use crate::openapi::schema_nodes;

/// The maximum number of steps in an intersection, which real documents do not reach.
const STEPS: usize = 64;
/// The maximum number of nested arrays or maps, likewise.
const LEVELS: usize = 24;

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    check_nesting(document, diagnostics);
    let schemas = document.root().at(&["components", "schemas"]);
    let mut depths = Depths::default();
    for (name, schema) in schemas.iter().flat_map(Node::entries) {
        // Only the first schema of a chain that is too deep is reported, not those that are composed of it.
        if depths.of(&schema) == STEPS + 1 {
            let message = format!("schema `{name}` is composed of other schemas more than {STEPS} levels deep");
            diagnostics.report(document, &TOO_DEEP, schema.pointer(), message);
        }
    }
}

/// Checks arrays and maps that are nested without a name in between. Too many would overflow the stack as well.
fn check_nesting(document: &Document, diagnostics: &mut Diagnostics) {
    for schema in schema_nodes(document) {
        let keys = schema.pointer().as_str().rsplit('/');
        let levels = keys.take_while(|key| matches!(*key, "items" | "additionalProperties")).count();
        if levels == LEVELS + 1 {
            let message = format!("arrays and maps are nested more than {LEVELS} levels deep");
            diagnostics.report(document, &TOO_DEEP, schema.pointer(), message);
        }
    }
}

/// The number of steps from a schema to the innermost one it is composed of. A cycle ends where it
/// repeats; another check reports it.
#[derive(Default)]
struct Depths(BTreeMap<Pointer, usize>);

impl Depths {
    fn of(&mut self, schema: &Node<'_>) -> usize {
        let mut entered = BTreeSet::new();
        // An explicit stack: recursion would overflow on the schemas that this check looks for.
        let mut open = vec![(schema.clone(), false)];
        while let Some((schema, is_done)) = open.pop() {
            if self.0.contains_key(schema.pointer()) {
                continue;
            }
            let parts = parts(&schema);
            if is_done {
                let deepest = parts.iter().filter_map(|part| self.0.get(part.pointer())).max();
                self.0.insert(schema.pointer().clone(), deepest.map_or(0, |deepest| deepest + 1));
            } else if entered.insert(schema.pointer().clone()) {
                open.push((schema, true));
                open.extend(parts.into_iter().map(|part| (part, false)));
            }
        }
        self.0.get(schema.pointer()).copied().unwrap_or_default()
    }
}

/// Returns the schemas that a reference, intersection, union or negation is composed of.
fn parts<'a>(schema: &Node<'a>) -> Vec<Node<'a>> {
    let mut targets = Vec::new();
    let mut open = vec![schema.clone()];
    while let Some(part) = open.pop() {
        if part.text("$ref").is_some() {
            targets.extend(part.follow());
            continue;
        }
        for part in ["allOf", "oneOf", "anyOf"].iter().filter_map(|key| part.get(key)) {
            open.extend(part.items());
        }
        open.extend(part.get("not"));
    }
    targets
}
