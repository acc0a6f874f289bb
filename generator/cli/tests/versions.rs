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
    let output = generate(&input).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
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

#[test]
fn changes_of_a_document_have_the_impact_that_cargo_gives_them() {
    let old = surface(None);
    let mut text = String::new();
    for case in cases() {
        let changes = changes(&old, &case);
        let impact = changes.iter().map(|change| change.impact).max();
        let impact = match impact {
            None => "none",
            Some(Impact::Patch) => "patch",
            Some(Impact::Minor) => "minor",
            Some(Impact::Major) => "major",
        };
        let _ = writeln!(text, "{} ({impact})", case.name);
        for change in changes {
            let hint = change.hint.map_or_else(String::new, |hint| format!(" ({hint})"));
            let _ = writeln!(text, "    {:?} {}{hint}", change.impact, change.message);
        }
        if impact != case.impact {
            let _ = writeln!(text, "    WRONG: not {}", case.impact);
        }
    }
    assert!(!text.contains("WRONG"), "{text}");
    insta::assert_snapshot!(text);
}
