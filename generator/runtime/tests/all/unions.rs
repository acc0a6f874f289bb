//! Guarantee 13: unknown values are kept. Also the helpers of generated types.

use std::cell::Cell;
use std::fmt;

use sdk_runtime::{Call, Error, ErrorKind, Redacted, nullable, string_enum, union};
use serde::de::value::{Error as ValueError, MapDeserializer};
use serde::de::{DeserializeOwned, MapAccess};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::operations::{client, get};
use crate::service::api;
use test_server::{Act, Server};

/// As generated: an open enum of strings.
#[derive(Clone, Debug, PartialEq)]
enum Category {
    Billing,
    Auth,
    Unknown(String),
}

impl From<&str> for Category {
    fn from(text: &str) -> Self {
        match text {
            "billing" => Self::Billing,
            "auth" => Self::Auth,
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl<'de> Deserialize<'de> for Category {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string_enum::deserialize(deserializer, |text| Some(Self::from(text)))
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Failed {
    message: String,
    error: Reason,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Reason {
    category: Category,
    #[serde(default)]
    causes: Vec<Progress>,
}

#[derive(Debug, Deserialize, Serialize, PartialEq)]
struct Running {
    #[serde(rename = "runId")]
    run_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable::deserialize")]
    proxy: Option<Option<String>>,
}

/// As generated: a union with the tag `status`.
#[derive(Debug, PartialEq)]
enum Progress {
    Failed(Failed),
    Running(Running),
    Unknown(Value),
}

impl<'de> Deserialize<'de> for Progress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        union::deserialize(deserializer)
    }
}

impl union::Union for Progress {
    const PROPERTY: &'static str = "status";
    const NEEDS_TAG: bool = true;

    fn read<'de, A: MapAccess<'de>>(tag: &str, object: union::Object<'_, A>) -> Result<Self, A::Error> {
        match tag {
            "failed" => object.member().map(Self::Failed),
            "running" => object.member_without_tag().map(Self::Running),
            _ => object.value().map(Self::Unknown),
        }
    }
}

impl Serialize for Progress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Running(running) => union::Writer::new(serializer, "status").tagged("running", running),
            Self::Unknown(value) => value.serialize(serializer),
            Self::Failed(_) => Err(serde::ser::Error::custom("the tests write none")),
        }
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Outer {
    items: Vec<Progress>,
}

async fn decode_response<T: DeserializeOwned + Send>(body: &str) -> Result<T, Error> {
    let act = Act::Send(test_server::json("200 OK", body));
    Call::new(&client(&api(&Server::always(act).await)), get()).send().await
}

#[tokio::test]
async fn unknown_values_and_members_are_kept() {
    let unknown = json!({"status": "paused", "until": [1, {"x": null}]});
    let failed = json!({"status": "failed", "message": "m", "new": 1, "error": {"category": "weather", "more": {}}});
    let body = json!({"items": [unknown.clone(), failed, {"status": "running", "runId": "r"}], "next": 7});
    let Outer { items } = decode_response(&body.to_string()).await.expect("nothing unknown is an error");
    let error = Reason { category: Category::Unknown("weather".to_owned()), causes: Vec::new() };
    let failed = Failed { message: "m".to_owned(), error };
    let running = Running { run_id: "r".to_owned(), proxy: None };
    assert_eq!(items, [Progress::Unknown(unknown), Progress::Failed(failed), Progress::Running(running)]);
    let category: Category = serde_json::from_value(json!("billing")).expect("a category");
    assert_eq!(category, Category::Billing);
}

#[tokio::test]
async fn the_path_leads_through_unions() {
    let check = async |item: Value, path: &str| {
        let body = json!({"items": [{"status": "x"}, item.clone()]}).to_string();
        let error = decode_response::<Outer>(&body).await.expect_err("it does not decode");
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some(path)), "{error}");
        assert!(!error.to_string().contains("at `.`"), "{error}");
        // Decoded alone, its path starts at the union.
        let error = decode_response::<Progress>(&item.to_string()).await.expect_err("it does not decode");
        let path = path.trim_start_matches("items[1]").trim_start_matches('.');
        assert_eq!(error.json_path(), Some(if path.is_empty() { "." } else { path }), "{error}");
    };
    let failed = |error: Value| json!({"status": "failed", "message": "m", "error": error});
    check(json!({"status": "running", "runId": 7}), "items[1].runId").await;
    check(json!({"before": 1, "status": "running", "runId": 7}), "items[1].runId").await;
    check(json!({"status": "running"}), "items[1]").await;
    check(json!({"no": "status"}), "items[1]").await;
    check(json!({"status": 7}), "items[1].status").await;
    check(json!("text"), "items[1]").await;
    check(failed(json!({"category": 1})), "items[1].error.category").await;
    let cause = json!({"status": "running", "runId": []});
    check(failed(json!({"category": "auth", "causes": [cause]})), "items[1].error.causes[0].runId").await;
}

