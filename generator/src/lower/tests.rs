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

/// The output for a document of this version with these members.
fn of(version: &str, members: &str) -> Output {
    let text = format!("{{openapi: {version}, info: {{title: Plain, version: '1'}}, {members}}}");
    generate(&Input::new("plain.yaml", &text)).expect("the document is valid")
}

#[test]
fn a_security_scheme_can_have_the_name_of_an_extension() {
    let output = of(
        "3.0.3",
        "paths: {/a: {get: {operationId: op, security: [{x-api-key: []}], responses: {'204': {description: done}}}}}, \
         components: {securitySchemes: {x-api-key: {type: apiKey, in: header, name: x-api-key}}}",
    );
    assert_eq!(output.api.operation(0).security, [["x-api-key"]]);
    assert_eq!(output.diagnostics.warnings(), 0);
}

#[test]
fn names_of_components_and_headers_can_be_those_of_keywords_and_extensions() {
    let output = of(
        "3.1.0",
        "paths: {/a: {get: {operationId: op, responses: {'404': {$ref: '#/components/responses/x-err'}, '200': {description: done, headers: {x-left: {schema: {type: \
         [integer, 'null']}}}, content: {application/json: {schema: {$ref: '#/components/schemas/default'}}}}}}}}, \
         components: {responses: {x-err: {description: e, content: {application/json: {schema: {type: [string, 'null']}}}}}, \
         schemas: {default: {type: object, properties: {a: {$ref: '#/components/schemas/example'}}}, example: {type: object, properties: {b: {type: [integer, 'null']}}}}}",
    );
    assert_eq!(output.diagnostics.warnings(), 0);
    let types = output.tree.get("src/types.rs").expect("there are types");
    assert!(types.contains("pub a: Option<Example>") && types.contains("pub b: Option<Option<i64>>"), "{types}");
    let functions = output.tree.get("src/funcs/client.rs").expect("there is a function");
    assert!(functions.contains("Result<Option<i64>, Error>"), "{functions}");
}

#[test]
fn parameters_in_the_query_of_a_path_are_query_parameters() {
    let output = of(
        "3.0.3",
        "paths: {'/a?lat={latitude}&kind=all': {get: {operationId: op, parameters: [{name: latitude, in: path, required: true, \
         schema: {type: number}}], responses: {'204': {description: done}}}}}",
    );
    let operation = output.api.operation(0);
    assert_eq!(operation.fixed_query, [("kind".to_owned(), "all".to_owned())]);
    let [param] = operation.params.as_slice() else { panic!("{:?}", operation.params) };
    assert_eq!((param.name.as_str(), param.location, param.required), ("lat", crate::ir::Location::Query, true));
}

#[test]
fn fields_that_parts_of_an_intersection_describe_in_one_property_are_joined() {
    let output = of(
        "3.0.3",
        "paths: {/a: {get: {operationId: op, responses: {'204': {description: done}}}}}, components: {schemas: {Base: {type: object, properties: {owner: {$ref: '#/components/schemas/Named'}}}, \
         Named: {type: object, properties: {name: {type: string}}}, Child: {allOf: [{$ref: '#/components/schemas/Base'}, {type: \
         object, properties: {owner: {type: object, properties: {age: {type: integer}}}}}]}}}",
    );
    assert_eq!(output.diagnostics.warnings(), 0);
    let types = output.tree.get("src/types.rs").expect("there are types");
    let (_, owner) = types.split_once("pub struct ChildOwner {").expect("it has a type");
    let owner = owner.split('}').next().unwrap_or_default();
    assert!(owner.contains("pub name: Option<String>") && owner.contains("pub age: Option<i64>"), "{owner}");
}

#[test]
fn the_docs_of_a_credential_state_where_tokens_are_issued() {
    let output = of(
        "3.0.3",
        "security: [{oauth: []}], paths: {/a: {get: {operationId: op, responses: {'204': {description: done}}}}}, components: \
         {securitySchemes: {oauth: {type: oauth2, description: The login., flows: {clientCredentials: {tokenUrl: \
         'https://a.example/token', scopes: {}}}}}}",
    );
    let client = output.tree.get("src/client.rs").expect("there is a client");
    let docs = "/// The login.\n    ///\n    /// The service issues access tokens at <https://a.example/token>.\n";
    assert!(client.contains(docs), "{client}");
}

#[test]
fn joined_properties_of_several_references_give_no_warning() {
    let output = of(
        "3.0.3",
        "paths: {/a: {get: {operationId: op, responses: {'204': {description: done}}}}}, components: {schemas: {
        A: {type: object, properties: {o: {type: object, properties: {a: {type: string}, deep: {type: object, properties: {x: {type: string}}}}}}},
        B: {type: object, properties: {o: {type: object, properties: {b: {type: string}, deep: {type: object, properties: {y: {type: string}}}}}}},
        C: {type: object, properties: {o: {type: object, properties: {c: {type: string}}}}},
        All: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}}}",
    );
    assert_eq!(output.diagnostics.warnings(), 0);
    let types = output.tree.get("src/types.rs").expect("there are types");
    for (name, fields) in [("AllO", ["pub a:", "pub b:", "pub c:"]), ("AllODeep", ["pub x:", "pub y:", "pub extra"])] {
        let (_, owner) = types.split_once(&format!("pub struct {name} {{")).expect("it has a type");
        let owner = owner.split("\n}").next().unwrap_or_default();
        assert!(fields.iter().all(|field| owner.contains(field)), "{owner}");
    }
}

