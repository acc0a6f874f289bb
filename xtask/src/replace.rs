//! Makes a folder hold what was generated: all of it, or nothing of it.
//!
//! The new files are written into a temporary folder beside the old one, on the same file system. Only when they are
//! complete do renames swap them in, one pair for each top-level part in which something differs; when one fails, those
//! before it are taken back. The folder itself stays the same one, so that a shell that stands in it does not lose its
//! ground, and what Cargo left in it is never touched.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, anyhow, bail};
use generator::tree::CrateTree;
use tempfile::TempDir;

use crate::drift::Drift;
use crate::workspace::shown;

/// A rename on the file system; tests put one that fails in its place.
pub type Rename<'a> = &'a mut dyn FnMut(&Path, &Path) -> io::Result<()>;

/// Makes the folder hold the tree. `drift` is how they differ now; nothing is touched where they do not.
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
/// As [`replace`]. When not even the way back can be renamed, the error names the place where the old files are kept.
pub fn replace_with(folder: &Path, tree: &CrateTree, drift: &Drift<'_>, rename: Rename<'_>) -> Result<()> {
    refuse_foreign(folder, drift)?;
    if drift.is_empty() {
        return Ok(());
    }
    let absent = absent_folders(folder);
    let outcome = stage(folder, tree).and_then(|staging| swap(folder, drift, staging, rename));
    if outcome.is_err() {
        // Fails for a folder that is not empty, and so takes away only what was made here.
        for folder in absent {
            let _ = fs::remove_dir(folder);
        }
    }
    outcome.with_context(|| format!("cannot replace {}", shown(folder)))
}

/// Refuses a folder in which somebody's own work would be lost.
///
/// # Errors
///
/// There is such work: names it, and says what to do.
pub fn refuse_foreign(folder: &Path, drift: &Drift<'_>) -> Result<()> {
    let foreign: Vec<String> = drift.foreign().map(|(path, why)| format!("  {} {why}", shown(path))).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    bail!(
        "{} holds what was not generated, so nothing was written:\n{}\nhelp: move it elsewhere or delete it, then run \
         the command again",
        shown(folder),
        foreign.join("\n")
    )
}

/// The folder and those around it that do not exist, the innermost first.
fn absent_folders(folder: &Path) -> Vec<PathBuf> {
    let absent = folder.ancestors().take_while(|place| !place.as_os_str().is_empty() && !exists(place));
    absent.map(Path::to_path_buf).collect()
}

/// Writes the new files into a temporary folder beside the old one.
fn stage(folder: &Path, tree: &CrateTree) -> Result<TempDir> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", shown(folder)))?;
    let staging = staging_beside(&folder.canonicalize()?)?;
    fs::create_dir(old(&staging))?;
    for (path, text) in tree.iter() {
        let place = new(&staging).join(path);
        let folder = place.parent().unwrap_or(&place);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&place, text));
        written.with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(staging)
}

fn staging_beside(folder: &Path) -> Result<TempDir> {
    let (Some(beside), Some(name)) = (folder.parent(), folder.file_name()) else {
        bail!("a whole file system cannot be replaced");
    };
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".regen-");
    let staging = tempfile::Builder::new().prefix(&prefix).tempdir_in(beside);
    staging.with_context(|| format!("cannot make a temporary folder in {}", shown(beside)))
}

/// Where the old parts go.
fn old(staging: &TempDir) -> PathBuf {
    staging.path().join("old")
}

/// Where the new files are written.
fn new(staging: &TempDir) -> PathBuf {
    staging.path().join("new")
}

/// Exchanges the top-level parts in which something differs, or none of them.
fn swap(folder: &Path, drift: &Drift<'_>, staging: TempDir, rename: Rename<'_>) -> Result<()> {
    let parts: BTreeSet<_> = drift.entries.iter().filter_map(|entry| entry.path.iter().next()).collect();
    let moves = parts.into_iter().flat_map(|part| {
        let place = folder.join(part);
        [(place.clone(), old(&staging).join(part)), (new(&staging).join(part), place)]
    });
    let mut done = Vec::new();
    for (from, to) in moves.collect::<Vec<_>>() {
        if !exists(&from) {
            continue;
        }
        if let Err(error) = rename(&from, &to) {
            let error = anyhow!("cannot rename {} to {}: {error}", from.display(), to.display());
            return Err(take_back(&done, staging, rename, error));
        }
        done.push((from, to));
    }
    let place = staging.path().to_path_buf();
    staging.close().with_context(|| format!("all is replaced, but {} cannot be removed", place.display()))
}

/// Undoes renames, the last one first. Old files that cannot be brought back are kept where they are.
fn take_back(done: &[(PathBuf, PathBuf)], staging: TempDir, rename: Rename<'_>, error: anyhow::Error) -> anyhow::Error {
    for (from, to) in done.iter().rev() {
        if let Err(again) = rename(to, from) {
            let place = old(&staging);
            let _kept = staging.keep();
            let kept = place.display();
            return error.context(format!("half of it is replaced ({again}); the old files are kept in {kept}"));
        }
    }
    error
}

fn exists(place: &Path) -> bool {
    fs::symlink_metadata(place).is_ok()
}
