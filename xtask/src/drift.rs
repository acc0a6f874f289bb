//! Compares what was generated with what lies in a folder. Reads only.
//!
//! Files are compared byte by byte. A file belongs to the generator when its first line carries the marker; any other
//! is somebody's own work, which [`crate::replace`] will not touch.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::tree::CrateTree;

use crate::folder::{Found, Kind, Walk};
use crate::workspace;

/// What the first line of every generated file contains.
pub use generator::tree::MARKER;

/// All differences between a folder and what was generated, in the order of their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift<'a> {
    /// One entry for each file that is not as it should be.
    pub entries: Vec<Entry<'a>>,
}

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its path below the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub state: State<'a>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<'a> {
    /// It should be there.
    Missing {
        /// Its text as generated.
        wanted: &'a str,
    },
    /// It has other bytes.
    Changed {
        /// Those it has.
        found: Vec<u8>,
        /// Its text as generated.
        wanted: &'a str,
    },
    /// It was generated once, and is no longer.
    Stale {
        /// Its bytes.
        found: Vec<u8>,
    },
    /// Nothing that the generator writes, or ever wrote.
    Foreign(Foreign),
}

/// Why something is not the generator's to change or to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A file whose first line has no marker.
    Unmarked,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, a socket or a device.
    Special,
}

/// Compares a folder with what was generated for it. A folder that does not exist lacks every file.
///
/// # Errors
///
/// Something cannot be read, or the folder holds something else than a generated crate.
pub fn compare<'a>(tree: &'a CrateTree, folder: &Path) -> Result<Drift<'a>> {
    let mut missing: BTreeMap<PathBuf, &str> =
        tree.iter().map(|(path, text)| (path.split('/').collect(), text)).collect();
    let mut entries = Vec::new();
    if exists(folder)? {
        let is_crate = is_marked(&folder.join("Cargo.toml"))?;
        for found in Walk::below(folder)? {
            let found = found?;
            let wanted = missing.remove(&found.path);
            let entry = judge(folder, found, wanted)?;
            if !is_crate && entry.as_ref().and_then(Entry::foreign).is_some() {
                bail!(not_a_crate(folder));
            }
            entries.extend(entry);
        }
    }
    entries.extend(missing.into_iter().map(|(path, wanted)| Entry { path, state: State::Missing { wanted } }));
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Drift { entries })
}

fn exists(folder: &Path) -> Result<bool> {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => bail!("{} is not a folder", workspace::shown(folder)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot look at {}", workspace::shown(folder))),
    }
}

fn not_a_crate(folder: &Path) -> String {
    format!(
        "{} is not empty and holds no generated crate: there is no Cargo.toml with `{MARKER}` in its first line\n\
         help: name another folder with --out, or empty this one first",
        workspace::shown(folder)
    )
}

/// What is wrong with something that was found where `wanted` belongs, or nothing does.
fn judge<'a>(folder: &Path, found: Found, wanted: Option<&'a str>) -> Result<Option<Entry<'a>>> {
    let place = folder.join(&found.path);
    let state = match (found.kind, wanted) {
        (Kind::Link, _) => State::Foreign(Foreign::Link),
        (Kind::Special, _) => State::Foreign(Foreign::Special),
        (Kind::File, None) if !is_marked(&place)? => State::Foreign(Foreign::Unmarked),
        (Kind::File, None) => State::Stale { found: read(&place)? },
        (Kind::File, Some(wanted)) => match read(&place)? {
            found if found == wanted.as_bytes() => return Ok(None),
            found => State::Changed { found, wanted },
        },
    };
    Ok(Some(Entry { path: found.path, state }))
}

fn read(place: &Path) -> Result<Vec<u8>> {
    fs::read(place).with_context(|| format!("cannot read {}", workspace::shown(place)))
}

/// Whether there is a generated file at this place. Reads no more of it than a marker can take.
fn is_marked(place: &Path) -> Result<bool> {
    if !fs::symlink_metadata(place).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(false);
    }
    let mut start = Vec::new();
    let file = File::open(place).and_then(|file| file.take(4096).read_to_end(&mut start));
    file.with_context(|| format!("cannot read {}", workspace::shown(place)))?;
    Ok(has_marker(&start))
}

fn has_marker(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(first).contains(MARKER)
}

impl Drift<'_> {
    /// Whether the folder holds what was generated, and nothing else.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What in the folder is not the generator's, and why.
    pub fn foreign(&self) -> impl Iterator<Item = (&Path, Foreign)> {
        self.entries.iter().filter_map(|entry| Some((entry.path.as_path(), entry.foreign()?)))
    }
}

impl Entry<'_> {
    /// Why what lies there is not the generator's, if it is not.
    #[must_use]
    pub fn foreign(&self) -> Option<Foreign> {
        match &self.state {
            State::Changed { found, .. } if !has_marker(found) => Some(Foreign::Unmarked),
            State::Missing { .. } | State::Changed { .. } | State::Stale { .. } => None,
            State::Foreign(why) => Some(*why),
        }
    }

    /// The text that lies there, empty for none; bytes that are no text show as U+FFFD.
    #[must_use]
    pub fn before(&self) -> Cow<'_, str> {
        match &self.state {
            State::Changed { found, .. } | State::Stale { found } => String::from_utf8_lossy(found),
            State::Missing { .. } | State::Foreign(_) => Cow::Borrowed(""),
        }
    }

    /// The text that should, empty for none.
    #[must_use]
    pub fn after(&self) -> &str {
        match &self.state {
            State::Missing { wanted } | State::Changed { wanted, .. } => wanted,
            State::Stale { .. } | State::Foreign(_) => "",
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmarked => write!(f, "has no `{MARKER}` in its first line"),
            Self::Link => f.write_str("is a symbolic link"),
            Self::Special => f.write_str("is neither a file nor a folder"),
        }
    }
}
