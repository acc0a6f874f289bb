//! What is in the way of a generated file: links that lead out of the folder, files in the place of folders, and folders in the
//! place of files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Foreign;
use crate::folder::Walk;
use crate::owned::Owned;
use crate::paths::shown;

/// Returns the first folder around a file that cannot be used, and why. A link within the folder can be used, and a file that the
/// tool wrote is replaced.
pub(super) fn above(folder: &Path, file: &Path, owned: &Owned) -> Option<(PathBuf, Foreign)> {
    let around: Vec<&Path> = file.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty()).collect();
    for path in around.into_iter().rev() {
        let full = folder.join(path);
        let metadata = fs::symlink_metadata(&full).ok()?;
        let why = if metadata.is_symlink() { of_link(folder, &full) } else { not_a_folder(metadata.is_dir()) };
        match why {
            None => {}
            Some(Foreign::NotAFolder) if owned.contains(path) => return None,
            Some(why) => return Some((path.to_path_buf(), why)),
        }
    }
    None
}

fn of_link(folder: &Path, link: &Path) -> Option<Foreign> {
    match (link.canonicalize(), folder.canonicalize()) {
        (Ok(target), Ok(folder)) if target.starts_with(&folder) => not_a_folder(target.is_dir()),
        (Ok(_), _) => Some(Foreign::Outside),
        (Err(_), _) => Some(Foreign::Broken),
    }
}

fn not_a_folder(is_folder: bool) -> Option<Foreign> {
    (!is_folder).then_some(Foreign::NotAFolder)
}

/// Whether a folder only contains files that the tool wrote, so that it disappears with them.
pub(super) fn disappears(folder: &Path, path: &Path, owned: &Owned) -> Result<bool> {
    let mut is_empty = true;
    for found in Walk::below(&folder.join(path))? {
        if !owned.contains(&path.join(found?.path)) {
            return Ok(false);
        }
        is_empty = false;
    }
    Ok(!is_empty)
}

/// Rejects a path at which no folder can be created.
pub(super) fn check_absent(folder: &Path) -> Result<()> {
    for path in folder.ancestors().filter(|path| !path.as_os_str().is_empty()) {
        let Ok(metadata) = fs::symlink_metadata(path) else { continue };
        if metadata.is_symlink() && !path.exists() {
            bail!("{} is a link to nothing\nhelp: delete it, or choose another folder", shown(path));
        }
        if !path.is_dir() {
            bail!(
                "{} is a file, so the folder {} cannot be created\nhelp: choose another folder",
                shown(path),
                shown(folder)
            );
        }
        break;
    }
    Ok(())
}
