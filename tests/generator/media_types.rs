//! Which media types of a document clients send and request.

use generator::Output;
use generator::ir::{BodyContent, Operation, ResponseType};

use crate::generator::fixtures::run;

/// A body, a response, or the absence of one, in a document: media types with their schemas.
type Content<'a> = &'a [(&'a str, &'a str)];

const OBJECT: &str = "{type: object, properties: {name: {type: string}}}";
const LIST: &str = "{type: array, items: {type: object}}";
const TEXT: &str = "{type: string}";
const BINARY: &str = "{type: string, format: binary}";
const NONE: &str = "";

fn document(body: Content<'_>, response: Content<'_>) -> Output {
    let content = |all: Content<'_>| {
        let all = all.iter().map(|(name, schema)| match *schema {
            NONE => format!("'{name}': {{}}"),
            schema => format!("'{name}': {{schema: {schema}}}"),
        });
        format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
    };
    let body = if body.is_empty() {
        String::new()
    } else {
        format!("requestBody: {{required: true, content: {}}}, ", content(body))
    };
    let response = if response.is_empty() { "{}".to_owned() } else { content(response) };
    let operation =
        format!("{{operationId: act, {body}responses: {{'200': {{description: done, content: {response}}}}}}}");
    let paths = format!("{{/x: {{post: {operation}}}}}");
    run("media", &format!("{{openapi: 3.0.3, info: {{title: Media, version: '1'}}, paths: {paths}}}"))
}

fn only(output: &Output) -> &Operation {
    let [operation] = output.api.operations.as_slice() else { panic!("there is one operation") };
    operation
}

/// What is sent for a body: the kind of its content, and the media type.
fn sent(body: Content<'_>) -> (&'static str, String) {
    let output = document(body, &[]);
    let body = only(&output).body.as_ref().expect("there is a body");
    let kind = match body.content {
        BodyContent::Json(_) => "json",
        BodyContent::Xml(_) => "xml",
        BodyContent::Form { .. } => "form",
        BodyContent::Multipart(_) => "multipart",
        BodyContent::Text => "text",
        BodyContent::Bytes => "bytes",
    };
    (kind, body.media_type.clone())
}

/// What is requested as a response: the kind of the value, and the media type.
fn requested(response: Content<'_>) -> (&'static str, String) {
    let output = document(&[], response);
    let success = &only(&output).success;
    (value(success.content), success.accept.clone().unwrap_or_default())
}

/// The setter of the media type of a body.
fn choice(body: Content<'_>) -> Option<String> {
    let output = document(body, &[]);
    only(&output).body.as_ref().expect("there is a body").choice.as_ref().map(|choice| choice.ident.clone())
}

/// The other media types that can be requested: the method, the `Accept` header and the kind of the value.
fn alternatives(response: Content<'_>) -> Vec<(String, String, &'static str)> {
    let output = document(&[], response);
    let all = only(&output).alternatives.iter();
    all.map(|other| (other.ident.clone(), other.accept.clone(), value(other.content))).collect()
}

fn value(content: ResponseType) -> &'static str {
    match content {
        ResponseType::Empty => "nothing",
        ResponseType::Json(_) => "json",
        ResponseType::Xml(_) => "xml",
        ResponseType::Text => "text",
        ResponseType::Bytes => "bytes",
        ResponseType::Several => "several",
    }
}

fn json(media_type: &str) -> (&'static str, String) {
    ("json", media_type.to_owned())
}

#[test]
fn patches_are_the_last_of_the_json_types_of_a_body() {
    let (patch, merge) = ("application/json-patch+json", "application/merge-patch+json");
    assert_eq!(sent(&[(patch, LIST), ("application/json", OBJECT)]), json("application/json"));
    assert_eq!(sent(&[(patch, LIST), ("application/json", NONE)]), json("application/json"));
    assert_eq!(
        sent(&[(patch, OBJECT), ("text/json", OBJECT), ("application/*+json", OBJECT)]),
        json("text/json"),
        "the list that ASP.NET writes"
    );
    assert_eq!(sent(&[(patch, OBJECT), ("application/*+json", OBJECT)]), json("application/json"));
    assert_eq!(sent(&[(merge, OBJECT), ("application/hal+json", OBJECT)]), json("application/hal+json"));
    assert_eq!(sent(&[(merge, OBJECT), (patch, LIST)]), json(merge));
    assert_eq!(sent(&[(patch, LIST), (merge, OBJECT)]), json(merge));
    assert_eq!(sent(&[(patch, LIST)]), json(patch));
    assert_eq!(sent(&[(patch, LIST), ("text/plain", TEXT)]), json(patch));
}

#[test]
fn json_is_recognised_in_any_letter_case_and_with_parameters() {
    assert_eq!(
        sent(&[("application/hal+json", OBJECT), ("Application/JSON; charset=utf-8", OBJECT)]),
        json("Application/JSON; charset=utf-8")
    );
    assert_eq!(requested(&[("application/hal+json", OBJECT), ("Application/Json", OBJECT)]), json("application/json"));
    assert_eq!(requested(&[("text/json", OBJECT)]), json("text/json"));
    assert_eq!(requested(&[("application/json-seq", TEXT), ("text/csv", TEXT)]), ("text", "text/csv".to_owned()));
}

