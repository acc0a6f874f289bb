//! The types after all passes: in one file, or in several files that form one public module.
//!
//! If the crate has features for namespaces, each file has the types of the same features.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::visit::Visit;
use syn::{Ident, Item};

use super::type_features::Features;
use crate::emit::features::{condition, requirement, state};
use crate::emit::package::{manifest, own_dependencies};
use crate::emit::split::{Chunk, Part, divide, fits, flat};
use crate::emit::{Content, Source};
use crate::ir::{Api, TYPES};
use crate::progenitor::{Types, defined};
use crate::{naming, print};

const DOCS: &str = "What is sent and received.";

/// The names of modules and crates that the files use. A file of the same name would hide them.
const TAKEN: [&str; 9] = ["alloc", "core", "defaults", "dispatch", "error", "object", "std", "string_enum", "union"];

/// The features of a file of types, of which it requires one. Empty if it requires none.
type Group = BTreeSet<String>;

pub(super) fn emit(api: &Api, types: &Types, features: &Features) -> Vec<Source> {
    let own = all(&types.file.items);
    let owners = types.file.items.iter().map(|item| owner(item, &own));
    let mut runs: Vec<(Option<&Ident>, Vec<&Item>)> = Vec::new();
    for (owner, item) in owners.zip(&types.file.items) {
        match runs.last_mut() {
            Some((last, items)) if *last == owner => items.push(item),
            _ => runs.push((owner, vec![item])),
        }
    }
    let mut groups: BTreeMap<Group, Vec<Chunk<String>>> = BTreeMap::new();
    for (owner, items) in runs {
        let mut items: Vec<Item> = items.into_iter().cloned().collect();
        let group = owner.map(|owner| features.of(owner)).unwrap_or_default();
        match owner {
            Some(_) => items.iter_mut().for_each(|item| state(item, group.iter().map(String::as_str))),
            None => items.iter_mut().for_each(|item| features.bind_functions(item)),
        }
        let content = print::file(syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
        let name = owner.map(|owner| naming::snake(&owner.to_string())).unwrap_or_default();
        groups.entry(group).or_default().push(Chunk { name, lines: content.lines().count() + 1, content });
    }
    if groups.iter().all(|(group, pieces)| group.is_empty() && fits(pieces)) {
        let pieces = groups.into_values().flatten().collect();
        return vec![file("src/types.rs".to_owned(), DOCS, TokenStream::new(), pieces)];
    }
    several(groups, taken(api))
}

/// Returns several modules of types, and one that re-exports them and contains what they share.
fn several(mut groups: BTreeMap<Group, Vec<Chunk<String>>>, mut taken: BTreeSet<String>) -> Vec<Source> {
    let free = groups.remove(&Group::new()).unwrap_or_default();
    let (mut shared, free): (Vec<_>, Vec<_>) = free.into_iter().partition(|piece| piece.name.is_empty());
    let mut declarations = TokenStream::new();
    let mut sources = Vec::new();
    if groups.is_empty() || !fits(&free) {
        let parts = divide(free, &mut taken);
        declarations.extend(flat(&parts));
        sources.extend(parts.into_iter().map(|part| file_of(part, "")));
    } else {
        shared.extend(free);
    }
    for (group, pieces) in groups {
        let names = || group.iter().map(String::as_str);
        let (condition, requirement) = (condition(names()), requirement(names()));
        for part in divide_group(&group, pieces, &mut taken) {
            let name = format_ident!("{}", part.name);
            declarations.extend(quote!(#condition mod #name; #condition pub use self::#name::*;));
            sources.push(file_of(part, requirement.as_deref().unwrap_or_default()));
        }
    }
    sources.insert(0, file("src/types.rs".to_owned(), DOCS, declarations, shared));
    sources
}

/// Returns the names that no file of types can have.
fn taken(api: &Api) -> BTreeSet<String> {
    let crates = manifest::dependencies().map(str::to_owned).chain(own_dependencies::names(api));
    TAKEN.into_iter().map(str::to_owned).chain(crates.map(|name| name.replace('-', "_"))).collect()
}

/// Splits the types of the same features into files.
fn divide_group(group: &Group, pieces: Vec<Chunk<String>>, taken: &mut BTreeSet<String>) -> Vec<Part<String>> {
    let features: Vec<_> = group.iter().map(String::as_str).filter(|name| *name != TYPES || group.len() == 1).collect();
    let name = format!("for_{}", naming::snake(&features.join(" ")));
    let mut unique = |name: &str| naming::unique(naming::shortened(name), taken);
    if fits(&pieces) {
        return vec![Part { name: unique(&name), pieces }];
    }
    let mut parts = divide(pieces, &mut BTreeSet::new());
    for part in &mut parts {
        part.name = unique(&format!("{name}_{}", part.name.trim_end_matches('_')));
    }
    parts
}

fn file_of(part: Part<String>, requirement: &str) -> Source {
    let siblings = quote! {
        #[allow(unused_imports, clippy::wildcard_imports, reason = "the types are one module in many files")]
        use super::*;
    };
    let docs = format!("Types of [`types`](super), one of several files. {requirement}");
    file(format!("src/types/{}.rs", part.name), docs.trim_end(), siblings, part.pieces)
}

fn file(path: String, docs: &str, items: TokenStream, pieces: Vec<Chunk<String>>) -> Source {
    let laid_out = pieces.into_iter().map(|piece| piece.content).collect();
    Source { path, content: Content::Rust { docs: docs.to_owned(), items, laid_out } }
}

/// Returns the type that an item belongs to: the one it defines, implements something for, converts from, checks, or names first in
/// a macro.
pub(super) fn owner<'a>(item: &'a Item, own: &BTreeSet<&'a Ident>) -> Option<&'a Ident> {
    let block = match item {
        Item::Impl(block) => block,
        Item::Macro(call) => {
            let Some(TokenTree::Ident(first)) = call.mac.tokens.clone().into_iter().next() else { return None };
            return own.get(&first).copied();
        }
        Item::Const(item) => {
            // Checks that a type of another crate has the traits of values.
            let mut names = Names::default();
            names.visit_item_const(item);
            return names.0.into_iter().find_map(|name| own.get(name).copied());
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

/// Returns the types of a file.
pub(super) fn all(items: &[Item]) -> BTreeSet<&Ident> {
    items.iter().filter_map(defined).collect()
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
