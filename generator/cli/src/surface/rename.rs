//! Finds what has another name but is otherwise the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{Callable, Item, Kind, Member};

/// New names by the old ones.
pub(super) type Renames = BTreeMap<String, String>;

/// How similar two names must be if the items have nothing else by which they can be recognised.
const SIMILAR: f64 = 0.5;

/// Finds the items that have another name in the same module. Types come first, as signatures contain their names.
pub(super) fn find(old: &BTreeMap<String, Item>, new: &BTreeMap<String, Item>) -> Renames {
    let mut renames = Renames::new();
    for of_functions in [false, true] {
        let removed = old.iter().filter(|(path, _)| !new.contains_key(*path));
        let removed = removed.filter(|(_, item)| (item.kind == Kind::Function) == of_functions);
        let mut taken: BTreeSet<&String> = BTreeSet::new();
        let mut found = Renames::new();
        for (path, item) in removed {
            let item = renamed_item(item, &renames);
            let added = new.iter().filter(|(other, _)| !old.contains_key(*other) && !taken.contains(other));
            let same = added.filter(|(other, added)| parent(path) == parent(other) && is_same(&item, added));
            let candidates: Vec<_> = same
                .map(|(other, added)| {
                    let is_same_operation = item.operation.is_some() && item.operation == added.operation;
                    (if is_same_operation { 1.0 } else { similarity(name(path), name(other)) }, other)
                })
                .collect();
            if let Some(other) = best(&candidates, has_shape(&item)) {
                taken.insert(other);
                found.insert(path.clone(), other.clone());
            }
        }
        renames.extend(found);
    }
    renames
}

/// Finds the members that have another name.
pub(super) fn find_members(old: &Item, new: &Item) -> Renames {
    let mut found = Renames::new();
    let mut taken: BTreeSet<&String> = BTreeSet::new();
    for (name, member) in old.members.iter().filter(|(name, _)| !new.members.contains_key(*name)) {
        let added = new.members.iter().filter(|(other, _)| !old.members.contains_key(*other) && !taken.contains(other));
        let same = added.filter(|(_, added)| added.kind == member.kind && added.text == member.text);
        let candidates: Vec<_> = same
            .map(|(other, added)| {
                let has_same_value = member.wire_name.is_some() && member.wire_name == added.wire_name;
                (if has_same_value { 1.0 } else { similarity(name, other) }, other)
            })
            .collect();
        if let Some(other) = best(&candidates, names_operation(&member.text)) {
            taken.insert(other);
            found.insert(name.clone(), other.clone());
        }
    }
    found
}

/// The most similar candidate. If the items have a shape that identifies them, the only one need not have a similar name.
fn best<'a>(candidates: &[(f64, &'a String)], has_shape: bool) -> Option<&'a String> {
    let best = candidates.iter().max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= SIMILAR || has_shape && candidates.len() == 1).then_some(best.1)
}

fn similarity(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

fn parent(path: &str) -> &str {
    path.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn name(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(_, name)| name)
}

fn has_shape(item: &Item) -> bool {
    matches!(item.kind, Kind::Struct | Kind::Enum) && item.members.len() > 2 || names_operation(&item.header)
}

/// Whether a signature contains the type of an operation, which no other signature in the same place does.
fn names_operation(signature: &str) -> bool {
    signature.contains("funcs::")
}

fn is_same(old: &Item, new: &Item) -> bool {
    let members = |item: &Item| -> Vec<(String, String)> {
        item.members.iter().map(|(name, member)| (name.clone(), member.text.clone())).collect()
    };
    if old.operation.is_some() && old.operation == new.operation {
        return true;
    }
    let has_own_name = matches!(old.kind, Kind::Module | Kind::Implementation);
    !has_own_name && old.kind == new.kind && old.header == new.header && members(old) == members(new)
}

/// Replaces the names in an item.
pub(super) fn renamed_item(item: &Item, renames: &Renames) -> Item {
    let mut item = item.clone();
    if renames.is_empty() {
        return item;
    }
    item.header = renamed(&item.header, renames);
    item.traits = item.traits.iter().map(|name| renamed(name, renames)).collect();
    item.members.values_mut().for_each(|member| rename_member(member, renames));
    rename_callable(&mut item.callable, renames);
    item
}

fn rename_member(member: &mut Member, renames: &Renames) {
    member.text = renamed(&member.text, renames);
    rename_callable(&mut member.callable, renames);
}

fn rename_callable(callable: &mut Callable, renames: &Renames) {
    for argument in &mut callable.arguments {
        argument.ty = renamed(&argument.ty, renames);
    }
    callable.output = renamed(&callable.output, renames);
}

/// Replaces the paths in a text.
pub(super) fn renamed(text: &str, renames: &Renames) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|character: char| !(character.is_alphanumeric() || "_:".contains(character))) {
        let path = part.trim_end_matches(|character: char| !(character.is_alphanumeric() || character == '_'));
        out.push_str(renames.get(path).map_or(path, String::as_str));
        out.push_str(part.strip_prefix(path).unwrap_or_default());
    }
    out
}