#[tokio::test]
async fn decoding_deep_unions_takes_linear_time() {
    let mut item = json!({"status": "running", "runId": 7});
    let mut path = "runId".to_owned();
    // Four of the 128 levels that can be read are around them.
    for _ in 0..40 {
        item = json!({"error": {"category": "auth", "causes": [item]}, "message": "m", "status": "failed"});
        path = format!("error.causes[0].{path}");
    }
    let error = decode_response::<Outer>(&json!({"items": [item]}).to_string()).await.expect_err("it does not decode");
    // Only the start of such a long path is shown.
    let shown = error.json_path().expect("a path").trim_end_matches('…');
    assert!(shown.len() > 200 && format!("items[0].{path}").starts_with(shown), "{error}");
}

#[test]
fn members_are_written_with_their_tag_first() {
    let running = |proxy| Progress::Running(Running { run_id: "r".to_owned(), proxy });
    let text = |progress: &Progress| serde_json::to_string(progress).expect("JSON");
    assert_eq!(text(&running(None)), r#"{"status":"running","runId":"r"}"#);
    assert_eq!(text(&running(Some(None))), r#"{"status":"running","runId":"r","proxy":null}"#);
    let unknown = Progress::Unknown(json!({"status": "x", "y": 1}));
    assert_eq!(text(&unknown), r#"{"status":"x","y":1}"#);
    for progress in [running(None), running(Some(None)), running(Some(Some("p".to_owned()))), unknown] {
        assert_eq!(serde_json::from_str::<Progress>(&text(&progress)).expect("it round-trips"), progress);
    }
}

#[test]
fn absent_null_and_present_are_distinguished() {
    let proxy = |text: &str| serde_json::from_str::<Running>(text).expect("it decodes").proxy;
    assert_eq!(proxy(r#"{"runId":"r"}"#), None);
    assert_eq!(proxy(r#"{"runId":"r","proxy":null}"#), Some(None));
    assert_eq!(proxy(r#"{"runId":"r","proxy":"p"}"#), Some(Some("p".to_owned())));
    assert!(serde_json::from_str::<Running>(r#"{"runId":"r","proxy":7}"#).is_err());
}

#[test]
fn an_unknown_string_of_a_closed_enum_is_an_error_that_does_not_show_it() {
    #[derive(Debug)]
    struct Closed;

    impl<'de> Deserialize<'de> for Closed {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            string_enum::deserialize(deserializer, |text| (text == "on").then_some(Self))
        }
    }

    serde_json::from_str::<Closed>(r#""on""#).expect("it has this one");
    let rejected = |text: &str| serde_json::from_str::<Closed>(text).expect_err("it is not in the enum").to_string();
    assert_eq!(rejected(r#""secret""#), "the string is not a value of this enum at line 1 column 8");
    assert_eq!(
        rejected("7"),
        "invalid type: integer `7`, expected one of the strings that the API names at line 1 column 1"
    );
}

#[test]
fn redacted_values_are_printed_as_redacted() {
    fn both(value: impl fmt::Debug + fmt::Display) -> String {
        format!("{value:?}{value}")
    }
    assert_eq!(both(Redacted), "[redacted][redacted]");
}

#[test]
fn outside_a_response_the_message_contains_the_path() {
    let read = |text: &str| serde_json::from_str::<Progress>(text).expect_err("it does not decode").to_string();
    let integer = "invalid type: integer `7`, expected a string";
    assert_eq!(read(r#"{"status":"running","runId":7}"#), format!("{integer} at line 1 column 29"));
    assert_eq!(read(r#"{"runId":7,"status":"running"}"#), format!("at `runId`: {integer} at line 1 column 30"));
    assert_eq!(read(r#"{"status":"running"}"#), "missing field `runId` at line 1 column 20");
    assert_eq!(read(r#"{"x":1}"#), "missing `status`, which tells the variants apart at line 1 column 7");
    assert_eq!(read(r#"{"status":1}"#), "`status` is not a string at line 1 column 12");
    assert_eq!(read("7"), "invalid type: integer `7`, expected an object with `status` at line 1 column 1");
    let numbered = MapDeserializer::<_, ValueError>::new([(7_u32, "x")].into_iter());
    let unnamed = Progress::deserialize(numbered).expect_err("its property has no name");
    assert_eq!(unnamed.to_string(), "invalid type: integer `7`, expected a name");
}

#[test]
fn the_tag_of_an_unknown_member_can_be_read() {
    assert_eq!(union::tag_text(&json!({"status": "paused"}), "status"), "paused");
    assert_eq!(union::tag_text(&json!({"status": 7}), "status"), "");
    assert_eq!(union::tag_text(&json!("paused"), "status"), "");
    let unknown: ValueError = union::unknown_tag("status");
    assert_eq!(unknown.to_string(), "`status` names none of the variants");
}

#[test]
fn members_are_read_with_properties_in_any_order() {
    let read = |text: &str| serde_json::from_str::<Progress>(text).expect("it decodes");
    let running = || Progress::Running(Running { run_id: "r".to_owned(), proxy: None });
    assert_eq!(read(r#"{"status":"running","runId":"r"}"#), running());
    assert_eq!(read(r#"{"runId":"r","status":"running"}"#), running());
    assert_eq!(read(r#"{"new":[1],"status":"running","runId":"r"}"#), running());
    for text in [r#"{"status":"x","y":1}"#, r#"{"y":1,"status":"x"}"#] {
        assert_eq!(read(text), Progress::Unknown(json!({"status": "x", "y": 1})));
    }
}

/// A fast parser would read the first number as an adjacent one.
#[tokio::test]
async fn untyped_numbers_keep_their_exact_value() {
    for text in ["31.245270191439438", "121.48791951161945", "0.1"] {
        let body = format!(r#"{{"items": [{{"status": "paused", "share": {text}}}]}}"#);
        let outer = decode_response::<Outer>(&body).await.expect("a value");
        let [Progress::Unknown(value)] = outer.items.as_slice() else { panic!("{outer:?}") };
        assert_eq!(value["share"].as_f64(), text.parse().ok());
    }
}

/// A union that contains itself through another union.
static KNOT: union::Shape = union::Shape::Union {
    dispatch: union::Dispatch { tags: &[], members: &[&union::Shape::Boolean, &LOOP] },
    open: false,
};

static LOOP: union::Shape = union::Shape::Union {
    dispatch: union::Dispatch { tags: &[], members: &[&KNOT, &union::Shape::Integer] },
    open: false,
};

#[test]
fn a_union_that_contains_itself_is_decided_by_its_other_members() {
    static DISPATCH: union::Dispatch = union::Dispatch { tags: &[], members: &[&KNOT, &union::Shape::String] };
    let members: [union::ReadMember<&str>; 2] = [|_| Ok("knot"), |_| Ok("string")];
    let choose = |value: Value| -> &str {
        let chosen: Result<_, ValueError> = union::choose_value(value, &DISPATCH, &members, Some(|_| "unknown"));
        chosen.expect("an open union takes every value")
    };
    assert_eq!([json!(5), json!(true), json!("a"), json!([])].map(choose), ["knot", "knot", "string", "unknown"]);
}

/// As generated: a closed union of a number and of an object around such a union.
#[derive(Debug)]
enum Nested {
    Around(Box<Around>),
    Small(Small),
}

#[derive(Debug, Deserialize)]
struct Around {
    within: Nested,
}

/// A number whose range its shape does not show. Counts how often one is decoded.
#[derive(Debug)]
struct Small(u8);

thread_local! {
    static DECODED: Cell<usize> = const { Cell::new(0) };
}

impl<'de> Deserialize<'de> for Small {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DECODED.set(DECODED.get() + 1);
        u8::deserialize(deserializer).map(Self)
    }
}

static WITHIN: union::Shape = union::Shape::Union {
    dispatch: union::Dispatch { tags: &[], members: &[&AROUND, &union::Shape::Integer] },
    open: false,
};
static AROUND: union::Shape = union::Shape::Object {
    fields: &[union::Field { name: "within", required: true, shape: &WITHIN }],
    others: union::Others::Any,
};
static NESTED: union::Dispatch = union::Dispatch { tags: &[], members: &[&AROUND, &union::Shape::Integer] };

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members: [union::ReadMember<Self>; 2] = [
            |text| union::member(text).map(|around| Self::Around(Box::new(around))),
            |text| union::member(text).map(Self::Small),
        ];
        union::choose(deserializer, &NESTED, &members, None)
    }
}

#[test]
fn a_deep_value_that_fits_but_cannot_be_decoded_is_decoded_few_times() {
    let depth = 20;
    let text = r#"{"within":"#.repeat(depth) + "300" + &"}".repeat(depth);
    let error = serde_json::from_str::<Nested>(&text).expect_err("the number is out of range");
    assert!(error.to_string().contains("300"), "{error}");
    assert!(DECODED.get() <= 2 * (depth + 1), "{} times", DECODED.get());
    let small = serde_json::from_str::<Nested>(&text.replace("300", "30")).expect("the number is in range");
    let mut innermost = &small;
    while let Nested::Around(around) = innermost {
        innermost = &around.within;
    }
    assert!(matches!(innermost, Nested::Small(Small(30))), "{innermost:?}");
}
