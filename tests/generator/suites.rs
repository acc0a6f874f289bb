//! The documents of public suites, in the folder `SUITES_DIR`, against the tables in `docs/SUITES.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::{Input, generate};

use crate::root;

/// The folders whose documents must generate, unless they are excluded.
const POSITIVE: [&str; 6] = ["heyapi-20", "heyapi-30", "heyapi-31", "ogen-positive", "openapi-3.0", "openapi-3.1"];

#[test]
fn documents_of_public_suites_are_accepted_or_rejected_as_listed() {
    let Some(folder) = std::env::var_os("SUITES_DIR").map(PathBuf::from) else { return };
    let (excluded, negative) = tables();
    let mut faults = String::new();
    let mut seen = BTreeSet::new();
    for (name, path) in documents(&folder) {
        let codes = codes(&path);
        let expected = excluded.get(&name).or_else(|| negative.get(&name));
        seen.insert(name.clone());
        let is_as_listed = match expected {
            Some(expected) if excluded.contains_key(&name) => {
                expected.iter().all(|code| codes.contains(code)) && codes.iter().any(|code| code.starts_with('E'))
            }
            // Names that are derived from the path are of no interest here.
            Some(expected) => codes.iter().filter(|code| *code != "W005").eq(expected.iter()),
            None => !codes.iter().any(|code| code.starts_with('E')),
        };
        if !is_as_listed {
            writeln!(faults, "{name}: {codes:?}, not {expected:?}").expect("a string takes all");
        }
    }
    for name in excluded.keys().chain(negative.keys()).filter(|name| !seen.contains(*name)) {
        writeln!(faults, "{name} is listed, but there is no such document").expect("a string takes all");
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The documents in the folders of the suites, by the last folder and the file name.
fn documents(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let suite = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_suite = POSITIVE.contains(&suite.as_str()) || suite == "ogen-negative";
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            let is_document =
                path.extension().is_some_and(|end| ["json", "yaml", "yml"].iter().any(|known| end == *known));
            if path.is_dir() {
                open.push(path);
            } else if is_suite && is_document {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                all.insert(format!("{suite}/{file}"), path);
            }
        }
    }
    assert!(!all.is_empty(), "the folder has no suites");
    all
}

/// The codes of all diagnostics of a document.
fn codes(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("the document can be read");
    let diagnostics = match generate(&Input::new("document", &text)) {
        Ok(output) => output.diagnostics,
        Err(diagnostics) => diagnostics,
    };
    diagnostics.sorted().into_iter().map(|diagnostic| diagnostic.code.id.to_owned()).collect()
}

type Table = BTreeMap<String, BTreeSet<String>>;

/// The excluded documents and the negative ones, with their codes.
fn tables() -> (Table, Table) {
    let text = fs::read_to_string(root().join("docs/SUITES.md")).expect("the page can be read");
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<_> = line.strip_prefix("| `")?.split(" | ").collect();
        let [name, codes, _] = cells.as_slice() else { return None };
        let codes = codes.split(", ").filter(|code| *code != "none").map(|code| code.trim_matches('`').to_owned());
        Some((name.trim_end_matches('`').to_owned(), codes.collect()))
    });
    rows.partition(|(name, _)| !name.starts_with("ogen-negative/"))
}
