//! Documents of several files.

use generator::diagnostics::Palette;
use generator::document::Source;
use generator::{Input, Output, generate, referenced_files};
use insta::assert_snapshot;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Users, version: '1'}\nservers: [{url: https://example.com}]\n";

const PARTS: [Source<'static>; 5] = [
    Source {
        name: "paths/users.yaml",
        text: "
get:
  operationId: listUsers
  parameters: [{$ref: '../parts.json#/parameters/Limit'}]
  responses:
    '200': {description: The users., content: {application/json: {schema: {type: array, items: {$ref: ../schemas/User.yaml}}}}}
    default: {$ref: '../parts.json#/responses/Failure'}
",
    },
    Source {
        name: "parts.json",
        text: r#"{
  "parameters": {"Limit": {"in": "query", "name": "limit", "schema": {"type": "integer"}}},
  "responses": {"Failure": {"description": "It failed.", "content": {"application/json": {"schema": {"$ref": "schemas/Failure.yaml"}}}}}
}"#,
    },
    Source {
        name: "schemas/User.yaml",
        text: "
type: object
required: [name]
properties:
  name: {type: string, example: {$ref: not-a-reference}}
  friends: {type: array, items: {$ref: User.yaml}}
  home: {$ref: 'places/Address.yaml#/definitions/Address'}
  pet: {$ref: '../api.yaml#/components/schemas/Pet'}
",
    },
    Source {
        name: "schemas/places/Address.yaml",
        text: "definitions: {Address: {type: object, properties: {owner: {$ref: ../User.yaml}}}}\n",
    },
    Source { name: "schemas/Failure.yaml", text: "{type: object, properties: {message: {type: string}}}\n" },
];

fn document(rest: &str) -> String {
    format!("{HEAD}{rest}")
}

fn client(text: &str, files: &[Source<'_>]) -> Output {
    generate(&Input { files, ..Input::new("api.yaml", text) }).unwrap_or_else(|found| panic!("{found:#?}"))
}

#[test]
fn a_document_of_several_files_is_that_of_one_file() {
    let one = document(
        "
paths:
  /users:
    get:
      operationId: listUsers
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses:
        '200': {description: The users., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
        default: {$ref: '#/components/responses/Failure'}
components:
  parameters:
    Limit: {in: query, name: limit, schema: {type: integer}}
  responses:
    Failure: {description: It failed., content: {application/json: {schema: {$ref: '#/components/schemas/Failure'}}}}
  schemas:
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}
    User:
      type: object
      required: [name]
      properties:
        name: {type: string, example: {$ref: not-a-reference}}
        friends: {type: array, items: {$ref: '#/components/schemas/User'}}
        home: {$ref: '#/components/schemas/Address'}
        pet: {$ref: '#/components/schemas/Pet'}
    Address: {type: object, properties: {owner: {$ref: '#/components/schemas/User'}}}
    Failure: {type: object, properties: {message: {type: string}}}
",
    );
    let several = document(
        "
paths:
  /users: {$ref: ./paths/users.yaml}
components:
  schemas:
    Pet: {oneOf: [{$ref: schemas/Cat.yaml}], discriminator: {propertyName: kind, mapping: {cat: schemas/Cat.yaml}}}
    Cat: {$ref: schemas/Cat.yaml}
",
    );
    // The file refers to a component of the whole document as if it were written there.
    let cat = "{type: object, required: [kind], properties: {kind: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}\n";
    let files: Vec<_> = PARTS.into_iter().chain([Source { name: "schemas/Cat.yaml", text: cat }]).collect();
    let (one, several) = (client(&one, &[]), client(&several, &files));
    for ((path, expected), (other, found)) in one.tree.iter().zip(several.tree.iter()) {
        assert_eq!((path, expected), (other, found));
    }
    assert_eq!(one.tree.len(), several.tree.len());
}

#[test]
fn the_files_that_a_document_refers_to_are_known() {
    let text =
        document("paths: {/users: {$ref: './paths/a%20b.yaml#/item'}, /b: {$ref: 'https://example.com/b.yaml'}}\n");
    assert_eq!(referenced_files("api.yaml", &text).into_iter().collect::<Vec<_>>(), ["paths/a b.yaml"]);
    let of_part = referenced_files("schemas/User.yaml", PARTS[2].text);
    let expected = ["api.yaml", "schemas/User.yaml", "schemas/not-a-reference", "schemas/places/Address.yaml"];
    assert_eq!(of_part.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_finding_is_shown_in_its_own_file() {
    let text = document("paths: {/users: {$ref: users.yaml}}\n");
    let users = "get:\n  operationId: listUsers\n  responses:\n    '20x': {description: The users.}\n    '204': {description: None.}\n";
    let files = [Source { name: "users.yaml", text: users }];
    let output = client(&text, &files);
    let sources = [Source { name: "api.yaml", text: &text }, files[0]];
    assert_snapshot!(output.diagnostics.render_sources(&sources, Palette::Plain), @"
    warning[W023]: `20x` is not a valid status code, so its response is ignored
     --> users.yaml:4:5
      |
    4 |     '20x': {description: The users.}
      |     ^
      = at: /paths/~1users/get/responses/20x
      = help: write a status code as three digits, a range as `4XX`, all others as `default`
    ");
}

#[test]
fn an_error_in_another_file_is_shown_there() {
    let text = document("paths: {/users: {$ref: users.yaml}}\n");
    let files = [Source { name: "users.yaml", text: "get: {operationId: [\n" }];
    let found = generate(&Input { files: &files, ..Input::new("api.yaml", &text) }).expect_err("it is not YAML");
    let sources = [Source { name: "api.yaml", text: &text }, files[0]];
    assert_snapshot!(found.render_sources(&sources, Palette::Plain), @"
    error[E001]: the input is not valid YAML: no `]` closes this `[`
     --> users.yaml:1:20
      |
    1 | get: {operationId: [
      |                    ^
      = help: close the bracket, or remove it
    ");
}

#[test]
fn a_copy_without_end_is_an_error() {
    let text = document("paths: {/users: {$ref: users.yaml}}\n");
    let files = [
        Source { name: "users.yaml", text: "{$ref: other.yaml}\n" },
        Source { name: "other.yaml", text: "{$ref: users.yaml}\n" },
    ];
    let found = generate(&Input { files: &files, ..Input::new("api.yaml", &text) }).expect_err("it has no end");
    assert_eq!(found.sorted().iter().map(|one| one.code.id).collect::<Vec<_>>(), ["E007"]);
}
