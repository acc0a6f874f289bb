//! What a folder states about its documents: where they come from, and what their clients may cost.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result};
use clientsmith::paths::shown;
use serde::Deserialize;

/// The file with a table for each document.
const FILE: &str = "documents.toml";

/// What is known about a document.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Target {
    /// The package, its version and the path of the document in it.
    pub(crate) source: String,
    /// The most processor time to generate the client, in seconds.
    pub(crate) seconds: Option<f64>,
    /// The most memory to generate the client, in mebibytes.
    pub(crate) memory_mib: Option<u64>,
}

/// Returns the targets by the names of the files. A folder without the file has no targets.
pub(crate) fn read(folder: &Path) -> Result<BTreeMap<String, Target>> {
    let path = folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", shown(&path))),
    };
    toml::from_str(&text).with_context(|| format!("{} does not list documents", shown(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_may_state_sources_and_targets() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        assert_eq!(read(folder.path()).expect("there is nothing to read"), BTreeMap::new());
        let text = "[\"a.json\"]\nsource = \"x 1.0\"\nseconds = 3.0\n";
        fs::write(folder.path().join(FILE), text).expect("a file can be written");
        let target = Target { source: "x 1.0".to_owned(), seconds: Some(3.0), memory_mib: None };
        assert_eq!(read(folder.path()).expect("it is a list"), BTreeMap::from([("a.json".to_owned(), target)]));
        fs::write(folder.path().join(FILE), "[\"a.json\"]\nsource = \"x\"\nhours = 3\n")
            .expect("a file can be written");
        assert!(read(folder.path()).is_err());
    }
}
