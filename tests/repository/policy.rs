//! Checks the dependencies against `deny.toml` like `cargo deny`, but with cargo alone: licences, duplicate versions and
//! sources.

#[cfg(feature = "slow")]
mod licences;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::root;

/// A package of the lock file, which covers all platforms and features.
struct Package {
    name: String,
    version: String,
    /// `None` for a package of this repository.
    source: Option<String>,
}

fn packages() -> Vec<Package> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is there");
    let lock: toml::Table = lock.parse().expect("it is TOML");
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let packages = lock["package"].as_array().expect("a list").iter();
    let packages = packages.map(|package| Package {
        name: text(package, "name").expect("a name"),
        version: text(package, "version").expect("a version"),
        source: text(package, "source"),
    });
    packages.collect()
}

fn policy() -> toml::Table {
    let text = fs::read_to_string(root().join("deny.toml")).expect("the policy is there");
    text.parse().expect("it is TOML")
}

#[test]
fn crates_in_several_versions_are_those_that_are_listed() {
    let policy = policy();
    assert_eq!(policy["bans"]["multiple-versions"].as_str(), Some("deny"));
    let mut versions: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for package in packages() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    let skipped = policy["bans"]["skip"].as_array().expect("a list").iter();
    for entry in skipped {
        assert!(entry["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{entry} has a reason");
        let (name, version) = entry["crate"].as_str().and_then(|text| text.split_once('@')).expect("name@version");
        let own = versions.get_mut(name).unwrap_or_else(|| panic!("{name} is in deny.toml, but not used"));
        assert!(
            own.len() > 1 && own.remove(version),
            "{name}@{version} is in deny.toml, but not one of several: {own:?}"
        );
    }
    versions.retain(|_, versions| versions.len() > 1);
    assert!(versions.is_empty(), "in several versions, which deny.toml does not list: {versions:?}");
}

#[test]
fn everything_comes_from_the_registry() {
    let foreign = packages().into_iter().filter_map(|package| Some((package.name, package.source?)));
    let foreign: Vec<_> = foreign.filter(|(_, source)| !source.starts_with("registry+")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let sources: BTreeSet<_> = packages().into_iter().filter_map(|package| package.source).collect();
    assert_eq!(sources.len(), 1, "one registry: {sources:?}");
}
