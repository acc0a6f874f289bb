//! The paths of this workspace.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace, independent of the current folder.
#[must_use]
pub fn root() -> PathBuf {
    // Cargo sets the variable at run time; the path known at compile time is wrong once the workspace has moved.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).and_then(|folder| parent_with_xtask(&folder));
    manifest.or_else(|| parent_with_xtask(Path::new(env!("CARGO_MANIFEST_DIR")))).unwrap_or_else(|| PathBuf::from("."))
}

fn parent_with_xtask(folder: &Path) -> Option<PathBuf> {
    folder.parent().filter(|root| root.join("xtask/Cargo.toml").is_file()).map(Path::to_path_buf)
}

/// The document that describes the API.
#[must_use]
pub fn spec() -> PathBuf {
    root().join("openapi.yaml")
}

/// The folder of the client.
#[must_use]
pub fn client() -> PathBuf {
    root().join("generated-client")
}
