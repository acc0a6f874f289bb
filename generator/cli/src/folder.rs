//! Lists the files below a folder, sorted by name. Does not follow links and opens no file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::replace::STAGING;
use anyhow::{Context as _, Result};

/// What is not part of the sources: what Cargo writes when it builds a crate, and the temporary folder of [`crate::replace`].
const BUILD_LEFTOVERS: [&str; 3] = ["target", "Cargo.lock", STAGING];

/// A file, a link or a special file.
#[derive(Debug)]
pub(crate) struct Found {
    /// The path relative to the root of the walk.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Link,
    /// A pipe, a socket or a device: opening it could block forever.
    Special,
}

/// A recursive walk over a folder. It is lazy, so that a caller can stop early in a large folder.
pub(crate) struct Walk<'a> {
    root: &'a Path,
    /// The paths still to visit, the next one last.
    pending: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    /// The files below a folder, without those that Cargo writes.
    pub(crate) fn below(root: &'a Path) -> Result<Self> {
        let mut walk = Self { root, pending: Vec::new() };
        walk.enter(Path::new(""))?;
        walk.pending.retain(|path| !BUILD_LEFTOVERS.iter().any(|name| path == Path::new(name)));
        Ok(walk)
    }

    fn enter(&mut self, folder: &Path) -> Result<()> {
        let path = self.root.join(folder);
        let entries = fs::read_dir(&path).and_then(|entries| {
            entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect::<io::Result<Vec<PathBuf>>>()
        });
        let mut entries = entries.with_context(|| format!("cannot list {}", path.display()))?;
        entries.sort_unstable_by(|one, other| other.cmp(one));
        self.pending.append(&mut entries);
        Ok(())
    }

    fn visit(&mut self, path: PathBuf) -> Result<Option<Found>> {
        let full = self.root.join(&path);
        let metadata = fs::symlink_metadata(&full).with_context(|| format!("cannot access {}", full.display()))?;
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => {
                self.enter(&path)?;
                return Ok(None);
            }
            kind if kind.is_file() => Kind::File,
            kind if kind.is_symlink() => Kind::Link,
            _ => Kind::Special,
        };
        Ok(Some(Found { path, kind }))
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let path = self.pending.pop()?;
            if let Some(found) = self.visit(path).transpose() {
                return Some(found);
            }
        }
    }
}
