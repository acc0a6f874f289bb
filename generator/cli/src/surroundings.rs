//! What is around the folder of a crate: a Cargo workspace that does not list it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

/// A workspace around a folder that does not list the folder, so that cargo rejects the crate in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its manifest.
    pub manifest: PathBuf,
    /// The path of the folder, relative to that of the manifest.
    pub member: String,
}

/// Finds the workspace around a folder, if it does not list the folder. `None` as well if that is not certain: a manifest cannot
/// be read, or has patterns other than `*`.
#[must_use]
pub fn unlisted_in(folder: &Path) -> Option<Workspace> {
    let folder = folder.canonicalize().ok()?;
    for around in folder.ancestors().skip(1) {
        let manifest = around.join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&manifest) else { continue };
        let table: Table = text.parse().ok()?;
        let Some(workspace) = table.get("workspace") else { continue };
        let member = folder.strip_prefix(around).ok()?;
        let is_listed = lists(workspace, "members", member, covers)?
            || lists(workspace, "exclude", member, |path, member| Some(member.starts_with(path)))?
            || is_path_dependency(&table, member);
        let member = member.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        return (!is_listed).then_some(Workspace { manifest, member });
    }
    None
}

/// Whether a list of a workspace has an entry that fits. `None` if that is not certain.
fn lists(workspace: &Value, key: &str, member: &Path, fits: fn(&Path, &Path) -> Option<bool>) -> Option<bool> {
    let Some(entries) = workspace.get(key) else { return Some(false) };
    for entry in entries.as_array()? {
        if fits(&plain(entry.as_str()?), member)? {
            return Some(true);
        }
    }
    Some(false)
}

/// Whether a pattern of members covers a path. `None` if it has patterns other than a whole part `*`.
fn covers(pattern: &Path, member: &Path) -> Option<bool> {
    let mut is_covered = pattern.iter().count() == member.iter().count();
    for (pattern, part) in pattern.iter().zip(member.iter()) {
        let pattern = pattern.to_str()?;
        if pattern != "*" && pattern.contains(['*', '?', '[']) {
            return None;
        }
        is_covered &= pattern == "*" || pattern == part;
    }
    Some(is_covered)
}

/// Whether the package of the workspace depends on the path. Such packages are members.
fn is_path_dependency(manifest: &Table, member: &Path) -> bool {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let dependencies = tables.iter().filter_map(|table| manifest.get(*table)?.as_table()).flat_map(Table::values);
    dependencies.filter_map(|dependency| dependency.get("path")?.as_str()).any(|path| plain(path) == member)
}

/// Returns a path without `.`.
fn plain(path: &str) -> PathBuf {
    Path::new(path).components().filter(|part| *part != Component::CurDir).collect()
}
