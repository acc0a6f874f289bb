//! NaN and infinities are rejected wherever they are, and never sent as `null` or as strings.

use std::collections::BTreeMap;

use sdk_runtime::{AnyStyle, Call, Error, ErrorKind, ListStyle, Method, RequestWriter, json_object};
use serde::Serialize;
use serde_json::json;

use crate::operations::standin_client;
use crate::shapes::Written;
use crate::standin::{Standin, Turn};

const NOT_FINITE: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

/// Has a float at every position that serde distinguishes.
#[derive(Clone, Default, Serialize)]
struct Everywhere {
    field: f64,
    small: f32,
    some: Option<f64>,
    list: Vec<f64>,
    tuple: (u8, f64),
    map: BTreeMap<String, f64>,
    newtype: Newtype,
    pair: Pair,
    choices: Vec<Choice>,
    #[serde(flatten)]
    flat: BTreeMap<String, f64>,
}

#[derive(Clone, Default, Serialize)]
struct Newtype(f64);

#[derive(Clone, Default, Serialize)]
struct Pair(u8, f64);

#[derive(Clone, Serialize)]
enum Choice {
    Unit,
    Newtype(f64),
    Tuple(u8, f64),
    Struct { value: f64 },
}

fn named(value: f64) -> BTreeMap<String, f64> {
    BTreeMap::from([("name".to_owned(), value)])
}

#[expect(clippy::cast_possible_truncation, reason = "NaN and infinities stay what they are")]
fn bodies(value: f64) -> Vec<Everywhere> {
    let rest = Everywhere::default;
    vec![
        Everywhere { field: value, ..rest() },
        Everywhere { small: value as f32, ..rest() },
        Everywhere { some: Some(value), ..rest() },
        Everywhere { list: vec![1.0, value], ..rest() },
        Everywhere { tuple: (1, value), ..rest() },
        Everywhere { map: named(value), ..rest() },
        Everywhere { newtype: Newtype(value), ..rest() },
        Everywhere { pair: Pair(1, value), ..rest() },
        Everywhere { choices: vec![Choice::Newtype(value)], ..rest() },
        Everywhere { choices: vec![Choice::Tuple(1, value)], ..rest() },
        Everywhere { choices: vec![Choice::Struct { value }], ..rest() },
        Everywhere { flat: named(value), ..rest() },
    ]
}

/// The error of a call that sends nothing. Its preview returns the same error.
async fn rejected(write: impl Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync) -> String {
    let standin = Standin::always(Turn::status(200));
    let core = standin_client(&standin);
    let call = Call::new(&core, Written(write));
    let previewed = call.preview().expect_err("it is not finite");
    let error = call.send().await.expect_err("it is not finite");
    assert_eq!((error.kind(), error.attempts(), standin.sent()), (ErrorKind::InvalidArgument, 0, 0));
    assert!(!error.maybe_sent() && !error.is_retryable());
    assert_eq!(previewed.to_string(), error.to_string());
    if let Some(cause) = std::error::Error::source(&error) {
        assert!(!error.to_string().contains(&cause.to_string()), "{error} repeats its cause");
    }
    error.to_string()
}

#[tokio::test]
async fn a_body_is_rejected_wherever_the_number_is() {
    for body in NOT_FINITE.into_iter().flat_map(bodies) {
        let expected = "written: invalid argument `body`: NaN and infinities are not JSON numbers";
        let json = body.clone();
        assert_eq!(rejected(move |request: &mut RequestWriter| request.json(&json)).await, expected);
        let json = body.clone();
        let write = move |request: &mut RequestWriter| request.json_as("application/merge-patch+json", &json);
        assert_eq!(rejected(write).await, expected);
        let form = move |request: &mut RequestWriter| request.form(&body, &[]);
        assert_eq!(rejected(form).await, expected);
    }
}

#[tokio::test]
async fn a_body_of_a_request_that_the_api_does_not_describe_is_rejected_too() {
    let standin = Standin::always(Turn::default());
    let core = standin_client(&standin);
    for body in NOT_FINITE.into_iter().flat_map(bodies) {
        let error = core.raw_request(Method::POST, "/x").json_body(&body).bytes().await.expect_err("it is not JSON");
        let expected = "raw_request: invalid argument `body`: NaN and infinities are not JSON numbers";
        assert_eq!((error.to_string().as_str(), standin.sent()), (expected, 0));
    }
}

