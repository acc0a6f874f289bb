//! `inspect`: the API as understood, and what one step changes.

use crate::sandbox::{Run, SPEC, Sandbox, contains};

fn inspect(arguments: &[&str]) -> Run {
    Sandbox::new(SPEC).run(&[&["inspect"], arguments, &["--spec", "spec.yaml"]].concat())
}

#[test]
fn ir_prints_the_api() {
    let run = inspect(&["ir"]).succeeds();
    assert!(run.out.starts_with("Api {\n"), "{}", run.out);
    contains(&run.out, "listPets");
}

#[test]
fn a_pass_is_shown_as_a_diff() {
    let run = inspect(&["pass", "document_items"]).succeeds();
    assert!(run.out.starts_with("--- before document_items\n+++ after document_items\n@@ "), "{}", run.out);
    contains(&run.out, "\n+");
}

#[test]
fn a_pass_with_nothing_to_do_says_so() {
    let run = inspect(&["pass", "tag_unions"]).succeeds();
    assert_eq!(run.out, "tag_unions changes nothing in this document\n");
}

#[test]
fn a_rewrite_is_shown_as_a_diff() {
    let run = inspect(&["normalise", "hoist_inline_schemas"]).succeeds();
    contains(&run.out, "+++ after hoist_inline_schemas\n@@ ");
}

#[test]
fn without_a_name_all_steps_are_listed_with_their_line_counts() {
    for (kind, steps) in [
        ("pass", generator::passes::PASSES.iter().map(|pass| pass.name).collect::<Vec<_>>()),
        ("normalise", generator::normalise::REWRITES.iter().map(|rewrite| rewrite.name).collect()),
    ] {
        let run = inspect(&[kind]).succeeds();
        let names: Vec<_> = run.out.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(names, steps);
        assert!(run.out.lines().all(|line| line.contains("  +") && line.contains(" -")), "{}", run.out);
    }
}

#[test]
fn an_unknown_name_is_answered_with_all_names() {
    contains(&inspect(&["pass", "nope"]).ends_with(2).err, "error: there is no pass \"nope\"; there are write_enums, ");
    contains(&inspect(&["normalise", "nope"]).ends_with(2).err, "there is no rewrite \"nope\"; there are ");
}

#[test]
fn a_document_with_errors_shows_them() {
    for what in ["ir", "pass", "normalise"] {
        let sandbox = Sandbox::new("[]");
        let run = sandbox.run(&["inspect", what, "--spec", "spec.yaml"]).ends_with(1);
        contains(&run.err, "error[E002]: ");
        contains(&run.err, "\n1 error: nothing can be shown\n");
        assert_eq!(run.out, "");
    }
}
