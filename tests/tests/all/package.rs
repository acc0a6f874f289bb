//! The client as a package: what is in it, and which Rust it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::repository;

/// What cargo says of the workspace, without the network.
fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(arguments).arg("--offline").current_dir(repository()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

#[test]
fn a_package_holds_sources_examples_pages_and_licences_only() {
    let list = cargo(&["package", "--list", "--allow-dirty", "-p", "intuned-client"]);
    let (folders, files): (Vec<_>, Vec<_>) = list.lines().partition(|path| path.contains('/'));
    let folders: BTreeSet<_> = folders.iter().filter_map(|path| path.split('/').next()).collect();
    assert_eq!(folders, BTreeSet::from(["docs", "examples", "src"]));
    // Written by cargo itself; the last only where the folder is a clean checkout.
    let own = ["Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"];
    let files: BTreeSet<_> = files.into_iter().filter(|path| !own.contains(path)).collect();
    assert_eq!(files, BTreeSet::from(["Cargo.toml", "LICENSE-APACHE.md", "LICENSE-MIT.md", "README.md"]));
}

/// `1.88` and `1.88.0` are the same release.
fn release(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().expect("a number"));
    (numbers.next().expect("a major version"), numbers.next().expect("a minor version"))
}

#[test]
fn the_oldest_rust_of_the_client_is_what_its_dependencies_need_most() {
    let version = Command::new("rustc").arg("-vV").current_dir(repository()).output().expect("rustc runs");
    let version = String::from_utf8(version.stdout).expect("rustc writes UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let text = cargo(&["metadata", "--format-version", "1", "--all-features", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&text).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let packages: BTreeMap<_, _> = packages.iter().map(|package| (&package["id"], package)).map(by_text).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().expect("a list");
    let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node["id"], node)).map(by_text).collect();

    let (client, own) = packages.iter().find(|(_, package)| package["name"] == "intuned-client").expect("it is there");
    let (mut open, mut reached) = (vec![*client], BTreeSet::new());
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            let dependencies = nodes[id]["deps"].as_array().expect("a list").iter();
            let normal = dependencies.filter(|dependency| {
                dependency["dep_kinds"].as_array().expect("a list").iter().any(|kind| kind["kind"].is_null())
            });
            open.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
        }
    }
    reached.remove(client);
    let needed = reached.iter().filter_map(|id| packages[id]["rust_version"].as_str()).map(release).max();
    let stated = release(own["rust_version"].as_str().expect("the client states it"));
    assert_eq!(Some(stated), needed, "generator/src/emit/manifest.rs states it");
}

fn by_text<'a>((id, value): (&'a Value, &'a Value)) -> (&'a str, &'a Value) {
    (id.as_str().expect("an id is a text"), value)
}
