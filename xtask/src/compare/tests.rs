//! Changes clients, and checks that the comparison finds each change.

use std::sync::LazyLock;

use generator::diagnostics::Diagnostics;
use generator::tree::CrateTree;
use generator::{Input, Output, generate};

use super::compare;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
security: [{key: []}]
paths:
  /owners/{owner}/pets/{pet}:
    put:
      operationId: setPet
      security: [{key: []}, {token: []}]
      parameters:
        - {name: owner, in: path, required: true, schema: {type: string}}
        - {name: pet, in: path, required: true, schema: {type: string}}
        - {name: dry-run, in: query, schema: {type: boolean}}
        - {name: X-Reason, in: header, required: true, schema: {type: string}}
        - {name: mood, in: query, schema: {$ref: '#/components/schemas/Mood'}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: The pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
  /things:
    get:
      operationId: things
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Cat:
      type: object
      required: [kind, name]
      properties: {kind: {type: string}, name: {type: string}, lives: {type: integer}, note: {type: string, nullable: true}}
    Dog:
      type: object
      required: [kind]
      properties: {kind: {type: string}, moods: {type: array, items: {$ref: '#/components/schemas/Mood'}}}
    Mood: {type: string, enum: [calm, cross]}
    Problem: {type: object, required: [title], properties: {title: {type: string}}}
    Thing: {oneOf: [{type: string}, {$ref: '#/components/schemas/Made'}, {$ref: '#/components/schemas/Found'}]}
    Made: {type: object, required: [how, by], properties: {how: {type: string, enum: [made]}, by: {type: string}}}
    Found: {type: object, required: [how, at], properties: {how: {type: string, enum: [found]}, at: {type: string}}}
";

fn output(text: &str) -> Output {
    generate(&Input::new("pets.yaml", text)).unwrap()
}

fn differences(text: &str, client: &CrateTree, output: &Output) -> Vec<String> {
    let differences = compare(&Input::new("document", text), client, &output.diagnostics).unwrap();
    differences.iter().map(ToString::to_string).collect()
}

/// A client in which one text in its own sources is replaced by another one.
fn replaced(tree: &CrateTree, before: &str, after: &str) -> CrateTree {
    let is_own =
        |path: &str| path.starts_with("src/") && !path.starts_with("src/runtime") && !path.starts_with("src/test_util");
    let mut client = CrateTree::default();
    let mut count = 0;
    for (path, text) in tree.iter() {
        let is_changed = is_own(path) && text.contains(before);
        count += usize::from(is_changed);
        client.insert(path, if is_changed { text.replacen(before, after, 1) } else { text.to_owned() });
    }
    assert_eq!(count, 1, "{before:?} must be in one source");
    client
}

/// The differences after a change of the client.
fn after(before: &str, after: &str) -> Vec<String> {
    static OUTPUT: LazyLock<Output> = LazyLock::new(|| output(DOCUMENT));
    differences(DOCUMENT, &replaced(&OUTPUT.tree, before, after), &OUTPUT)
}

/// Checks the differences after a change, without their lines and columns.
#[track_caller]
fn finds(before: &str, replacement: &str, expected: &[&str]) {
    let found = after(before, replacement);
    let found: Vec<_> = found.iter().filter_map(|line| Some(line.split_once(' ')?.1)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_client_as_generated_has_no_difference() {
    let output = output(DOCUMENT);
    assert_eq!(output.diagnostics.warnings(), 0);
    assert!(differences(DOCUMENT, &output.tree, &output).is_empty());
}

#[test]
fn a_document_is_read_as_clients_read_it() {
    for (paths, schemas) in [
        // Operations whose paths differ in their fragment.
        (
            "  /a: {get: {operationId: b, responses: {'200': {$ref: '#/components/responses/Cat'}}}}
  '/a#2': {get: {operationId: a, responses: {'200': {$ref: '#/components/responses/Dog'}}}}",
            "    Cat: {type: object, properties: {lives: {type: integer}}}
    Dog: {type: object, properties: {name: {type: string}}}",
        ),
        // A schema without null that extends one with null, and one that is used beside `nullable`.
        (
            "  /a: {get: {operationId: a, responses: {'200': {$ref: '#/components/responses/Dog'}}}}",
            "    Cat: {nullable: true, allOf: [{$ref: '#/components/schemas/Base'}]}
    Base: {type: object, nullable: true, properties: {lives: {type: integer}}}
    Kitten: {type: object, allOf: [{$ref: '#/components/schemas/Cat'}, {properties: {age: {type: integer}}}]}
    Dog:
      type: object
      required: [cat, kittens, never]
      properties:
        cat: {$ref: '#/components/schemas/Kitten', nullable: true}
        kittens: {type: array, items: {$ref: '#/components/schemas/Kitten'}}
        never: {nullable: false, allOf: [{$ref: '#/components/schemas/Cat'}]}",
        ),
        // Alternatives of required properties.
        (
            "  /a: {get: {operationId: a, responses: {'200': {$ref: '#/components/responses/Dog'}}}}",
            "    Cat: {type: object}
    Dog:
      type: object
      properties: {id: {type: string}, name: {type: string}}
      oneOf: [{required: [id]}, {required: [name]}]",
        ),
    ] {
        let response = |name: &str| {
            format!(
                "    {name}: {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}\n"
            )
        };
        let head = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n";
        let responses = [response("Cat"), response("Dog")].concat();
        let text = format!("{head}paths:\n{paths}\ncomponents:\n  responses:\n{responses}  schemas:\n{schemas}\n");
        let output = output(&text);
        assert_eq!(differences(&text, &output.tree, &output), [""; 0], "{text}");
    }
}

#[test]
fn a_difference_has_its_line_and_column() {
    assert_eq!(
        after("pub lives: Option<i64>,", ""),
        ["35:64 /components/schemas/Cat/properties/lives: document says `lives` is integer, client says nothing"]
    );
}

#[test]
fn fields_are_compared() {
    finds(
        "pub name: String,",
        "",
        &["/components/schemas/Cat/properties/name: document says `name` is string, client says nothing"],
    );
    finds(
        "name: \"name\" required",
        "name: \"Name\" required",
        &[
            "/components/schemas/Cat: document says no property `Name`, client says it is string",
            "/components/schemas/Cat/properties/name: document says `name` is string, client says nothing",
        ],
    );
    finds(
        "name: \"name\" required",
        "name: \"name\" optional",
        &["/components/schemas/Cat/properties/name: document says `name` is required, client says it is optional"],
    );
    finds(
        "pub name: String,",
        "pub name: i64,",
        &["/components/schemas/Cat/properties/name: document says string, client says integer"],
    );
    finds(
        "pub note: Option<Option<String>>,",
        "pub note: Option<String>,",
        &["/components/schemas/Cat/properties/note: document says it can be null, client says it is never null"],
    );
    finds(
        "lives: \"lives\" optional",
        "lives: \"lives\" required",
        &[
            "/components/schemas/Cat/properties/lives: document says `lives` is optional, client says it is required",
            "/components/schemas/Cat/properties/lives: document says it is never null, client says it can be null",
        ],
    );
    finds(
        "pub moods: Option<Vec<Mood>>,",
        "pub moods: Option<Vec<String>>,",
        &["/components/schemas/Mood: document says one of \"calm\", \"cross\", client says string"],
    );
}

#[test]
fn values_of_enums_are_compared() {
    finds(
        "Calm = \"calm\",",
        "Calm = \"quiet\",",
        &[
            "/components/schemas/Mood: document says `calm` is a value, client says it never reads it",
            "/components/schemas/Mood: document says `calm` is a value, client says it never sends it",
            "/components/schemas/Mood: document says no value `quiet`, client says it reads it",
            "/components/schemas/Mood: document says no value `quiet`, client says it sends it",
        ],
    );
    finds(
        "Calm = \"calm\",",
        "",
        &[
            "/components/schemas/Mood: document says `calm` is a value, client says it never reads it",
            "/components/schemas/Mood: document says `calm` is a value, client says it never sends it",
        ],
    );
}

#[test]
fn tags_are_compared() {
    finds(
        "\"cat\" => object",
        "\"lion\" => object",
        &[
            "/components/schemas/Pet/oneOf/0: document says `cat` is a value of `kind`, client says nothing",
            "/components/schemas/Pet/discriminator: document says no value `lion` of `kind`, client says it selects Cat",
            "/components/schemas/Cat/properties/kind: document says `kind` is string, client says nothing",
        ],
    );
    finds(
        "writer.tagged(\"cat\", member)",
        "writer.tagged(\"dog\", member)",
        &["/components/schemas/Pet/oneOf/0: document says `cat` is the value of `kind`, client says it sends `dog`"],
    );
    finds(
        "\"cat\" => object.member_without_tag().map(Self::Cat)",
        "\"cat\" => object.member_without_tag().map(Self::Dog)",
        &[
            "/components/schemas/Pet/oneOf/0: document says `cat` is the value of `kind`, client says it sends `dog`",
            "/components/schemas/Cat: document says no property `moods`, client says it is optional array of type `Mood`",
            "/components/schemas/Cat/properties/name: document says `name` is string, client says nothing",
            "/components/schemas/Cat/properties/lives: document says `lives` is integer, client says nothing",
            "/components/schemas/Cat/properties/note: document says `note` is string, client says nothing",
        ],
    );
    finds(
        "const PROPERTY: &'static str = \"kind\";",
        "const PROPERTY: &'static str = \"type\";",
        &[
            "/components/schemas/Pet/oneOf/0: document says `cat` is the value of `type`, client says it sends none",
            "/components/schemas/Pet/oneOf/1: document says `dog` is the value of `type`, client says it sends none",
            "/components/schemas/Pet/discriminator: document says `kind` selects the member, client says `type` does",
            "/components/schemas/Cat/properties/kind: document says `kind` is string, client says nothing",
            "/components/schemas/Dog/properties/kind: document says `kind` is string, client says nothing",
        ],
    );
}

#[test]
fn shapes_of_members_are_compared() {
    finds(
        "values: &[Constant::Text(\"made\")]",
        "values: &[Constant::Text(\"found\")]",
        &[
            "/components/schemas/Made/properties/how: document says \"made\" is a value, client says the shape does not have it",
            "/components/schemas/Made/properties/how: document says no value \"found\", client says the shape has it",
        ],
    );
    finds(
        "Field::required(\"by\",",
        "Field::optional(\"by\",",
        &[
            "/components/schemas/Made/properties/by: document says `by` is required, client says it is optional in the shape",
        ],
    );
    finds(
        "Field::required(\"at\",",
        "Field::required(\"in\",",
        &[
            "/components/schemas/Thing/oneOf/2: document says no property `in`, client says the shape has it",
            "/components/schemas/Found/properties/at: document says `at` is a property, client says the shape has no such property",
        ],
    );
}

#[test]
fn operations_are_compared() {
    finds(
        "method: HttpMethod::Known(Method::PUT),",
        "method: HttpMethod::Known(Method::POST),",
        &[
            "/paths: document says nothing, client says POST /owners/{owner}/pets/{pet}",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put: document says PUT /owners/{owner}/pets/{pet}, client says nothing",
        ],
    );
    finds(
        "request.path(\"/pets/\");",
        "request.path(\"/pet/\");",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put: document says the path `/owners/{owner}/pets/{pet}`, client says `/owners/{}/pet/{}`",
        ],
    );
}

#[test]
fn parameters_are_compared() {
    finds(
        "request.header(\"X-Reason\", &self.x_reason)?;",
        "",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/parameters/3: document says the header parameter `X-Reason`, client says nothing",
        ],
    );
    finds(
        "request.header(\"X-Reason\", &self.x_reason)?;",
        "request.query(\"X-Reason\", &self.x_reason);",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put: document says nothing, client says the query parameter `X-Reason`",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/parameters/3: document says the header parameter `X-Reason`, client says nothing",
        ],
    );
    finds(
        "request.query(\"dry-run\", value);",
        "request.query(\"dry_run\", value);",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put: document says nothing, client says the query parameter `dry_run`",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/parameters/2: document says the query parameter `dry-run`, client says nothing",
        ],
    );
    finds(
        "request.query(\"dry-run\", value);\n        }",
        "}\n        request.query(\"dry-run\", &self.dry_run);",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/parameters/2: document says `dry-run` is optional, client says it is required",
        ],
    );
    finds(
        "mood: Option<types::Mood>,",
        "mood: Option<&'a str>,",
        &["/components/schemas/Mood: document says one of \"calm\", \"cross\", client says string"],
    );
    finds(
        "request.path_value(\"pet\", &self.pet)?;",
        "request.path_value(\"owner\", &self.owner)?;",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/parameters/1: document says `pet` in this place of the path, client says `owner`",
        ],
    );
}

