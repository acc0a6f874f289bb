//! What is finished, between runs: one file for each document, so that a run that is broken off loses no more than what was
//! under way.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::documents::File;
use super::record::Record;
use crate::workspace::shown;

/// The folder of all that is kept.
pub(crate) struct Ledger {
    root: PathBuf,
}

impl Ledger {
    /// In this folder, which need not exist; `fresh` forgets what is there.
    pub(crate) fn open(root: &Path, fresh: bool) -> Result<Self> {
        let ledger = Self { root: root.to_path_buf() };
        let records = ledger.records();
        if fresh && records.exists() {
            fs::remove_dir_all(&records).with_context(|| format!("cannot remove {}", shown(&records)))?;
        }
        for folder in [&records, &ledger.root.join("crates")] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", shown(folder)))?;
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

    /// Where what is compiled is kept, for all clients.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// What came of a document, if that still holds.
    pub(crate) fn recall(&self, file: &File) -> Option<Record> {
        let text = fs::read_to_string(self.place(&file.name)).ok()?;
        let record: Record = serde_json::from_str(&text).ok()?;
        (record.key == file.key).then_some(record)
    }

    /// Remembers what came of a document.
    pub(crate) fn remember(&self, record: &Record) -> Result<()> {
        let place = self.place(&record.name);
        let text = serde_json::to_string_pretty(record)?;
        fs::write(&place, text + "\n").with_context(|| format!("cannot write {}", shown(&place)))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.records().join(format!("{name}.json"))
    }
}
