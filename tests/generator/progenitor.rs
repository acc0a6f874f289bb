//! Schemas that the back end rejects, panics on or never finishes: all are reported with their location in one run.

use std::fmt::Write as _;

use generator::diagnostics::Palette;
use generator::{Input, document, generate, lower, passes, progenitor, understand};
use insta::assert_snapshot;
use syn::parse_quote;

const HEAD: &str = "openapi: 3.0.3
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
paths:
  /users: {get: {operationId: listUsers, responses: {'204': {description: none}}}}
  /pets: {get: {operationId: listPets, responses: {'200': {description: all, content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}}}}
components:
  schemas:
    Pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
";

fn rendered(schemas: &str) -> String {
    let text = format!("{HEAD}{schemas}");
    let found = generate(&Input::new("spec.yaml", &text)).map_or_else(|found| found, |output| output.diagnostics);
    found.render("spec.yaml", &text, Palette::Plain)
}

#[test]
fn bisecting_finds_each_failing_schema_but_not_its_dependents() {
    assert_snapshot!(rendered(
        "    Pet: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}, name: {type: string}}}
    Owner: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {type: object, required: name}
    Other: {type: object, properties: {odd: {type: integer, format: 5}}}
    Fine: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
"
    ), @r#"
    error[E031]: openapiv3 cannot read the schema `Kind`: invalid type: string "name", expected a sequence
      --> spec.yaml:12:5
       |
    12 |     Kind: {type: object, required: name}
       |     ^
       = at: /components/schemas/Kind
       = help: compare this location with the OpenAPI 3.0 specification

    error[E031]: openapiv3 cannot read the schema `Other`: invalid type: integer `5`, expected a string
      --> spec.yaml:13:5
       |
    13 |     Other: {type: object, properties: {odd: {type: integer, format: 5}}}
       |     ^
       = at: /components/schemas/Other
       = help: compare this location with the OpenAPI 3.0 specification
    "#);
}

#[test]
fn bisecting_works_among_many_schemas() {
    let mut schemas = String::new();
    for number in 0..60 {
        let _ = writeln!(
            schemas,
            "    S{number}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{}'}}}}}}",
            number + 1
        );
    }
    schemas.push_str("    S60: {type: object, required: name}\n    Pet: {type: object}\n");
    let rendered = rendered(&schemas);
    assert_eq!(rendered.matches("error[").count(), 1, "{rendered}");
    assert!(rendered.contains("the schema `S60`") && rendered.contains("spec.yaml:70:"), "{rendered}");
}

/// The diagnostics of the back end for a document without rewrites.
fn rendered_without_rewrites(schemas: &str) -> String {
    let text = format!("{HEAD}{schemas}");
    let document = document::parse(&text).expect("it is valid");
    let (api, _) = lower::lower(&document, "spec.yaml");
    let found = progenitor::types(&api).expect_err("it is not ready");
    found.render("spec.yaml", &text, Palette::Plain)
}

#[test]
fn schemas_that_progenitor_would_follow_forever_are_rejected_earlier() {
    assert_snapshot!(rendered_without_rewrites(
        "    Pet: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object}]}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}
"
    ), @"
    error[E030]: schema `Pet` contains itself through `allOf` or `not`
      --> spec.yaml:10:5
       |
    10 |     Pet: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object}]}
       |     ^
       = at: /components/schemas/Pet
       = help: remove the schema from its own `allOf` or `not`

    error[E030]: schema `Cat` contains itself through `allOf` or `not`
      --> spec.yaml:11:5
       |
    11 |     Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}
       |     ^
       = at: /components/schemas/Cat
       = help: remove the schema from its own `allOf` or `not`
    ");
}

#[test]
fn a_panic_of_progenitor_is_reported_with_its_message() {
    assert_snapshot!(rendered_without_rewrites(
        "    Pet: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {not: {type: object, properties: {a: {type: string}}}}
"
    ), @"
    error[E032]: progenitor panicked on the schema `Kind`: not yet implemented: unhandled not schema Object( SchemaObject { metadata: None, instance_type: Some( Single( Object, ), ), format: None, enum_values: None, con …
      --> spec.yaml:11:5
       |
    11 |     Kind: {not: {type: object, properties: {a: {type: string}}}}
       |     ^
       = at: /components/schemas/Kind
       = help: simplify the schema that the message names; the back end cannot generate a type for it
    ");
}

/// The diagnostics of the passes if progenitor's types do not match the document.
fn rendered_for_types(file: syn::File) -> String {
    let text = format!("{HEAD}    Pet: {{type: object, properties: {{name: {{type: string}}}}}}\n");
    let (_, api, _) = understand(&Input::new("spec.yaml", &text)).expect("it is valid");
    let mut types = progenitor::types(&api).expect("progenitor takes it");
    types.file = file;
    let found = passes::run(&api, &mut types);
    found.render("spec.yaml", &text, Palette::Plain)
}

#[test]
fn a_pass_that_changes_nothing_is_an_internal_error() {
    assert_snapshot!(rendered_for_types(parse_quote!()), @"");
}

#[test]
fn a_type_without_values_is_rejected() {
    assert_snapshot!(rendered_for_types(parse_quote!(pub enum Pet {})), @"
    error[E039]: no value can satisfy the schema `Pet`
      --> spec.yaml:10:5
       |
    10 |     Pet: {type: object, properties: {name: {type: string}}}
       |     ^
       = at: /components/schemas/Pet
       = help: check whether parts of its `allOf` contradict each other
    ");
}
