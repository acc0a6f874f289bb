//! The result for a document. It is kept in a file until the document, the generator or the settings change.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use clientsmith::paths::shown;

/// What happened to a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Identifies the document, the generator and the settings.
    pub(crate) key: String,
    pub(crate) outcome: Outcome,
}

/// The outcome for a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// The generator rejects it, or it has no components.
    Rejected(String),
    /// The types do not compile, or the program failed.
    Failed(String),
    /// All components were checked.
    Checked(Vec<Component>),
}

/// What happened to the values of a component.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Component {
    pub(crate) name: String,
    /// The number of valid values.
    pub(crate) samples: usize,
    /// The number of values that the judge rejected.
    pub(crate) discarded: usize,
    /// The number of values that came back with defaults of properties that they do not have.
    pub(crate) completed: usize,
    /// Why the judge cannot use the schema.
    pub(crate) unjudged: Option<String>,
    pub(crate) losses: Vec<Loss>,
}

/// Values that did not come back, with one of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Loss {
    pub(crate) reason: String,
    pub(crate) values: usize,
    pub(crate) example: String,
    pub(crate) result: Option<String>,
}

impl Record {
    /// The record of an earlier run with the same key.
    pub(crate) fn read(path: &Path, key: &str) -> Option<Self> {
        let record: Self = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
        (record.key == key).then_some(record)
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let folder = path.parent().context("the path has no folder")?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(path, serde_json::to_string_pretty(self)?))
            .with_context(|| format!("cannot write {}", shown(path)))
    }
}
