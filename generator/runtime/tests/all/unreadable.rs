//! Guarantee 13: unknown fields are not errors, even if no JSON value can represent them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sdk_runtime::{Call, Error, ErrorKind, Response};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use crate::long_running::{done, job, script, start_job};
use crate::operations::{get, standin_client, start};
use crate::pages::{NUMBER, list};
use crate::standin::{Standin, Turn};

#[derive(Debug, Deserialize, PartialEq)]
struct Thing {
    status: String,
    ratio: Option<f64>,
    name: Option<String>,
    mixed: Option<Mixed>,
    list: Option<Vec<i64>>,
    #[serde(flatten)]
    extra: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Mixed {
    Text(String),
    Number(f64),
}

async fn receive<T: DeserializeOwned + Send>(body: &[u8]) -> Result<Response<T>, Error> {
    let standin = Standin::always(Turn::status(200).body(body.to_vec()));
    Call::new(&standin_client(&standin), get::<T>()).send_with_response().await
}

/// Nested arrays of this depth.
fn nested(depth: usize) -> String {
    "[".repeat(depth) + &"]".repeat(depth)
}

#[tokio::test(start_paused = true)]
async fn unreadable_unknown_fields_are_omitted_and_listed() {
    let deep = nested(100_000);
    let cases: &[(&[u8], &[&str], Value)] = &[
        (br#"{"status":"done","details":{"ratio":1e400,"b":1}}"#, &["details.ratio"], json!({"details": {"b": 1}})),
        (br#"{"a":-1e999 ,"status":"done","b":2}"#, &["a"], json!({"b": 2})),
        (br#"{"status":"done" , "a":1e400 , "b":1e400}"#, &["a", "b"], json!({})),
        (br#"{"a":1e400,"b":1e400,"status":"done","c":1e400}"#, &["a", "b", "c"], json!({})),
        (br#"{"status":"done","a":"\ud83d","b":"\ud83d\ude00"}"#, &["a"], json!({"b": "\u{1f600}"})),
        (br#"{"status":"done","a":"x\udc00","b":"\ud83dx"}"#, &["a", "b"], json!({})),
        (b"{\"status\":\"done\",\"a\":\"\xff\"}", &["a"], json!({})),
        (br#"{"status":"done","a":[{"b":1},{"b":[1e400,{"c":1e400}]}]}"#, &["a[1].b"], json!({"a": [{"b": 1}, {}]})),
        (br#"{"status":"done","a\ud800":1,"b":1}"#, &["a\\ud800"], json!({"b": 1})),
        (&[br#"{"status":"done","a":"#, deep.as_bytes(), b"}"].concat(), &["a"], json!({})),
        (b"\xef\xbb\xbf{\"status\":\"done\",\"a\":1e400}", &["a"], json!({})),
        (b"\xef\xbb\xbf{\"status\":\"done\"}", &[], json!({})),
    ];
    for (body, omitted, extra) in cases {
        let response = receive::<Thing>(body).await.expect("nothing that is known is wrong");
        assert_eq!(response.omitted_fields(), *omitted);
        assert_eq!(&response.body()[..], *body);
        assert_eq!((&response.value().status[..], json!(response.value().extra)), ("done", extra.clone()));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_known_field_is_an_error() {
    let bodies: &[(&[u8], &str)] = &[
        (br#"{"status":"done","ratio":1e400}"#, "number out of range"),
        (br#"{"status":"done","a":1e400,"ratio":1e400}"#, "number out of range"),
        (br#"{"status":"\ud800"}"#, "hex escape"),
        (br#"{"status":"done","name":"\ud800"}"#, "hex escape"),
        (br#"{"status":"done","mixed":1e400}"#, "number out of range"),
        (br#"{"status":"done","mixed":"\ud800"}"#, "hex escape"),
        (br#"{"status":"done","list":[1,1e400]}"#, "number out of range"),
        (br#"{"status":"done","status":1e400}"#, "duplicate field"),
        (br#"{"status":7,"a":1e400}"#, "invalid type"),
        (b"1e400", "number out of range"),
        (br#"{"status":"done","a":1e400"#, "number out of range"),
        (br#"{"status":"done","a":1e400 x}"#, "number out of range"),
        (br#"{"status":"done","a":1e400,}"#, "number out of range"),
        (br#"{"status":"done","a":[1e400}"#, "number out of range"),
    ];
    for (body, message) in bodies {
        let error = receive::<Thing>(body).await.expect_err("it is the type's own");
        assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Decode, Some(200)));
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn nesting_is_omitted_where_it_is_too_deep() {
    for (depth, omitted) in [(126, 0), (127, 1)] {
        let body = format!(r#"{{"a":{}}}"#, nested(depth));
        let response = receive::<Value>(body.as_bytes()).await.expect("it is JSON");
        assert_eq!(response.omitted_fields().len(), omitted);
    }
    let objects = format!("{}1{}", r#"{"name":"#.repeat(50_000), "}".repeat(50_000));
    let response = receive::<Value>(objects.as_bytes()).await.expect("it is JSON");
    let [path] = response.omitted_fields() else { panic!("one is left out") };
    assert!(path.starts_with("name.name.") && path.ends_with('…') && path.len() < 510, "{path}");
}

#[tokio::test(start_paused = true)]
async fn at_most_a_hundred_fields_are_listed() {
    let body = format!("[{}]", vec![r#"{"a":1e400,"b":1}"#; 300].join(","));
    let response = receive::<Value>(body.as_bytes()).await.expect("it is JSON");
    assert_eq!(response.value(), &json!(vec![json!({"b": 1}); 300]));
    assert_eq!((response.omitted_fields().len(), response.omitted_fields()[99].as_str()), (100, "[99].a"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_is_failed_with_unreadable_details() {
    let failed = Turn::status(200).body(r#"{"status":"failed","message":"no","details":{"ratio":1e400}}"#);
    let (_, core) = script(vec![failed]);
    let error = job().wait(&core).await.expect_err("it has failed");
    assert!(error.is_failed(), "{error}");
    assert_eq!(
        (error.to_string().as_str(), error.unmasked_server_message().as_deref()),
        (r#"the job ended as "failed""#, Some("no"))
    );
    let started = Turn::status(201).body("\u{feff}{\"job\":{\"id\":\"one\",\"x\":1e400}}");
    let (_, core) = script(vec![started, done()]);
    assert_eq!(start_job(&core).wait().await.expect("it is done"), "it");
}

#[tokio::test(start_paused = true)]
async fn pages_with_unreadable_fields_are_read() {
    let first = Turn::status(200).body("\u{feff}{\"items\":[1,2],\"x\":1e400}");
    let (standin, core) = script(vec![first.clone(), Turn::status(200).body(r#"{"items":[]}"#)]);
    let mut items = Call::new(&core, list::<NUMBER>()).items();
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.expect("an item"));
    }
    assert_eq!((all, standin.sent()), (vec![1, 2], 2));
    let (_, core) = script(vec![first]);
    let page = Call::new(&core, list::<NUMBER>()).pages().next().await.expect("a page").expect("a page");
    assert_eq!(page.items, [1, 2]);
    let (_, core) = script(vec![Turn::status(200).body(r#"{"items":[1,1e400]}"#)]);
    let error = Call::new(&core, list::<NUMBER>()).items().next().await.expect("a page").expect_err("no number");
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn errors_with_unreadable_fields_keep_message_and_type() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Problem {
        code: i64,
        #[serde(flatten)]
        extra: BTreeMap<String, Value>,
    }
    for body in [r#"{"message":"no","code":7,"x":1e400}"#, "\u{feff}{\"message\":\"no\",\"code\":7}"] {
        let standin = Standin::always(Turn::status(400).body(body));
        let error = Call::new(&standin_client(&standin), start()).send().await.expect_err("400");
        assert_eq!(error.server_message(), Some("no"));
        let problem: Problem = error.api().expect("a response").json().expect("it is typed");
        assert_eq!((problem.code, problem.extra.len()), (7, 1));
    }
}

#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn omitted_fields_are_traced_without_their_names() {
    let standin = Standin::always(Turn::status(200).body(r#"{"status":"done","secret-name":1e400}"#));
    let core = standin_client(&standin);
    let (collected, guard) = crate::traces::Collected::install();
    Call::new(&core, get::<Thing>()).await.expect("it is done");
    drop(guard);
    let text = collected.text();
    let events: Vec<_> = text.lines().filter(|line| line.contains("were left out")).collect();
    assert_eq!(events.len(), 1, "{text}");
    assert!(["operation_id=\"get\"", "status=200", "fields=1"].iter().all(|part| events[0].contains(part)));
    assert!(!text.contains("secret-name"), "{text}");
}

/// An object whose one member has unreadable members and a name of 450 bytes.
fn offending(members: usize) -> String {
    format!(r#"{{"{}":{{{}}}}}"#, "k".repeat(450), vec![r#""a":1e999"#; members].join(","))
}

#[test]
fn responses_with_many_unreadable_fields_take_little_memory() {
    let body = offending(400_000);
    let length = body.len() as u64;
    let standin = Standin::always(Turn::status(200).body(body));
    let core = standin_client(&standin);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut outcome = None;
    let memory = allocation_counter::measure(|| {
        outcome = Some(runtime.block_on(Call::new(&core, get::<Value>()).send()));
    });
    let error = outcome.expect("it was measured").expect_err("there are too many");
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("number out of range"), "{error}");
    assert!(memory.bytes_max < 6 * length, "{memory:?}");
}

#[test]
fn pages_with_many_unreadable_fields_take_little_memory() {
    let page = format!(r#"{{"items":[1,2],"x":{}}}"#, offending(900_000));
    let length = page.len() as u64;
    let last = Turn::status(200).body(r#"{"items":[]}"#);
    let (standin, core) = script(vec![Turn::status(200).body(page), last]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut all = Vec::new();
    let memory = allocation_counter::measure(|| {
        runtime.block_on(async {
            let mut items = Call::new(&core, list::<NUMBER>()).max_response_values(1_000_000).items();
            while let Some(item) = items.next().await {
                all.push(item.expect("an item"));
            }
        });
    });
    assert_eq!((all, standin.sent()), (vec![1, 2], 2));
    assert!(memory.bytes_max < 8 * length, "{memory:?}");
}

#[tokio::test(start_paused = true)]
async fn omitted_fields_are_limited_in_number_and_response_size() {
    let response = receive::<Value>(offending(1000).as_bytes()).await.expect("there are not too many");
    assert_eq!(response.value(), &json!({"k".repeat(450): {}}));
    let [path, ..] = response.omitted_fields() else { panic!("fields are left out") };
    assert_eq!((response.omitted_fields().len(), path.as_str()), (100, format!("{}.a", "k".repeat(450)).as_str()));
    let error = receive::<Value>(offending(1001).as_bytes()).await.expect_err("there are too many");
    assert_eq!(error.kind(), ErrorKind::Decode);
    let mut body = br#"{"a":1e400}"#.to_vec();
    body.resize(4 * 1024 * 1024, b' ');
    assert_eq!(receive::<Value>(&body).await.expect("it is short enough").omitted_fields(), ["a"]);
    body.push(b' ');
    assert_eq!(receive::<Value>(&body).await.expect_err("it is too long").kind(), ErrorKind::Decode);
}

/// A type that accepts any JSON value.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Open {
    Number(f64),
    Text(String),
    Unknown(Value),
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Shape {
    Sized { id: i64, size: f64 },
    Plain { id: i64 },
}

#[derive(Debug, Deserialize, PartialEq)]
struct Loose {
    any: Option<Open>,
    value: Option<Value>,
    shape: Option<Shape>,
}

#[derive(Debug, Deserialize)]
struct Strict {
    #[expect(dead_code, reason = "it never decodes")]
    any: Open,
}

#[tokio::test(start_paused = true)]
async fn omitted_fields_of_catch_all_types_are_listed() {
    let empty = Loose { any: None, value: None, shape: None };
    let plain = Loose { shape: Some(Shape::Plain { id: 1 }), any: None, value: None };
    let cases: &[(&[u8], &[&str], &Loose)] = &[
        (br#"{"any":1e400}"#, &["any"], &empty),
        (br#"{"any":"\ud800","value":1e400}"#, &["any", "value"], &empty),
        (br#"{"shape":{"id":1,"size":1e400}}"#, &["shape.size"], &plain),
    ];
    for (body, omitted, value) in cases {
        let response = receive::<Loose>(body).await.expect("another value would be taken");
        assert_eq!(response.value(), *value);
        assert_eq!(response.omitted_fields(), *omitted);
    }
    let error = receive::<Strict>(br#"{"any":1e400}"#).await.expect_err("a required field is not left out");
    assert!(error.to_string().contains("number out of range"), "{error}");
}

#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn omitted_fields_of_catch_all_types_are_traced() {
    for body in [r#"{"any":1e400}"#, r#"{"shape":{"id":1,"size":1e400}}"#] {
        let standin = Standin::always(Turn::status(200).body(body));
        let core = standin_client(&standin);
        let (collected, guard) = crate::traces::Collected::install();
        Call::new(&core, get::<Loose>()).await.expect("another value would be taken");
        drop(guard);
        let text = collected.text();
        assert_eq!(text.lines().filter(|line| line.contains("were left out")).count(), 1, "{text}");
    }
}

/// JSON built from parts, some of which cannot be read.
#[derive(Clone, Debug)]
enum Json {
    Readable(&'static str),
    Unreadable(&'static str),
    Array(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

fn generated() -> impl Strategy<Value = Json> {
    const READABLE: [&str; 8] =
        ["null", "true", "0", "-1.5e3", "1e308", r#""""#, r#""a,]}{[\"\\\ud83d\ude00""#, "18446744073709551616"];
    const UNREADABLE: [&str; 5] = ["1e309", "-12E+400", r#""\ud800""#, r#""x\uDFFFy""#, r#""\ud800\n""#];
    const NAMES: [&str; 4] = [r#""a""#, r#""b,\"c""#, r#""""#, r#""\u0064""#];
    let leaf = prop_oneof![
        4 => prop::sample::select(&READABLE[..]).prop_map(Json::Readable),
        1 => prop::sample::select(&UNREADABLE[..]).prop_map(Json::Unreadable),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((prop::sample::select(&NAMES[..]), inner), 0..5).prop_map(Json::Object),
        ]
    })
}

impl Json {
    fn text(&self, space: &str) -> String {
        let list = |parts: Vec<String>| parts.join(&format!("{space},{space}"));
        match self {
            Self::Readable(text) | Self::Unreadable(text) => (*text).to_owned(),
            Self::Array(items) => {
                format!("[{space}{}{space}]", list(items.iter().map(|item| item.text(space)).collect()))
            }
            Self::Object(members) => {
                let member = |(name, value): &(&str, Json)| format!("{name}{space}:{space}{}", value.text(space));
                format!("{{{space}{}{space}}}", list(members.iter().map(member).collect()))
            }
        }
    }

    /// The readable rest and the number of omitted members. `None` if the value itself cannot be read.
    fn left(&self) -> Option<(Value, usize)> {
        match self {
            Self::Readable(text) => Some((serde_json::from_str(text).expect("it is readable"), 0)),
            Self::Unreadable(_) => None,
            Self::Array(items) => {
                let items = items.iter().map(Self::left).collect::<Option<Vec<_>>>()?;
                let omitted = items.iter().map(|(_, omitted)| omitted).sum();
                Some((items.into_iter().map(|(item, _)| item).collect(), omitted))
            }
            Self::Object(members) => {
                let mut object = serde_json::Map::new();
                let mut omitted = 0;
                for (name, value) in members {
                    match value.left() {
                        Some((value, more)) => {
                            object.insert(serde_json::from_str(name).expect("a name"), value);
                            omitted += more;
                        }
                        None => omitted += 1,
                    }
                }
                Some((Value::Object(object), omitted))
            }
        }
    }
}

fn decode(body: &[u8]) -> Result<Response<Value>, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime without threads").block_on(receive(body))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_innermost_unreadable_members_are_omitted(json in generated(), space in "[ \n]{0,2}") {
        let text = json.text(&space);
        match (decode(text.as_bytes()), json.left()) {
            (Ok(response), Some((value, omitted))) => {
                prop_assert_eq!(response.value(), &value, "{}", text);
                prop_assert_eq!(response.omitted_fields().len(), omitted, "{}", text);
            }
            (Err(error), None) => prop_assert_eq!(error.kind(), ErrorKind::Decode),
            (outcome, left) => prop_assert!(false, "{text}: {outcome:?}, {left:?}"),
        }
    }

    #[test]
    fn invalid_json_is_never_accepted(
        json in generated(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"[]{}:,\"\\1e-. \x01\xffun"[..])), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut text = json.text("").into_bytes();
        for (place, byte) in edits {
            let place = place.index(text.len());
            text[place] = byte;
        }
        if is_cut {
            text.truncate(cut.index(text.len()));
        }
        let decoded: Result<Value, _> = serde_json::from_slice(&text);
        match (decode(&text), decoded) {
            (Ok(response), Ok(value)) => {
                prop_assert_eq!(response.value(), &value);
                prop_assert!(response.omitted_fields().is_empty());
            }
            // A decoder that checks only the grammar accepts the omitted parts.
            (Ok(response), Err(_)) => {
                prop_assert!(!response.omitted_fields().is_empty());
                prop_assert!(serde_json::from_slice::<IgnoredAny>(&text).is_ok(), "{:?}", text);
            }
            (Err(_), decoded) => prop_assert!(decoded.is_err()),
        }
    }
}
