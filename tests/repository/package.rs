//! The files in the published package of the client.

use std::collections::BTreeSet;
use std::process::Command;

use crate::root;

#[test]
fn a_package_contains_only_sources_examples_docs_and_licences() {
    let mut cargo = Command::new(env!("CARGO"));
    let list = ["package", "--list", "--allow-dirty", "--offline", "-p", "intuned-client"];
    let output = cargo.args(list).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let (folders, files): (Vec<_>, Vec<_>) = list.lines().partition(|path| path.contains('/'));
    let folders: BTreeSet<_> = folders.iter().filter_map(|path| path.split('/').next()).collect();
    assert_eq!(folders, BTreeSet::from(["docs", "examples", "src"]));
    // Written by cargo; the last one only in a clean checkout.
    let own = ["Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"];
    let files: BTreeSet<_> = files.into_iter().filter(|path| !own.contains(path)).collect();
    // The settings of rustfmt are its defaults, for sources that are vendored into a repository with other settings.
    let expected = ["Cargo.toml", "LICENSE-APACHE.md", "LICENSE-MIT.md", "README.md", "rustfmt.toml"];
    assert_eq!(files, BTreeSet::from(expected));
}
