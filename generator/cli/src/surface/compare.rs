//! Compares two public APIs by the rules of cargo ("SemVer Compatibility" in the Cargo book). A changed type or signature always counts
//! as breaking.

use std::collections::{BTreeMap, BTreeSet};

use super::rename::{self, Renames};
use super::{
    Argument, Callable, Change, ChangeKind, Flags, Impact, Item, Kind, Member, MemberKind, Operation, Surface,
};

/// Returns what changes between two versions: breaking changes first, then by item.
#[must_use]
pub fn compare(old: &Surface, new: &Surface) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.package != new.package {
        let message = format!("the package is `{}` instead of `{}`", new.package, old.package);
        let change = Change::new(ChangeKind::PackageRenamed, Impact::Major, "", message);
        changes.push(change.between(&old.package, &new.package).with_hint("change the name in the dependencies"));
    }
    let renames = rename::find(&old.items, &new.items);
    let features = rename::find_features(old, new, &renames);
    for (before, after) in &features {
        let message = format!("the feature `{before}` was renamed to `{after}`");
        let change = Change::new(ChangeKind::Feature, Impact::Major, "", message).of_member(before);
        changes.push(change.between(before, after).with_hint("change the name in the dependencies"));
    }
    let old_features = old.features.iter();
    let old_features = old_features.map(|(name, is_default)| (features.get(name).unwrap_or(name).clone(), *is_default));
    compare_features(&old_features.collect(), &new.features, &mut changes);
    let old_items: BTreeMap<String, Item> = old
        .items
        .iter()
        .map(|(path, item)| {
            let path = renames.get(path).unwrap_or(path);
            let mut item = rename::renamed_item(item, &renames);
            rename::rename_features(&mut item, &features);
            (rename::renamed(path, &renames), item)
        })
        .collect();
    changes.extend(renames.iter().map(|(before, after)| renamed(before, after)));
    for (path, item) in &old_items {
        match new.items.get(path) {
            Some(other) => compare_items(path, item, other, &mut changes),
            None if item.kind == Kind::Implementation && !item.members.is_empty() => {
                compare_items(path, item, &Item::new(item.kind), &mut changes);
            }
            None => changes.push(removed(path, item)),
        }
    }
    for (path, item) in new.items.iter().filter(|(path, _)| !old_items.contains_key(*path)) {
        if item.kind == Kind::Implementation && !item.members.is_empty() {
            compare_items(path, &Item::new(item.kind), item, &mut changes);
        } else {
            let message = format!("`{path}` is new ({})", item.kind.name());
            changes.push(Change::new(ChangeKind::Added, Impact::Minor, path, message).between("", &item.header));
        }
    }
    add_new_places(&mut changes);
    changes.sort_by(|one, other| {
        (other.impact, &one.item, &one.member, one.kind).cmp(&(one.impact, &other.item, &other.member, other.kind))
    });
    changes
}

/// Adds where an operation is that moved to another group.
fn add_new_places(changes: &mut [Change]) {
    let name = |change: &Change| format!("{}.{}", change.item, change.member.as_deref().unwrap_or_default());
    let added: BTreeMap<String, String> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Added)
        .filter_map(|change| Some((change.after.clone().filter(|text| text.contains("funcs::"))?, name(change))))
        .collect();
    for change in changes.iter_mut().filter(|change| change.kind == ChangeKind::Removed) {
        if let Some(place) = change.before.as_ref().and_then(|text| added.get(text)) {
            change.hint = Some(format!("call `{place}`"));
        }
    }
}

fn compare_features(old: &BTreeMap<String, bool>, new: &BTreeMap<String, bool>, changes: &mut Vec<Change>) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (impact, what) = match (old.get(name), new.get(name)) {
            (Some(_), None) => (Impact::Major, "was removed"),
            (None, Some(_)) => (Impact::Minor, "is new"),
            (Some(true), Some(false)) => (Impact::Major, "is no longer enabled by default"),
            (Some(false), Some(true)) => (Impact::Minor, "is enabled by default"),
            _ => continue,
        };
        let change = Change::new(ChangeKind::Feature, impact, "", format!("the feature `{name}` {what}"));
        changes.push(change.of_member(name));
    }
}

