//! Orders `mod` declarations and imports as rustfmt does, and groups imports: the standard library, other crates, this crate.

use std::cmp::Ordering;

use syn::{Item, UseTree, Visibility};

/// The imports that follow each other without a blank line. Their order is that of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Modules,
    Imports(Origin),
    Exports(Origin),
}

/// Where imported names come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Std,
    Crates,
    Own,
}

/// The section of an item. `None` if it is neither an import nor the declaration of a module.
pub(super) fn section(item: &Item) -> Option<Section> {
    match item {
        Item::Mod(module) if module.content.is_none() => Some(Section::Modules),
        Item::Use(import) => {
            let origin = origin(&import.tree);
            let is_export = !matches!(import.vis, Visibility::Inherited);
            Some(if is_export { Section::Exports(origin) } else { Section::Imports(origin) })
        }
        _ => None,
    }
}

fn origin(tree: &UseTree) -> Origin {
    let first = match tree {
        UseTree::Path(path) => path.ident.to_string(),
        UseTree::Name(name) => name.ident.to_string(),
        UseTree::Rename(rename) => rename.ident.to_string(),
        UseTree::Glob(_) | UseTree::Group(_) => String::new(),
    };
    match first.as_str() {
        "alloc" | "core" | "std" => Origin::Std,
        "crate" | "self" | "super" => Origin::Own,
        _ => Origin::Crates,
    }
}

/// Whether there is no blank line between two items.
pub(super) fn stand_together(one: &Item, other: &Item) -> bool {
    section(one).is_some_and(|own| section(other) == Some(own))
}

/// Orders the imports and modules that follow each other, and the names in each import.
pub(super) fn order(items: &mut [Item]) {
    for item in items.iter_mut() {
        if let Item::Use(import) = item {
            order_names(&mut import.tree);
        }
    }
    for run in items.chunk_by_mut(|one, other| section(one).is_some() && section(other).is_some()) {
        run.sort_by(|one, other| match section(one).cmp(&section(other)) {
            Ordering::Equal => compare_items(one, other),
            different => different,
        });
    }
}

fn compare_items(one: &Item, other: &Item) -> Ordering {
    match (one, other) {
        (Item::Mod(one), Item::Mod(other)) => compare_names(&one.ident.to_string(), &other.ident.to_string()),
        (Item::Use(one), Item::Use(other)) => compare(&one.tree, &other.tree),
        _ => Ordering::Equal,
    }
}

fn order_names(tree: &mut UseTree) {
    match tree {
        UseTree::Path(path) => order_names(&mut path.tree),
        UseTree::Group(group) => {
            let mut names: Vec<UseTree> = std::mem::take(&mut group.items).into_iter().collect();
            names.iter_mut().for_each(order_names);
            names.sort_by(compare);
            group.items = names.into_iter().collect();
        }
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => {}
    }
}

/// The rank of the first segment, its name, and what follows it.
fn first(tree: &UseTree) -> (u8, String, Option<&UseTree>) {
    let named = |ident: &syn::Ident, next| {
        let name = ident.to_string();
        let rank = match name.as_str() {
            "self" => 0,
            "super" => 1,
            "crate" => 2,
            _ => 3,
        };
        (rank, name, next)
    };
    match tree {
        UseTree::Path(path) => named(&path.ident, Some(&*path.tree)),
        UseTree::Name(name) => named(&name.ident, None),
        UseTree::Rename(rename) => named(&rename.ident, None),
        UseTree::Glob(_) => (4, String::new(), None),
        UseTree::Group(_) => (5, String::new(), None),
    }
}

fn compare(one: &UseTree, other: &UseTree) -> Ordering {
    if let (UseTree::Group(one), UseTree::Group(other)) = (one, other) {
        let different = one.items.iter().zip(&other.items).map(|(one, other)| compare(one, other));
        return different.into_iter().find(|order| order.is_ne()).unwrap_or(one.items.len().cmp(&other.items.len()));
    }
    let ((own_rank, own, own_next), (rank, name, next)) = (first(one), first(other));
    let order = own_rank.cmp(&rank).then_with(|| compare_names(&own, &name));
    order.then_with(|| match (own_next, next) {
        (Some(own), Some(next)) => compare(own, next),
        (own, next) => own.is_some().cmp(&next.is_some()),
    })
}

/// Compares names as the style guide's version sorting does: numbers by value, and underscores before all else.
fn compare_names(one: &str, other: &str) -> Ordering {
    let (own, others) = (chunks(one), chunks(other));
    own.cmp(&others).then_with(|| one.cmp(other))
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Chunk<'a> {
    Underscore,
    /// The number of digits without leading zeros, and the digits.
    Number(usize, &'a str),
    Text(&'a str),
}

fn chunks(name: &str) -> Vec<Chunk<'_>> {
    let kind = |character: char| (character == '_', character.is_ascii_digit());
    let (mut chunks, mut rest) = (Vec::new(), name);
    while let Some(begin) = rest.chars().next() {
        let end = if begin == '_' { Some(1) } else { rest.find(|other| kind(other) != kind(begin)) };
        let (chunk, others) = rest.split_at(end.unwrap_or(rest.len()));
        let digits = chunk.trim_start_matches('0');
        chunks.push(match kind(begin) {
            (true, _) => Chunk::Underscore,
            (_, true) => Chunk::Number(digits.len(), digits),
            _ => Chunk::Text(chunk),
        });
        rest = others;
    }
    chunks
}

/// An import on one line.
pub(super) fn line(tree: &UseTree) -> String {
    match tree {
        UseTree::Path(path) => format!("{}::{}", path.ident, line(&path.tree)),
        UseTree::Name(name) => name.ident.to_string(),
        UseTree::Rename(rename) => format!("{} as {}", rename.ident, rename.rename),
        UseTree::Glob(_) => "*".to_owned(),
        UseTree::Group(group) => match group.items.first() {
            // rustfmt removes the braces around a single name.
            Some(only) if group.items.len() == 1 => line(only),
            _ => format!("{{{}}}", group.items.iter().map(line).collect::<Vec<_>>().join(", ")),
        },
    }
}

/// The path up to the names in braces, and those names.
pub(super) fn names(tree: &UseTree) -> Option<(String, Vec<String>)> {
    match tree {
        UseTree::Path(path) => names(&path.tree).map(|(prefix, names)| (format!("{}::{prefix}", path.ident), names)),
        UseTree::Group(group) => Some((String::new(), group.items.iter().map(line).collect())),
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_style_guide() {
        let mut names = ["x10", "x9", "ab", "a_b", "Zebra", "type_", "x", "Error", "ErrorKind"];
        names.sort_by(|one, other| compare_names(one, other));
        assert_eq!(names, ["Error", "ErrorKind", "Zebra", "a_b", "ab", "type_", "x", "x9", "x10"]);
    }

    #[test]
    fn modules_come_first_and_imports_are_grouped_by_their_origin() {
        let mut file: syn::File = syn::parse_quote! {
            use crate::types;
            mod shared;
            pub use crate::{c::*, b::{D, A}};
            use tokio::sync::Semaphore;
            use std::time::Duration;
            mod client;
        };
        order(&mut file.items);
        insta::assert_snapshot!(crate::print::file(file));
    }
}
