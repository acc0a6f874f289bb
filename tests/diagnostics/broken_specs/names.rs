//! Names of types, fields and variants, and types of other crates, in the document and in the configuration.

use insta::assert_snapshot;

use generator::customise::{Customisation, Table};
use generator::diagnostics::Palette;
use generator::document::Source;
use generator::passes::{TypeExtra, TypeExtras};
use generator::{Input, Settings, generate};

use super::{HEAD, diagnostics_of};

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
    assert_snapshot!(diagnostics.render_sources(&sources, Palette::Plain), @r#"
    warning[W097]: the document has no schema named `Users`; did you mean `User`?
     --> clientsmith.toml:2:1
      |
    2 | Users = "a::B"
      | ^
      = help: correct the name; see the documentation of the configuration for what it names

    warning[W097]: the client has no type `Name2`; did you mean `Name`?
     --> clientsmith.toml:4:1
      |
    4 | Name2 = ["Hash"]
      | ^
      = help: use the name of a struct or enum in the module `types`, or `all` for all types
    "#);
}

#[test]
fn an_invalid_type_of_another_crate() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Money: {type: string, x-rust-type: my money}
    Price:
      type: string
      x-rust-type: {path: my_money::Price, version: 1, parameters: []}
"), @r#"
    warning[W098]: `x-rust-type` is ignored: `my money` is not the path of a type
     --> spec.yaml:7:27
      |
    7 |     Money: {type: string, x-rust-type: my money}
      |                           ^
      = at: /components/schemas/Money/x-rust-type
      = help: write `x-rust-type: my_crate::Money`, or an object with `path`, and with `crate` and `version` for a dependency; replace the types of the fields of a form instead of the form

    warning[W098]: `x-rust-type` is ignored: unknown member `parameters`
      --> spec.yaml:10:7
       |
    10 |       x-rust-type: {path: my_money::Price, version: 1, parameters: []}
       |       ^
       = at: /components/schemas/Price/x-rust-type
       = help: write `x-rust-type: my_crate::Money`, or an object with `path`, and with `crate` and `version` for a dependency; replace the types of the fields of a form instead of the form

    warning[W098]: `x-rust-type` is ignored: `version` is not a version requirement, such as `"1.2"`
      --> spec.yaml:10:7
       |
    10 |       x-rust-type: {path: my_money::Price, version: 1, parameters: []}
       |       ^
       = at: /components/schemas/Price/x-rust-type
       = help: write `x-rust-type: my_crate::Money`, or an object with `path`, and with `crate` and `version` for a dependency; replace the types of the fields of a form instead of the form

    warning[W098]: `x-rust-type` is ignored: `version` without a `crate`
      --> spec.yaml:10:7
       |
    10 |       x-rust-type: {path: my_money::Price, version: 1, parameters: []}
       |       ^
       = at: /components/schemas/Price/x-rust-type
       = help: write `x-rust-type: my_crate::Money`, or an object with `path`, and with `crate` and `version` for a dependency; replace the types of the fields of a form instead of the form
    "#);
}

#[test]
fn a_list_of_names_with_another_length_than_the_enum() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Level: {type: string, enum: ['1', '2'], x-enum-varnames: [Low]}
"), @r#"
    warning[W099]: `x-enum-varnames` has the length 1, but the enum has 2 values
     --> spec.yaml:7:45
      |
    7 |     Level: {type: string, enum: ['1', '2'], x-enum-varnames: [Low]}
      |                                             ^
      = at: /components/schemas/Level/x-enum-varnames
      = help: write one entry for each value, in the order of the values
    "#);
}

#[test]
fn names_that_are_taken_or_invalid() {
    assert_snapshot!(diagnostics_of("
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
"), @r#"
    warning[W102]: another type has the name `Person`, so a number is added
     --> spec.yaml:7:26
      |
    7 |     User: {type: object, x-speakeasy-name-override: Person}
      |                          ^
      = at: /components/schemas/User/x-speakeasy-name-override
      = help: choose another name, or remove the extension

    warning[W102]: a type cannot have the name `String`, so a number is added
     --> spec.yaml:9:26
      |
    9 |     Text: {type: string, x-speakeasy-name-override: String}
      |                          ^
      = at: /components/schemas/Text/x-speakeasy-name-override
      = help: choose another name, or remove the extension

    warning[W102]: another field has the name `title`, so a number is added
      --> spec.yaml:13:30
       |
    13 |         name: {type: string, x-speakeasy-name-override: title}
       |                              ^
       = at: /components/schemas/Pet/properties/name/x-speakeasy-name-override
       = help: choose another name, or remove the extension

    warning[W102]: `x-speakeasy-name-override` is `9 lives`, which is not a Rust identifier, so it is converted to one
      --> spec.yaml:15:29
       |
    15 |         age: {type: string, x-speakeasy-name-override: 9 lives}
       |                             ^
       = at: /components/schemas/Pet/properties/age/x-speakeasy-name-override
       = help: choose another name, or remove the extension
    "#);
}
