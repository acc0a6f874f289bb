//! Guarantees 2 and 9: JSON that would exhaust memory is rejected before decoding, and decoding counts towards the deadline.

use std::error::Error as _;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use sdk_runtime::{
    BodyFailure, Call, Core, Error, ErrorKind, NextPage, Operation, OperationMeta, Paginated, Paging, RawResponse,
    RequestWriter, StopReason, TimeoutKind,
};
use serde_json::{Value, json};

use crate::long_running::{job, start_job};
use crate::operations::{Start, get, plain_get, standin_client, standin_config, start};
use crate::pages::{NUMBER, list};
use crate::standin::{Standin, Turn};

const TOO_MANY: ErrorKind = ErrorKind::Body(BodyFailure::TooManyValues);

fn standin(status: u16, body: impl Into<bytes::Bytes>) -> Standin {
    Standin::always(Turn::status(status).body(body))
}

fn limited(standin: &Standin, values: usize) -> Core {
    let mut config = standin_config(standin);
    config.max_response_values(values);
    config.build().expect("the settings are valid")
}

/// The number of values in the JSON, counted by decoding it.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_on_values_is_exact() {
    let values = [
        json!(7),
        json!([]),
        json!({}),
        json!([[], {}, [[]]]),
        json!({"a,[{": "b,[{\"\\", "c": [1, "x,y", {"d": null}]}),
        json!(vec![1; 100]),
        json!([[[[1, 2], [3]], []], true]),
    ];
    for value in values {
        for text in [value.to_string(), format!(" {value:#} ").replace("[]", "[ \n]").replace("{}", "{\t}")] {
            let standin = standin(200, text.clone());
            let count = count(&value);
            let taken = Call::new(&limited(&standin, count), get::<Value>()).send().await;
            assert_eq!(taken.expect(&text), value);
            if count > 1 {
                let core = limited(&standin, count - 1);
                let error = Call::new(&core, get::<Value>()).send().await.expect_err(&text);
                assert_eq!(error.kind(), TOO_MANY, "{text}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_values_are_not_retried_and_the_error_names_the_setting() {
    let standin = standin(201, "[1,2,3]");
    let core = limited(&standin, 3);
    let error = Call::new(&core, start()).send().await.expect_err("four values");
    assert_eq!(
        (error.kind().name(), error.status().map(u16::from), standin.sent()),
        ("body.too_many_values", Some(201), 1)
    );
    assert!(error.maybe_sent() && !error.is_retryable());
    assert_eq!(error.stop_reason(), Some(StopReason::Permanent));
    assert!(error.to_string().contains("201 Created: the body has more than 3 values (`max_response_values`)"));
    assert_eq!(error.api().map(|response| response.text().into_owned()).as_deref(), Some("[1,2,3]"));
    let call = Call::new(&core, get::<Value>()).max_response_values(4);
    assert_eq!(call.send().await.expect("the call's limit counts"), json!([1, 2, 3]));
    let error = Call::new(&standin_client(&standin), get::<Value>()).max_response_values(2).send().await;
    assert_eq!(error.expect_err("the call's limit counts").kind(), TOO_MANY);
}

#[tokio::test(start_paused = true)]
async fn the_limit_applies_to_pages_starts_and_polls() {
    let core = limited(&standin(200, r#"{"items":[1,2,3],"status":"done"}"#), 4);
    let error = Call::new(&core, list::<NUMBER>()).items().next().await.expect("a page").expect_err("six values");
    assert_eq!(error.kind(), TOO_MANY);
    let error = Call::new(&core, list::<NUMBER>()).pages().next().await.expect("a page").expect_err("six values");
    assert_eq!(error.kind(), TOO_MANY);
    assert_eq!(job().poll(&core).await.expect_err("six values").kind(), TOO_MANY);
    let core = limited(&standin(201, r#"{"job":{"id":"one","more":[1,2]}}"#), 4);
    let error = start_job(&core).job().await.expect_err("six values");
    assert_eq!(error.kind(), TOO_MANY);
}

#[test]
fn rejecting_many_values_takes_little_memory() {
    let length = 31 * 1024 * 1024;
    let mut body = br#"{"status":"done","unknown":["#.to_vec();
    while body.len() < length {
        body.extend_from_slice(br#"{"a":[]},"#);
    }
    body.pop();
    body.extend_from_slice(b"]}");
    let standin = standin(200, body);
    let core = standin_client(&standin);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut outcome = None;
    let memory = allocation_counter::measure(|| {
        outcome = Some(runtime.block_on(Call::new(&core, get::<Value>()).send()));
    });
    let error = outcome.expect("it was measured").expect_err("seven million values");
    assert_eq!(error.kind(), TOO_MANY);
    assert!(memory.bytes_max < 10 * length as u64, "{memory:?}");
}

#[test]
fn untyped_json_takes_no_more_memory_than_documented() {
    let values = 100_000;
    let objects = format!("{}0{}", r#"{"a":"#.repeat(99), "}".repeat(99));
    for (value, count) in [(r#"{"a":[]}"#, 2), (r#"{"a":{"a":0}}"#, 3), (objects.as_str(), 100), ("[]", 1), ("{}", 1)] {
        let body = format!("[{}]", vec![value; values / count - 1].join(","));
        let standin = standin(200, body);
        let core = limited(&standin, values);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let memory = allocation_counter::measure(|| {
            runtime.block_on(Call::new(&core, get::<Value>()).send()).expect("it is at the limit");
        });
        assert!(memory.bytes_max < 650 * values as u64, "{value}: {memory:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_typical_response_of_ten_megabytes_is_within_the_default_limit() {
    let record = r#"{"id":12345,"title":"A product","price":12.5,"url":"https://example.com/12345","available":true,"tags":["a","bc"]}"#;
    let records = vec![record; 10_000_000 / record.len()];
    let standin = standin(200, format!("[{}]", records.join(",")));
    let response: Vec<Value> = Call::new(&standin_client(&standin), get()).send().await.expect("it is usual");
    assert_eq!(response.len(), records.len());
}

/// A value that takes this long to decode on the paused clock.
const DECODING: Duration = Duration::from_secs(90);

struct Slow;

impl Operation for Slow {
    type Output = ();

    const META: OperationMeta = plain_get("slow", "/slow");

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/slow");
        Ok(())
    }

    fn decode(_: &RawResponse) -> Result<(), Error> {
        // The clock advances when this is first polled.
        let _ = pin!(tokio::time::advance(DECODING)).poll(&mut Context::from_waker(Waker::noop()));
        Ok(())
    }
}

impl Paginated for Slow {
    const PAGING: Paging = Paging { results: None, next: NextPage::Url { address: "/next" } };
}

#[tokio::test(start_paused = true)]
async fn a_value_decoded_after_the_deadline_is_a_timeout() {
    let core = standin_client(&standin(200, vec![b' '; 100_000]));
    let error = Call::new(&core, Slow).send().await.expect_err("it took too long");
    assert_eq!((error.kind(), error.status().map(u16::from)), (ErrorKind::Timeout(TimeoutKind::Total), Some(200)));
    assert!(error.maybe_sent() && error.is_timeout() && error.source().is_none());
    assert_eq!((error.attempts(), error.elapsed()), (1, DECODING));
    assert_eq!((error.is_retryable(), error.stop_reason()), (true, Some(StopReason::OutOfTime)));
    let error = Call::new(&core, Slow).idempotent(false).send().await.expect_err("it took too long");
    assert_eq!((error.is_retryable(), error.stop_reason()), (false, Some(StopReason::MaybeSent)));
    let error = Call::new(&core, Slow).pages().next().await.expect("a page").expect_err("it took too long");
    assert_eq!((error.kind(), error.elapsed()), (ErrorKind::Timeout(TimeoutKind::Total), DECODING));
    Call::new(&core, Slow).timeout(2 * DECODING).send().await.expect("there was time");
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_zero_values_is_rejected() {
    let standin = standin(201, "{}");
    let mut config = standin_config(&standin);
    config.max_response_values(0);
    let error = config.build().expect_err("no value would be taken");
    assert!(error.to_string().contains("`max_response_values`"), "{error}");
    let core = standin_client(&standin);
    let call = Call::new(&core, Start { ..start() }).max_response_values(0);
    let error = call.send().await.expect_err("no value would be taken");
    assert_eq!((error.kind(), standin.sent()), (ErrorKind::Configuration, 0));
}