#[test]
fn bodies_and_responses_are_compared() {
    finds(
        "request.json(&self.body)?;",
        "request.json_as(\"text/json\", &self.body)?;",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/requestBody: document says the body is application/json, client says it is text/json",
        ],
    );
    finds(
        "request.json(&self.body)?;",
        "if let Some(body) = &self.body { request.json(body)?; }",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/requestBody: document says the body is required, client says it is optional",
        ],
    );
    finds(
        "request.json(&self.body)?;",
        "",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/requestBody: document says there is a body, client says there is none",
        ],
    );
    finds(
        "404 => NotFound,",
        "",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/responses/404: document says the error 404 has a body, client says nothing",
        ],
    );
    finds(
        "type Output = Vec<types::Thing>;",
        "type Output = Vec<types::Mood>;",
        &[
            "/components/schemas/Thing: document says no value `calm`, client says it reads it",
            "/components/schemas/Thing: document says no value `calm`, client says it sends it",
            "/components/schemas/Thing: document says no value `cross`, client says it reads it",
            "/components/schemas/Thing: document says no value `cross`, client says it sends it",
        ],
    );
    finds(
        "type Output = types::Pet;",
        "type Output = serde_json::Value;",
        &["/components/schemas/Pet: document says a union of 2 schemas, client says any JSON"],
    );
}

