//! What the back end refuses, panics at or would never end with: told at the place it comes from, all of it in one run.

use std::fmt::Write as _;

use generator::diagnostics::Palette;
use generator::{Input, generate};
use insta::assert_snapshot;

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

fn said_of(schemas: &str) -> String {
    let text = format!("{HEAD}{schemas}");
    let found = generate(&Input::new("spec.yaml", &text)).map_or_else(|found| found, |output| output.diagnostics);
    found.render("spec.yaml", &text, Palette::Plain)
}

#[test]
fn each_culprit_is_found_and_nothing_that_only_needs_it() {
    assert_snapshot!(said_of(
        "    Pet: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}, name: {type: string}}}
    Owner: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {not: {type: object, properties: {a: {type: string}}}}
    Other: {type: object, properties: {odd: {not: {type: array, items: {type: string}}}}}
    Fine: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
"
    ), @"
    error[E032]: progenitor gave up on the schema `Kind`: not yet implemented: unhandled not schema Object( SchemaObject { metadata: None, instance_type: Some( Single( Object, ), ), format: None, enum_values: None, con …
      --> spec.yaml:12:5
       |
    12 |     Kind: {not: {type: object, properties: {a: {type: string}}}}
       |     ^
       = at: /components/schemas/Kind
       = help: simplify the schema that the message speaks of; the construct is one the back end cannot type

    error[E032]: progenitor gave up on the schema `Other`: not yet implemented: unhandled not schema Object( SchemaObject { metadata: None, instance_type: Some( Single( Array, ), ), format: None, enum_values: None, cons …
      --> spec.yaml:13:5
       |
    13 |     Other: {type: object, properties: {odd: {not: {type: array, items: {type: string}}}}}
       |     ^
       = at: /components/schemas/Other
       = help: simplify the schema that the message speaks of; the construct is one the back end cannot type
    ");
}

#[test]
fn many_schemas_around_a_culprit_change_nothing() {
    let mut schemas = String::new();
    for number in 0..60 {
        let _ = writeln!(
            schemas,
            "    S{number}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{}'}}}}}}",
            number + 1
        );
    }
    schemas.push_str("    S60: {not: {type: object, properties: {a: {type: string}}}}\n    Pet: {type: object}\n");
    let said = said_of(&schemas);
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    assert!(said.contains("the schema `S60`") && said.contains("spec.yaml:70:"), "{said}");
}

#[test]
fn intersections_and_negations_without_end_are_told_at_their_place() {
    for (schemas, names) in [
        ("    Pet: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}\n", &["Pet"][..]),
        ("    Pet: {not: {$ref: '#/components/schemas/Pet'}}\n", &["Pet"]),
        ("    Pet: {oneOf: [{not: {$ref: '#/components/schemas/Pet'}}, {type: string}]}\n", &["Pet"]),
    ] {
        let said = said_of(schemas);
        assert!(said.starts_with("error["), "{schemas}{said}");
        for name in names {
            assert!(said.contains(name), "{said}");
        }
    }
}
