//! The metadata of all packages that this workspace depends on, with all features.

use std::process::Command;

use serde_json::Value;

use crate::root;

/// The locked packages. Cargo downloads missing manifests, so the state of its cache does not matter. `cargo test --workspace`
/// itself does not need these packages, so tests that call this count as slow.
pub(crate) fn metadata(options: &[&str]) -> Value {
    let text = cargo(&[&["metadata", "--locked", "--all-features", "--format-version", "1"], options].concat());
    serde_json::from_str(&text).expect("cargo writes JSON")
}

/// The output of cargo.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}
