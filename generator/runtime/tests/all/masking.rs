//! Guarantee 7: parts of a request that a service echoes are masked, in time linear in the size of the request.

use std::time::Duration;

use proptest::prelude::*;
use sdk_runtime::{AnyStyle, Call, Error, Multipart, RequestWriter};
use serde_json::{Value, json};

use crate::operations::{Start, standin_client, start};
use crate::shapes::Written;
use crate::standin::{Standin, Turn};

/// The default timeout of a call.
const LIMIT: Duration = Duration::from_secs(60);

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime without threads").block_on(future)
}

fn refusal(message: &str) -> Turn {
    Turn::status(400).body(json!({ "message": message }).to_string())
}

/// The error of a call with this body, if the service rejects it with this message.
fn rejected(body: Value, message: &str) -> Error {
    let core = standin_client(&Standin::always(refusal(message)));
    run(Call::new(&core, Start { body, ..start() }).send()).expect_err("400")
}

fn shown(body: Value, message: &str) -> String {
    rejected(body, message).server_message().expect("a message").to_owned()
}

/// Like `shown`, for a request that a function writes.
fn shown_of(write: impl Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync, message: &str) -> String {
    let core = standin_client(&Standin::always(refusal(message)));
    let error = run(Call::new(&core, Written(write)).send()).expect_err("400");
    error.server_message().expect("a message").to_owned()
}

#[test]
fn many_values_in_a_long_message_are_masked_in_time() {
    let message_of = |word: &str| vec![word; 16_000 / (word.len() + 1)].join(" ");
    // The first three are substrings of the placeholder.
    for word in ["acte", "redacted", "[redacted]", "aaaa", "unlike the others"] {
        let body = json!({ "list": vec![word; 100_000] });
        let error = rejected(body, &message_of(word));
        let masked = error.server_message().expect("a message");
        assert!(masked.starts_with("[redacted] [redacted] "), "{masked}");
        assert!(error.elapsed() < LIMIT, "{word}: {:?}", error.elapsed());
    }
}

#[test]
fn many_distinct_values_are_masked_in_time() {
    let words: Vec<_> = (0..100_000).map(|number| format!("word-{number}")).collect();
    let error = rejected(json!({ "list": words }), &words[50_000..51_400].join(" "));
    let masked = error.server_message().expect("a message");
    assert!(masked.starts_with("[redacted] [redacted] "), "{masked}");
    assert!(error.elapsed() < LIMIT, "{:?}", error.elapsed());
}

#[test]
fn repetitive_values_in_a_repetitive_message_are_masked_in_time() {
    let lengths: Vec<_> = (1..1_400).map(|length| "a".repeat(length)).collect();
    let error = rejected(json!({ "list": lengths }), &"a".repeat(16_000));
    assert_eq!(error.server_message(), Some("[redacted]"));
    assert!(error.elapsed() < LIMIT, "{:?}", error.elapsed());
}

#[test]
fn the_message_is_hidden_if_the_body_is_too_large_to_search() {
    let body = json!({ "list": ["secret", "x".repeat(4 * 1024 * 1024)] });
    assert_eq!(shown(body, "no secret"), "[too long to show]");
    assert_eq!(shown(json!(["secret"]), &"secret ".repeat(3_000)), "[too long to show]");
}

#[test]
fn longer_values_take_precedence_and_overlapping_ones_are_masked_together() {
    let body = json!(["john", "john.doe", "doe@example", "example.org", "pin-1"]);
    assert_eq!(shown(body.clone(), "john, john.doe, johnny"), "[redacted], [redacted], [redacted]ny");
    assert_eq!(shown(body, "<john.doe@example.org>pin-1pin-1"), "<[redacted]>[redacted][redacted]");
}

#[test]
fn strings_of_a_body_are_masked_at_any_depth_and_with_any_escapes() {
    let mut body = json!("deep-secret");
    for _ in 0..500 {
        body = json!([{ "name": body }]);
    }
    assert_eq!(shown(body, "deep-secret of name"), "[redacted] of name");
    let body =
        json!({"a": "line\nbreak", "b": "qu\"ote", "c": "gr\u{fc}n", "d": 123_456.5, "e": "http://u-user:p-word@h"});
    let message = r#"line\nbreak, qu"ote, qu\"ote, grün, gr\u{fc}n, 123456.5, u-user, p-word"#;
    let expected = ["[redacted]"; 8].join(", ");
    assert_eq!(shown(body, message).replace(r"gr\u{fc}n", "[redacted]"), expected);
}

#[test]
fn multipart_parts_and_lines_of_text_bodies_are_masked() {
    let parts = |request: &mut RequestWriter| {
        let body = Multipart::new().text("user", "john").part_of("x", "application/json", br#"{"pin":"1234-5"}"#);
        request.path("/");
        request.multipart(&body)
    };
    assert_eq!(shown_of(parts, "user john has no pin 1234-5"), "user [redacted] has no pin [redacted]");
    let text = |request: &mut RequestWriter| {
        request.path("/");
        request.bytes("text/plain", "first line\nsecond\n".into());
        Ok(())
    };
    assert_eq!(shown_of(text, "no first line, no second, no third"), "no [redacted], no [redacted], no third");
}

#[test]
fn query_values_are_masked_encoded_and_decoded() {
    let write = |request: &mut RequestWriter| {
        request.path("/");
        request.any_in_query("q", &json!({"a": "one two"}), AnyStyle::Exploded)
    };
    assert_eq!(shown_of(write, "no one two, no one%20two, no three"), "no [redacted], no [redacted], no three");
}

/// The message with every occurrence of every value replaced, by a search at each position.
fn masked_one_by_one(values: &[String], message: &str) -> String {
    let occurrences = |value: &String| {
        let (length, wanted) = (value.len(), value.clone());
        let is_here = move |place: &usize| message[*place..].starts_with(&wanted);
        (0..message.len()).filter(is_here).map(move |place| (place, place + length))
    };
    let long_enough = values.iter().filter(|value| value.len() >= 4);
    let mut found: Vec<_> = long_enough.flat_map(occurrences).collect();
    found.sort_unstable();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (start, end) in found {
        match spans.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => spans.push((start, end)),
        }
    }
    let mut masked = message.to_owned();
    for (start, end) in spans.into_iter().rev() {
        masked.replace_range(start..end, "[redacted]");
    }
    masked
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[ab]{1,6}|[abc]{3,9}|redac|acte|\\[red|d\\]", 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn masking_equals_a_naive_search_at_each_position(
        values in words(),
        others in prop::collection::vec("[abc ]{0,5}", 1..6),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
    ) {
        let pieces: Vec<_> = values.iter().chain(&others).collect();
        let message: String = order.iter().map(|place| place.get(&pieces).as_str()).collect();
        let message = format!("-{message}-");
        let masked = shown(json!(values), &message);
        prop_assert_eq!(&masked, &masked_one_by_one(&values, &message));
        if !values.iter().any(|value| "[redacted]".contains(value.as_str())) {
            for piece in masked.split("[redacted]") {
                prop_assert!(!values.iter().any(|value| value.len() >= 4 && piece.contains(value.as_str())), "{masked}");
            }
        }
    }
}
