//! Makes a folder hold what was generated: all of it, or nothing of it.
//!
//! The new files are written into a temporary folder beside the old one, on the same file system. Only when they are
//! complete do renames swap them in, one for each top-level part that differs; when one fails, those before it are taken
//! back. The folder itself stays the same one, so that a shell in it does not lose its ground, and what Cargo left
//! in it is never touched.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, anyhow, bail};
use generator::tree::CrateTree;
use tempfile::TempDir;

use crate::drift::{Drift, Entry, Foreign, MARKER, State};
use crate::workspace;

/// A rename on the file system; tests put one that fails in its place.
pub type Rename<'a> = &'a mut dyn FnMut(&Path, &Path) -> io::Result<()>;

/// Makes the folder hold the tree. `drift` is how they differ now.
///
/// # Errors
///
/// The folder holds what was not generated, or the file system refuses something. The folder is then as it was before.
pub fn replace(folder: &Path, tree: &CrateTree, drift: &Drift<'_>) -> Result<()> {
    replace_with(folder, tree, drift, &mut |from, to| fs::rename(from, to))
}

/// As [`replace`], with another way to rename.
///
/// # Errors
///
/// As [`replace`].
pub fn replace_with(folder: &Path, tree: &CrateTree, drift: &Drift<'_>, rename: Rename<'_>) -> Result<()> {
    refuse_foreign(folder, drift)?;
    if drift.is_empty() {
        return Ok(());
    }
    let made = make_folder(folder)?;
    let outcome = stage(folder, tree).and_then(|staging| swap(folder, drift, staging, rename));
    if outcome.is_err() {
        // Only folders that were made here, and only while they are empty.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    outcome.with_context(|| format!("cannot replace {}", workspace::shown(folder)))
}

/// Refuses a folder in which somebody's own work would be lost.
///
/// # Errors
///
/// There is such work: names it, and says what to do.
pub fn refuse_foreign(folder: &Path, drift: &Drift<'_>) -> Result<()> {
    let foreign: Vec<String> =
        drift.foreign().map(|entry| format!("  {}: {}", entry.path.display(), why_foreign(entry))).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    bail!(
        "{} holds what was not generated, so nothing was written:\n{}\nmove it elsewhere or delete it, then run the \
         command again",
        workspace::shown(folder),
        foreign.join("\n")
    )
}

/// Why something is not the generator's to change.
#[must_use]
pub fn why_foreign(entry: &Entry<'_>) -> String {
    match entry.state {
        State::Foreign(Foreign::Link) => "is a symbolic link".to_owned(),
        State::Foreign(Foreign::Special) => "is neither a file nor a folder".to_owned(),
        State::Foreign(Foreign::Unmarked) => format!("has no `{MARKER}` in its first line"),
        _ => format!("would be overwritten, but has no `{MARKER}` in its first line"),
    }
}

/// Makes the folder and those around it; gives those that did not exist, the outermost first.
fn make_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let missing = folder.ancestors().take_while(|place| !place.as_os_str().is_empty() && !place.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
    missing.reverse();
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", workspace::shown(folder)))?;
    Ok(missing)
}

/// Writes the new files into a temporary folder beside the old one.
fn stage(folder: &Path, tree: &CrateTree) -> Result<TempDir> {
    let folder = folder.canonicalize()?;
    let beside = folder.parent().ok_or_else(|| anyhow!("the root of a file system has no place beside it"))?;
    let mut prefix = OsString::from(".");
    prefix.push(folder.file_name().unwrap_or_default());
    prefix.push(".regen-");
    let staging = tempfile::Builder::new().prefix(&prefix).tempdir_in(beside)?;
    for (path, text) in tree.iter() {
        let place = staging.path().join("new").join(path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(place, text)?;
    }
    fs::create_dir_all(staging.path().join("old"))?;
    Ok(staging)
}

/// Exchanges the top-level parts in which something differs, or none of them.
fn swap(folder: &Path, drift: &Drift<'_>, staging: TempDir, rename: Rename<'_>) -> Result<()> {
    let parts: BTreeSet<OsString> =
        drift.entries.iter().filter_map(|entry| Some(entry.path.iter().next()?.to_owned())).collect();
    let mut done = Vec::new();
    for part in parts {
        let place = folder.join(&part);
        let moves =
            [(place.clone(), staging.path().join("old").join(&part)), (staging.path().join("new").join(&part), place)];
        for (from, to) in moves {
            if !exists(&from) {
                continue;
            }
            match rename(&from, &to) {
                Ok(()) => done.push((from, to)),
                Err(error) => {
                    let error = anyhow!("{} cannot be renamed to {}: {error}", from.display(), to.display());
                    return Err(take_back(done, staging, rename, error));
                }
            }
        }
    }
    Ok(())
}

fn exists(place: &Path) -> bool {
    fs::symlink_metadata(place).is_ok()
}

/// Undoes renames, the last one first. Old files that cannot be brought back are kept where they are.
fn take_back(
    done: Vec<(PathBuf, PathBuf)>,
    staging: TempDir,
    rename: Rename<'_>,
    error: anyhow::Error,
) -> anyhow::Error {
    for (from, to) in done.into_iter().rev() {
        if let Err(again) = rename(&to, &from) {
            let kept = staging.keep().join("old");
            return error.context(format!(
                "half of it was replaced and cannot be taken back ({again}); the old files are kept in {}",
                kept.display()
            ));
        }
    }
    error
}