fn renamed(before: &str, after: &str) -> Change {
    let message = format!("`{before}` was renamed to `{after}`");
    Change::new(ChangeKind::Renamed, Impact::Major, before, message).between(before, after)
}

fn removed(path: &str, item: &Item) -> Change {
    let message = format!("`{path}` was removed ({})", item.kind.name());
    let change = Change::new(ChangeKind::Removed, Impact::Major, path, message).between(&item.header, "");
    if item.kind == Kind::Function {
        return change.with_hint("if the service still has the operation, send it with `raw_request`");
    }
    change
}

fn compare_items(path: &str, old: &Item, new: &Item, changes: &mut Vec<Change>) {
    if old.kind != new.kind {
        let message = format!("`{path}` is of the kind {} instead of {}", new.kind.name(), old.kind.name());
        changes.push(Change::new(ChangeKind::KindChanged, Impact::Major, path, message));
        return;
    }
    if old.header != new.header {
        changes.push(header_changed(path, old, new));
    } else if is_reordered(&old.callable, &new.callable) {
        let subject = Subject { path, member: None };
        changes
            .push(subject.change(ChangeKind::Reordered, Impact::Major, ARGUMENTS_REORDERED).with_hint(PASS_IN_ORDER));
    }
    compare_flags(&Subject { path, member: None }, &old.flags, &new.flags, changes);
    compare_traits(path, old, new, changes);
    if let (Some(before), Some(after)) = (&old.operation, &new.operation) {
        compare_operations(path, before, after, changes);
    }
    if let (Some(before), Some(after)) = (old.order(), new.order()) {
        let kept = |all: &[&str], other: &[&str]| -> Vec<String> {
            all.iter().filter(|name| other.contains(name)).map(|name| (*name).to_owned()).collect()
        };
        if kept(&before, &after) != kept(&after, &before) {
            let message = format!("`{path}` is ordered by its parts, which are in another order");
            changes.push(Change::new(ChangeKind::Reordered, Impact::Major, path, message));
        }
    }
    compare_members(path, old, new, changes);
}

fn compare_operations(path: &str, old: &Operation, new: &Operation, changes: &mut Vec<Change>) {
    let mut differs = |what: &str, before: &str, after: &str| {
        let message = format!("`{path}` {what} `{after}` instead of `{before}`");
        changes.push(Change::new(ChangeKind::WireChanged, Impact::Patch, path, message).between(before, after));
    };
    if old.request != new.request {
        differs("sends", &old.request, &new.request);
    }
    if let (Some(before), Some(after)) = (&old.accept, &new.accept)
        && before != after
    {
        differs("requests", before, after);
    }
    // Programs have set the credentials of any combination, or none if the service needed none.
    let open = [BTreeSet::new()];
    let accepted = if new.security.is_empty() { &open[..] } else { &new.security };
    let given = if old.security.is_empty() { &open[..] } else { &old.security };
    if given.iter().all(|given| accepted.iter().any(|needed| needed.is_subset(given))) {
        return;
    }
    let texts = |all: &[BTreeSet<String>]| -> Vec<String> {
        let each =
            all.iter().map(|names| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and "));
        each.map(|names| if names.is_empty() { "none".to_owned() } else { names }).collect()
    };
    let (before, after) = (texts(given).join(", or "), texts(accepted).join(", or "));
    let message = format!("`{path}` needs other credentials: {after} instead of {before}");
    // Programs compile as before.
    let change = Change::new(ChangeKind::WireChanged, Impact::Patch, path, message).between(&before, &after);
    changes.push(change.with_hint("set them on the builder; otherwise the call fails before it is sent"));
}

fn header_changed(path: &str, old: &Item, new: &Item) -> Change {
    let (message, hint) = match old.kind {
        Kind::Function => signature_changed(path, &old.callable, &new.callable),
        Kind::Alias | Kind::Export => (format!("`{path}` is another name of `{}`", new.header), None),
        Kind::Constant => (format!("`{path}` has the type `{}`", new.header), None),
        Kind::Trait => (format!("the definition of `{path}` changed"), None),
        _ => (format!("`{path}` has other type parameters"), None),
    };
    let change = Change::new(ChangeKind::TypeChanged, Impact::Major, path, message).between(&old.header, &new.header);
    match hint {
        Some(hint) => change.with_hint(hint),
        None => change,
    }
}

/// An item or one of its members.
struct Subject<'a> {
    path: &'a str,
    member: Option<&'a str>,
}

