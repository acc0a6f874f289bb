//! Decides which features each type requires: those of the namespaces whose operations reach it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Ident, Item};

use super::types::{all, owner};
use crate::emit::features::condition;
use crate::ir::{Api, TYPES};
use crate::progenitor::Types;

/// A type that operations of more features reach is always compiled.
const MOST: usize = 8;

/// Types are always compiled if they are reached by so many features that there would be more sets of features than this.
const MOST_SETS: usize = 100;

/// The types that operations name, each with the features of these operations. `None` is the client itself.
pub(super) type Named = BTreeMap<String, BTreeSet<Option<String>>>;

/// The features of each type.
#[derive(Default)]
pub(super) struct Features {
    by_type: HashMap<String, BTreeSet<String>>,
}

impl Features {
    /// Finds the types that operations reach. An API without features of namespaces binds no type.
    pub(super) fn new(api: &Api, types: &Types, named: &Named) -> Self {
        if api.features.is_empty() {
            return Self::default();
        }
        let graph = Graph::of(&types.file.items);
        let free =
            graph.reached(named.iter().filter(|(_, users)| users.contains(&None)).map(|(name, _)| name.as_str()));
        let mut by_type: HashMap<String, BTreeSet<String>> = graph
            .types
            .keys()
            .filter(|name| !free.contains(*name))
            .map(|name| (name.clone(), BTreeSet::new()))
            .collect();
        for feature in &api.features {
            let is_named = |users: &BTreeSet<Option<String>>| users.iter().flatten().any(|user| *user == feature.name);
            let roots = named.iter().filter(|(_, users)| is_named(users)).map(|(name, _)| name.as_str());
            for name in graph.reached(roots) {
                if let Some(features) = by_type.get_mut(name) {
                    features.insert(feature.name.clone());
                }
            }
        }
        let most = most(by_type.values(), api.features.len());
        by_type.retain(|_, features| features.len() <= most);
        for features in by_type.values_mut() {
            features.insert(TYPES.to_owned());
        }
        Self { by_type }
    }

    /// Returns the features of which a type requires one. Empty if it requires none.
    pub(super) fn of(&self, name: &Ident) -> BTreeSet<String> {
        self.by_type.get(&name.to_string()).cloned().unwrap_or_default()
    }

    /// Binds the functions in a module to the features of the types that they name.
    pub(super) fn bind_functions(&self, item: &mut Item) {
        let Item::Mod(module) = item else { return };
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            let mut names = Names::default();
            names.visit_item(item);
            let groups: BTreeSet<_> = names.0.iter().filter_map(|name| self.by_type.get(name)).collect();
            let Item::Fn(function) = item else { continue };
            for group in groups {
                let condition = condition(group.iter().map(String::as_str));
                let conditions: Vec<syn::Attribute> = syn::parse_quote!(#condition);
                function.attrs.splice(0..0, conditions);
            }
        }
    }
}

/// Returns the most features by which a type can be bound.
fn most<'a>(sets: impl Iterator<Item = &'a BTreeSet<String>>, features: usize) -> usize {
    let sets: BTreeSet<_> = sets.collect();
    let number = |most: usize| sets.iter().filter(|set| (2..=most).contains(&set.len())).count();
    // A type that every namespace reaches is not bound to any.
    let largest = MOST.min(features.saturating_sub(1));
    (1..=largest).rev().find(|most| number(*most) <= MOST_SETS).unwrap_or(1)
}

/// The types that the items of each type name.
struct Graph {
    types: HashMap<String, BTreeSet<String>>,
}

impl Graph {
    fn of(items: &[Item]) -> Self {
        let own = all(items);
        let mut types: HashMap<String, BTreeSet<String>> =
            own.iter().map(|name| (name.to_string(), BTreeSet::new())).collect();
        for item in items {
            let Some(owner) = owner(item, &own) else { continue };
            let mut names = Names::default();
            names.visit_item(item);
            names.0.retain(|name| types.contains_key(name));
            if let Some(named) = types.get_mut(&owner.to_string()) {
                named.extend(names.0);
            }
        }
        Self { types }
    }

    /// Returns these types, and all that they contain.
    fn reached<'a>(&'a self, roots: impl Iterator<Item = &'a str>) -> BTreeSet<&'a String> {
        let mut open: Vec<&str> = roots.collect();
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some((name, named)) = self.types.get_key_value(name)
                && reached.insert(name)
            {
                open.extend(named.iter().map(String::as_str));
            }
        }
        reached
    }
}

/// The names that may be those of types: the first ones of paths, without those of modules, and all in macros.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => _ = self.0.insert(name.to_string()),
                TokenTree::Group(group) => self.add(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_path(&mut self, path: &'a syn::Path) {
        let first = path
            .segments
            .iter()
            .find(|segment| !["crate", "self", "super", "types"].iter().any(|module| segment.ident == module));
        self.0.extend(first.map(|segment| segment.ident.to_string()));
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        // The macros of enums contain names of variants and no types.
        let is_enum = call.path.segments.iter().any(|segment| segment.ident == "string_enum");
        if !is_enum {
            self.add(call.tokens.clone());
        }
    }
}
