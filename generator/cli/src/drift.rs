//! Compares the generated files with the files in a folder. Writes nothing.
//!
//! Files are compared byte by byte. There are two kinds of folders. One belongs to the generator as a whole ([`compare`]): every
//! file whose first line does not contain the marker is foreign. In the other ([`compare_owned`]) only the files of the list
//! ([`crate::owned`]) do, and all others are the owner's. [`crate::replace`] never touches foreign files.

mod blocked;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::tree::CrateTree;

use crate::folder::{Found, Kind, Walk};
use crate::owned::{LIST, Owned};
use crate::paths;

/// The marker that the first line of every generated file contains.
pub use generator::tree::MARKER;

/// All differences between a folder and the generated files, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift<'a> {
    /// One entry for each file that differs.
    pub entries: Vec<Entry<'a>>,
}

/// A file that differs from the generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The path relative to the folder.
    pub path: PathBuf,
    /// How it differs.
    pub state: State<'a>,
}

/// How a file differs from the generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State<'a> {
    /// It was generated but is not in the folder.
    Missing {
        /// The generated content.
        wanted: &'a str,
    },
    /// Its content differs from the generated content.
    Changed {
        /// The content in the folder.
        found: Vec<u8>,
        /// The generated content.
        wanted: &'a str,
    },
    /// It was generated earlier but is no longer.
    Stale {
        /// The content in the folder.
        found: Vec<u8>,
    },
    /// It was not written by the generator.
    Foreign(Foreign),
    /// It was written by the generator and changed since.
    Edited {
        /// The content in the folder.
        found: Vec<u8>,
        /// The generated content, if the file is still generated.
        wanted: Option<&'a str>,
    },
}

/// Why the generator must not change or remove a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A file whose first line has no marker.
    Unmarked,
    /// A symbolic link, whatever its target.
    Link,
    /// A pipe, a socket or a device.
    Special,
    /// A file of the owner at the path of a generated one.
    Collision,
    /// A generated file that was edited.
    Edited,
    /// A folder of the owner at the path of a generated file.
    Folder,
    /// A file of the owner at the path of a folder with generated files.
    NotAFolder,
    /// A link in the place of such a folder that leads out of the crate.
    Outside,
    /// A link in the place of such a folder that leads to nothing.
    Broken,
}

/// Compares a folder with the generated files. If the folder does not exist, all files are missing.
///
/// # Errors
///
/// A file or folder cannot be read, or the folder is not empty and does not contain a generated crate.
pub fn compare<'a>(tree: &'a CrateTree, folder: &Path) -> Result<Drift<'a>> {
    let mut missing: BTreeMap<PathBuf, &str> =
        tree.iter().map(|(path, text)| (path.split('/').collect(), text)).collect();
    let mut entries = Vec::new();
    if exists(folder)? {
        let is_crate = is_marked(&folder.join("Cargo.toml"))?;
        for found in Walk::below(folder)? {
            let found = found?;
            let wanted = missing.remove(&found.path);
            let entry = classify(folder, found, wanted)?;
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

/// Compares the generated files of a folder with those of `tree`. Files that are in neither are the owner's, and ignored.
///
/// # Errors
///
/// A file or folder cannot be read, or the list of generated files is damaged.
pub fn compare_owned<'a>(tree: &'a CrateTree, folder: &Path) -> Result<Drift<'a>> {
    let wanted: BTreeMap<PathBuf, &str> = tree.iter().map(|(path, text)| (path.split('/').collect(), text)).collect();
    if !exists(folder)? {
        let missing = wanted.into_iter().map(|(path, wanted)| Entry { path, state: State::Missing { wanted } });
        return Ok(Drift { entries: missing.collect() });
    }
    let owned = Owned::read(folder)?;
    if !folder.join(LIST).exists() && is_marked(&folder.join("Cargo.toml"))? {
        bail!(
            "{} contains a generated crate, but not {LIST}, the list of its files\nhelp: restore it from version control",
            paths::shown(folder)
        );
    }
    let mut paths: BTreeSet<PathBuf> = wanted.keys().cloned().collect();
    paths.extend(owned.paths().map(Path::to_path_buf));
    let mut entries = Vec::new();
    let mut blocked = BTreeMap::new();
    for path in paths {
        if let Some((above, why)) = blocked::above(folder, &path, &owned) {
            if wanted.contains_key(&path) || folder.join(&path).exists() {
                blocked.insert(above, why);
            }
            continue;
        }
        if let Some(state) = state_of_owned(folder, &path, wanted.get(&path).copied(), &owned)? {
            entries.push(Entry { path, state });
        }
    }
    entries.extend(blocked.into_iter().map(|(path, why)| Entry { path, state: State::Foreign(why) }));
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(Drift { entries })
}

fn state_of_owned<'a>(folder: &Path, path: &Path, wanted: Option<&'a str>, owned: &Owned) -> Result<Option<State<'a>>> {
    let full = folder.join(path);
    let metadata = match fs::symlink_metadata(&full) {
        Ok(metadata) => metadata,
        // A parent folder may be a file.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(wanted.map(|wanted| State::Missing { wanted }));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot access {}", paths::shown(&full))),
    };
    if metadata.is_symlink() {
        return Ok(Some(State::Foreign(Foreign::Link)));
    }
    if metadata.is_dir() {
        let Some(wanted) = wanted else { return Ok(None) };
        let is_replaced = blocked::disappears(folder, path, owned)?;
        return Ok(Some(if is_replaced { State::Missing { wanted } } else { State::Foreign(Foreign::Folder) }));
    }
    if !metadata.is_file() {
        return Ok(Some(State::Foreign(Foreign::Special)));
    }
    let found = without_carriage_returns(read(&full)?);
    let is_list = path == Path::new(LIST);
    Ok(match wanted {
        Some(wanted) if found == wanted.as_bytes() => None,
        Some(wanted) if is_list || owned.wrote(path, &found) => Some(State::Changed { found, wanted }),
        None if is_list => None,
        None if owned.wrote(path, &found) => Some(State::Stale { found }),
        _ if owned.contains(path) => Some(State::Edited { found, wanted }),
        _ => Some(State::Foreign(Foreign::Collision)),
    })
}

