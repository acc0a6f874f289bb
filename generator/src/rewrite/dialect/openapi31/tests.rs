//! Tests every rewrite against its own fixture, and against values that are not valid schemas.

use serde_json::Value;

use crate::document;
use crate::rewrite::dialect::to_openapi30;
use crate::rewrite::harness::rewrites;

rewrites! {
    webhooks
    inline_path_items
    transport_security
    override_references
    resolve_identifiers
    hoist_definitions
    tuples
    boolean_schemas
    pattern_properties
    close_objects
    drop_conditions
    constants
    type_lists
    null_branches
    exclusive_bounds
    single_examples
    encodings
    reference_siblings
    version_header
}

#[test]
fn a_moved_value_keeps_its_source_position() {
    let text = "openapi: 3.1.0
components:
  schemas:
    User:
      anyOf:
        - type: 'null'
        - $ref: '#/$defs/Person'
          title: A user
      $defs:
        Person:
          type: [object, 'null']
          properties:
            name: {type: strin}
";
    let (document, _) = to_openapi30(document::parse(text).expect("it is sound"));
    let moved = document.root().at(&["components", "schemas", "Person", "properties", "name", "type"]);
    let span = document.span(moved.expect("it was hoisted").pointer()).expect("it has a place");
    assert_eq!((span.line, span.column), (13, 20));
}

#[test]
fn documents_of_other_versions_are_left_alone() {
    for version in ["3.0.3", "3.3.0", "3.10.0", "2.0"] {
        let text = format!("openapi: {version}\nwebhooks: {{}}\ncomponents: {{schemas: {{A: {{const: 1}}}}}}\n");
        let document = document::parse(&text).expect("it is sound");
        let (after, diagnostics) = to_openapi30(document.clone());
        assert_eq!((after.value(), diagnostics.sorted().len()), (document.value(), 0));
    }
}

/// Documents may have any value where a schema, or a part of one, is expected.
#[test]
fn no_invalid_schema_causes_a_panic() {
    let odd = [
        "null",
        "true",
        "false",
        "0",
        "-1.5",
        "text",
        "[]",
        "{}",
        "[null, {}]",
        "{a: 1}",
        "{a: {}}",
        "['null']",
        "[[]]",
        "{$ref: 1}",
        "{type: []}",
        "{type: [{}]}",
        "[false]",
        "'#/components/schemas/S'",
        "'#'",
        "https://a.example/#",
    ];
    let keywords = [
        "$id",
        "$anchor",
        "$ref",
        "$dynamicRef",
        "$dynamicAnchor",
        "$defs",
        "definitions",
        "type",
        "const",
        "enum",
        "properties",
        "patternProperties",
        "additionalProperties",
        "unevaluatedProperties",
        "propertyNames",
        "required",
        "items",
        "prefixItems",
        "contains",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "if",
        "then",
        "dependentSchemas",
        "exclusiveMinimum",
        "minimum",
        "examples",
        "contentEncoding",
        "contentMediaType",
        "discriminator",
        "nullable",
    ];
    for keyword in keywords {
        for value in odd {
            for beside in
                ["", "type: ['null', string]", "$ref: '#/components/schemas/S'", "oneOf: [{type: 'null'}, true]"]
            {
                let text = format!(
                    "{{openapi: 3.1.0, paths: {{/s: {{get: {{parameters: [{{schema: {{'{keyword}': {value}}}}}]}}}}}}, \
                     components: {{schemas: {{S: {{'{keyword}': {value}, {beside}}}}}}}}}"
                );
                if let Ok(document) = document::parse(&text) {
                    let _ = to_openapi30(document);
                }
            }
        }
    }
    for key in ["info", "paths", "components", "webhooks", "jsonSchemaDialect", "$defs", "security"] {
        for value in odd {
            let document = document::parse(&format!("{{openapi: 3.1.0, {key}: {value}}}")).expect("it is sound");
            let (after, _) = to_openapi30(document);
            assert_eq!(after.value().get("openapi"), Some(&Value::from("3.0.3")));
        }
    }
}