impl Subject<'_> {
    fn change(&self, kind: ChangeKind, impact: Impact, what: &str) -> Change {
        let name = self.member.map_or_else(|| self.path.to_owned(), |member| format!("{}.{member}", self.path));
        let change = Change::new(kind, impact, self.path, format!("`{name}` {what}"));
        match self.member {
            Some(member) => change.of_member(member),
            None => change,
        }
    }
}

fn compare_flags(subject: &Subject<'_>, old: &Flags, new: &Flags, changes: &mut Vec<Change>) {
    match (old.is_non_exhaustive, new.is_non_exhaustive) {
        (false, true) => changes.push(
            subject
                .change(ChangeKind::BecameNonExhaustive, Impact::Major, "is non-exhaustive")
                .with_hint("add `..` to patterns and `_ =>` to `match`, and use its constructor"),
        ),
        (true, false) => changes.push(subject.change(ChangeKind::Relaxed, Impact::Minor, "is exhaustive")),
        _ => {}
    }
    if !old.is_deprecated && new.is_deprecated {
        changes.push(subject.change(ChangeKind::Deprecated, Impact::Minor, "is deprecated"));
    }
    if !old.is_must_use && new.is_must_use {
        changes.push(subject.change(ChangeKind::MustUse, Impact::Minor, "must be used"));
    }
    match (&old.feature, &new.feature) {
        (before, Some(after)) if before.as_ref() != Some(after) => changes.push(
            subject
                .change(ChangeKind::NeedsFeature, Impact::Major, &format!("needs the feature `{after}`"))
                .with_hint(format!("enable the feature `{after}`")),
        ),
        (Some(before), None) => {
            let what = format!("no longer needs the feature `{before}`");
            changes.push(subject.change(ChangeKind::Relaxed, Impact::Minor, &what));
        }
        _ => {}
    }
}

fn compare_traits(path: &str, old: &Item, new: &Item, changes: &mut Vec<Change>) {
    for name in old.traits.difference(&new.traits) {
        let message = format!("`{path}` no longer implements `{name}`");
        let change = Change::new(ChangeKind::TraitRemoved, Impact::Major, path, message).of_member(name);
        changes.push(match name.as_str() {
            "Copy" => change.with_hint("clone the value"),
            "Eq" | "Hash" => change.with_hint("do not use the type as a key"),
            "Default" => change.with_hint("use its constructor"),
            _ => change,
        });
    }
    for name in new.traits.difference(&old.traits) {
        let message = format!("`{path}` implements `{name}`");
        changes.push(Change::new(ChangeKind::TraitAdded, Impact::Minor, path, message).of_member(name));
    }
}

fn compare_members(path: &str, old: &Item, new: &Item, changes: &mut Vec<Change>) {
    let renames = rename::find_members(old, new);
    let mut found = Vec::new();
    for (name, member) in &old.members {
        let subject = Subject { path, member: Some(name) };
        let Some(other) = renames.get(name).map_or_else(|| new.members.get(name), |name| new.members.get(name)) else {
            let mut change = member_removed(&subject, member, new);
            if let Some(other) = rename::replacement(name, member, old, new) {
                change.hint = Some(format!("if `{other}` replaces it, use that"));
            }
            found.push(change);
            continue;
        };
        if let Some(after) = renames.get(name) {
            let change = subject.change(ChangeKind::Renamed, Impact::Major, &format!("was renamed to `{after}`"));
            found.push(change.between(name, after));
        }
        let names = (rename::wire(name, member), rename::wire(renames.get(name).unwrap_or(name), other));
        if matches!(member.kind, MemberKind::Field | MemberKind::Variant) && names.0 != names.1 {
            let what = format!("is sent as {:?} instead of {:?}", names.1, names.0);
            let change = subject.change(ChangeKind::WireChanged, Impact::Patch, &what);
            found.push(change.between(names.0, names.1));
        }
        compare_member(&subject, member, other, &mut found);
    }
    let added = new.members.iter().filter(|(name, _)| !old.members.contains_key(*name));
    for (name, member) in added.filter(|(name, _)| !renames.values().any(|after| after == *name)) {
        found.push(member_added(&Subject { path, member: Some(name) }, member, old));
    }
    changes.extend(without_setters(found, &renames));
}