/// Returns a text as it was generated, if version control has changed the ends of its lines.
fn without_carriage_returns(text: Vec<u8>) -> Vec<u8> {
    if !text.windows(2).any(|pair| pair == b"\r\n") {
        return text;
    }
    let mut bytes = text.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            kept.push(byte);
        }
    }
    kept
}

fn exists(folder: &Path) -> Result<bool> {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(_) => bail!("{} is not a folder\nhelp: choose another folder", paths::shown(folder)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            blocked::check_absent(folder)?;
            Ok(false)
        }
        Err(error) => Err(error).with_context(|| format!("cannot access {}", paths::shown(folder))),
    }
}

fn not_a_crate(folder: &Path) -> String {
    format!(
        "{} is not empty and does not contain a generated crate: no Cargo.toml with `@generated by` in its first line\n\
         help: choose another folder with --out, or empty this one first",
        paths::shown(folder)
    )
}

/// How a file in the folder differs from the generated content `wanted`, which is `None` for a file that is not generated.
fn classify<'a>(folder: &Path, found: Found, wanted: Option<&'a str>) -> Result<Option<Entry<'a>>> {
    let path = folder.join(&found.path);
    let state = match (found.kind, wanted) {
        (Kind::Link, _) => State::Foreign(Foreign::Link),
        (Kind::Special, _) => State::Foreign(Foreign::Special),
        (Kind::File, None) if !is_marked(&path)? => State::Foreign(Foreign::Unmarked),
        (Kind::File, None) => State::Stale { found: read(&path)? },
        (Kind::File, Some(wanted)) => match read(&path)? {
            found if found == wanted.as_bytes() => return Ok(None),
            found => State::Changed { found, wanted },
        },
    };
    Ok(Some(Entry { path: found.path, state }))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", paths::shown(path)))
}

/// Whether there is a generated file at this path. Reads only its first 4 KiB.
fn is_marked(path: &Path) -> Result<bool> {
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(false);
    }
    let mut start = Vec::new();
    let file = File::open(path).and_then(|file| file.take(4096).read_to_end(&mut start));
    file.with_context(|| format!("cannot read {}", paths::shown(path)))?;
    Ok(has_marker(&start))
}

/// Whether the first line of a file states that it is generated.
#[must_use]
pub fn has_marker(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(first).contains(MARKER)
}

impl Drift<'_> {
    /// Whether the folder contains the generated files and nothing else.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The foreign files in the folder, and why they are foreign.
    pub fn foreign(&self) -> impl Iterator<Item = (&Path, Foreign)> {
        self.entries.iter().filter_map(|entry| Some((entry.path.as_path(), entry.foreign()?)))
    }
}

impl Entry<'_> {
    /// Why the file is foreign, if it is.
    #[must_use]
    pub fn foreign(&self) -> Option<Foreign> {
        match &self.state {
            State::Changed { found, .. } if !has_marker(found) => Some(Foreign::Unmarked),
            State::Missing { .. } | State::Changed { .. } | State::Stale { .. } => None,
            State::Foreign(why) => Some(*why),
            State::Edited { .. } => Some(Foreign::Edited),
        }
    }

    /// The content in the folder, or an empty string. Invalid UTF-8 is replaced by U+FFFD.
    #[must_use]
    pub fn before(&self) -> Cow<'_, str> {
        match &self.state {
            State::Changed { found, .. } | State::Stale { found } | State::Edited { found, .. } => {
                String::from_utf8_lossy(found)
            }
            State::Missing { .. } | State::Foreign(_) => Cow::Borrowed(""),
        }
    }

    /// The generated content, or an empty string.
    #[must_use]
    pub fn after(&self) -> &str {
        match &self.state {
            State::Missing { wanted } | State::Changed { wanted, .. } => wanted,
            State::Edited { wanted, .. } => wanted.unwrap_or_default(),
            State::Stale { .. } | State::Foreign(_) => "",
        }
    }
}

impl Foreign {
    /// Returns how to proceed.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Edited => {
                "move your changes into `src/custom.rs`, or run the command with --keep-edited, which keeps each edited file as \
                 `.orig`"
            }
            Self::Collision => "rename the file, or generate into another folder",
            Self::Outside => "replace the link with a folder; files outside of the crate are never written",
            Self::Unmarked | Self::Link | Self::Special | Self::Folder | Self::NotAFolder | Self::Broken => {
                "move or delete them, then run the command again"
            }
        }
    }
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmarked => write!(f, "has no `@generated by` in its first line"),
            Self::Link => f.write_str("is a symbolic link"),
            Self::Special => f.write_str("is neither a file nor a folder"),
            Self::Collision => f.write_str("is not a generated file, but has the path of one"),
            Self::Edited => f.write_str("was edited after it was generated"),
            Self::Folder => f.write_str("is a folder, but has the path of a generated file"),
            Self::NotAFolder => f.write_str("is a file, but has the path of a folder with generated files"),
            Self::Outside => f.write_str("is a link that leads out of the folder of the crate"),
            Self::Broken => f.write_str("is a link to nothing"),
        }
    }
}
