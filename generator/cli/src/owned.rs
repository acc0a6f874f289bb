//! The list of the files that the tool wrote into a folder, with the hash of each. It tells a file that was written from one that
//! was edited later, and from the owner's own files, which are never touched.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::tree::{CrateTree, MARKER};
use sha2::{Digest as _, Sha256};

use crate::paths::shown;

/// The path of the list in the folder of a crate.
pub const LIST: &str = ".clientsmith";

const HELP: &str =
    "help: restore the file from version control; without it, the files of an earlier run cannot be told from your own";

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
            let at = format!("{}:{}", shown(path), number + 1);
            match line.split_once("  ") {
                Some((hash, file)) if is_hash(hash) && is_below(file) => {
                    all.insert(file.split('/').collect(), hash.to_owned());
                }
                Some((hash, file)) if is_hash(hash) => bail!(
                    "{at}: {file:?} is not a path of a file in the folder: it is absolute, or has an empty part, `.` or `..`\n{HELP}"
                ),
                _ => bail!("{at}: not a hash and a path\n{HELP}"),
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

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a path is below the folder: each part is a name.
pub(crate) fn is_below(path: &str) -> bool {
    path.split('/').all(|part| {
        let mut components = Path::new(part).components();
        matches!((components.next(), components.next()), (Some(Component::Normal(name)), None) if name == part)
    })
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
