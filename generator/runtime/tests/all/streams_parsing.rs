//! Parsing of events and lines by the HTML standard, however the bytes are split.

use std::time::Duration;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use sdk_runtime::{Call, ServerEvent};

use crate::operations::standin_client;
use crate::standin::{Standin, Turn};
use crate::streams::{Lines, Texts};

/// The events of a response that arrives in these pieces.
fn events(pieces: &[&[u8]]) -> Vec<ServerEvent<String>> {
    collect(Texts, "text/event-stream", pieces)
}

fn collect<O: sdk_runtime::Streamed>(operation: O, content_type: &'static str, pieces: &[&[u8]]) -> Vec<O::Item> {
    let body = pieces.iter().map(|piece| (Duration::ZERO, Bytes::copy_from_slice(piece))).collect();
    let standin = Standin::always(Turn { status: 200, content_type: Some(content_type), body, ..Turn::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let core = standin_client(&standin);
        let mut stream = Call::new(&core, operation).stream().await.expect("a stream");
        let mut all = Vec::new();
        while let Some(event) = stream.next().await {
            all.push(event.expect("an event"));
        }
        all
    })
}

/// Name, data and id of each event.
fn check(text: &str, expect: &[(&str, &str, Option<&str>)]) {
    let events = events(&[text.as_bytes()]);
    let seen: Vec<_> =
        events.iter().map(|event| (event.name.as_str(), event.data.as_str(), event.id.as_deref())).collect();
    assert_eq!(seen, expect, "{text:?}");
}

#[test]
fn the_examples_of_the_standard_parse_as_specified() {
    check("data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "YHOO\n+2\n10", None)]);
    check(
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
        &[("message", "first event", Some("1")), ("message", "second event", None)],
    );
    check("data\n\ndata\ndata\n\ndata:", &[("message", "", None), ("message", "\n", None)]);
    check("data:test\n\ndata: test\n\n", &[("message", "test", None), ("message", "test", None)]);
    check(
        "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
        &[("add", "73857293", None), ("remove", "2153", None)],
    );
}

#[test]
fn corner_cases_of_the_format_are_handled() {
    check("\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n", &[("message", "a", None)]);
    check(
        "data: a\r\rdata: b\r\n\r\ndata: c\n\n",
        &[("message", "a", None), ("message", "b", None), ("message", "c", None)],
    );
    check("event: lost\n\ndata: a\n\n", &[("message", "a", None)]);
    check("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", &[("message", "a", Some("1")), ("message", "b", Some("1"))]);
    check("what: ever\nDATA: a\ndata: b:c\n\n", &[("message", "b:c", None)]);
    check("", &[]);
}

#[test]
fn a_numeric_retry_field_is_reported() {
    let waits = events(&[b"retry: 1500\ndata: a\n\nretry: soon\ndata: b\n\n"]);
    assert_eq!(waits.iter().map(|event| event.retry).collect::<Vec<_>>(), [Some(Duration::from_millis(1500)), None]);
    for text in ["retry: 7\nretry\nretry: +8\nretry: -9\nretry: 1.5\ndata: a\n\n", "retry: 7\ndata: a\nretry: \n\n"] {
        assert_eq!(events(&[text.as_bytes()])[0].retry, Some(Duration::from_millis(7)), "{text}");
    }
}

#[test]
fn lines_may_be_empty_and_the_last_may_lack_a_line_end() {
    let numbers = |text: &str| collect(Lines, "application/x-ndjson", &[text.as_bytes()]);
    assert_eq!(numbers("1\n\n2\r\n 3"), [1, 2, 3]);
    assert_eq!(numbers(""), Vec::<u64>::new());
}

/// Fragments of a stream, combined so that most of it is meaningful.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"data".to_vec()),
        Just(b"event: x".to_vec()),
        Just(b"id: 7".to_vec()),
        Just(b"retry: 10".to_vec()),
        Just(b":".to_vec()),
        Just(b" ".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just("\u{FEFF}".as_bytes().to_vec()),
        Just("ä€🔑".as_bytes().to_vec()),
        vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn splitting_does_not_change_the_events(text in text(), cuts in vec(any::<prop::sample::Index>(), 0..12)) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(text.len() + 1)).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|cut| &text[cut[0]..cut[1]]).collect();
        let whole = events(&[&text]);
        prop_assert_eq!(&events(&pieces), &whole);
        let bytes: Vec<_> = text.chunks(1).collect();
        prop_assert_eq!(&events(&bytes), &whole);
    }
}