#[test]
fn a_range_with_a_typed_schema_is_json() {
    for range in ["*/*", "application/*", "application/*+json"] {
        assert_eq!(sent(&[(range, OBJECT)]), json("application/json"), "{range}");
        assert_eq!(requested(&[(range, OBJECT)]), json("application/json"), "{range}");
    }
    assert_eq!(sent(&[("image/*", BINARY)]), ("bytes", "application/octet-stream".to_owned()));
}

#[test]
fn json_whose_format_is_binary_is_bytes() {
    let bytes = |media_type: &str| ("bytes", media_type.to_owned());
    assert_eq!(sent(&[("application/json", BINARY)]), bytes("application/json"));
    assert_eq!(requested(&[("application/json", BINARY)]), bytes("application/json"));
    assert_eq!(sent(&[("application/json", BINARY), ("application/hal+json", OBJECT)]), json("application/hal+json"));
    assert_eq!(sent(&[("application/*+json", BINARY)]), bytes("application/octet-stream"));
    assert_eq!(requested(&[("application/json", TEXT)]), json("application/json"));
}

#[test]
fn the_caller_chooses_the_media_type_of_bytes_and_strings_that_the_document_leaves_open() {
    let setter = Some("content_type".to_owned());
    assert_eq!(choice(&[("*/*", BINARY)]), setter);
    assert_eq!(choice(&[("image/*", NONE)]), setter);
    assert_eq!(choice(&[("image/png", BINARY), ("image/jpeg", BINARY)]), setter);
    assert_eq!(choice(&[("text/csv", TEXT), ("text/plain", TEXT)]), setter);
    assert_eq!(choice(&[("multipart/mixed", BINARY)]), setter);
    assert_eq!(choice(&[("image/png", BINARY)]), None);
    assert_eq!(choice(&[("*/*", OBJECT)]), None);
    assert_eq!(choice(&[("image/png", BINARY), ("text/plain", TEXT)]), None);
    assert_eq!(choice(&[("multipart/form-data", OBJECT)]), None);
    assert_eq!(choice(&[("application/json", OBJECT), ("image/*", BINARY)]), None);
}

#[test]
fn other_media_types_of_a_response_can_be_requested_if_they_have_another_value() {
    let all = |all: &[(&str, &str, &'static str)]| {
        all.iter().map(|(ident, accept, kind)| ((*ident).to_owned(), (*accept).to_owned(), *kind)).collect::<Vec<_>>()
    };
    let film = [("application/json", TEXT), ("video/mp4", BINARY)];
    assert_eq!(requested(&film), json("application/json"));
    assert_eq!(alternatives(&film), all(&[("accept_video_mp4", "video/mp4", "bytes")]));
    assert_eq!(
        alternatives(&[("image/png", BINARY), ("image/jpeg", BINARY), ("application/pdf", NONE)]),
        all(&[("accept_image_jpeg", "image/jpeg", "bytes"), ("accept_pdf", "application/pdf", "bytes")])
    );
    // The same value in another notation.
    let same =
        [("text/plain", OBJECT), ("application/json", OBJECT), ("text/json", OBJECT), ("application/xml", OBJECT)];
    assert_eq!(alternatives(&same), []);
    assert_eq!(
        alternatives(&[
            ("application/json", OBJECT),
            ("application/xml", LIST),
            ("text/csv", NONE),
            ("a/b+json", NONE)
        ]),
        all(&[("accept_xml", "application/xml", "text"), ("accept_text_csv", "text/csv", "text")])
    );
    assert_eq!(
        alternatives(&[("application/json", OBJECT), ("application/vnd.list+json", LIST), ("image/*", BINARY)]),
        all(&[("accept_vnd_list_json", "application/vnd.list+json", "json"), ("accept_image", "image/*", "bytes")])
    );
}

#[test]
fn a_stream_is_read_as_a_whole_only_if_nothing_else_is_described() {
    let speech = [("text/event-stream", OBJECT), ("audio/mpeg", BINARY)];
    assert_eq!(requested(&speech), ("bytes", "audio/mpeg".to_owned()));
    assert_eq!(alternatives(&speech), []);
    assert_eq!(only(&document(&[], &speech)).streaming.as_ref().expect("a stream").media_type, "text/event-stream");
    assert_eq!(requested(&[("text/event-stream", OBJECT)]), ("text", "text/event-stream".to_owned()));
}

#[test]
fn bytes_of_a_sensitive_schema_are_sent_as_sensitive() {
    const SENSITIVE: &str = "{type: string, format: binary, x-speakeasy-param-sensitive: true}";
    const PARTS: &str =
        "{type: object, properties: {file: {type: string, format: binary, x-speakeasy-param-sensitive: true}}}";
    for (media_type, schema, is_sensitive) in [
        ("application/octet-stream", SENSITIVE, true),
        ("application/octet-stream", BINARY, false),
        ("application/*", SENSITIVE, true),
        ("application/*", BINARY, false),
        ("multipart/form-data", PARTS, true),
    ] {
        let output = document(&[(media_type, schema)], &[]);
        let mut code = output.tree.iter().filter(|(path, _)| path.starts_with("src/funcs"));
        let is_marked = code.any(|(_, text)| text.contains(".sensitive()"));
        assert_eq!(is_marked, is_sensitive, "{media_type} {schema}");
    }
}
