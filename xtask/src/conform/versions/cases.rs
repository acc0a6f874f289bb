//! Pairs of documents: changes of a document of this repository, and pairs in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;
use clientsmith::spec::Spec;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::workspace;

/// Two versions of a document.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) old: Spec,
    pub(crate) new: Spec,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    actions: Value,
}

/// The changes of the document in `generator/cli/tests/versions`.
pub(crate) fn own() -> Result<Vec<Pair>> {
    let folder = workspace::root().join("generator/cli/tests/versions");
    let read = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"));
    let cases: Vec<Case> = serde_yaml::from_str(&read("cases.yaml")?).context("cases.yaml is not a list of cases")?;
    let old = Spec::of_text("base.yaml", read("base.yaml")?);
    let pair = |case: Case| {
        let mut new = old.clone();
        let info = json!({ "title": case.name, "version": "1" });
        new.add_overlay("change", json!({ "overlay": "1.0.0", "info": info, "actions": case.actions }).to_string());
        Pair { name: case.name, old: old.clone(), new }
    };
    Ok(cases.into_iter().map(pair).collect())
}

/// The pairs in a folder: a folder for each, with the files `old` and `new`.
pub(crate) fn in_folder(folder: &Path) -> Result<Vec<Pair>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", shown(folder)))?;
    let mut folders: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.sort();
    let pair = |folder: PathBuf| {
        Ok(Pair {
            name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            old: document(&folder, "old")?,
            new: document(&folder, "new")?,
        })
    };
    folders.into_iter().filter(|path| path.is_dir()).map(pair).collect()
}

fn document(folder: &Path, stem: &str) -> Result<Spec> {
    for extension in ["yaml", "yml", "json"] {
        let path = folder.join(format!("{stem}.{extension}"));
        if path.is_file() {
            let mut spec = Spec::read(&path)?;
            spec.is_lenient = true;
            return Ok(spec);
        }
    }
    bail!("{} contains no document `{stem}`", shown(folder))
}
