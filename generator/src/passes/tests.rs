//! Tests every pass against its own fixture: its changes, its edit count, and that a second run changes nothing.

use similar::TextDiff;

use super::PASSES;
use super::attributes::tests::READ;
use crate::{Input, print, progenitor, understand};

/// Returns a document whose only operation sends and receives the schema `Root`.
fn document(schemas: &str) -> String {
    let indented = schemas.lines().fold(String::new(), |text, line| text + "    " + line + "\n");
    format!(
        "openapi: 3.0.3
info: {{title: Fixture, version: '1'}}
paths:
  /root:
    post:
      operationId: root
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Root'}}}}}}
      responses:
        '200':
          description: ok
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Root'}}}}}}
components:
  schemas:
{indented}"
    )
}

fn check(name: &str, schemas: &str) {
    let text = document(schemas);
    let input = Input::new("fixture.yaml", &text);
    let (_, api, _) = understand(&input).expect("the fixture is sound");
    let mut types = progenitor::types(&api).expect("progenitor takes the fixture");
    let position = PASSES.iter().position(|pass| pass.name == name).expect("the pass is in the table");
    for earlier in &PASSES[..position] {
        earlier.apply(&api, &mut types);
    }
    let before = print::file(types.file.clone());
    let edits = PASSES[position].apply(&api, &mut types);
    let after = print::file(types.file.clone());
    assert!(edits > 0, "`{name}` made no edit to its fixture");
    assert_eq!(PASSES[position].apply(&api, &mut types), 0, "`{name}` edits again what it has edited");
    assert_eq!(print::file(types.file), after, "`{name}` changes what it counts no edit for");
    let diff = TextDiff::from_lines(&before, &after);
    insta::assert_snapshot!(name, format!("{edits} edits\n\n{}", diff.unified_diff().context_radius(2)));
}

/// Returns how many attributes the passes read for an object of this many properties.
fn attributes_read(properties: usize) -> usize {
    let lines = (0..properties).fold("Root:\n  type: object\n  properties:\n".to_owned(), |text, number| {
        text + &format!("    value_{}: {{type: string}}\n", (number * 7) % properties)
    });
    let text = document(&lines);
    let (_, api, _) = understand(&Input::new("fixture.yaml", &text)).expect("the fixture is sound");
    let mut types = progenitor::types(&api).expect("progenitor takes the fixture");
    READ.set(0);
    super::run(&api, &mut types);
    READ.get()
}

#[test]
fn the_work_of_all_passes_grows_with_the_properties_of_an_object() {
    let (few, many) = (attributes_read(20), attributes_read(200));
    assert!(few > 0 && many <= few * 11, "{few} attributes for 20 properties, {many} for 200");
}

macro_rules! passes {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), include_str!(concat!("fixtures/", stringify!($name), ".yaml")));
            }
        )*

        #[test]
        fn every_pass_has_a_fixture() {
            let tested = [$(stringify!($name)),*];
            let table: Vec<_> = PASSES.iter().map(|pass| pass.name).collect();
            assert_eq!(table, tested);
        }
    };
}

passes! {
    write_enums
    tag_unions
    decide_unions
    replace_types
    name_fields
    order_fields
    box_inside_options
    keep_empty_lists
    send_explicit_nulls
    keep_unknown_fields
    redact_debug
    mark_non_exhaustive
    derive_equality
    write_defaults
    make_docs_safe
    document_items
    convert_wrappers
    name_integers
    add_constructors
    convert_to_requests
    drop_unused_modules
    shorten_paths
}
