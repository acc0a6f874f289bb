//! The dependencies that the owner of a client adds: those of the configuration, and those of types of other crates.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{dependencies, list, name_of, quoted};
use crate::ir::{Api, Dependency};

/// Returns the names of the dependencies.
pub(in crate::emit) fn names(api: &Api) -> Vec<String> {
    lines(api).lines().filter_map(name_of).map(str::to_owned).collect()
}

/// Returns the dependencies as lines of TOML. The configuration wins over the types. If types name several versions of a crate,
/// the first one is taken.
pub(super) fn lines(api: &Api) -> String {
    let stated = &api.package.dependencies;
    let known: BTreeSet<&str> = stated.lines().filter_map(name_of).collect();
    let is_known = |name: &str| known.contains(name) || dependencies().any(|other| other == name);
    let types = api.types.iter().filter_map(|definition| definition.rust_type.as_ref()?.dependency.as_ref());
    let mut added: BTreeMap<&str, Dependency> = BTreeMap::new();
    for dependency in types.filter(|dependency| !is_known(&dependency.name)) {
        let entry = added.entry(&dependency.name).or_insert_with(|| dependency.clone());
        let more = dependency.features.iter().filter(|feature| !entry.features.contains(feature));
        let more: Vec<_> = more.cloned().collect();
        entry.features.extend(more);
    }
    let mut lines = stated.clone();
    for Dependency { name, version, features } in added.values() {
        let version = quoted(version);
        lines += &match features.as_slice() {
            [] => format!("{name} = {version}\n"),
            features => format!("{name} = {{ version = {version}, features = {} }}\n", list(features)),
        };
    }
    lines
}