#[test]
fn security_requirements_are_compared() {
    finds(
        "security: &[&[\"key\"], &[\"token\"]],",
        "security: &[],",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/security/0: document says `key` is accepted, client says nothing",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/security/1: document says `token` is accepted, client says nothing",
        ],
    );
    finds(
        "security: &[&[\"key\"], &[\"token\"]],",
        "security: &[&[\"key\", \"token\"]],",
        &[
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/security: document says not that `key` with `token` is accepted, client says that it is",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/security/0: document says `key` is accepted, client says nothing",
            "/paths/~1owners~1{owner}~1pets~1{pet}/put/security/1: document says `token` is accepted, client says nothing",
        ],
    );
    finds(
        "Placement::Header(\"X-Key\")",
        "Placement::Query(\"X-Key\")",
        &[
            "/components/securitySchemes/key: document says the credential is header `X-Key`, client says it is query parameter `X-Key`",
        ],
    );
}

#[test]
fn a_difference_that_the_generator_reports_is_accepted() {
    let text = DOCUMENT.replace("lives: {type: integer}", "lives: {allOf: [{type: integer}, {type: string}]}");
    let output = output(&text);
    assert_eq!(output.diagnostics.warnings(), 1);
    assert!(differences(&text, &output.tree, &output).is_empty());
    let unreported = compare(&Input::new("document", &text), &output.tree, &Diagnostics::default()).unwrap();
    assert_eq!(unreported.len(), 1, "{unreported:?}");
}

#[test]
fn a_property_of_one_direction_may_be_absent_in_the_other() {
    let text = DOCUMENT.replace("lives: {type: integer}", "lives: {type: integer, readOnly: true}");
    let output = output(&text);
    assert!(differences(&text, &output.tree, &output).is_empty());
    let absent = replaced(&output.tree, "pub lives: Option<i64>,", "");
    let found = differences(&text, &absent, &output);
    assert_eq!(found.len(), 1, "only the response needs it: {found:?}");
}
