//! Finds what has another name but is otherwise the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{Callable, Item, Kind, Member, MemberKind, Surface};

/// New names by the old ones.
pub(super) type Renames = BTreeMap<String, String>;

/// How similar two names must be for items that only their names identify.
const SIMILAR: f64 = 0.5;

/// Finds the items that have another name in the same module. Types come first, as signatures contain their names.
pub(super) fn find(old: &BTreeMap<String, Item>, new: &BTreeMap<String, Item>) -> Renames {
    let mut renames = find_client(old, new);
    for of_functions in [false, true] {
        let is_of_pass = |item: &Item| (item.kind == Kind::Function) == of_functions;
        let mut added: BTreeMap<Shape, Vec<&String>> = BTreeMap::new();
        for (path, item) in new.iter().filter(|(path, item)| is_of_pass(item) && !old.contains_key(*path)) {
            for shape in shapes(path, item) {
                added.entry(shape).or_default().push(path);
            }
        }
        let mut taken: BTreeSet<&String> = BTreeSet::new();
        let mut found = Renames::new();
        let removed = old.iter().filter(|(path, item)| is_of_pass(item) && !new.contains_key(*path));
        for (path, item) in removed.filter(|(path, _)| !renames.contains_key(*path)).collect::<Vec<_>>() {
            let item = renamed_item(item, &renames);
            let same = shapes(path, &item).into_iter().find_map(|shape| {
                let is_operation = matches!(shape, Shape::Operation(_));
                let others = added.get(&shape)?.iter().copied().filter(|other| !taken.contains(other));
                let candidates: Vec<_> = others.map(|other| (similarity(name(path), name(other)), other)).collect();
                best(&candidates, is_operation || has_shape(&item))
            });
            if let Some(other) = same {
                taken.insert(other);
                found.insert(path.clone(), other.clone());
            }
        }
        renames.extend(found);
    }
    let modules = renames.iter().filter_map(|(before, after)| {
        let (before, after) = (parent(before), parent(after));
        let is_renamed = before != after && !new.contains_key(before) && !old.contains_key(after);
        is_renamed.then(|| (before.to_owned(), after.to_owned()))
    });
    let modules: Renames = modules.collect();
    renames.extend(modules);
    renames
}

/// Finds the client, its builder and its core, if they have another name. Each of them names the others.
fn find_client(old: &BTreeMap<String, Item>, new: &BTreeMap<String, Item>) -> Renames {
    const PARTS: [&str; 3] = ["", "Builder", "Core"];
    let client = |items: &BTreeMap<String, Item>| {
        let has_parts = |name: &&String| PARTS.iter().all(|part| items.contains_key(&format!("{name}{part}")));
        items.keys().filter(|path| !path.contains("::")).find(has_parts).cloned()
    };
    let Some((before, after)) = client(old).zip(client(new)).filter(|(before, after)| before != after) else {
        return Renames::new();
    };
    PARTS.map(|part| (format!("{before}{part}"), format!("{after}{part}"))).into()
}

/// Finds the features that have another name: items that were renamed need them, and no feature has both names in one version.
pub(super) fn find_features(old: &Surface, new: &Surface, renames: &Renames) -> Renames {
    let feature = |surface: &Surface, path: &str| surface.items.get(path)?.flags.feature.clone();
    let pairs = renames.iter().filter_map(|(before, after)| feature(old, before).zip(feature(new, after)));
    let is_renamed =
        |(before, after): &(String, String)| !new.features.contains_key(before) && !old.features.contains_key(after);
    let mut taken = BTreeSet::new();
    let mut found = Renames::new();
    for (before, after) in pairs.filter(is_renamed) {
        if !found.contains_key(&before) && taken.insert(after.clone()) {
            found.insert(before, after);
        }
    }
    found
}

/// Replaces the names of the features that an item and its members need.
pub(super) fn rename_features(item: &mut Item, features: &Renames) {
    let members = item.members.values_mut().map(|member| &mut member.flags);
    for flags in members.chain([&mut item.flags]) {
        let renamed = flags.feature.as_ref().and_then(|feature| features.get(feature)).cloned();
        flags.feature = renamed.or(flags.feature.take());
    }
}

