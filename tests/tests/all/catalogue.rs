//! Holds the catalogue of diagnostics to what is shown of them: each stands in a snapshot as its reader sees it.

use std::collections::BTreeSet;
use std::fs;

use generator::diagnostics::catalogue::ALL;

use crate::house::files;
use crate::repository;

/// Where snapshots are, in files of their own and between the lines of tests.
const FOLDERS: [&str; 3] = ["generator/src", "tests/tests", "xtask/tests"];

/// The codes of the diagnostics that a text shows whole: with message, place and remedy.
fn shown(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let blocks = lines.split(|line| line.is_empty());
    blocks.filter_map(shown_first).collect()
}

/// The code of the diagnostic that stands in some lines. A snapshot's mark may stand before it.
fn shown_first(lines: &[&str]) -> Option<String> {
    let first = lines.iter().position(|line| line.starts_with("error[") || line.starts_with("warning["))?;
    let [title, place, notes @ ..] = lines.get(first..)? else { return None };
    let (code, message) = title.split_once('[')?.1.split_once("]: ")?;
    let has_remedy = notes.iter().any(|note| note.strip_prefix("= help: ").is_some_and(|help| !help.is_empty()));
    (!message.is_empty() && place.starts_with("--> ") && has_remedy).then(|| code.to_owned())
}

#[test]
fn every_diagnostic_is_shown_whole_in_a_snapshot() {
    let mut seen = BTreeSet::new();
    for path in FOLDERS.into_iter().flat_map(files) {
        if path.rsplit('.').next().is_some_and(|ending| ["rs", "snap"].contains(&ending)) {
            seen.append(&mut shown(&fs::read_to_string(repository().join(&path)).expect("it is text")));
        }
    }
    let unseen: Vec<_> = ALL.iter().map(|code| code.id).filter(|id| !seen.contains(*id)).collect();
    assert!(unseen.is_empty(), "no snapshot shows {}, with its place and remedy", unseen.join(", "));
}

#[test]
fn a_title_alone_is_not_the_whole() {
    assert_eq!(shown("warning[W001]: it is odd\nwarning[W002]: so is this\n"), BTreeSet::new());
    assert_eq!(shown("error[E001]: it is odd\n --> a.yaml:1:1\n  |\n"), BTreeSet::new());
    let whole = "    assert_snapshot!(said, @\"\n    error[E001]: it is odd\n     --> a.yaml\n      = help: fix it\n";
    assert_eq!(shown(whole), BTreeSet::from(["E001".to_owned()]));
}
