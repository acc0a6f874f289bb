//! The public API of a crate as its users see it, read from the sources, and what changes between two versions.
//!
//! The sources can be those that were just generated, those in a folder, or those of an earlier commit. Files without the marker of
//! generated files are the owner's, and are not part of the comparison.

mod canonical;
mod change;
mod compare;
mod declared;
mod items;
mod lifetimes;
mod modules;
mod names;
mod rename;
mod text;
mod values;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use toml::Table;

use crate::drift::has_marker;

pub use self::change::{Change, ChangeKind, Impact};
pub use self::compare::compare;
pub use self::version::bumped;

/// The public API of a crate.
#[derive(Debug, Clone)]
pub struct Surface {
    /// The name of the package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The features, and whether each is enabled by default.
    features: BTreeMap<String, bool>,
    /// The items by the paths that users write. The name of a function ends with `()`.
    items: BTreeMap<String, Item>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Struct,
    Enum,
    Alias,
    Trait,
    Function,
    Constant,
    /// Another name of an item, or an item of another crate.
    Export,
    /// An implementation for a type of another crate, or for some arguments of a type.
    Implementation,
}

/// An item that users can name.
#[derive(Debug, Clone)]
struct Item {
    kind: Kind,
    /// Its signature, its type, its type parameters, or what it is another name of.
    header: String,
    flags: Flags,
    /// Fields, variants, methods and associated constants.
    members: BTreeMap<String, Member>,
    /// The traits that it implements.
    traits: BTreeSet<String>,
    has_private_fields: bool,
    /// The parts of the signature of a function.
    callable: Callable,
    /// What the generated code states about an operation.
    operation: Option<Operation>,
}

/// What identifies an operation, and what a program that calls it notices only when it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Operation {
    /// The HTTP method and the path. They identify the operation even if its name changes.
    request: String,
    /// The media type of the response.
    accept: Option<String>,
    /// The combinations of credentials that the service accepts. Empty if it needs none.
    security: Vec<BTreeSet<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MemberKind {
    Field,
    Variant,
    Method,
    Constant,
    /// A type that an implementation of a trait states.
    AssociatedType,
}

/// A part of an item.
#[derive(Debug, Clone)]
struct Member {
    kind: MemberKind,
    /// Its type, its signature, or the payload of a variant.
    text: String,
    flags: Flags,
    /// The name that is sent and received, if it differs from the Rust name.
    wire_name: Option<String>,
    /// The position among the fields or variants.
    position: usize,
    /// The parts of the signature of a method.
    callable: Callable,
}

/// The parts of a signature. Empty for anything other than a function.
#[derive(Debug, Clone, Default)]
struct Callable {
    /// Without the receiver.
    arguments: Vec<Argument>,
    output: String,
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Argument {
    name: String,
    ty: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Flags {
    is_non_exhaustive: bool,
    is_deprecated: bool,
    is_must_use: bool,
    /// The feature without which it does not exist.
    feature: Option<String>,
}

impl Surface {
    /// Reads the public API from the files of a crate, by their paths. Only `Cargo.toml` and the sources matter.
    ///
    /// # Errors
    ///
    /// A source is not Rust, or `Cargo.toml` is missing or is not that of a package.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let files: BTreeMap<_, _> = files.into_iter().filter(|(_, text)| has_marker(text.as_bytes())).collect();
        let manifest = files.get("Cargo.toml").context("the crate has no Cargo.toml")?;
        let manifest: Table = manifest.parse().context("Cargo.toml is not TOML")?;
        let package = manifest.get("package").and_then(toml::Value::as_table);
        let text = |key: &str| {
            let value = package.and_then(|package| package.get(key)).and_then(toml::Value::as_str);
            value.map(str::to_owned).with_context(|| format!("Cargo.toml states no `{key}` of the package"))
        };
        let modules = modules::find(&files)?;
        let names = names::Names::of(&modules);
        Ok(Self {
            package: text("name")?,
            version: text("version")?,
            features: features(&manifest),
            items: items::read(&modules, &names),
        })
    }
}

/// Returns the features, and whether each is enabled by default.
fn features(manifest: &Table) -> BTreeMap<String, bool> {
    let Some(features) = manifest.get("features").and_then(toml::Value::as_table) else { return BTreeMap::new() };
    let enabled = |name: &str| {
        let default = features.get("default").and_then(toml::Value::as_array);
        default.is_some_and(|default| default.iter().any(|entry| entry.as_str() == Some(name)))
    };
    features.keys().filter(|name| *name != "default").map(|name| (name.clone(), enabled(name))).collect()
}

impl Item {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            header: String::new(),
            flags: Flags::default(),
            members: BTreeMap::new(),
            traits: BTreeSet::new(),
            has_private_fields: false,
            callable: Callable::default(),
            operation: None,
        }
    }

    /// The names of fields or variants in their order, if code can depend on the order.
    fn order(&self) -> Option<Vec<&str>> {
        if !self.traits.contains("PartialOrd") {
            return None;
        }
        let mut members: Vec<_> = self
            .members
            .iter()
            .filter(|(_, member)| matches!(member.kind, MemberKind::Field | MemberKind::Variant))
            .collect();
        members.sort_by_key(|(_, member)| member.position);
        Some(members.into_iter().map(|(name, _)| name.as_str()).collect())
    }
}

impl Member {
    fn new(kind: MemberKind, text: String, position: usize) -> Self {
        Self { kind, text, flags: Flags::default(), wire_name: None, position, callable: Callable::default() }
    }
}
