//! Names of types, fields and variants, and types of other crates, in the document and in the configuration.

use insta::assert_snapshot;

use generator::customise::{Customisation, Table};
use generator::diagnostics::Palette;
use generator::document::Source;
use generator::passes::{TypeExtra, TypeExtras};
use generator::{Input, Settings, generate};

use super::{HEAD, diagnostics_of, errors_of};

#[test]
fn a_key_of_the_configuration_that_matches_nothing() {
    let text =
        format!("{HEAD}paths: {{}}\ncomponents: {{schemas: {{User: {{type: object}}, Name: {{type: string}}}}}}\n");
    let configuration = "[types.schemas]\nUsers = \"a::B\"\n[types.derives]\nName2 = [\"Hash\"]\n";
    let customisations =
        [Customisation { table: Table::Schemas, key: "Users".to_owned(), value: "a::B".into(), position: (2, 1) }];
    let extra = TypeExtra { type_name: Some("Name2".to_owned()), texts: vec!["Hash".to_owned()], position: (4, 1) };
    let types = TypeExtras { derives: vec![extra], attributes: Vec::new() };
    let settings = Settings { customisations: &customisations, types: Some(&types), ..Settings::default() };
    let output = generate(&Input { settings, ..Input::new("spec.yaml", &text) }).expect("these are warnings");
    let sources = [Source { name: "spec.yaml", text: &text }, Source { name: "clientsmith.toml", text: configuration }];
    let mut diagnostics = output.diagnostics;
    diagnostics.retain(|code| code.id == "W097");
    assert_snapshot!(diagnostics.render_sources(&sources, Palette::Plain), @"");
}

#[test]
fn a_type_of_another_crate_that_is_none() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Money: {type: string, x-rust-type: my money}
    Price:
      type: string
      x-rust-type: {path: my_money::Price, version: 1, parameters: []}
"), @"");
}

#[test]
fn a_list_of_names_with_another_length_than_the_enum() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Level: {type: string, enum: ['1', '2'], x-enum-varnames: [Low]}
"), @"");
}

#[test]
fn names_that_are_taken_or_invalid() {
    assert_snapshot!(errors_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    User: {type: object, x-speakeasy-name-override: Person}
    person: {type: object}
    Text: {type: string, x-speakeasy-name-override: String}
    Pet:
      type: object
      properties:
        name: {type: string, x-speakeasy-name-override: title}
        title: {type: string}
        age: {type: string, x-speakeasy-name-override: 9 lives}
"), @"");
}