/// Leaves out changes of setters that follow from those of their fields.
fn without_setters(changes: Vec<Change>, renames: &Renames) -> Vec<Change> {
    let fields: BTreeMap<String, ChangeKind> =
        changes.iter().filter_map(|change| Some((change.member.clone()?, change.kind))).collect();
    let follows = |change: &Change| {
        let field = change.member.as_deref().and_then(|member| member.strip_suffix("()"));
        let of_field = field.and_then(|field| fields.get(field));
        let is_renamed = change.kind == ChangeKind::Renamed && field.is_some_and(|field| renames.contains_key(field));
        // A method that hides one of a trait breaks programs, and the field does not.
        if change.kind == ChangeKind::Added && change.impact == Impact::Major {
            return false;
        }
        is_renamed
            || match of_field {
                Some(ChangeKind::BecameOptional) => matches!(change.kind, ChangeKind::Added | ChangeKind::TypeChanged),
                Some(ChangeKind::BecameRequired) => {
                    matches!(change.kind, ChangeKind::Removed | ChangeKind::TypeChanged)
                }
                of_field => of_field == Some(&change.kind),
            }
    };
    changes.into_iter().filter(|change| !follows(change)).collect()
}

fn member_removed(subject: &Subject<'_>, member: &Member, new: &Item) -> Change {
    let what = format!("was removed ({})", member.kind.name());
    let change = subject.change(ChangeKind::Removed, Impact::Major, &what).between(&member.text, "");
    match member.kind {
        MemberKind::Field if new.members.contains_key("extra") => {
            change.with_hint("if the service still returns it, read it from `extra`")
        }
        MemberKind::Variant if new.members.contains_key("Unknown") => {
            change.with_hint("remove it from `match`; a value that the service still returns is `Unknown`")
        }
        MemberKind::Method if subject.path.starts_with("api::") => {
            change.with_hint("if the service still has the operation, send it with `raw_request`")
        }
        _ => change,
    }
}

fn member_added(subject: &Subject<'_>, member: &Member, old: &Item) -> Change {
    let is_open = old.flags.is_non_exhaustive;
    let (impact, hint) = match member.kind {
        MemberKind::Field if !is_open && !old.has_private_fields => {
            (Impact::Major, Some("set it where the value is created"))
        }
        MemberKind::Variant if !is_open => (Impact::Major, Some("handle it in `match`")),
        MemberKind::Method if hides_trait(subject.member) => {
            (Impact::Major, Some("call the method of the trait by its path, such as `Clone::clone(&value)`"))
        }
        _ => (Impact::Minor, None),
    };
    let change = subject.change(ChangeKind::Added, impact, &format!("is new ({})", member.kind.name()));
    let change = change.between("", &member.text);
    match hint {
        Some(hint) => change.with_hint(hint),
        None => change,
    }
}

/// Whether a method has the name of one that traits of the standard library give to many types. It is called instead of that.
fn hides_trait(method: Option<&str>) -> bool {
    const METHODS: [&str; 14] = [
        "as_ref",
        "borrow",
        "borrow_mut",
        "clone",
        "clone_from",
        "cmp",
        "eq",
        "fmt",
        "hash",
        "into",
        "partial_cmp",
        "to_owned",
        "to_string",
        "try_into",
    ];
    method.and_then(|method| method.strip_suffix("()")).is_some_and(|method| METHODS.contains(&method))
}

fn compare_member(subject: &Subject<'_>, old: &Member, new: &Member, changes: &mut Vec<Change>) {
    if old.kind != new.kind {
        let what = format!("is of the kind {} instead of {}", new.kind.name(), old.kind.name());
        changes.push(subject.change(ChangeKind::KindChanged, Impact::Major, &what));
        return;
    }
    if old.text != new.text {
        changes.push(text_changed(subject, old, new));
    } else if is_reordered(&old.callable, &new.callable) {
        changes
            .push(subject.change(ChangeKind::Reordered, Impact::Major, ARGUMENTS_REORDERED).with_hint(PASS_IN_ORDER));
    }
    compare_flags(subject, &old.flags, &new.flags, changes);
}

