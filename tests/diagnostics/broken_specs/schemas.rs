//! Errors in schemas and references.

use insta::assert_snapshot;

use super::{diagnostics_of, output_of};

#[test]
fn a_reference_to_a_missing_target() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200':
          description: all
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Usr'
components:
  schemas:
    User: {type: object}
"), @"
    warning[W049]: `#/components/schemas/Usr` points to nothing
      --> spec.yaml:14:17
       |
    14 |                 $ref: '#/components/schemas/Usr'
       |                 ^
       = at: /paths/~1users/get/responses/200/content/application~1json/schema/$ref
       = help: add the target of the reference, or correct its spelling
    ");
}

#[test]
fn a_reference_to_another_file() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200':
          description: all
          content: {application/json: {schema: {$ref: 'user.yaml#/User'}}}
"), @"
    warning[W016]: `user.yaml#/User` leads to a file, or a place in it, that does not exist
      --> spec.yaml:11:49
       |
    11 |           content: {application/json: {schema: {$ref: 'user.yaml#/User'}}}
       |                                                 ^
       = at: /paths/~1users/get/responses/200/content/application~1json/schema/$ref
       = help: correct the path of the file; save what a URL leads to as a file, and refer to that
    ");
}

#[test]
fn circular_references_are_reported() {
    let refusal = diagnostics_of(
        "
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
",
    );
    assert!(refusal.contains("warning[W049]") && refusal.contains("is a circular reference"), "{refusal}");
    assert!(!refusal.contains("points to nothing"), "{refusal}");
}

#[test]
fn a_schema_that_contains_itself() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Base:
      allOf:
        - $ref: '#/components/schemas/Special'
    Special:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
"), @"
    warning[W019]: schema `Base` includes itself through `allOf`, which has no effect
     --> spec.yaml:7:5
      |
    7 |     Base:
      |     ^
      = at: /components/schemas/Base
      = help: remove the schema from its own `allOf`

    warning[W019]: schema `Special` includes itself through `allOf`, which has no effect
      --> spec.yaml:10:5
       |
    10 |     Special:
       |     ^
       = at: /components/schemas/Special
       = help: remove the schema from its own `allOf`
    ");
}

#[test]
fn two_schemas_with_the_same_rust_name() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    user_name: {type: object}
    UserName: {type: object}
"), @"
    warning[W007]: schemas `user_name` and `UserName` both become `UserName` in Rust
     --> spec.yaml:8:5
      |
    8 |     UserName: {type: object}
      |     ^
      = at: /components/schemas/UserName
      = help: rename one of the two schemas
    ");
}

#[test]
fn a_discriminator_with_an_unresolved_mapping() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/Cat'
      discriminator:
        propertyName: kind
        mapping:
          cat: '#/components/schemas/Cat'
          dog: '#/components/schemas/Dog'
    Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
"), @"
    warning[W041]: `kind: dog` is mapped to `#/components/schemas/Dog`, which is not a member of the union
      --> spec.yaml:14:11
       |
    14 |           dog: '#/components/schemas/Dog'
       |           ^
       = at: /components/schemas/Pet/discriminator/mapping/dog
       = help: list the schema among the members of the union, or remove the value from the mapping
    ");
}

#[test]
fn discriminators_without_required_members() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Nameless:
      oneOf:
        - $ref: '#/components/schemas/Cat'
      discriminator: {mapping: {cat: Cat}}
    Inline:
      oneOf:
        - {type: object, properties: {kind: {type: string}}}
      discriminator: {propertyName: kind}
    Cat: {type: object, properties: {kind: {type: string}}}
"), @"
    warning[W011]: the discriminator has no `propertyName`
      --> spec.yaml:10:7
       |
    10 |       discriminator: {mapping: {cat: Cat}}
       |       ^
       = at: /components/schemas/Nameless/discriminator
       = help: list each member as a `$ref` and map each value of the property to one of them

    warning[W011]: a union member is neither a `$ref` nor requires a distinct value of `kind`
      --> spec.yaml:13:11
       |
    13 |         - {type: object, properties: {kind: {type: string}}}
       |           ^
       = at: /components/schemas/Inline/oneOf/0
       = help: list each member as a `$ref` and map each value of the property to one of them
    ");
}

#[test]
fn an_enum_with_a_duplicate_and_a_non_string_value() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Answer:
      type: string
      enum: [yes, yes, 1]
    Country:
      type: string
      enum:
        - de
        - no
        - de
        - false