#[tokio::test]
async fn the_error_names_the_parameter_in_every_location() {
    for value in NOT_FINITE {
        let list = [1.0, value];
        let expected = "written: invalid argument `x`: must not be NaN or infinite";
        assert_eq!(rejected(move |request: &mut RequestWriter| request.path_value("x", &value)).await, expected);
        assert_eq!(rejected(move |request: &mut RequestWriter| request.header("x", &value)).await, expected);
        assert_eq!(rejected(move |request: &mut RequestWriter| request.header_list("x", &list)).await, expected);
        assert_eq!(rejected(move |request: &mut RequestWriter| request.cookie("x", &value)).await, expected);
        let query = move |request: &mut RequestWriter| {
            request.query("ok", &1.5);
            request.query("x", &&value);
            request.query("y", &value);
            Ok(())
        };
        assert_eq!(rejected(query).await, expected);
        for style in [ListStyle::Exploded, ListStyle::Comma, ListStyle::Space, ListStyle::Pipe] {
            let query = move |request: &mut RequestWriter| {
                request.query_list("x", &list, style);
                Ok(())
            };
            assert_eq!(rejected(query).await, expected);
        }
    }
}

#[tokio::test]
async fn the_error_names_a_value_of_any_type_in_every_location() {
    let styles = [
        AnyStyle::Exploded,
        AnyStyle::Delimited(ListStyle::Comma),
        AnyStyle::Deep,
        AnyStyle::Json,
        AnyStyle::Label { explode: true },
        AnyStyle::Matrix { explode: true },
    ];
    let expected = "written: invalid argument `x`: NaN and infinities are not JSON numbers";
    for style in styles {
        let value = || json_like(f64::NAN);
        assert_eq!(
            rejected(move |request: &mut RequestWriter| request.any_in_path("x", &value(), style)).await,
            expected
        );
        assert_eq!(
            rejected(move |request: &mut RequestWriter| request.any_in_query("x", &value(), style)).await,
            expected
        );
        assert_eq!(
            rejected(move |request: &mut RequestWriter| request.any_in_header("x", &value(), style)).await,
            expected
        );
        assert_eq!(
            rejected(move |request: &mut RequestWriter| request.any_in_cookie("x", &value(), style)).await,
            expected
        );
    }
}

fn json_like(value: f64) -> BTreeMap<String, Vec<f64>> {
    BTreeMap::from([("a".to_owned(), vec![1.0, value])])
}

#[test]
fn finite_values_are_written_unchanged() {
    let body = Everywhere {
        field: 0.1,
        some: Some(f64::MAX),
        map: named(-0.0),
        choices: vec![Choice::Unit, Choice::Newtype(1.0), Choice::Tuple(1, 2.0), Choice::Struct { value: 3.0 }],
        flat: BTreeMap::from([("other".to_owned(), 5e-324)]),
        ..Everywhere::default()
    };
    let more = (i128::MAX, u128::MAX, 'c', "\u{1f600}\n", (), [json!({"a": [null, true]})]);
    let numbered = BTreeMap::from([(7, "seven")]);
    let expected = serde_json::to_string(&(&body, &more, &numbered)).expect("it is JSON");
    let core = standin_client(&Standin::always(Turn::status(200)));
    let write = move |request: &mut RequestWriter| {
        request.path("/");
        request.json(&(&body, &more, &numbered))
    };
    let preview = Call::new(&core, Written(write)).preview().expect("all is finite");
    assert_eq!(preview.body().map(|body| &body[..]), Some(expected.as_bytes()));
}

#[test]
fn a_json_object_field_accepts_any_type_that_serializes_to_an_object() {
    let object = json_object("field", Everywhere { field: 0.5, ..Everywhere::default() }).expect("it is an object");
    assert_eq!(object.get("field"), Some(&json!(0.5)));
    assert_eq!(
        json_object("field", BTreeMap::from([("key", [1, 2])])).ok(),
        json!({"key": [1, 2]}).as_object().cloned()
    );
    for body in NOT_FINITE.into_iter().flat_map(bodies) {
        let error = json_object("field", &body).expect_err("it has a float that is not finite");
        assert!(error.to_string().contains("NaN"), "{error}");
    }
}

#[test]
fn a_json_object_field_rejects_other_types_without_showing_the_value() {
    let rejected =
        |value: serde_json::Value| json_object("parameters", value).expect_err("it is not an object").to_string();
    assert_eq!(rejected(json!("secret")), "invalid argument `parameters`: must be a JSON object, not a string");
    assert_eq!(rejected(json!(["secret"])), "invalid argument `parameters`: must be a JSON object, not an array");
    assert_eq!(rejected(json!(7)), "invalid argument `parameters`: must be a JSON object, not a number");
    assert_eq!(rejected(json!(true)), "invalid argument `parameters`: must be a JSON object, not a boolean");
    assert_eq!(rejected(json!(null)), "invalid argument `parameters`: must be a JSON object, not `null`");
}

#[tokio::test]
async fn other_serialization_errors_keep_their_cause() {
    let body = BTreeMap::from([(vec![1], 1)]);
    let error = rejected(move |request: &mut RequestWriter| request.json(&body)).await;
    assert_eq!(error, "written: invalid argument `body`: cannot be written as JSON");
}
