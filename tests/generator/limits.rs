//! Deeply nested or circular documents: each is accepted or rejected without a stack overflow.

use std::thread;

use generator::diagnostics::Palette;
use generator::{Input, generate};

const LEVELS: usize = 10_000;

/// The stack size that `generate` requires, as documented.
const STACK: usize = 8 << 20;

/// `taken` if the document was accepted, otherwise the codes of the errors.
fn verdict(text: &str) -> String {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(STACK);
        let running = builder.spawn_scoped(scope, || result_here(text)).expect("there is a thread");
        running.join().expect("it does not panic")
    })
}

fn result_here(text: &str) -> String {
    match generate(&Input::new("spec.yaml", text)) {
        Ok(_) => "taken".to_owned(),
        Err(found) => {
            let said = found.render("spec.yaml", text, Palette::Plain);
            let codes = said.lines().filter_map(|line| line.strip_prefix("error[")?.get(..4));
            codes.collect::<Vec<_>>().join(" ")
        }
    }
}

/// A document with these schemas. The first is the response of an operation.
fn with_schemas(schemas: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Deep, version: '1'}}
servers: [{{url: 'https://deep.example.com'}}]
paths:
  /a: {{get: {{operationId: a, responses: {{'200': {{description: one, content: {{application/json: {{schema: \
         {{$ref: '#/components/schemas/S0'}}}}}}}}}}}}}}
components:
  schemas:
{schemas}"
    )
}

fn chain(link: impl Fn(usize) -> String, last: &str) -> String {
    let mut schemas: Vec<_> = (0..LEVELS).map(|level| format!("    S{level}: {}\n", link(level + 1))).collect();
    schemas.push(format!("    S{LEVELS}: {last}\n"));
    with_schemas(&schemas.concat())
}

#[test]
fn deeply_nested_documents_are_rejected() {
    let block: Vec<_> = (0..LEVELS).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for text in [
        format!("{{\"openapi\": \"3.0.3\", \"a\": {}{}}}", "[".repeat(LEVELS), "]".repeat(LEVELS)),
        format!("{{\"openapi\": \"3.0.3\", \"a\": {}1{}}}", "{\"a\":".repeat(LEVELS), "}".repeat(LEVELS)),
        format!("openapi: 3.0.3\na: {}1\n", "- ".repeat(LEVELS)),
        format!("openapi: 3.0.3\na: {}1\n", "[{a: ".repeat(LEVELS / 10)),
        block.concat(),
    ] {
        assert_eq!(verdict(&text), "E001");
    }
}

#[test]
fn nested_schemas_are_accepted_or_reported() {
    for (open, close, levels, expect) in [
        ("{properties: {a: ", "}}", 50, "taken"),
        ("{oneOf: [", "]}", 50, "taken"),
        ("{allOf: [", "]}", 50, "taken"),
        ("{type: array, items: ", "}", 20, "taken"),
        ("{type: array, items: ", "}", 100, "E054"),
        ("{type: object, additionalProperties: ", "}", 20, "taken"),
        ("{type: object, additionalProperties: ", "}", 100, "E054"),
        ("{type: array, items: {properties: {a: ", "}}}", 30, "taken"),
    ] {
        let schema = format!("    S0: {}{{type: string}}{}\n", open.repeat(levels), close.repeat(levels));
        assert_eq!(verdict(&with_schemas(&schema)), expect, "{open}");
    }
}

#[test]
fn long_chains_of_schemas_are_limited() {
    assert_eq!(
        verdict(&chain(|next| format!("{{allOf: [{{$ref: '#/components/schemas/S{next}'}}]}}"), "{type: object}")),
        "E054"
    );
    assert_eq!(
        verdict(&chain(
            |next| format!("{{oneOf: [{{$ref: '#/components/schemas/S{next}'}}, {{type: string}}]}}"),
            "{type: object}"
        )),
        "E054"
    );
    assert_eq!(verdict(&chain(|next| format!("{{$ref: '#/components/schemas/S{next}'}}"), "{type: object}")), "E054");
}

#[test]
fn cycles_of_schemas_are_accepted_or_reported() {
    let own = "{$ref: '#/components/schemas/S0'}";
    for (schema, expect) in [
        (format!("{{type: array, items: {own}}}"), "taken"),
        (format!("{{type: object, additionalProperties: {own}}}"), "taken"),
        (format!("{{type: object, required: [a], properties: {{a: {own}}}}}"), "taken"),
        (format!("{{oneOf: [{own}, {{type: string}}]}}"), "taken"),
        (format!("{{anyOf: [{own}, {{type: string}}]}}"), "taken"),
        (format!("{{allOf: [{own}, {{type: object}}]}}"), "taken"),
        (format!("{{allOf: [{{allOf: [{{oneOf: [{own}, {{type: object}}]}}]}}, {{type: object}}]}}"), "taken"),
        (format!("{{not: {own}}}"), "taken"),
        (own.to_owned(), "taken"),
    ] {
        let verdict = verdict(&with_schemas(&format!("    S0: {schema}\n")));
        assert!(verdict.starts_with(expect), "{schema}: {verdict}");
    }
}

#[test]
fn members_of_a_union_may_contain_the_union() {
    for union in [
        "{type: object, properties: {kind: {type: string}}, oneOf: MEMBERS, discriminator: {propertyName: kind}}",
        "{type: object, properties: {kind: {type: string}}, oneOf: MEMBERS}",
        "{anyOf: MEMBERS}",
    ] {
        let members = "[{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]";
        let own = |name: &str| {
            format!(
                "    {name}: {{allOf: [{{$ref: '#/components/schemas/S0'}}, \
                 {{type: object, properties: {{own{name}: {{type: string}}}}}}]}}\n"
            )
        };
        let schemas = format!("    S0: {}\n{}{}", union.replace("MEMBERS", members), own("Cat"), own("Dog"));
        let text = with_schemas(&schemas);
        assert_eq!(verdict(&text), "taken", "{union}");
        let output = generate(&Input::new("spec.yaml", &text)).expect("it was taken");
        let types = output.tree.get("src/types.rs").expect("there are types");
        assert!(types.contains("pub own_cat: Option<String>") && types.contains("pub own_dog: "), "{types}");
    }
}
