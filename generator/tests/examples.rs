//! Generates from the examples of all diagnostics: a wrong example causes its diagnostic, a right one causes none at all.

use generator::diagnostics::catalogue::{ALL, LEFT_OUT};
use generator::diagnostics::{Code, Diagnostics, Example};
use generator::document::Source;
use generator::{Input, passes, progenitor, understand};
use serde_yaml::Mapping;

/// What an example of a document leaves out, a line for each key.
const DOCUMENT: &[&str] = &[
    "openapi: 3.0.3",
    "info: {title: Users, version: '1'}",
    "servers: [{url: 'https://api.example.com'}]",
    "paths: {/users: {get: {operationId: listUsers, responses: {'204': {description: Done}}}}}",
];

/// What an example of a Swagger document leaves out.
const SWAGGER: &[&str] = &["info: {title: Users, version: '1'}", "host: api.example.com", "schemes: [https]"];

/// What an example of an overlay leaves out.
const OVERLAY: &[&str] = &["overlay: 1.1.0", "info: {title: Changes, version: '1'}"];

/// The file that some examples refer to.
const SHARED: Source<'static> = Source {
    name: "shared.yaml",
    text: "
schemas: {User: {type: object, properties: {name: {type: string}}}}
bodies: {User: {content: {application/json: {schema: {$ref: '#/schemas/User'}}}}}
responses: {User: {description: A user, content: {application/json: {schema: {$ref: '#/schemas/User'}}}}}
",
};

/// The diagnostics that have no example.
const UNKNOWN: [&str; 5] = ["E030", "E032", "E037", "E039", "W097"];

/// The keys of an example, unless it is not an object.
fn keys(example: &str) -> Option<Mapping> {
    serde_yaml::from_str(example).ok()
}

/// Adds the keys that an example leaves out. An example that is not an object stays as it is.
fn complete(example: &str, lines: &[&str]) -> String {
    let Some(keys) = keys(example) else { return example.to_owned() };
    let is_missing = |line: &&&str| line.split(':').next().is_some_and(|key| !keys.contains_key(key));
    lines.iter().filter(is_missing).fold(example.to_owned(), |text, line| format!("{text}{line}\n"))
}

fn diagnostics(code: &Code, example: &str) -> Diagnostics {
    let keys = keys(example).unwrap_or_default();
    let (document, overlay) = if keys.contains_key("actions") {
        (DOCUMENT.join("\n"), Some(complete(example, OVERLAY)))
    } else if keys.contains_key("swagger") {
        (complete(example, SWAGGER), None)
    } else {
        (complete(example, DOCUMENT), None)
    };
    let overlays: Vec<_> = overlay.iter().map(|text| Source { name: "overlay.yaml", text }).collect();
    let is_lenient = code.id == LEFT_OUT.id;
    run(&Input { files: &[SHARED], overlays: &overlays, is_lenient, ..Input::new("api.yaml", &document) })
}

/// Runs all stages that report anything about a document.
fn run(input: &Input<'_>) -> Diagnostics {
    let (api, diagnostics) = match understand(input) {
        Ok((_, api, diagnostics)) => (api, diagnostics),
        Err(diagnostics) => return diagnostics,
    };
    let more = progenitor::types(&api).map_or_else(|more| more, |mut types| passes::run(&api, &mut types));
    diagnostics.with(more)
}

/// What is wrong with the examples of a diagnostic, if anything.
fn fault(code: &Code) -> Option<String> {
    let Example::Fragments { wrong, right } = code.example else { return None };
    let (of_wrong, of_right) = (diagnostics(code, wrong), diagnostics(code, right));
    if !of_wrong.has(code.id) {
        return Some(format!("the wrong example of {} does not cause it:\n{wrong}{of_wrong}", code.id));
    }
    let is_sound = of_right.errors() + of_right.warnings() == 0;
    (!is_sound).then(|| format!("the right example of {} causes:\n{right}{of_right}", code.id))
}

#[test]
fn a_wrong_example_causes_its_diagnostic_and_a_right_one_none() {
    let faults: Vec<_> = ALL.iter().filter_map(|code| fault(code)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn only_diagnostics_that_no_known_document_causes_have_no_example() {
    let unknown = ALL.iter().filter(|code| matches!(code.example, Example::Unknown(_)));
    let unknown: Vec<_> = unknown.map(|code| code.id).collect();
    assert_eq!(unknown, UNKNOWN);
}
