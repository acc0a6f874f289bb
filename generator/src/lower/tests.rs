//! Tests of decisions that the fixtures do not show.

use crate::{Input, Output, generate};

/// The output for a document with one operation, which has these query and header parameters.
fn with_parameters(parameters: &str) -> Output {
    let text = format!(
        "{{openapi: 3.0.3, info: {{title: Plain, version: '1'}}, paths: {{/a: {{get: {{operationId: op, \
         parameters: [{parameters}], responses: {{'204': {{description: done}}}}}}}}}}}}"
    );
    generate(&Input::new("plain.yaml", &text)).expect("the document is valid")
}

#[test]
fn an_enum_of_requests_beside_any_string_accepts_other_strings() {
    let output = with_parameters(
        "{name: open, in: query, schema: {anyOf: [{type: string, enum: [a]}, {type: string}]}}, \
         {name: closed, in: query, schema: {type: string, enum: [b]}}",
    );
    let types = output.tree.get("src/types.rs").expect("there are types");
    assert_eq!(types.matches("Unknown(String)").count(), 1, "{types}");
}

#[test]
fn a_value_without_a_valid_style_is_a_string_that_the_caller_writes() {
    let output = with_parameters(
        "{name: X-Number, in: header, required: true, style: form, schema: {type: integer}}, \
         {name: X-List, in: header, required: true, style: form, schema: {type: array, items: {type: integer}}}",
    );
    let functions = output.tree.get("src/funcs/client.rs").expect("there is a function");
    assert!(functions.contains("x_number: i64") && functions.contains("x_list: &'a str"), "{functions}");
    assert_eq!(output.diagnostics.warnings(), 2, "one for each parameter");
}
