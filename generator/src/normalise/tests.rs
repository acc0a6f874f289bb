//! Every rewrite against a fixture of its own: what it changes, what it says, and that a second run changes nothing.

use similar::TextDiff;

use super::REWRITES;
use crate::diagnostics::Palette;
use crate::document::{self, Document};

fn pretty(document: &Document) -> String {
    serde_json::to_string_pretty(document.value()).expect("a value is text") + "\n"
}

fn check(name: &str, text: &str) {
    let mut before = document::parse(text).expect("the fixture is sound");
    let position = REWRITES.iter().position(|rewrite| rewrite.name == name).expect("the rewrite is in the table");
    for earlier in &REWRITES[..position] {
        before = earlier.apply(before).0;
    }
    let (after, found) = REWRITES[position].apply(before.clone());
    assert_ne!(after.value(), before.value(), "`{name}` made no edit to its fixture");
    assert_eq!(
        REWRITES[position].apply(after.clone()).0.value(),
        after.value(),
        "`{name}` edits again what it has edited"
    );
    let (before, after) = (pretty(&before), pretty(&after));
    let diff = TextDiff::from_lines(&before, &after);
    let said = found.render("fixture.yaml", text, Palette::Plain);
    insta::assert_snapshot!(name, format!("{}\n{said}", diff.unified_diff().context_radius(2)));
}

macro_rules! rewrites {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), include_str!(concat!("fixtures/", stringify!($name), ".yaml")));
            }
        )*

        #[test]
        fn every_rewrite_has_a_fixture() {
            let tested = [$(stringify!($name)),*];
            let table: Vec<_> = REWRITES.iter().map(|rewrite| rewrite.name).collect();
            assert_eq!(table, tested);
        }
    };
}

rewrites! {
    inline_paths
    name_operations
    move_path_parameters
    mend_path_parameters
    drop_external_parts
    name_deep_targets
    inline_components
    drop_head_bodies
    fold_parts
    mend_enums
    drop_bad_defaults
    mend_discriminators
    hoist_inline_schemas
    complete_union_tags
    rename_schemas
    break_circles
    intersect
    infer_union_tags
    order_union_members
    move_nullable
    settle_keywords
}

#[test]
fn a_moved_value_keeps_its_place_in_the_text() {
    let text = include_str!("fixtures/hoist_inline_schemas.yaml");
    let (document, _) = super::normalise(document::parse(text).expect("the fixture is sound"));
    let hoisted =
        document.root().at(&["components", "schemas", "UserAddress2", "properties", "city"]).expect("hoisted");
    let span = document.span(hoisted.pointer()).expect("it has a place");
    let line = text.lines().nth(span.line - 1).expect("the line exists");
    assert_eq!(line.trim(), "city: {type: string}");
}
