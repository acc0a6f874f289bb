//! Checks that every diagnostic of the catalogue appears in a snapshot as a user sees it.

use std::collections::BTreeSet;
use std::fs;

use generator::diagnostics::catalogue::ALL;

use crate::repository::repository_rules::files;
use crate::root;

/// The folders with snapshots, in `.snap` files and inline in tests.
const FOLDERS: [&str; 5] = ["generator/src", "tests/client", "tests/diagnostics", "tests/generator", "xtask/tests"];

/// The codes of the diagnostics that a text shows completely: with message, location and help.
fn shown(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let blocks = lines.split(|line| line.is_empty());
    blocks.filter_map(shown_first).collect()
}

/// The code of the diagnostic in some lines. It may follow the marker of a snapshot.
fn shown_first(lines: &[&str]) -> Option<String> {
    let first = lines.iter().position(|line| line.starts_with("error[") || line.starts_with("warning["))?;
    let [title, place, notes @ ..] = lines.get(first..)? else { return None };
    let (code, message) = title.split_once('[')?.1.split_once("]: ")?;
    let has_remedy = notes.iter().any(|note| note.strip_prefix("= help: ").is_some_and(|help| !help.is_empty()));
    (!message.is_empty() && place.starts_with("--> ") && has_remedy).then(|| code.to_owned())
}

#[test]
fn every_diagnostic_is_shown_completely_in_a_snapshot() {
    let mut seen = BTreeSet::new();
    for path in FOLDERS.into_iter().flat_map(files) {
        if path.rsplit('.').next().is_some_and(|ending| ["rs", "snap"].contains(&ending)) {
            seen.append(&mut shown(&fs::read_to_string(root().join(&path)).expect("it is text")));
        }
    }
    let unseen: Vec<_> = ALL.iter().map(|code| code.id).filter(|id| !seen.contains(*id)).collect();
    assert!(unseen.is_empty(), "no snapshot shows {}, with its location and help", unseen.join(", "));
}

#[test]
fn a_title_alone_is_not_complete() {
    assert_eq!(shown("warning[W001]: it is odd\nwarning[W002]: so is this\n"), BTreeSet::new());
    assert_eq!(shown("error[E001]: it is odd\n --> a.yaml:1:1\n  |\n"), BTreeSet::new());
    let whole =
        "    assert_snapshot!(rendered, @\"\n    error[E001]: it is odd\n     --> a.yaml\n      = help: fix it\n";
    assert_eq!(shown(whole), BTreeSet::from(["E001".to_owned()]));
}
