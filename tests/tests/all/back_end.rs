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
    Kind: {type: object, required: name}
    Other: {type: object, properties: {odd: {type: integer, format: 5}}}
    Fine: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
"
    ), @r#"
    error[E031]: openapiv3 does not read the schema `Kind`: invalid type: string "name", expected a sequence
      --> spec.yaml:12:5
       |
    12 |     Kind: {type: object, required: name}
       |     ^
       = at: /components/schemas/Kind
       = help: compare the place with the OpenAPI 3.0 specification

    error[E031]: openapiv3 does not read the schema `Other`: invalid type: integer `5`, expected a string
      --> spec.yaml:13:5
       |
    13 |     Other: {type: object, properties: {odd: {type: integer, format: 5}}}
       |     ^
       = at: /components/schemas/Other
       = help: compare the place with the OpenAPI 3.0 specification
    "#);
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
    schemas.push_str("    S60: {type: object, required: name}\n    Pet: {type: object}\n");
    let said = said_of(&schemas);
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    assert!(said.contains("the schema `S60`") && said.contains("spec.yaml:70:"), "{said}");
}
