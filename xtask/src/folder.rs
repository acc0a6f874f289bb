//! What lies in a folder: every file below it, in the order of their names. Follows no link, opens nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// What Cargo leaves at the top of a crate that is built where it stands; it belongs to no one's sources.
const BUILD_LEFTOVERS: [&str; 2] = ["target", "Cargo.lock"];

/// Something that is not a folder.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its path below the folder that was walked.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Link,
    /// A pipe, a socket, a device: opening it could wait for ever.
    Special,
}

/// A walk over a folder. It is lazy, so that a caller who has seen enough spares the rest of a large folder.
pub(crate) struct Walk<'a> {
    root: &'a Path,
    /// What is still to be visited, the next one last.
    pending: Vec<PathBuf>,
}

impl<'a> Walk<'a> {
    /// The files below a folder, without what Cargo leaves there.
    pub(crate) fn below(root: &'a Path) -> Result<Self> {
        let mut walk = Self { root, pending: Vec::new() };
        walk.enter(Path::new(""))?;
        walk.pending.retain(|path| !BUILD_LEFTOVERS.iter().any(|name| path == Path::new(name)));
        Ok(walk)
    }

    fn enter(&mut self, folder: &Path) -> Result<()> {
        let place = self.root.join(folder);
        let entries = fs::read_dir(&place).and_then(|entries| {
            entries.map(|entry| Ok(folder.join(entry?.file_name()))).collect::<io::Result<Vec<PathBuf>>>()
        });
        let mut entries = entries.with_context(|| format!("cannot list {}", place.display()))?;
        entries.sort_unstable_by(|one, other| other.cmp(one));
        self.pending.append(&mut entries);
        Ok(())
    }

    fn visit(&mut self, path: PathBuf) -> Result<Option<Found>> {
        let place = self.root.join(&path);
        let metadata = fs::symlink_metadata(&place).with_context(|| format!("cannot look at {}", place.display()))?;
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