/// What identifies an item apart from its name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// The request of an operation.
    Operation(String),
    /// The module, the kind, the header and the members.
    Parts(String),
}

/// Returns the shapes of an item, the one that says most first. Modules and implementations are only known by their names.
fn shapes(path: &str, item: &Item) -> Vec<Shape> {
    if matches!(item.kind, Kind::Module | Kind::Implementation) {
        return Vec::new();
    }
    let members = item.members.iter().map(|(name, member)| format!("{name}: {}", member.text));
    let members = members.collect::<Vec<_>>().join("; ");
    let parts = Shape::Parts(format!("{} {:?} {} {members}", parent(path), item.kind, item.header));
    let request = item.operation.as_ref().map(|operation| &operation.request);
    let operation = request.map(|request| Shape::Operation(format!("{} {request}", parent(path))));
    // Each namespace has a module of its own.
    let group = path.starts_with("api::").then(|| Shape::Parts(format!("{:?} {} {members}", item.kind, item.header)));
    operation.into_iter().chain([parts]).chain(group).collect()
}

/// Finds the members that certainly have another name: the same name or value is sent, or they are for the same operation.
pub(super) fn find_members(old: &Item, new: &Item) -> Renames {
    let mut found = Renames::new();
    let mut taken: BTreeSet<&String> = BTreeSet::new();
    for (name, member) in old.members.iter().filter(|(name, _)| !new.members.contains_key(*name)) {
        let added = new.members.iter().filter(|(other, _)| !old.members.contains_key(*other) && !taken.contains(other));
        let same = added.filter(|(_, added)| added.kind == member.kind && added.text == member.text);
        let is_data = matches!(member.kind, MemberKind::Field | MemberKind::Variant);
        let same = same.filter(|(other, added)| {
            is_data && wire(name, member) == wire(other, added) || names_operation(&member.text) || is_namespace(member)
        });
        if let [(other, _)] = same.collect::<Vec<_>>().as_slice() {
            taken.insert(other);
            found.insert(name.clone(), (*other).clone());
        }
    }
    found
}

/// Returns the name or the value that is sent for a field or a variant.
pub(super) fn wire<'a>(name: &'a str, member: &'a Member) -> &'a str {
    member.wire_name.as_deref().unwrap_or(name.trim_start_matches("r#"))
}

/// Returns a new member that may replace one that was removed: it has the same type and a similar name.
pub(super) fn replacement<'a>(name: &str, member: &Member, old: &Item, new: &'a Item) -> Option<&'a String> {
    let added = new.members.iter().filter(|(other, _)| !old.members.contains_key(*other));
    let same = added.filter(|(_, added)| added.kind == member.kind && added.text == member.text);
    let candidates: Vec<_> = same.map(|(other, _)| (similarity(name, other), other)).collect();
    best(&candidates, false)
}

/// The most similar candidate. If the items have a shape that identifies them, the only one need not have a similar name.
fn best<'a>(candidates: &[(f64, &'a String)], has_shape: bool) -> Option<&'a String> {
    let best = candidates.iter().max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= SIMILAR || has_shape && candidates.len() == 1).then_some(best.1)
}

fn similarity(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one.trim_end_matches("()"), other.trim_end_matches("()"))
}

fn parent(path: &str) -> &str {
    path.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn name(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(_, name)| name)
}

fn has_shape(item: &Item) -> bool {
    matches!(item.kind, Kind::Struct | Kind::Enum) && item.members.len() > 2
        || names_operation(&item.header)
        || item.members.values().any(|member| names_operation(&member.text))
}

/// Whether a signature contains the type of an operation, which no other signature in the same place does.
fn names_operation(signature: &str) -> bool {
    signature.contains("funcs::")
}

/// Whether a method returns a namespace, which no other method does.
fn is_namespace(member: &Member) -> bool {
    member.kind == MemberKind::Method && member.text.contains("api::")
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