"), @r#"
    warning[W009]: `"yes"` is listed twice in the enum
     --> spec.yaml:9:19
      |
    9 |       enum: [yes, yes, 1]
      |                   ^
      = at: /components/schemas/Answer/enum/1
      = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)

    warning[W009]: `1` is a value of a string enum, but is not a string
     --> spec.yaml:9:24
      |
    9 |       enum: [yes, yes, 1]
      |                        ^
      = at: /components/schemas/Answer/enum/2
      = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)

    warning[W009]: `"de"` is listed twice in the enum
      --> spec.yaml:15:11
       |
    15 |         - de
       |           ^
       = at: /components/schemas/Country/enum/2
       = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)

    warning[W009]: `false` is a value of a string enum, but is not a string
      --> spec.yaml:16:11
       |
    16 |         - false
       |           ^
       = at: /components/schemas/Country/enum/3
       = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)
    "#);
}

#[test]
fn characters_that_no_name_can_have_are_left_out_of_names() {
    let text = "
paths:
  /odd:
    get:
      operationId: get~
      tags: [odd~.~]
      parameters: [{name: ~x, in: query, schema: {type: string, enum: ['~', a~, b]}}]
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Odd'}}}}}
components:
  schemas:
    Odd: {type: object, properties: {'~': {type: string, enum: ['~', a~, b]}, a~: {type: object, properties: {c: {type: string}}}}}
    Odd~: {type: object, properties: {c: {type: string}}}
";
    // A Coptic epact number, a superscript and a vowel sign. Unicode classifies them as numbers and letters, but no identifier
    // may start with them.
    for odd in ["\u{102e1}", "²", "\u{1c24}"] {
        assert_eq!(output_of(&text.replace('~', odd)).diagnostics.errors(), 0);
    }
}

#[test]
fn a_type_that_does_not_exist() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    User:
      type: struct
    Name: {type: [string]}
"), @r#"
    warning[W050]: `struct` is not a schema type
     --> spec.yaml:8:7
      |
    8 |       type: struct
      |       ^
      = at: /components/schemas/User/type
      = help: use string, number, integer, boolean, array or object

    warning[W050]: `["string"]` is not a schema type
     --> spec.yaml:9:12
      |
    9 |     Name: {type: [string]}
      |            ^
      = at: /components/schemas/Name/type
      = help: use string, number, integer, boolean, array or object
    "#);
}

#[test]
fn defaults_that_are_not_values_of_their_schema() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    User:
      type: object
      properties:
        age: {type: integer, default: young}
        kind: {type: string, enum: [admin, guest], default: owner}
"), @"
    warning[W015]: the default is not valid for its schema, so it is ignored
      --> spec.yaml:10:30
       |
    10 |         age: {type: integer, default: young}
       |                              ^
       = at: /components/schemas/User/properties/age/default
       = help: correct the default, or remove it

    warning[W015]: the default is not valid for its schema, so it is ignored
      --> spec.yaml:11:52
       |
    11 |         kind: {type: string, enum: [admin, guest], default: owner}
       |                                                    ^
       = at: /components/schemas/User/properties/kind/default
       = help: correct the default, or remove it
    ");
}

#[test]
fn several_errors_at_once() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Name: {type: string}
    Neither:
      allOf:
        - $ref: '#/components/schemas/Name'
        - {type: object, properties: {a: {type: string}}}
"), @"
    warning[W017]: schema `Neither` combines parts without a common type, so it is typed as any JSON
     --> spec.yaml:8:5
      |
    8 |     Neither:
      |     ^
      = at: /components/schemas/Neither
      = help: describe the value with one type, such as an object with all properties
    ");
}

#[test]
fn a_keyword_for_another_type() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Name: {type: string, properties: {first: {type: string}}}
    Names: {type: array, items: {type: string}, required: [first]}
"), @"
    warning[W018]: the schema has type `string`, so its `properties` has no effect
     --> spec.yaml:7:26
      |
    7 |     Name: {type: string, properties: {first: {type: string}}}
      |                          ^
      = at: /components/schemas/Name/properties
      = help: remove the keyword, or correct the type

    warning[W018]: the schema has type `array`, so its `required` has no effect
     --> spec.yaml:8:49
      |
    8 |     Names: {type: array, items: {type: string}, required: [first]}
      |                                                 ^
      = at: /components/schemas/Names/required
      = help: remove the keyword, or correct the type
    ");
}

