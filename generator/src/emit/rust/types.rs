//! The types after all passes: in one file, or in several files that form one public module.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::visit::Visit;
use syn::{Ident, Item};

use crate::emit::split::{Chunk, divide, fits, flat};
use crate::emit::{Content, Source};
use crate::progenitor::Types;
use crate::{naming, print};

const DOCS: &str = "What is sent and received.";

pub(crate) fn emit(types: &Types) -> Vec<Source> {
    let own: BTreeSet<&Ident> = types.file.items.iter().filter_map(defined).collect();
    let owners = types.file.items.iter().map(|item| owner(item, &own));
    let mut runs: Vec<(Option<&Ident>, Vec<&Item>)> = Vec::new();
    for (owner, item) in owners.zip(&types.file.items) {
        match runs.last_mut() {
            Some((last, items)) if *last == owner => items.push(item),
            _ => runs.push((owner, vec![item])),
        }
    }
    let piece = |(owner, items): (Option<&Ident>, Vec<&Item>)| {
        let items = items.into_iter().cloned().collect();
        let content = print::file(syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
        let name = owner.map(|owner| naming::snake(&owner.to_string())).unwrap_or_default();
        Chunk { name, lines: content.lines().count() + 1, content }
    };
    let pieces: Vec<_> = runs.into_iter().map(piece).collect();
    if fits(&pieces) {
        return vec![file("src/types.rs".to_owned(), DOCS, TokenStream::new(), pieces)];
    }
    several(pieces)
}

/// Returns several modules of types, and one that re-exports them and contains what they share.
fn several(pieces: Vec<Chunk<String>>) -> Vec<Source> {
    let (shared, own): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|piece| piece.name.is_empty());
    let parts = divide(
        own,
        &mut BTreeSet::from(["defaults", "dispatch", "error", "object", "string_enum", "union"].map(str::to_owned)),
    );
    let mut sources = vec![file("src/types.rs".to_owned(), DOCS, flat(&parts), shared)];
    let siblings = quote! {
        #[allow(unused_imports, clippy::wildcard_imports, reason = "the types are one module in many files")]
        use super::*;
    };
    sources.extend(parts.into_iter().map(|part| {
        let path = format!("src/types/{}.rs", part.name);
        file(path, "Types of [`types`](super), one of many files.", siblings.clone(), part.pieces)
    }));
    sources
}

fn file(path: String, docs: &str, items: TokenStream, pieces: Vec<Chunk<String>>) -> Source {
    let laid_out = pieces.into_iter().map(|piece| piece.content).collect();
    Source { path, content: Content::Rust { docs: docs.to_owned(), items, laid_out } }
}

/// Returns the type that an item defines.
fn defined(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// Returns the type that an item belongs to: the one it defines, implements something for, converts from, or names first in a
/// macro.
fn owner<'a>(item: &'a Item, own: &BTreeSet<&'a Ident>) -> Option<&'a Ident> {
    let block = match item {
        Item::Impl(block) => block,
        Item::Macro(call) => {
            let Some(TokenTree::Ident(first)) = call.mac.tokens.clone().into_iter().next() else { return None };
            return own.get(&first).copied();
        }
        _ => return defined(item),
    };
    let first = |visit: &dyn Fn(&mut Names<'a>)| {
        let mut names = Names::default();
        visit(&mut names);
        names.0.into_iter().find(|name| own.contains(name))
    };
    let traited = || block.trait_.as_ref().and_then(|(path, _)| first(&|names| names.visit_path(path)));
    first(&|names| names.visit_type(&block.self_ty)).or_else(traited)
}

/// All names in paths, in order.
#[derive(Default)]
struct Names<'a>(Vec<&'a Ident>);

impl<'a> Visit<'a> for Names<'a> {
    fn visit_path_segment(&mut self, segment: &'a syn::PathSegment) {
        self.0.push(&segment.ident);
        syn::visit::visit_path_segment(self, segment);
    }
}
