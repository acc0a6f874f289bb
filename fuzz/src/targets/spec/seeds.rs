//! The seed documents: the fixtures of the tests and the document of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The texts of the documents.
pub(super) fn texts() -> Vec<String> {
    paths().iter().filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// The parsed documents.
pub(super) fn documents() -> Vec<Value> {
    let texts = texts();
    let documents = texts.iter().filter_map(|text| generator::document::parse(text).ok());
    documents.map(|document| document.value().clone()).collect()
}

fn paths() -> Vec<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = fs::read_dir(repository.join("tests/fixtures"));
    let mut paths: Vec<_> = folder.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.push(repository.join("openapi.yaml"));
    paths
}
