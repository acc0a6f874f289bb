//! The minimum Rust version of the client, compared with that of its dependencies with all features.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::repository::metadata::{cargo, metadata};

/// `1.88` and `1.88.0` are the same release.
fn release(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().expect("a number"));
    (numbers.next().expect("a major version"), numbers.next().expect("a minor version"))
}

#[test]
fn the_minimum_rust_version_is_that_of_the_dependencies() {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let metadata = metadata(&["--filter-platform", host]);
    let (stated, needed) = versions(&metadata, "intuned-client");
    assert_eq!(stated, needed, "generator/src/emit/manifest.rs states it");
    // The runtime has the dependencies of all features that a client can have, such as those of scalars.
    let (_, needed) = versions(&metadata, "sdk-runtime");
    assert!(needed <= stated, "a feature of clients needs Rust {needed:?}");
}

/// Returns the Rust version that a package states, and the one that its dependencies need, with all features.
fn versions(metadata: &Value, name: &str) -> ((u32, u32), (u32, u32)) {
    let packages = metadata["packages"].as_array().expect("a list");
    let packages: BTreeMap<_, _> = packages.iter().map(|package| (&package["id"], package)).map(by_text).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().expect("a list");
    let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node["id"], node)).map(by_text).collect();

    let (package, own) = packages.iter().find(|(_, package)| package["name"] == name).expect("it is there");
    let (mut open, mut reached) = (vec![*package], BTreeSet::new());
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            let dependencies = nodes[id]["deps"].as_array().expect("a list").iter();
            let normal = dependencies.filter(|dependency| {
                dependency["dep_kinds"].as_array().expect("a list").iter().any(|kind| kind["kind"].is_null())
            });
            open.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
        }
    }
    reached.remove(package);
    let needed = reached.iter().filter_map(|id| packages[id]["rust_version"].as_str()).map(release).max();
    let stated = release(own["rust_version"].as_str().expect("the package states it"));
    (stated, needed.expect("it has dependencies"))
}

fn by_text<'a>((id, value): (&'a Value, &'a Value)) -> (&'a str, &'a Value) {
    (id.as_str().expect("an id is a text"), value)
}
