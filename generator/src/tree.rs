//! The files of a crate, in memory. Knows nothing of Rust, of OpenAPI or of a disk.

use std::collections::BTreeMap;

/// Text files by their path below the crate's folder, with `/` between the parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrateTree {
    files: BTreeMap<String, String>,
}

impl CrateTree {
    /// Adds a file.
    ///
    /// # Panics
    ///
    /// When a stage writes a path twice, or one that leaves the crate's folder: both are mistakes of the generator.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let path = path.into();
        assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path:?} is no path below the crate");
        let earlier = self.files.insert(path, text.into());
        assert!(earlier.is_none(), "a file was written twice");
    }

    /// All files, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
