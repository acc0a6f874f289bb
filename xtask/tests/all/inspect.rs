//! `inspect`: the generator's model of the API, and what one step changes.

use serde_json::{Value, json};

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
fn a_pass_that_changes_nothing_is_reported() {
    let run = inspect(&["pass", "tag_unions"]).succeeds();
    assert_eq!(run.out, "tag_unions changes nothing in this document\n");
}

#[test]
fn a_rewrite_is_shown_as_a_diff() {
    let run = inspect(&["normalise", "hoist_inline_schemas"]).succeeds();
    contains(&run.out, "+++ after hoist_inline_schemas\n@@ ");
}

/// A document for which a rewrite reports a warning.
const STRANGE: &str = "openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths: {/pets: {get: {operationId: listPets, responses: {'204': {description: none}}}}}
webhooks: {petAdded: {post: {responses: {'204': {description: taken}}}}}
components:
  schemas:
    Name: {type: [string, 'null'], properties: {first: {type: string}}}
";

fn strange(arguments: &[&str]) -> Run {
    Sandbox::new(STRANGE).run(&[&["inspect", "normalise"], arguments, &["--spec", "spec.yaml"]].concat())
}

#[test]
fn the_diagnostics_of_a_rewrite_are_shown_after_its_diff() {
    let run = strange(&["normalise_keywords"]).succeeds();
    contains(&run.out, "+++ after normalise_keywords\n@@ ");
    contains(
        &run.err,
        "warning[W018]: the schema has type `string`, so its `properties` has no effect\n --> spec.yaml:8:",
    );
    assert!(run.err.ends_with("\n1 warning\n") && !run.err.contains("W031"), "only its own: {}", run.err);
    let listed = strange(&[]).succeeds();
    let reporting: Vec<_> = listed.out.lines().filter(|line| line.ends_with("  1 warning")).collect();
    assert!(
        matches!(&*reporting, [one, other] if one.starts_with("webhooks ") && other.starts_with("normalise_keywords "))
    );
    let json = strange(&["webhooks", "--format", "json"]).succeeds();
    contains(&json.err, r#"{"code":"W031","#);
    assert_eq!(json.err.lines().count(), 1, "{}", json.err);
}

#[test]
fn the_whole_document_after_a_rewrite_is_json() {
    let after = |name: &str| -> Value { serde_json::from_str(&strange(&[name, "--whole"]).succeeds().out).unwrap() };
    let name = |document: &Value| document["components"]["schemas"]["Name"].clone();
    let (early, late) = (after("webhooks"), after("normalise_keywords"));
    assert_eq!(name(&early)["type"], json!(["string", "null"]));
    assert!(early.get("webhooks").is_none() && early["paths"].get("/pets").is_some());
    assert_eq!(name(&late), json!({ "type": "string" }));
    let types = inspect(&["pass", "drop_unused_modules", "--whole"]).succeeds();
    assert!(types.out.contains("pub struct ") && !types.out.contains("\n+"), "{}", types.out);
    contains(&strange(&["--whole"]).ends_with(2).err, "--whole");
}

#[test]
fn a_step_that_does_not_apply_to_the_document_is_an_error() {
    let run = inspect(&["normalise", "webhooks"]).ends_with(2);
    contains(&run.err, "error: webhooks applies only to OpenAPI 3.1 documents\n");
}

#[test]
fn a_document_that_is_nested_too_deeply_is_rejected() {
    let step = |number: usize| format!("S{number}: {{allOf: [{{$ref: '#/components/schemas/S{}'}}]}}", number + 1);
    let chain: Vec<_> = (0..100).map(step).collect();
    let sandbox = Sandbox::new(&format!("{SPEC}components: {{schemas: {{{}, S100: {{}}}}}}\n", chain.join(", ")));
    contains(&sandbox.run(&["inspect", "normalise", "--spec", "spec.yaml"]).ends_with(1).err, "error[E054]: ");
}

#[test]
fn without_a_name_all_steps_are_listed_with_their_line_counts() {
    for (kind, steps) in [
        ("pass", generator::passes::PASSES.iter().map(|pass| pass.name).collect::<Vec<_>>()),
        ("normalise", generator::rewrite::normalise::REWRITES.iter().map(|rewrite| rewrite.name).collect()),
    ] {
        let run = inspect(&[kind]).succeeds();
        let names: Vec<_> = run.out.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(names, steps);
        assert!(run.out.lines().all(|line| line.contains("  +") && line.contains(" -")), "{}", run.out);
    }
}

#[test]
fn an_unknown_name_is_an_error_that_lists_all_names() {
    contains(
        &inspect(&["pass", "nope"]).ends_with(2).err,
        "error: there is no pass \"nope\"; choose one of write_enums, ",
    );
    contains(&inspect(&["normalise", "nope"]).ends_with(2).err, "there is no rewrite \"nope\"; choose one of ");
}

#[test]
fn a_document_with_errors_shows_them() {
    for what in ["ir", "pass", "normalise"] {
        let sandbox = Sandbox::new("[]");
        let run = sandbox.run(&["inspect", what, "--spec", "spec.yaml"]).ends_with(1);
        contains(&run.err, "error[E002]: ");
        contains(&run.err, "\n1 error: nothing to show\n");
        assert_eq!(run.out, "");
    }
}
