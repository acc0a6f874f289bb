//! `--lenient`: a property or schema with an error is any JSON, an operation with another error is left out, each with a
//! warning, and everything else is generated.

use generator::diagnostics::Palette;
use generator::{Input, Output, generate};
use insta::assert_snapshot;

/// Each operation has a different error, or none. `/linked` is valid once its link to a removed operation is removed.
const TEXT: &str = "openapi: 3.1.0
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
paths:
  /sound: {get: {operationId: sound, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Sound'}}}}}}}
  /linked:
    get:
      operationId: linked
      responses: {'204': {description: d, links: {next: {operationId: inBackEnd}}}}
  /in-check/{id:
    get: {operationId: inCheck, responses: {'204': {description: d}}}
    put: {operationId: alsoInCheck, responses: {'204': {description: d}}}
  /in-lower: {get: {operationId: inLower, x-speakeasy-retries: {strategy: eager}, responses: {'204': {description: d}}}}
  /in-dialect: {get: {operationId: inDialect, parameters: [{name: a, in: query, schema: {type: object, required: [b], properties: {b: false}}}], responses: {'204': {description: d}}}}
  /in-back-end: {get: {operationId: inBackEnd, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/holder'}}}}}}}
  /beside: {get: {operationId: beside, parameters: [{$ref: '#/components/parameters/gone'}], responses: {'204': {description: d}}}}
components:
  schemas:
    Sound: {type: object, properties: {name: {type: string}}}
    holder: {type: object, properties: {odd: {$ref: '#/components/schemas/odd-one'}}}
    odd-one: {type: object, required: name}
    Unused: {type: object, required: name}
    AlsoUnused: {type: object, properties: {unused: {$ref: '#/components/schemas/Unused'}}}
";

fn run(text: &str, is_lenient: bool) -> Result<Output, String> {
    let input = Input { is_lenient, ..Input::new("spec.yaml", text) };
    generate(&input).map_err(|found| found.render("spec.yaml", text, Palette::Plain))
}

#[test]
fn without_lenient_the_document_is_rejected() {
    let rendered = run(TEXT, false).map(|_| ()).expect_err("it is full of errors");
    assert!(rendered.starts_with("error["), "{rendered}");
}

/// The error is found when both schemas have names in Rust, `OddOne` and `OddOne2`.
#[test]
fn an_error_in_a_schema_that_was_renamed_with_a_number_affects_only_that_schema() {
    let text = "openapi: 3.0.3
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
paths:
  /sound: {get: {operationId: sound, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/odd-one'}}}}}}}
  /broken: {get: {operationId: broken, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/oddOne'}}}}}}}
components:
  schemas:
    odd-one: {type: object, properties: {name: {type: string}}}
    oddOne: {type: object, required: name}
";
    let output = run(text, true).unwrap_or_else(|rendered| panic!("{rendered}"));
    let ids: Vec<_> = output.api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["sound", "broken"]);
    let rendered = output.diagnostics.render("spec.yaml", text, Palette::Plain);
    assert!(rendered.contains("the schema `oddOne` is read as any JSON"), "{rendered}");
    assert!(output.tree.get("src/types.rs").is_some_and(|types| types.contains("pub struct OddOne {")));
}

/// The parameter that is not in the path is removed before the error in the one after it is found.
#[test]
fn an_error_in_a_parameter_after_a_removed_one_affects_only_its_schema() {
    let text = "openapi: 3.0.3
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
paths:
  /a/{id}:
    parameters: [{name: old, in: path, required: true, schema: {type: string}}, {name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: broken, parameters: [{name: q, in: query, schema: {type: object, required: name}}], responses: {'204': {description: d}}}
    put: {operationId: sound, responses: {'204': {description: d}}}
";
    let output = run(text, true).unwrap_or_else(|rendered| panic!("{rendered}"));
    let ids: Vec<_> = output.api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["broken", "sound"]);
    let rendered = output.diagnostics.render("spec.yaml", text, Palette::Plain);
    let place = "at: /paths/~1a~1{id}/get/parameters/0/schema\n";
    assert!(rendered.contains("a schema without a name is read as any JSON") && rendered.contains(place), "{rendered}");
}

#[test]
fn only_parts_with_errors_are_left_out() {
    let output = run(TEXT, true).unwrap_or_else(|rendered| panic!("{rendered}"));
    let ids: Vec<_> = output.api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["sound", "linked", "inDialect", "inBackEnd"]);
    assert!(output.tree.get("src/types.rs").is_some_and(|types| types.contains("pub struct Sound")));
    let rendered = output.diagnostics.render("spec.yaml", TEXT, Palette::Plain);
    let titles: Vec<_> = rendered.lines().filter(|line| line.starts_with("warning[W037]")).collect();
    assert_snapshot!(titles.join("\n"), @r#"
    warning[W037]: `GET /in-check/{id` is left out: the path `/in-check/{id` has an unclosed brace (E028)
    warning[W037]: `PUT /in-check/{id` is left out: the path `/in-check/{id` has an unclosed brace (E028)
    warning[W037]: `GET /in-lower` is left out: the strategy is `"eager"`, not `backoff` or `none` (E021)
    warning[W037]: the property `b` is read as any JSON: no value satisfies the schema `false`, so no type can represent it (E050)
    warning[W037]: `GET /beside` is left out: `#/components/parameters/gone` points to nothing (E006)
    warning[W037]: the schema `odd-one` is read as any JSON: openapiv3 cannot read the schema `OddOne`: invalid type: string "name", expected a sequence (E031)
    warning[W037]: `Unused` in `components.schemas`, which no operation uses, is left out: openapiv3 cannot read the schema `Unused`: invalid type: string "name", expected a sequence (E031)
    "#);
    assert!(rendered.contains(" --> spec.yaml:13:"), "{rendered}");
}

#[test]
fn each_omission_is_reported_with_the_help_of_its_error() {
    let text = "openapi: 3.0.3
info: {title: Users, version: '1'}
paths:
  /users/{id:
    get: {operationId: user, responses: {'204': {description: d}}}
";
    let output = run(text, true).unwrap_or_else(|rendered| panic!("{rendered}"));
    assert_snapshot!(output.diagnostics.render("spec.yaml", text, Palette::Plain), @"
    warning[W037]: `GET /users/{id` is left out: the path `/users/{id` has an unclosed brace (E028)
     --> spec.yaml:5:5
      |
    5 |     get: {operationId: user, responses: {'204': {description: d}}}
      |     ^
      = at: /paths/~1users~1{id/get
      = help: write the path as `/users/{userId}`
    ");
}

#[test]
fn an_error_outside_of_operations_is_still_an_error() {
    for text in [
        TEXT.replace("info:", "x-sdk: 1\ninfo:"),
        TEXT.replace("'https://users.example.com'}]", "'https://users.example.com'}]\nsecurity: {}"),
        "info: {title: T}\n".to_owned(),
        "[".to_owned(),
    ] {
        assert!(run(&text, true).is_err(), "{text}");
    }
}

#[test]
fn a_valid_document_gives_the_same_client() {
    let text = "openapi: 3.0.3\ninfo: {title: Users, version: '1'}\nservers: [{url: 'https://users.example.com'}]\n\
                paths: {/a: {get: {operationId: a, responses: {'204': {description: d}}}}}\n";
    let (lenient, strict) = (run(text, true).expect("it is valid"), run(text, false).expect("it is sound"));
    assert!(lenient.tree == strict.tree && lenient.diagnostics == strict.diagnostics);
}

/// Neither for the schema of a parameter, of an item or of a value of a map.
#[test]
fn an_operation_is_never_left_out_for_a_property() {
    let text = "openapi: 3.0.3
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
paths:
  /a: {get: {operationId: a, responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
  /b: {get: {operationId: b, parameters: [{name: q, in: query, schema: {type: object, required: q}}], responses: {'204': {description: d}}}}
  /c: {get: {operationId: c, responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {type: object, required: c}}}}}}}}
  /d: {get: {operationId: d, responses: {'200': {description: d, content: {application/json: {schema: {type: object, additionalProperties: {type: object, required: d}}}}}}}}
components:
  schemas:
    A: {type: object, properties: {name: {type: string}, odd: {type: object, description: Odd., required: odd}, properties: {type: object, required: odd}}}
";
    let output = run(text, true).unwrap_or_else(|rendered| panic!("{rendered}"));
    let ids: Vec<_> = output.api.operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"]);
    let rendered = output.diagnostics.render("spec.yaml", text, Palette::Plain);
    let titles: Vec<_> = rendered.lines().filter(|line| line.starts_with("warning[W037]")).collect();
    assert_snapshot!(titles.join("\n"));
    let types = output.tree.get("src/types.rs").expect("there are types");
    assert!(types.contains("pub name: Option<String>"), "{types}");
    assert!(types.contains("/// Odd.\n") && types.contains("pub odd: Option<serde_json::Value>"), "{types}");
}
