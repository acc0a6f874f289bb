//! What changes between two versions of a client, for one change of a document at a time. `cargo xtask conform versions` compares the
//! same cases with the judgement of another tool.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use clientsmith::surface::{Change, Impact, Surface, compare};
use generator::document::Source;
use generator::{Input, generate};
use serde::Deserialize;

const BASE: &str = include_str!("versions/base.yaml");

#[derive(Deserialize)]
struct Case {
    name: String,
    impact: String,
    actions: serde_json::Value,
}

fn surface(overlay: Option<&str>) -> Surface {
    let overlays: Vec<_> = overlay.map(|text| Source { name: "change.json", text }).into_iter().collect();
    let input = Input { overlays: &overlays, ..Input::new("pets.yaml", BASE) };
    let output = generate(&input).map_err(|diagnostics| diagnostics.to_string()).unwrap();
    Surface::read(output.tree.iter()).unwrap()
}

fn cases() -> Vec<Case> {
    serde_yaml::from_str(include_str!("versions/cases.yaml")).unwrap()
}

fn changes(old: &Surface, case: &Case) -> Vec<Change> {
    let overlay = serde_json::json!({
        "overlay": "1.0.0", "info": { "title": case.name, "version": "1" }, "actions": case.actions,
    });
    compare(old, &surface(Some(&overlay.to_string())))
}

/// What a case changes, as text, and whether the impact is the expected one.
fn described(old: &Surface, case: &Case) -> (String, bool) {
    let changes = changes(old, case);
    let impact = match changes.iter().map(|change| change.impact).max() {
        None => "none",
        Some(Impact::Patch) => "patch",
        Some(Impact::Minor) => "minor",
        Some(Impact::Major) => "major",
    };
    let mut text = format!("{} ({impact})\n", case.name);
    for change in changes {
        let hint = change.hint.map_or_else(String::new, |hint| format!(" ({hint})"));
        let _ = writeln!(text, "    {:?} {}{hint}", change.impact, change.message);
    }
    (text, impact == case.impact)
}

#[test]
fn changes_of_a_document_have_the_impact_that_cargo_gives_them() {
    let (old, cases) = (surface(None), cases());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = cases.chunks(cases.len().div_ceil(threads));
    let described: Vec<(String, bool)> = std::thread::scope(|scope| {
        let running: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().map(|case| described(&old, case)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    for (text, is_expected) in &described {
        assert!(is_expected, "{text}");
    }
    insta::assert_snapshot!(described.into_iter().map(|(text, _)| text).collect::<String>());
}
