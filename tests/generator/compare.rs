//! Compares the documents of the tests with their clients: every difference has a warning.

use std::path::{Path, PathBuf};
use std::{fs, thread};

use generator::{Input, generate};

use crate::root;

fn documents(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// The differences of a document, or nothing if the generator rejects it.
fn differences(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the document is there");
    let input = Input::new("document.yaml", &text);
    let Ok(output) = generate(&input) else { return Vec::new() };
    let differences = xtask::compare::compare(&input, &output.tree, &output.diagnostics).expect("the client is Rust");
    let name = path.file_name().unwrap_or_default().display();
    differences.iter().map(|difference| format!("{name}:{difference}")).collect()
}

/// Compares all documents, half of them in another thread.
fn check(documents: &[PathBuf]) {
    let all = |documents: &[PathBuf]| documents.iter().flat_map(|path| differences(path)).collect::<Vec<_>>();
    let (first, second) = documents.split_at(documents.len() / 2);
    let found = thread::scope(|scope| {
        let first = scope.spawn(|| all(first));
        let second = all(second);
        [first.join().expect("no comparison panics"), second].concat()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn clients_of_fixtures_are_as_their_documents_say() {
    check(&documents("tests/fixtures"));
}

#[test]
fn clients_of_constructs_are_as_their_documents_say() {
    check(&documents("tests/constructs"));
}

#[test]
fn the_client_is_as_its_document_says() {
    check(&[root().join("openapi.yaml")]);
}