#[test]
fn a_base_schema_whose_derived_schemas_are_missing() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/Cat'}
"), @"
    warning[W028]: the discriminator maps to no schema of the document
      --> spec.yaml:13:9
       |
    13 |         mapping: {cat: '#/components/schemas/Cat'}
       |         ^
       = at: /components/schemas/Pet/discriminator/mapping
       = help: add the schemas that the discriminator maps to
    ");
}

#[test]
fn a_reference_to_something_other_than_a_schema() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    User: {type: object, properties: {address: {$ref: '#/components/responses/Address'}}}
  responses:
    Address: {description: one}
"), @"
    warning[W029]: `#/components/responses/Address` is not a schema, so the value is typed as any JSON
     --> spec.yaml:7:39
      |
    7 |     User: {type: object, properties: {address: {$ref: '#/components/responses/Address'}}}
      |                                       ^
      = at: /components/schemas/User/properties/address
      = help: refer to the schema in that part
    ");
}

#[test]
fn a_required_property_without_a_schema() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    User:
      type: object
      required: [name, emial]
      properties: {name: {type: string}, email: {type: string}}
"), @"
    warning[W044]: `emial` is required, but `properties` does not describe it
     --> spec.yaml:9:7
      |
    9 |       required: [name, emial]
      |       ^
      = at: /components/schemas/User/required
      = help: describe the property, or remove it from `required`; often one of the two is misspelt
    ");
}

#[test]
fn a_property_with_conflicting_schemas_in_all_of() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Base: {type: object, properties: {id: {type: integer}}}
    User:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          properties: {id: {type: string}}
"), @"
    warning[W045]: an earlier part describes `id` of `User` differently
      --> spec.yaml:12:24
       |
    12 |           properties: {id: {type: string}}
       |                        ^
       = at: /components/schemas/User/allOf/1/properties/id
       = help: let one part describe the property, or let both refer to the same schema
    ");
}

#[test]
fn a_union_that_is_a_member_of_itself() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    One:
      oneOf: [{$ref: '#/components/schemas/Two'}, {type: string}]
    Two:
      anyOf: [{$ref: '#/components/schemas/One'}]
"), @"
    warning[W072]: the union `One` is a member of itself, which has no effect
     --> spec.yaml:7:5
      |
    7 |     One:
      |     ^
      = at: /components/schemas/One
      = help: remove the schema from its own `oneOf` or `anyOf`

    warning[W072]: the union `Two` is a member of itself, which has no effect
     --> spec.yaml:9:5
      |
    9 |     Two:
      |     ^
      = at: /components/schemas/Two
      = help: remove the schema from its own `oneOf` or `anyOf`
    ");
}

#[test]
fn values_of_another_type_in_an_enum_of_numbers() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Level: {type: integer, enum: ['1', 2]}
    Flag: {type: boolean, enum: [true, 'false']}
"), @r#"
    warning[W009]: `"1"` is listed in the enum, but its type is `integer`
     --> spec.yaml:7:35
      |
    7 |     Level: {type: integer, enum: ['1', 2]}
      |                                   ^
      = at: /components/schemas/Level/enum/0
      = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)

    warning[W009]: `"false"` is listed in the enum, but its type is `boolean`
     --> spec.yaml:8:40
      |
    8 |     Flag: {type: boolean, enum: [true, 'false']}
      |                                        ^
      = at: /components/schemas/Flag/enum/1
      = help: list each string once, and quote values that YAML would read as another type (`'no'`, `'1'`)
    "#);
}

#[test]
fn keywords_of_openapi_31_in_a_document_of_30() {
    assert_snapshot!(diagnostics_of("
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
components:
  schemas:
    Kind: {type: string, const: cat}
    Open: {type: object, patternProperties: {'^x-': {type: string}}}
"), @"
    warning[W080]: OpenAPI 3.0 has no keyword `const`; it is read as an `enum` of this value
     --> spec.yaml:7:26
      |
    7 |     Kind: {type: string, const: cat}
      |                          ^
      = at: /components/schemas/Kind/const
      = help: declare `openapi: 3.1.0`, or use a keyword of OpenAPI 3.0

    warning[W080]: OpenAPI 3.0 has no keyword `patternProperties`, so it is ignored
     --> spec.yaml:8:26
      |
    8 |     Open: {type: object, patternProperties: {'^x-': {type: string}}}
      |                          ^
      = at: /components/schemas/Open/patternProperties
      = help: declare `openapi: 3.1.0`, or use a keyword of OpenAPI 3.0
    ");
}
