//! The Markdown pages of a client: every link resolves, and descriptions in a document cannot inject markup.

mod links;

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::root;

/// Strings with a special meaning in Markdown, rustdoc or a rendered page.
const NASTY: [&str; 23] = [
    "<script>alert(1)</script> and <b>bold",
    "a Vec<String> or Option<&str>, &lt;i&gt; too",
    "see [Foo], [`Bar`], [baz](crate::baz) and [x][y]",
    "[docs](https://example.com/a) but [other](javascript:alert(1)) and [up](../../secret.md)",
    "![pixel](https://example.com/p.gif)",
    "unbalanced ` tick and `` two, [bracket, (paren, {brace",
    "```\nlet doc_test = compile_error!();\n```",
    "```rust\npanic!()\n```\nafter",
    "~~~\nfn tilde() { not rust }\n~~~",
    "```json\n{\"never\": \"closed\"}",
    "````\n```\ninner\n```\n````",
    "text\n\n    let indented = compile_error!();\n\nmore",
    "| a | b |\n|---|---|\n| `x|y` | 2 |",
    "# Errors\n## start\nSetext\n======\nAgain\n---",
    "- item\n  continued\n- other\nlazy\n\n1. one\n2. two",
    "- item\n  - inner\n    - innermost\n\n      after\n  1. one\n\n          code",
    "> quoted\n> <!-- comment --> -->",
    "bare https://example.com/a_(b)?c=[d]&e=f, and http://example.com.",
    "[ref]: https://example.com\n[^1]: note",
    "emoji 🎉 and \u{202e}turned\u{202c} text",
    "back\\slash \\[not a link\\] \\",
    "control \u{7} and\ttab */ /* //! ///",
    "*star _under **both __ ~~strike",
];

/// A document with these strings in every description.
pub(crate) fn nasty_document() -> String {
    let field = |text: &&str| json!({"type": "string", "description": text, "example": text});
    let fields = || NASTY.iter().enumerate().map(|(index, text)| (format!("field{index}"), field(text)));
    let fields: serde_json::Map<String, Value> = fields().collect();
    let schema =
        |text: &str| json!({"type": "object", "description": text, "properties": fields, "example": {"field0": text}});
    let schemas: serde_json::Map<String, Value> =
        NASTY.iter().enumerate().map(|(index, text)| (format!("Model{index}"), schema(text))).collect();
    let path = |(index, text): (usize, &&str)| {
        let model = json!({"$ref": format!("#/components/schemas/Model{index}")});
        let content = json!({"application/json": {"schema": model}});
        // Named like the page itself, so that the anchors of the headings collide.
        let name = if index == 0 { "nasty".to_owned() } else { format!("overview{index}") };
        let operation = json!({
            "operationId": format!("nasty{index}"),
            "x-speakeasy-name-override": name,
            "tags": ["nasty"],
            "summary": text,
            "description": text,
            "parameters": [{"name": "q", "in": "query", "description": text, "example": text, "schema": {"type": "string"}}],
            "requestBody": {"required": true, "description": text, "content": content},
            "responses": {"200": {"description": text, "content": content}},
        });
        (format!("/p{index}"), json!({ "post": operation }))
    };
    let paths: serde_json::Map<String, Value> = NASTY.iter().enumerate().map(path).collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": NASTY[0], "version": "1", "description": NASTY.join("\n\n")},
        "servers": [{"url": "https://example.com"}],
        "x-sdk": {"packageName": "nasty-client", "clientName": "NastyClient", "envPrefix": "NASTY"},
        "tags": [{"name": "nasty", "description": NASTY.join("\n\n")}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key", "description": NASTY.join("\n\n")}},
        },
        "security": [{"key": []}],
    });
    document.to_string()
}

fn generated(name: &str, text: &str) -> BTreeMap<String, String> {
    generated_with(name, text, true)
}

fn generated_with(name: &str, text: &str, has_model_pages: bool) -> BTreeMap<String, String> {
    let settings = generator::Settings { has_model_pages, has_lints: true, ..generator::Settings::default() };
    let input = generator::Input { settings, ..generator::Input::new(name, text) };
    let plain = generator::diagnostics::Palette::Plain;
    let output = generator::generate(&input).unwrap_or_else(|found| panic!("{}", found.render(name, text, plain)));
    output.tree.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// The client of the repository, generated once for all tests.
fn client() -> &'static BTreeMap<String, String> {
    static CLIENT: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let text = fs::read_to_string(root().join("openapi.yaml")).expect("the document is there");
        generated("openapi.yaml", &text)
    });
    &CLIENT
}

/// The client of [`nasty_document`], generated once for all tests.
fn nasty() -> &'static BTreeMap<String, String> {
    static NASTY: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| generated("nasty.json", &nasty_document()));
    &NASTY
}

#[test]
fn every_link_of_the_client_docs_resolves() {
    assert_eq!(links::broken(client()), Vec::<String>::new());
    assert_eq!(links::broken(nasty()), Vec::<String>::new());
}

#[test]
fn links_to_types_need_their_pages() {
    let tree = generated_with("nasty.json", &nasty_document(), false);
    assert!(tree.keys().all(|path| !path.starts_with("docs/models/")));
    assert_eq!(links::broken(&tree), Vec::<String>::new());
}

#[test]
fn every_page_is_reachable_from_the_index() {
    for tree in [client(), nasty()] {
        // Examples below `src` are parts of the docs of their types.
        let unreached = links::unreached(tree, "docs/README.md").into_iter().filter(|page| !page.starts_with("src/"));
        assert_eq!(unreached.collect::<Vec<_>>(), Vec::<String>::new());
    }
}

#[test]
fn every_link_of_the_repository_resolves() {
    let mut files = BTreeMap::new();
    for folder in ["", "docs"] {
        for entry in fs::read_dir(root().join(folder)).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let name = path.strip_prefix(root()).expect("it is below").to_string_lossy().into_owned();
            if path.is_file() {
                files.insert(name, fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    files.extend(client().iter().map(|(path, text)| (format!("generated-client/{path}"), text.clone())));
    assert_eq!(links::broken(&files), Vec::<String>::new());
}

#[test]
fn a_broken_link_is_detected() {
    let page = |text: &str| text.to_owned();
    let files = BTreeMap::from([
        ("a.md".to_owned(), page("# Over View\n## start\n## start\n[a](b/c.md#the-end) [b](#start-1) `[c](d)`\n")),
        (
            "b/c.md".to_owned(),
            page("# The *end*\n```\n# Not\n[a](nowhere)\n```\n[up](../a.md#over-view) [out](https://example.com)\n"),
        ),
    ]);
    assert_eq!(links::broken(&files), Vec::<String>::new());
    let files = BTreeMap::from([("a.md".to_owned(), page("# A\n[a](#b) [b](c.md) [c](../a.md)\n"))]);
    assert_eq!(links::broken(&files), ["a.md: #b", "a.md: c.md", "a.md: ../a.md"]);
}

#[test]
fn descriptions_cannot_inject_markup_into_pages() {
    for (path, text) in nasty().iter().filter(|(path, _)| links::is_page(path)) {
        for line in links::outside_code(text).map(links::without_code) {
            for active in ["<script", "<b>", "![", "](javascript", "](../../secret", "](crate::"] {
                assert!(!line.contains(active), "{path} has {active}: {line}");
            }
        }
    }
}
