//! Holds what the workspace depends on to `deny.toml`, as `cargo deny` does, with cargo alone: licences, crates in several
//! versions, and where they come from.

mod licence;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;

use self::licence::Licence;
use crate::repository;

/// A package of the graph.
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    /// None for what stands in this repository.
    source: Option<String>,
}

fn packages() -> Vec<Package> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--all-features", "--format-version", "1"]).current_dir(repository());
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let text = |package: &Value, key: &str| package[key].as_str().map(str::to_owned);
    let packages = metadata["packages"].as_array().expect("a list").iter();
    let packages = packages.map(|package| Package {
        name: text(package, "name").expect("a name"),
        version: text(package, "version").expect("a version"),
        licence: text(package, "license"),
        source: text(package, "source"),
    });
    packages.collect()
}

fn policy() -> toml::Table {
    let text = fs::read_to_string(repository().join("deny.toml")).expect("the policy is there");
    text.parse().expect("it is TOML")
}

fn texts(list: &toml::Value) -> BTreeSet<String> {
    let items = list.as_array().expect("a list").iter();
    items.map(|item| item.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let policy = &policy()["licenses"];
    let allowed = texts(&policy["allow"]);
    let exceptions = policy["exceptions"].as_array().expect("a list").iter();
    let exceptions: BTreeMap<_, _> =
        exceptions.map(|entry| (entry["crate"].as_str().expect("a name"), texts(&entry["allow"]))).collect();
    let (mut faults, mut needed, mut excepted) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for package in packages() {
        let (name, text) = (&package.name, package.licence.as_deref().unwrap_or("none"));
        let licence = Licence::parse(text).unwrap_or_else(|| panic!("{name}: no licence expression: {text}"));
        needed.extend(licence.names().into_iter().map(str::to_owned));
        if licence.holds(&allowed) {
            continue;
        }
        let more = exceptions.get(name.as_str()).cloned().unwrap_or_default();
        if licence.holds(&allowed.union(&more).cloned().collect()) {
            excepted.insert(name.clone());
        } else {
            faults.push(format!("{name} {}: {text}", package.version));
        }
    }
    assert!(faults.is_empty(), "neither allowed nor excepted in deny.toml: {faults:#?}");
    let unused: Vec<_> = allowed.difference(&needed).collect();
    assert!(unused.is_empty(), "allowed in deny.toml, but nobody has it: {unused:?}");
    let expected: BTreeSet<_> = exceptions.into_keys().map(str::to_owned).collect();
    assert_eq!(excepted, expected, "the crates that need an exception, and those that have one");
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
