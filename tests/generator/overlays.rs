//! Overlays: their changes, the locations of added values, and the diagnostics of invalid overlays.

use std::time::{Duration, Instant};

use generator::diagnostics::Palette;
use generator::document::Source;
use generator::{Input, generate, read};
use insta::assert_snapshot;

/// A third-party document, which must not be edited.
const VENDOR: &str = "openapi: 3.0.3
info: {title: Users, version: '1'}
servers: [{url: 'https://users.example.com'}]
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /users:
    get:
      operationId: listUsers
      parameters: [{name: page, in: query, schema: {type: string}}]
      responses: {'204': {description: none}}
    post:
      operationId: addUser
      responses: {'204': {description: none}}
";

const HEAD: &str = "overlay: 1.1.0\ninfo: {title: Ours, version: '1'}\nactions:\n";

/// The document with these overlays applied, as JSON, and the diagnostics.
fn apply(overlays: &[&str]) -> (serde_json::Value, String) {
    let names: Vec<String> = (1..=overlays.len()).map(|number| format!("overlay{number}.yaml")).collect();
    let overlays: Vec<_> = names.iter().zip(overlays).map(|(name, text)| Source { name, text }).collect();
    let sources: Vec<_> = [Source { name: "vendor.yaml", text: VENDOR }].into_iter().chain(overlays.clone()).collect();
    match read(&Input { overlays: &overlays, ..Input::new("vendor.yaml", VENDOR) }) {
        Ok((document, found)) => (document.value().clone(), found.render_sources(&sources, Palette::Plain)),
        Err(found) => (serde_json::Value::Null, found.render_sources(&sources, Palette::Plain)),
    }
}

/// The value at a location of the document after these valid actions.
#[track_caller]
fn after(actions: &str, pointer: &str) -> String {
    let (document, rendered) = apply(&[&format!("{HEAD}{actions}")]);
    assert_eq!(rendered, "");
    document.pointer(pointer).map_or("nothing".to_owned(), ToString::to_string)
}

#[track_caller]
fn rendered(actions: &str) -> String {
    apply(&[&format!("{HEAD}{actions}")]).1
}

