//! Documents with something changed at random: whatever is in them, they are taken or refused in words, without a panic and
//! in bounded time.

use std::fs;
use std::time::{Duration, Instant};

use generator::{Input, generate};
use proptest::prelude::{Strategy, any};
use proptest::sample::{Index, select};
use proptest::strategy::Just;
use proptest::test_runner::{Config, TestRunner};
use proptest::{collection, prop_oneof};
use serde_json::{Value, json};

use crate::repository;

/// Documents each of which takes longer than this, in a debug build, would be a fault.
const LIMIT: Duration = Duration::from_secs(60);

/// What is done to one place of a document.
#[derive(Debug, Clone)]
enum Change {
    /// The value becomes another.
    Put(Value),
    /// The value goes.
    Drop,
    /// The value becomes that of another place.
    Copy(Index),
    /// The value becomes a reference to another place.
    Refer(Index),
    /// The key becomes another.
    Rename(String),
}

fn documents() -> Vec<Value> {
    let folder = repository().join("tests/fixtures");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.push(repository().join("openapi.yaml"));
    let read = |path| generator::document::parse(&fs::read_to_string(path).expect("text")).expect("a document");
    paths.iter().map(|path| read(path).value().clone()).collect()
}

fn words() -> impl Strategy<Value = String> {
    let known = vec![
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "default",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "discriminator",
        "mapping",
        "propertyName",
        "nullable",
        "format",
        "additionalProperties",
        "$ref",
        "example",
        "in",
        "name",
        "style",
        "explode",
        "content",
        "schema",
        "responses",
        "parameters",
        "requestBody",
        "operationId",
        "tags",
        "security",
        "servers",
        "links",
        "default",
        "200",
        "2XX",
        "204",
        "get",
        "post",
        "x-speakeasy-group",
        "self",
        "Self",
        "new",
        "String",
        "Option",
        "\u{1f980}",
        "",
        "a/b",
        "~",
        "{id}",
        "application/json",
        "text/event-stream",
    ];
    prop_oneof![select(known).prop_map(str::to_owned), ".{0,8}"]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words().prop_map(Value::from),
        select(vec!["string", "integer", "number", "boolean", "array", "object", "null"])
            .prop_map(|ty| json!({ "type": ty })),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::vec((words(), inner), 0..3).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        values().prop_map(Change::Put),
        Just(Change::Drop),
        any::<Index>().prop_map(Change::Copy),
        any::<Index>().prop_map(Change::Refer),
        words().prop_map(Change::Rename),
    ]
}

/// The places of all values below the root.
fn places(value: &Value, place: &str, all: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(object) => {
            for (key, part) in object {
                let place = format!("{place}/{}", escaped(key));
                places(part, &place, all);
                all.push(place);
            }
        }
        Value::Array(items) => {
            for (index, part) in items.iter().enumerate() {
                let place = format!("{place}/{index}");
                places(part, &place, all);
                all.push(place);
            }
        }
        _ => {}
    }
}

fn apply(document: &mut Value, at: &Index, change: &Change) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    if all.is_empty() {
        return;
    }
    let place = at.get::<String>(&all).clone();
    let (parent, key) = place.rsplit_once('/').expect("a place has a parent");
    let key = key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Put(value) => *document.pointer_mut(&place).expect("it is there") = value.clone(),
        Change::Copy(from) => {
            let value = document.pointer(from.get::<String>(&all)).expect("it is there").clone();
            *document.pointer_mut(&place).expect("it is there") = value;
        }
        Change::Refer(to) => {
            *document.pointer_mut(&place).expect("it is there") =
                json!({ "$ref": format!("#{}", to.get::<String>(&all)) });
        }
        Change::Drop | Change::Rename(_) => match document.pointer_mut(parent) {
            Some(Value::Object(object)) => {
                let value = object.shift_remove(&key);
                if let (Change::Rename(name), Some(value)) = (change, value) {
                    object.insert(name.clone(), value);
                }
            }
            Some(Value::Array(items)) => drop(items.remove(key.parse().expect("an index"))),
            _ => {}
        },
    }
}

/// `FUZZ_CASES` says how many documents are tried.
#[test]
fn changed_documents_are_taken_or_refused_in_words() {
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let documents = documents();
    let strategy = (select(documents), collection::vec((any::<Index>(), changes()), 1..4));
    let outcome = runner.run(&strategy, |(mut document, changes)| {
        for (at, change) in &changes {
            apply(&mut document, at, change);
        }
        let text = document.to_string();
        let start = Instant::now();
        let shown = text.clone();
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        let running = thread.spawn(move || match generate(&Input::new("spec.json", &text)) {
            Ok(_) => true,
            Err(found) => found.errors() > 0,
        });
        let is_told = running.expect("a thread").join();
        assert!(matches!(is_told, Ok(true)), "a panic, or a refusal without a reason:\n{shown}");
        assert!(start.elapsed() < LIMIT, "too slow:\n{shown}");
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn any_text_is_taken_or_refused_in_words() {
    let mut runner = TestRunner::new(Config { cases: 256, failure_persistence: None, ..Config::default() });
    let texts = prop_oneof![".{0,80}", "[-{}\\[\\]:,&*!|>'\"#%@ \na-c]{0,60}"];
    let outcome = runner.run(&texts, |text| {
        assert!(generate(&Input::new("spec.yaml", &text)).is_err_and(|found| found.errors() > 0), "{text:?}");
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
