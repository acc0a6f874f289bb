//! Locations of diagnostics in values that rewrites have moved.

use generator::{Input, generate};

/// The pointers of the diagnostics with a code, for a document of component schemas.
fn pointers(code: &str, version: &str, schemas: &str) -> Vec<String> {
    let text = format!(
        "openapi: {version}\ninfo: {{title: Users, version: '1'}}\npaths:\n  /users:\n    get:\n      operationId: list\n      \
         responses: {{'200': {{description: '', content: {{application/json: {{schema: \
         {{$ref: '#/components/schemas/Foo'}}}}}}}}}}\ncomponents: {{schemas: {schemas}}}\n"
    );
    pointers_in(code, &text)
}

fn pointers_in(code: &str, text: &str) -> Vec<String> {
    let diagnostics = generate(&Input::new("spec.yaml", text)).map_or_else(|found| found, |output| output.diagnostics);
    let of_code = diagnostics.sorted().into_iter().filter(|diagnostic| diagnostic.code.id == code);
    of_code.map(|diagnostic| diagnostic.pointer.to_string()).collect()
}

/// `required` names a property that the schema does not have (W044).
const GONE: &str = "{type: object, required: [gone], properties: {a: {type: string}}}";

#[test]
fn members_after_a_removed_null_keep_their_locations() {
    let union = format!("{{Foo: {{oneOf: [{{enum: [null]}}, {{type: string}}, {GONE}]}}}}");
    assert_eq!(pointers("W044", "3.0.3", &union), ["/components/schemas/Foo/oneOf/2/required"]);
    let only = format!("{{Foo: {{oneOf: [{{enum: [null]}}, {GONE}]}}}}");
    assert_eq!(pointers("W044", "3.0.3", &only), ["/components/schemas/Foo/oneOf/1/required"]);
}

#[test]
fn parts_beside_a_merged_part_keep_their_locations() {
    let only = format!("{{Foo: {{allOf: [{{description: d}}, {GONE}]}}}}");
    assert_eq!(pointers("W044", "3.0.3", &only), ["/components/schemas/Foo/allOf/1/required"]);
    let inner = format!("{{Foo: {{type: object, properties: {{b: {{allOf: [{{description: d}}, {GONE}]}}}}}}}}");
    assert_eq!(pointers("W044", "3.0.3", &inner), ["/components/schemas/Foo/properties/b/allOf/1/required"]);
}

#[test]
fn moves_of_one_rewrite_build_on_each_other() {
    let only = format!("{{Foo: {{anyOf: [{{type: 'null'}}, {GONE}]}}}}");
    assert_eq!(pointers("W044", "3.1.0", &only), ["/components/schemas/Foo/anyOf/1/required"]);
    let nested = format!(
        "{{Foo: {{anyOf: [{{type: 'null'}}, {{type: array, items: {{anyOf: [{{type: 'null'}}, {GONE}]}}}}]}}}}"
    );
    assert_eq!(pointers("W044", "3.1.0", &nested), ["/components/schemas/Foo/anyOf/1/items/anyOf/1/required"]);
    let chain = format!(
        "openapi: 3.1.0\ninfo: {{title: Users, version: '1'}}\npaths:\n  /b: {{$ref: '#/components/pathItems/B'}}\n  \
         /a: {{$ref: '#/paths/~1b'}}\ncomponents:\n  pathItems:\n    B:\n      get:\n        responses: {{'200': \
         {{description: '', content: {{application/json: {{schema: {GONE}}}}}}}}}\n"
    );
    let schema = "/components/pathItems/B/get/responses/200/content/application~1json/schema";
    assert_eq!(pointers_in("W044", &chain), [format!("{schema}/required")]);
}

#[test]
fn a_renamed_schema_leaves_no_moves_behind() {
    let schemas = "{foo: {type: object, properties: {a: {type: string, items: {}}}}, Foo: {type: object, properties: \
                   {a: {anyOf: [{type: array, items: {}}, {type: 'null'}]}, b: {$ref: '#/components/schemas/foo'}}}}";
    assert_eq!(pointers("W018", "3.1.0", schemas), ["/components/schemas/foo/properties/a/items"]);
}