#[test]
fn a_joined_property_is_sensitive_if_one_part_says_so() {
    for (first, second) in [("x-speakeasy-param-sensitive: true, ", ""), ("", "x-speakeasy-param-sensitive: true, ")] {
        let output = of(
            "3.0.3",
            &format!(
                "paths: {{/a: {{get: {{operationId: op, responses: {{'204': {{description: done}}}}}}}}}}, components: {{schemas: {{\
                 A: {{type: object, properties: {{o: {{type: object, {first}properties: {{a: {{type: string}}}}}}}}}}, \
                 B: {{allOf: [{{$ref: '#/components/schemas/A'}}, {{type: object, properties: {{o: {{type: object, \
                 {second}properties: {{b: {{type: string}}}}}}}}}}]}}}}}}"
            ),
        );
        let types = output.tree.get("src/types.rs").expect("there are types");
        let (_, debug) = types.split_once("impl std::fmt::Debug for B {").expect("it has its own `Debug`");
        assert!(debug.split("\n}").next().is_some_and(|debug| debug.contains("Redacted")), "{types}");
    }
}

#[test]
fn schemas_that_refer_to_each_other_are_joined_a_limited_number_of_times() {
    let family = |name: &str| {
        let level = |index: usize| {
            let fields = format!(
                "l: {{$ref: '#/components/schemas/{name}{0}'}}, r: {{$ref: '#/components/schemas/{name}{0}'}}, {name}: {{type: string}}",
                index + 1
            );
            format!("{name}{index}: {{type: object, properties: {{{fields}}}}}, ")
        };
        let last = format!("{name}14: {{type: object, properties: {{{name}: {{type: string}}}}}}, ");
        (0..14).map(level).collect::<String>() + &last
    };
    let output = of(
        "3.0.3",
        &format!(
            "paths: {{/a: {{get: {{operationId: op, responses: {{'204': {{description: done}}}}}}}}}}, components: {{schemas: {{{}{}\
             Both: {{allOf: [{{$ref: '#/components/schemas/a0'}}, {{$ref: '#/components/schemas/b0'}}]}}}}}}",
            family("a"),
            family("b")
        ),
    );
    assert!(output.api.types.len() < 600, "{}", output.api.types.len());
}

#[test]
fn licences_are_known_by_their_identifiers_and_names() {
    for (license, expected) in [
        ("{identifier: gpl-3.0-only}", "GPL-3.0-only"),
        ("{name: Apache License Version 2.0}", "Apache-2.0"),
        ("{name: 'Apache License, Version 2.0'}", "Apache-2.0"),
        ("{name: Apache 2}", "Apache-2.0"),
        ("{name: The BSD 3-Clause License}", "BSD-3-Clause"),
        ("{name: MIT License (MIT)}", "MIT"),
        ("{name: mit or apache-2.0}", "MIT OR Apache-2.0"),
        ("{name: MIT/Apache-2.0}", "MIT OR Apache-2.0"),
        ("{name: Proprietary}", "LicenseRef-Proprietary"),
        ("{name: All rights reserved}", "LicenseRef-All-rights-reserved"),
        ("{}", "MIT OR Apache-2.0"),
    ] {
        let text = format!(
            "{{openapi: 3.1.0, info: {{title: Plain, version: '1', license: {license}}}, paths: {{/a: {{get: {{operationId: \
             op, responses: {{'204': {{description: done}}}}}}}}}}}}"
        );
        let output = generate(&Input::new("plain.yaml", &text)).expect("the document is valid");
        assert_eq!(output.api.package.license, expected, "{license}");
        assert_eq!(output.diagnostics.warnings(), usize::from(expected.starts_with("LicenseRef")), "{license}");
    }
}

#[test]
fn a_base_path_never_becomes_a_part_of_the_host() {
    for (path, expected) in [
        ("v1", "https://api.example.com:8443/v1"),
        ("/v1/", "https://api.example.com:8443/v1"),
        ("/", "https://api.example.com:8443"),
        ("''", "https://api.example.com:8443"),
    ] {
        let text = format!(
            "{{swagger: '2.0', info: {{title: Plain, version: '1'}}, host: 'api.example.com:8443', basePath: {path}, paths: {{/a: \
             {{get: {{operationId: op, responses: {{'204': {{description: done}}}}}}}}}}}}"
        );
        let output = generate(&Input::new("plain.yaml", &text)).expect("the document is valid");
        assert_eq!(output.api.client.server.as_deref(), Some(expected), "{path}");
    }
}
