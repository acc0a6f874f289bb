//! Schemas made of schemas made of schemas: how deep that goes, before anything follows it.
//!
//! Later stages and the back end take intersections apart by recursion, so that a chain of thousands would fill the stack.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostics;
use crate::diagnostics::catalogue::TOO_DEEP;
use crate::document::{Document, Node, Pointer};
use crate::openapi::schema_nodes;

/// No document that anybody has written is an intersection through more steps.
const STEPS: usize = 64;
/// Nor a list of lists of more levels.
const LEVELS: usize = 24;

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    check_nesting(document, diagnostics);
    let schemas = document.root().at(&["components", "schemas"]);
    let mut depths = Depths::default();
    for (name, schema) in schemas.iter().flat_map(Node::entries) {
        // Of a chain, the first that is too deep is told; those that are made of it need no words of their own.
        if depths.of(&schema) == STEPS + 1 {
            let message = format!("schema `{name}` is composed of other schemas more than {STEPS} levels deep");
            diagnostics.report(document, &TOO_DEEP, schema.pointer(), message);
        }
    }
}

/// Lists of lists, and maps of maps, one in the other without a name in between: a type as deep would fill the stack too.
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

/// How many steps lead from a schema to the last it is made of. Cycles end where they begin again: others report them.
#[derive(Default)]
struct Depths(BTreeMap<Pointer, usize>);

impl Depths {
    fn of(&mut self, schema: &Node<'_>) -> usize {
        let mut entered = BTreeSet::new();
        // A stack of its own, as it is the depth that is in question.
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

/// What an intersection, union or negation, or a mere reference, is made of.
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