fn text_changed(subject: &Subject<'_>, old: &Member, new: &Member) -> Change {
    let (before, after) = (old.text.as_str(), new.text.as_str());
    let option = |ty: &str| format!("Option<{ty}>");
    let changed = |kind, what: String| subject.change(kind, Impact::Major, &what).between(before, after);
    match old.kind {
        MemberKind::Field if after == option(before) => {
            let what = if before.starts_with("Option<") { "can be null" } else { "can be absent or null" };
            changed(ChangeKind::BecameOptional, what.to_owned()).with_hint("handle `None`")
        }
        MemberKind::Field if before == option(after) => {
            let what = if after.starts_with("Option<") { "is never null" } else { "is always present" };
            let change = changed(ChangeKind::BecameRequired, what.to_owned());
            change.with_hint("remove the handling of `None`")
        }
        MemberKind::Method => {
            let name = format!("{}.{}", subject.path, subject.member.unwrap_or_default());
            let (message, hint) = signature_changed(&name, &old.callable, &new.callable);
            let mut change = changed(ChangeKind::TypeChanged, String::new());
            change.message = message;
            change.hint = hint;
            change
        }
        MemberKind::Variant => changed(ChangeKind::TypeChanged, format!("contains `{after}` instead of `{before}`")),
        MemberKind::Field | MemberKind::Constant | MemberKind::AssociatedType => {
            changed(ChangeKind::TypeChanged, format!("is `{after}` instead of `{before}`"))
        }
    }
}

const ARGUMENTS_REORDERED: &str = "takes its arguments in another order";
const PASS_IN_ORDER: &str = "swap the values: they have the same types, so the compiler does not notice";

/// Whether the same arguments of the same types are in another order.
fn is_reordered(old: &Callable, new: &Callable) -> bool {
    let names = |callable: &Callable| -> Vec<String> {
        callable.arguments.iter().map(|argument| argument.name.clone()).collect()
    };
    let (mut old, mut new) = (names(old), names(new));
    let is_same = old == new;
    old.sort();
    new.sort();
    !is_same && old == new
}

/// Returns what changed in a signature, and what callers do.
fn signature_changed(name: &str, old: &Callable, new: &Callable) -> (String, Option<String>) {
    let (before, after) = (&old.output, &new.output);
    let (old, new) = (old.arguments.as_slice(), new.arguments.as_slice());
    let missing = |all: &[Argument], other: &[Argument]| -> Vec<String> {
        let missing = all.iter().filter(|argument| !other.iter().any(|known| known.name == argument.name));
        missing.map(|argument| format!("`{}: {}`", argument.name, argument.ty)).collect()
    };
    let (added, dropped) = (missing(new, old), missing(old, new));
    let retyped: Vec<_> = new
        .iter()
        .filter_map(|argument| {
            let before = old.iter().find(|known| known.name == argument.name && known.ty != argument.ty)?;
            Some(format!("`{}` as `{}` instead of `{}`", argument.name, argument.ty, before.ty))
        })
        .collect();
    let mut parts = Vec::new();
    if !added.is_empty() {
        parts.push(format!("takes {}", added.join(", ")));
    }
    if !dropped.is_empty() {
        parts.push(format!("no longer takes {}", dropped.join(", ")));
    }
    if !retyped.is_empty() {
        parts.push(format!("takes {}", retyped.join(", ")));
    }
    if before != after {
        parts.push(format!("returns `{after}` instead of `{before}`"));
    }
    if parts.is_empty() {
        return (format!("`{name}` has other bounds or lifetimes"), None);
    }
    let hint = (!added.is_empty()).then(|| format!("pass the new argument{}", if added.len() == 1 { "" } else { "s" }));
    (format!("`{name}` {}", parts.join(", and ")), hint)
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Alias => "alias",
            Self::Trait => "trait",
            Self::Function => "function",
            Self::Constant => "constant",
            Self::Export => "name",
            Self::Implementation => "implementation",
        }
    }
}

impl MemberKind {
    fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Method => "method",
            Self::Constant => "constant",
            Self::AssociatedType => "associated type",
        }
    }
}
