//! Writes the generated files into a folder atomically: all of them, or none.
//!
//! The new files are first written into a temporary folder next to the old one, on the same file system. Renames then swap
//! them in, one pair for each top-level entry that differs. If a rename fails, the earlier ones are undone. The folder itself
//! is kept, so that it stays valid as the current folder of a shell, and files written by Cargo are never touched.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result, anyhow, bail};
use generator::tree::CrateTree;
use tempfile::TempDir;

use crate::drift::Drift;
use crate::workspace::shown;

/// A rename on the file system; tests pass one that fails.
pub type Rename<'a> = &'a mut dyn FnMut(&Path, &Path) -> io::Result<()>;

/// Writes the tree into the folder. `drift` is their difference; entries that do not differ are not touched.
///
/// # Errors
///
/// The folder contains foreign files, or a file operation fails. The folder is then unchanged.
pub fn replace(folder: &Path, tree: &CrateTree, drift: &Drift<'_>) -> Result<()> {
    replace_with(folder, tree, drift, &mut |from, to| fs::rename(from, to))
}

/// Like [`replace`], with a custom rename function.
///
/// # Errors
///
/// As for [`replace`]. If undoing the renames fails as well, the error names the folder where the old files are kept.
pub fn replace_with(folder: &Path, tree: &CrateTree, drift: &Drift<'_>, rename: Rename<'_>) -> Result<()> {
    reject_foreign(folder, drift)?;
    if drift.is_empty() {
        return Ok(());
    }
    let absent = absent_folders(folder);
    let outcome = stage(folder, tree).and_then(|staging| swap(folder, drift, staging, rename));
    if outcome.is_err() {
        // Fails for a folder that is not empty, so it removes only folders created here.
        for folder in absent {
            let _ = fs::remove_dir(folder);
        }
    }
    outcome.with_context(|| format!("cannot replace {}", shown(folder)))
}

/// Checks that the folder contains no foreign files.
///
/// # Errors
///
/// There are foreign files. The error lists them and tells how to proceed.
pub fn reject_foreign(folder: &Path, drift: &Drift<'_>) -> Result<()> {
    let foreign: Vec<String> = drift.foreign().map(|(path, why)| format!("  {} {why}", shown(path))).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    bail!(
        "{} contains files that were not generated, so nothing was written:\n{}\nhelp: move or delete them, then run \
         the command again",
        shown(folder),
        foreign.join("\n")
    )
}

/// The folder and its ancestors that do not exist, the innermost first.
fn absent_folders(folder: &Path) -> Vec<PathBuf> {
    let absent = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !exists(path));
    absent.map(Path::to_path_buf).collect()
}

/// Writes the new files into a temporary folder next to the old one.
fn stage(folder: &Path, tree: &CrateTree) -> Result<TempDir> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", shown(folder)))?;
    let staging = staging_beside(&folder.canonicalize()?)?;
    fs::create_dir(old(&staging))?;
    for (path, text) in tree.iter() {
        let path = new(&staging).join(path);
        let folder = path.parent().unwrap_or(&path);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        written.with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(staging)
}

fn staging_beside(folder: &Path) -> Result<TempDir> {
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
        bail!("cannot replace the root of a file system");
    };
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".regen-");
    let staging = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent);
    staging.with_context(|| format!("cannot create a temporary folder in {}", shown(parent)))
}

/// Where the old entries are moved to.
fn old(staging: &TempDir) -> PathBuf {
    staging.path().join("old")
}

/// Where the new files are written.
fn new(staging: &TempDir) -> PathBuf {
    staging.path().join("new")
}

/// Swaps all top-level entries that differ, or none of them.
fn swap(folder: &Path, drift: &Drift<'_>, staging: TempDir, rename: Rename<'_>) -> Result<()> {
    let names: BTreeSet<_> = drift.entries.iter().filter_map(|entry| entry.path.iter().next()).collect();
    let moves = names.into_iter().flat_map(|name| {
        let path = folder.join(name);
        [(path.clone(), old(&staging).join(name)), (new(&staging).join(name), path)]
    });
    let mut done = Vec::new();
    for (from, to) in moves.collect::<Vec<_>>() {
        if !exists(&from) {
            continue;
        }
        if let Err(error) = rename(&from, &to) {
            let error = anyhow!("cannot rename {} to {}: {error}", from.display(), to.display());
            return Err(undo(&done, staging, rename, error));
        }
        done.push((from, to));
    }
    let path = staging.path().to_path_buf();
    staging.close().with_context(|| format!("all files were replaced, but {} cannot be removed", path.display()))
}

/// Undoes renames, the last one first. Old files that cannot be moved back are kept in the temporary folder.
fn undo(done: &[(PathBuf, PathBuf)], staging: TempDir, rename: Rename<'_>, error: anyhow::Error) -> anyhow::Error {
    for (from, to) in done.iter().rev() {
        if let Err(again) = rename(to, from) {
            let path = old(&staging);
            let _kept = staging.keep();
            let kept = path.display();
            return error
                .context(format!("the folder is partially replaced ({again}); the old files are kept in {kept}"));
        }
    }
    error
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}
