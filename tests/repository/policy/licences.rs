//! The licences of all packages. They are in the manifests, so cargo also downloads the packages of other platforms.

mod expression;

use std::collections::{BTreeMap, BTreeSet};

use self::expression::Licence;
use super::policy;
use crate::repository::metadata::metadata;

/// A package and its licence.
struct Package {
    name: String,
    version: String,
    licence: Option<String>,
}

fn packages() -> Vec<Package> {
    let metadata = metadata(&[]);
    let text = |package: &serde_json::Value, key: &str| package[key].as_str().map(str::to_owned);
    let packages = metadata["packages"].as_array().expect("a list").iter();
    let packages = packages.map(|package| Package {
        name: text(package, "name").expect("a name"),
        version: text(package, "version").expect("a version"),
        licence: text(package, "license"),
    });
    packages.collect()
}

fn texts(list: &toml::Value) -> BTreeSet<String> {
    let items = list.as_array().expect("a list").iter();
    items.map(|item| item.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn every_licence_is_allowed() {
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
    assert!(unused.is_empty(), "allowed in deny.toml, but no package has it: {unused:?}");
    let expected: BTreeSet<_> = exceptions.into_keys().map(str::to_owned).collect();
    assert_eq!(excepted, expected, "the crates that need an exception, and those that have one");
}