#[test]
fn objects_are_merged_and_lists_are_extended() {
    let actions = "- {target: $.info, update: {title: Ours, x: {y: 1}}}\n- {target: $.info.x, update: {z: 2}}\n";
    assert_eq!(after(actions, "/info"), r#"{"title":"Ours","version":"1","x":{"y":1,"z":2}}"#);
    let page = r#"{"name":"page","in":"query","schema":{"type":"string"}}"#;
    let size = r#"{"name":"size"}"#;
    for update in ["{name: size}", "[{name: size}]"] {
        let actions = format!("- {{target: $.paths.*.get.parameters, update: {update}}}\n");
        assert_eq!(after(&actions, "/paths/~1users/get/parameters"), format!("[{page},{size}]"));
    }
    let actions = "- {target: $.paths.*.get, update: {parameters: [{name: size}]}}\n";
    assert_eq!(after(actions, "/paths/~1users/get/parameters"), format!("[{page},{size}]"));
}

#[test]
fn scalars_are_replaced_through_their_object_or_since_1_1_directly() {
    assert_eq!(after("- {target: $, update: {info: {title: Ours}}}\n", "/info/title"), r#""Ours""#);
    assert_eq!(after("- {target: $.info.title, update: Ours}\n", "/info/title"), r#""Ours""#);
}

#[test]
fn removed_items_are_gone_and_later_items_move_up() {
    assert_eq!(after("- {target: '$.paths.*.post', remove: true, update: {x: 1}}\n", "/paths/~1users/post"), "nothing");
    assert_eq!(after("- {target: \"$.tags[?@.name != 'b']\", remove: true}\n", "/tags"), r#"[{"name":"b"}]"#);
    assert_eq!(after("- {target: '$..[?@.name]', remove: true}\n", "/tags"), "[]");
}

#[test]
fn one_value_is_copied() {
    let actions =
        "- {target: $.paths, update: {/people: {}}}\n- {target: \"$.paths['/people']\", copy: \"$.paths['/users']\"}\n";
    assert_eq!(after(actions, "/paths/~1people/get/operationId"), r#""listUsers""#);
}

#[test]
fn overlays_and_actions_are_applied_in_order() {
    let first = format!("{HEAD}- {{target: $.info, update: {{title: First, x: 1}}}}\n");
    let second =
        format!("{HEAD}- {{target: '$.info[?@ == 1]', remove: true}}\n- {{target: $.info, update: {{title: Last}}}}\n");
    assert_eq!(apply(&[&first, &second]).0["info"].to_string(), r#"{"title":"Last","version":"1"}"#);
}

#[test]
fn an_action_without_matches_is_a_warning_with_its_location() {
    assert_snapshot!(rendered("- target: $.paths['/gone']\n  update: {x: 1}\n"), @"
    warning[W034]: `$.paths['/gone']` matches nothing in the document
     --> overlay1.yaml:4:3
      |
    4 | - target: $.paths['/gone']
      |   ^
      = at: /actions/0/target
      = help: correct the target, or remove the action
    ");
}

#[test]
fn an_invalid_jsonpath_is_an_error_with_its_location() {
    assert_snapshot!(rendered("- target: $.paths[\n  remove: true\n"), @"
    error[E052]: `$.paths[` is not a valid JSONPath: at position 7, parser error
     --> overlay1.yaml:4:3
      |
    4 | - target: $.paths[
      |   ^
      = at: /actions/0/target
      = help: write it as RFC 9535 defines, such as `$.paths['/users'].get` or `$.paths.*[?@.deprecated == true]`
    ");
}

#[test]
fn invalid_actions_report_the_reason() {
    assert_snapshot!(rendered("
  - {target: $, remove: true}
  - {target: $.info, update: [1]}
  - {target: $.info.title, update: {x: 1}}
  - {target: $.info, copy: $.paths.*.*}
  - {update: {x: 1}}
  - {target: $.info}
  - {target: $.info, updaet: {x: 1}}
"), @"
    error[E053]: the whole document cannot be removed
     --> overlay1.yaml:5:6
      |
    5 |   - {target: $, remove: true}
      |      ^
      = at: /actions/0/target
      = help: update objects with objects, let `copy` select one value, and never remove the whole document

    error[E053]: an object can only be updated with an object (at `/info`)
     --> overlay1.yaml:6:22
      |
    6 |   - {target: $.info, update: [1]}
      |                      ^
      = at: /actions/1/update
      = help: update objects with objects, let `copy` select one value, and never remove the whole document

    error[E053]: a single value can only be replaced by a single value (at `/info/title`)
     --> overlay1.yaml:7:28
      |
    7 |   - {target: $.info.title, update: {x: 1}}
      |                            ^
      = at: /actions/2/update
      = help: update objects with objects, let `copy` select one value, and never remove the whole document

    error[E053]: `copy` selects 2 values, but must select exactly one
     --> overlay1.yaml:8:22
      |
    8 |   - {target: $.info, copy: $.paths.*.*}
      |                      ^
      = at: /actions/3/copy
      = help: update objects with objects, let `copy` select one value, and never remove the whole document

    error[E051]: the action has no `target`
     --> overlay1.yaml:9:5
      |
    9 |   - {update: {x: 1}}
      |     ^
      = at: /actions/4
      = help: see the Overlay Specification 1.1; an action has a `target` and `update`, `copy` or `remove`

    warning[W035]: the action neither updates nor removes anything
      --> overlay1.yaml:10:5
       |
    10 |   - {target: $.info}
       |     ^
       = at: /actions/5
       = help: correct the spelling, or remove it

    warning[W035]: the action neither updates nor removes anything
      --> overlay1.yaml:11:5
       |
    11 |   - {target: $.info, updaet: {x: 1}}
       |     ^
       = at: /actions/6
       = help: correct the spelling, or remove it

    warning[W035]: unknown key `updaet` in an action of this Overlay version is ignored
      --> overlay1.yaml:11:22
       |
    11 |   - {target: $.info, updaet: {x: 1}}
       |                      ^
       = at: /actions/6/updaet
       = help: correct the spelling, or remove it
    ");
    let older = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n- {target: $.info.title, update: Ours}\n";
    let rendered = apply(&[older]).1;
    assert!(rendered.starts_with("error[E053]: a single value cannot be updated in Overlay 1.0"), "{rendered}");
}

#[test]
fn a_document_that_is_not_an_overlay_is_an_error() {
    for (text, expect) in [
        ("- a", "error[E051]: the overlay is not an object"),
        ("a: [", "error[E051]: the input is not valid YAML"),
        ("info: {}", "error[E051]: the overlay has no `overlay` version"),
        ("overlay: 2.0.0", "error[E051]: Overlay 2.0.0 is not supported"),
        ("overlay: 1.0.0\ninfo: {title: T, version: '1'}", "error[E051]: the overlay has no list of `actions`"),
    ] {
        let rendered = apply(&[text]).1;
        assert!(rendered.starts_with(expect) && rendered.contains(" --> overlay1.yaml:"), "{text}: {rendered}");
    }
}

#[test]
fn metadata_of_an_overlay_is_only_a_warning() {
    assert_snapshot!(apply(&["overlay: 1.0.0\nextends: https://example.com/other.yaml\nmore: 1\nactions: []\n"]).1, @"
    warning[W035]: the overlay's `info` has no `title`
     --> overlay1.yaml:1:1
      |
    1 | overlay: 1.0.0
      | ^
      = help: correct the spelling, or remove it

    warning[W035]: the overlay's `info` has no `version`
     --> overlay1.yaml:1:1
      |
    1 | overlay: 1.0.0
      | ^
      = help: correct the spelling, or remove it

    warning[W036]: the overlay extends `other.yaml`, but is applied to `vendor.yaml` anyway
     --> overlay1.yaml:2:1
      |
    2 | extends: https://example.com/other.yaml
      | ^
      = at: /extends
      = help: apply the overlay to the document that it is for, or correct `extends`

    warning[W035]: unknown key `more` in an overlay is ignored
     --> overlay1.yaml:3:1
      |
    3 | more: 1
      | ^
      = at: /more
      = help: correct the spelling, or remove it
    ");
    let same = format!("extends: ./specs/vendor.yaml\nx-more: 1\n{HEAD}  - {{target: $.info, update: {{x: 1}}}}\n");
    assert_eq!(apply(&[&same]).1, "");
}

#[test]
fn added_values_are_located_in_the_overlay() {
    let overlay = format!(
        "{HEAD}
  - target: $.paths['/users'].get
    update:
      x-speakeasy-retries: {{strategy: sometimes}}
      parameters:
        - {{name: size}}
"
    );
    let overlays = [Source { name: "ours.yaml", text: &overlay }];
    let found = generate(&Input { overlays: &overlays, ..Input::new("vendor.yaml", VENDOR) }).expect_err("it is wrong");
    let sources = [Source { name: "vendor.yaml", text: VENDOR }, overlays[0]];
    assert_snapshot!(found.render_sources(&sources, Palette::Plain), @r#"
    error[E021]: the strategy is `"sometimes"`, not `backoff` or `none`
     --> ours.yaml:7:29
      |
    7 |       x-speakeasy-retries: {strategy: sometimes}
      |                             ^
      = at: /paths/~1users/get/x-speakeasy-retries/strategy
      = help: see the README for the form of `x-speakeasy-retries`

    error[E005]: the `in` of parameter `size` is not `path`, `query`, `header` or `cookie`
     --> ours.yaml:9:11
      |
    9 |         - {name: size}
      |           ^
      = at: /paths/~1users/get/parameters/1
      = help: add or correct this part; the OpenAPI specification requires it
    "#);
}

#[test]
fn later_items_of_a_list_keep_their_location() {
    let overlay = format!("{HEAD}- {{target: '$.tags[0]', remove: true}}\n");
    let overlays = [Source { name: "ours.yaml", text: &overlay }];
    let (document, _) = read(&Input { overlays: &overlays, ..Input::new("vendor.yaml", VENDOR) }).expect("it is valid");
    let name = document.root().get("tags").and_then(|tags| tags.items().next()?.get("name")).expect("it is there");
    let span = document.span(name.pointer()).expect("it has a place");
    assert_eq!((name.value().as_str(), span.line, span.column), (Some("b"), 4, 20));
}

#[test]
fn every_jsonpath_is_fast_and_does_not_overflow_the_stack() {
    let start = Instant::now();
    for (open, close) in
        [("(", ")"), ("[?(", ")]"), ("!", ""), ("!(", ")"), ("[?@", "]"), ("..*", ""), ("[?length(", ")]"), ("-", "")]
    {
        for depth in [5, 12, 20, 10_000] {
            let path = format!("$[?{}@{}]", open.repeat(depth), close.repeat(depth));
            let json = serde_json::to_string(&path).expect("it is text");
            let _ = rendered(&format!("- {{target: {json}, remove: true}}\n"));
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn the_overlay_of_the_readme_works_as_documented() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```yaml\noverlay: ").expect("the README has an overlay");
    let (overlay, _) = rest.split_once("```").expect("the block ends");
    let overlay = format!("overlay: {overlay}");
    let vendor = "openapi: 3.0.3
info: {title: Vendor, version: '1'}
servers: [{url: 'https://vendor.example.com'}]
paths:
  /v1/users: {get: {operationId: listUsers, responses: {'204': {description: none}}}}
  /v1/users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getUser, responses: {'204': {description: none}}}
    put: {operationId: putUser, deprecated: true, responses: {'204': {description: none}}}
";
    let overlays = [Source { name: "ours.yaml", text: &overlay }];
    let output = generate(&Input { overlays: &overlays, ..Input::new("vendor.yaml", vendor) }).expect("it is valid");
    let functions: Vec<_> = output.api.operations.iter().map(|operation| operation.function_ident.as_str()).collect();
    assert_eq!(functions, ["users_list_users", "users_get_user"]);
    assert_eq!(output.api.client.retry.status_codes.len(), 2);
}
