//! Guarantee 7 for bodies of bytes, which have no fields, and for credentials that are shorter than most words.

use std::io;

use sdk_runtime::{Body, Call, Error, ErrorKind, HttpMethod, Method, Multipart, Operation, OperationMeta, PartHead};
use sdk_runtime::{RawResponse, RequestWriter};
use serde_json::json;

use crate::operations::{Start, standin_client, standin_config, start};
use crate::shapes::Written;
use crate::standin::{Standin, Turn};

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime without threads").block_on(future)
}

fn refusing(message: &str) -> Standin {
    Standin::always(Turn::status(400).body(json!({ "message": message }).to_string()))
}

/// The error message for a request that a function writes.
fn shown(write: impl Fn(&mut RequestWriter) -> Result<(), Error> + Clone + Send + Sync, message: &str) -> String {
    let core = standin_client(&refusing(message));
    let write = move |request: &mut RequestWriter| {
        request.path("/");
        write(request)
    };
    let error = run(Call::new(&core, Written(write)).send()).expect_err("400");
    error.server_message().expect("a message").to_owned()
}

fn shown_of_upload(body: Body, message: &str) -> String {
    shown(
        move |request: &mut RequestWriter| {
            request.upload("application/octet-stream", &body);
            Ok(())
        },
        message,
    )
}

fn stream(piece: &'static str) -> Body {
    Body::from_stream(Once(Some(piece)))
}

/// A stream of one piece.
struct Once(Option<&'static str>);

impl futures_core::Stream for Once {
    type Item = io::Result<&'static [u8]>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(|piece| Ok(piece.as_bytes())))
    }
}

#[test]
fn the_message_is_shown_without_what_a_body_of_bytes_contains() {
    let body = |content_type: &'static str, bytes: &'static [u8]| {
        move |request: &mut RequestWriter| {
            request.bytes(content_type, bytes.into());
            Ok(())
        }
    };
    for content_type in ["application/octet-stream", "text/csv", "multipart/form-data"] {
        assert_eq!(shown(body(content_type, b"<a>secret</a>"), "no secret"), "no [redacted]", "{content_type}");
    }
    let shown = |content_type, bytes, message| shown(body(content_type, bytes), message);
    assert_eq!(shown("text/csv", b"id,name\n7, john.doe ", "line 2: unknown john.doe"), "line 2: unknown [redacted]");
    assert_eq!(shown("text/plain", b"s\xe9cret", "no s\u{e9}cret"), "no [redacted]");
    assert_eq!(shown("image/png", b"\x89PNG\r\n\0\0Author\0john.doe\xff", "no john.doe!"), "no [redacted]!");
    assert_eq!(shown("image/png", b"\x89PNG\r\n", "the image is too small"), "the image is too small");
    assert_eq!(shown("application/cbor", b"{\"a\":\"in\\u0041ner\"}", "no inAner"), "no [redacted]");
    assert_eq!(shown("image/png", b"", "the body is empty"), "the body is empty");
}

#[test]
fn bytes_and_streams_hide_the_message_only_if_they_are_sensitive() {
    let long = || Body::from(vec![b'x'; 5 * 1024 * 1024]);
    assert_eq!(shown_of_upload(long(), "the file is damaged"), "the file is damaged");
    assert_eq!(shown_of_upload(long().sensitive(), "the file is damaged"), "[not shown]");
    // Not every value in it is found: which characters separate them is not known.
    assert_eq!(shown_of_upload(Body::from("a secret").sensitive(), "no secret"), "[not shown]");
    assert_eq!(shown_of_upload(stream("x"), "the file is damaged"), "the file is damaged");
    assert_eq!(shown_of_upload(stream("secret").sensitive(), "no secret"), "[not shown]");
    let chosen = |request: &mut RequestWriter| request.upload_as("text/csv", &stream("secret").sensitive());
    assert_eq!(shown(chosen, "no secret"), "[not shown]");
    let long = move |request: &mut RequestWriter| request.upload_as("text/csv", &long().sensitive());
    assert_eq!(shown(long, "no secret"), "[not shown]");
}

#[test]
fn the_parts_of_a_form_around_a_stream_are_masked() {
    let form = |content: Body| {
        move |request: &mut RequestWriter| {
            let form = Multipart::new().text("user", "john.doe").file_from("a", "a", "text/plain", content.clone());
            request.multipart(&form.text("pin", "1234-5"))
        }
    };
    let message = "john.doe has no pin 1234-5";
    assert_eq!(shown(form(stream("x")), message), "[redacted] has no pin [redacted]");
    assert_eq!(shown(form(stream("x").sensitive()), message), "[not shown]");
    let marked = |request: &mut RequestWriter| {
        let mut form = Multipart::new();
        PartHead::new("a").sensitive().file(&mut form, stream("secret").into());
        request.multipart(&form)
    };
    assert_eq!(shown(marked, "no secret"), "[not shown]");
}

/// The error of a call with this credential.
fn failed<O: Operation>(credential: &'static str, turn: Turn, operation: O) -> Error {
    let mut config = standin_config(&Standin::always(turn));
    config.credential("apiKey", credential.into());
    let core = config.build().expect("the settings are valid");
    let Err(error) = run(Call::new(&core, operation).send()) else { panic!("it fails") };
    error
}

#[test]
fn a_short_credential_is_masked_in_the_message_of_the_service_as_a_word() {
    let message = |credential, message: &str| {
        let refusal = Turn::status(400).body(json!({ "message": message }).to_string());
        let error = failed(credential, refusal, Start { body: json!({}), ..start() });
        error.server_message().expect("a message").to_owned()
    };
    assert_eq!(
        message("a", "a bad key: a, 'a' or a-b"),
        "[redacted] bad key: [redacted], '[redacted]' or [redacted]-b"
    );
    assert_eq!(message("k7", "no k7: k77, ak7 and k7_ are others"), "no [redacted]: k77, ak7 and k7_ are others");
    assert_eq!(message("a-a", "xa-a-a"), "xa-[redacted]");
    assert_eq!(message("-", "no --"), "no [redacted][redacted]");
    assert_eq!(message("a", "\u{e9}a a\u{e9} a"), "\u{e9}a a\u{e9} [redacted]");
}

/// Expects a number.
struct Number;

impl Operation for Number {
    type Output = u64;

    const META: OperationMeta = OperationMeta {
        id: "number",
        method: HttpMethod::Known(Method::GET),
        path: "/",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[&["apiKey"]],
        server: None,
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<u64, Error> {
        response.json()
    }
}

#[test]
fn a_short_credential_is_not_masked_in_the_words_of_the_client() {
    let text = |credential, body: &'static str| {
        let error = failed(credential, Turn::status(200).body(body), Number);
        assert_eq!(error.kind(), ErrorKind::Decode);
        error.to_string()
    };
    let other = text("k7", "\"other\"");
    for credential in ["a", "is", "the", "200", "OK"] {
        assert_eq!(text(credential, "\"other\""), other);
    }
    assert!(text("k7", "\"k7\"").contains("[redacted]"));
    assert!(!text("a", "\"a\"").contains("\"a\""));
}
