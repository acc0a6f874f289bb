//! The list of the files that the tool wrote into a folder, with the hash of each. It tells a file that was written from one that
//! was edited later, and from the owner's own files, which are never touched.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::tree::{CrateTree, MARKER};
use sha2::{Digest as _, Sha256};

use crate::paths::shown;

/// The path of the list in the folder of a crate.
pub const LIST: &str = ".clientsmith";

/// The files that the tool wrote into a folder, by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned(BTreeMap<PathBuf, String>);

impl Owned {
    /// Reads the list of a folder. Empty if there is none.
    ///
    /// # Errors
    ///
    /// The list cannot be read, or was edited.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(LIST);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", shown(&path))),
        };
        Self::parse(&text, &path)
    }

    /// Parses a list. The path is that of messages.
    ///
    /// # Errors
    ///
    /// The list was edited.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let mut all = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once("  ") {
                Some((hash, file)) if hash.len() == 64 && is_below(file) => {
                    all.insert(file.split('/').collect(), hash.to_owned());
                }
                _ => bail!(
                    "{}:{}: not a hash and a path\nhelp: restore the file from version control; without it, the files of an \
                     earlier run cannot be told from your own",
                    shown(path),
                    number + 1
                ),
            }
        }
        Ok(Self(all))
    }

    /// Whether the tool wrote a file of this path.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// Whether the tool wrote a file of this path with this content.
    #[must_use]
    pub fn wrote(&self, path: &Path, content: &[u8]) -> bool {
        self.0.get(path).is_some_and(|known| *known == hash(content))
    }

    /// Returns the paths of all files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

/// Whether a path is below the folder.
fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Adds the list of all files of a crate to the crate. `marker` is that of all files.
pub fn add_list(tree: &mut CrateTree, marker: &str) {
    let mut text = format!(
        "# {MARKER}{marker}\n# The files that were written, with their SHA-256. Keep this file in version control.\n\n"
    );
    for (path, content) in tree.iter() {
        text.push_str(&format!("{}  {path}\n", hash(content.as_bytes())));
    }
    tree.insert(LIST, text);
}

fn hash(content: &[u8]) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(content) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}
