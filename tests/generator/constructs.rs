//! Checks `docs/CONSTRUCTS.md`: each row contains a document, and its disposition must match the result.

use std::collections::BTreeSet;
use std::fs;

use generator::diagnostics::Diagnostics;
use generator::{Input, generate};

use crate::root;

/// A row of the table.
struct Row {
    disposition: String,
    document: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/CONSTRUCTS.md")).expect("the page is there");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| construct"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, disposition, _, document] = cells.as_slice() else { panic!("a row has four cells: {row}") };
        Row { disposition: (*disposition).to_owned(), document: document.trim_matches('`').to_owned() }
    })
    .collect()
}

fn disposition(text: &str) -> String {
    let codes = |found: &Diagnostics| {
        let codes: BTreeSet<_> = found.sorted().iter().map(|one| format!("`{}`", one.code.id)).collect();
        codes.into_iter().collect::<Vec<_>>().join(", ")
    };
    match generate(&Input::new("spec.json", text)) {
        Ok(output) if output.diagnostics.warnings() == 0 => "supported".to_owned(),
        Ok(output) => format!("warned {}", codes(&output.diagnostics)),
        Err(found) => {
            assert!(found.sorted().iter().all(|one| one.span.is_some()), "a refusal has its place: {found:?}");
            format!("rejected {}", codes(&found))
        }
    }
}

#[test]
fn every_construct_has_the_documented_disposition() {
    let folder = root().join("tests/constructs");
    let rows = rows();
    let mut faults = Vec::new();
    for row in &rows {
        let text = fs::read_to_string(folder.join(format!("{}.json", row.document))).expect("the document is there");
        let is = disposition(&text);
        if is != row.disposition {
            faults.push(format!("{}: {} in the table, but {is}", row.document, row.disposition));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let files: BTreeSet<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let named: BTreeSet<_> = rows.into_iter().map(|row| row.document).collect();
    assert_eq!(files, named, "each document has its row");
}
