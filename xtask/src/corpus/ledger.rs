//! Stores results between runs: one file per document, so that an interrupted run loses only the documents in progress.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::documents::File;
use super::record::Record;
use clientsmith::paths::shown;

/// The folder of the results, the clients and the build artifacts.
pub(crate) struct Ledger {
    root: PathBuf,
}

impl Ledger {
    /// Opens the folder, or creates it. `fresh` discards earlier results.
    pub(crate) fn open(root: &Path, fresh: bool) -> Result<Self> {
        let ledger = Self { root: root.to_path_buf() };
        let records = ledger.records();
        if fresh && records.exists() {
            fs::remove_dir_all(&records).with_context(|| format!("cannot remove {}", shown(&records)))?;
        }
        for folder in [&records, &ledger.root.join("crates")] {
            fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", shown(folder)))?;
        }
        Ok(ledger)
    }

    fn records(&self) -> PathBuf {
        self.root.join("records")
    }

    /// Where the client of a document is written.
    pub(crate) fn client(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name)
    }

    /// The target folder, shared by all clients.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// The recorded result for a document, if it is still valid.
    pub(crate) fn recall(&self, file: &File) -> Option<Record> {
        let text = fs::read_to_string(self.path(&file.name)).ok()?;
        let record: Record = serde_json::from_str(&text).ok()?;
        (record.key == file.key).then_some(record)
    }

    /// Records the result for a document.
    pub(crate) fn remember(&self, record: &Record) -> Result<()> {
        let path = self.path(&record.name);
        let text = serde_json::to_string_pretty(record)?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", shown(&path)))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.records().join(format!("{name}.json"))
    }
}
