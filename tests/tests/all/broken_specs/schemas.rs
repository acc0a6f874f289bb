//! Schemas and references.

use insta::assert_snapshot;

use super::{findings_of, output_of, refusal_of};

#[test]
fn a_reference_to_nothing() {
    assert_snapshot!(refusal_of("
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
"), @r"
    error[E006]: `#/components/schemas/Usr` leads nowhere
      --> spec.yaml:14:17
       |
    14 |                 $ref: '#/components/schemas/Usr'
       |                 ^
       = at: /paths/~1users/get/responses/200/content/application~1json/schema/$ref
       = help: add what the reference names, or correct its spelling
    ");
}

#[test]
fn a_reference_to_another_file() {
    assert_snapshot!(findings_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200':
          description: all
          content: {application/json: {schema: {$ref: 'user.yaml#/User'}}}
"), @"
    warning[W016]: `user.yaml#/User` leads out of this document
      --> spec.yaml:11:49
       |
    11 |           content: {application/json: {schema: {$ref: 'user.yaml#/User'}}}
       |                                                 ^
       = at: /paths/~1users/get/responses/200/content/application~1json/schema/$ref
       = help: bundle the document into one file first, so that every reference starts with `#/`
    ");
}

#[test]
fn references_in_a_circle_are_called_that() {
    let refusal = refusal_of(
        "
paths: {}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
",
    );
    assert!(refusal.starts_with("error[E006]") && refusal.contains("circle"), "{refusal}");
    assert!(!refusal.contains("leads nowhere"), "{refusal}");
}

#[test]
fn a_schema_within_itself() {
    assert_snapshot!(findings_of("
paths: {}
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
    warning[W019]: schema `Base` contains itself through `allOf`, which adds nothing
     --> spec.yaml:7:5
      |
    7 |     Base:
      |     ^
      = at: /components/schemas/Base
      = help: take the schema out of its own `allOf`

    warning[W019]: schema `Special` contains itself through `allOf`, which adds nothing
      --> spec.yaml:10:5
       |
    10 |     Special:
       |     ^
       = at: /components/schemas/Special
       = help: take the schema out of its own `allOf`
    ");
}

#[test]
fn two_schemas_of_one_name_in_rust() {
    assert_snapshot!(findings_of("
paths: {}
components:
  schemas:
    user_name: {type: object}
    UserName: {type: object}
"), @"
    warning[W007]: schemas `user_name` and `UserName` are both `UserName` in Rust
     --> spec.yaml:8:5
      |
    8 |     UserName: {type: object}
      |     ^
      = at: /components/schemas/UserName
      = help: rename one of the two schemas
    ");
}

#[test]
fn a_discriminator_that_leads_nowhere() {
    assert_snapshot!(findings_of("
paths: {}
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
    warning[W041]: `kind: dog` is mapped to `#/components/schemas/Dog`, which is no member of the union
      --> spec.yaml:14:11
       |
    14 |           dog: '#/components/schemas/Dog'
       |           ^
       = at: /components/schemas/Pet/discriminator/mapping/dog
       = help: list the schema among the members of the union, or take the value out of the mapping
    ");
}

#[test]
fn discriminators_without_what_they_need() {
    assert_snapshot!(findings_of("
paths: {}
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

    warning[W011]: a member of a union with a discriminator is not a `$ref`
      --> spec.yaml:13:11
       |
    13 |         - {type: object, properties: {kind: {type: string}}}
       |           ^
       = at: /components/schemas/Inline/oneOf/0
       = help: list each member as a `$ref` and map each value of the property to one of them
    ");
}

#[test]
fn an_enum_with_a_value_twice_and_one_that_is_no_text() {
    assert_snapshot!(findings_of("
paths: {}
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
    warning[W009]: `"yes"` stands twice in the enum
     --> spec.yaml:9:19
      |
    9 |       enum: [yes, yes, 1]
      |                   ^
      = at: /components/schemas/Answer/enum/1
      = help: list each text once, in quotes where YAML would read something else (`'no'`, `'1'`)

    warning[W009]: `1` is a value of an enum of strings, but no string
     --> spec.yaml:9:24
      |
    9 |       enum: [yes, yes, 1]
      |                        ^
      = at: /components/schemas/Answer/enum/2
      = help: list each text once, in quotes where YAML would read something else (`'no'`, `'1'`)

    warning[W009]: `"de"` stands twice in the enum
      --> spec.yaml:15:11
       |
    15 |         - de
       |           ^
       = at: /components/schemas/Country/enum/2
       = help: list each text once, in quotes where YAML would read something else (`'no'`, `'1'`)

    warning[W009]: `false` is a value of an enum of strings, but no string
      --> spec.yaml:16:11
       |
    16 |         - false
       |           ^
       = at: /components/schemas/Country/enum/3
       = help: list each text once, in quotes where YAML would read something else (`'no'`, `'1'`)
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
    // A digit of the Coptic calendar, a superscript, and a vowel sign, with which no identifier begins: numbers and letters to
    // Unicode.
    for odd in ["\u{102e1}", "²", "\u{1c24}"] {
        assert_eq!(output_of(&text.replace('~', odd)).diagnostics.errors(), 0);
    }
}
