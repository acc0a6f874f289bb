//! Tests of what parts contain, for documents of all versions.

use crate::ir::PartContent;
use crate::{Input, Output, generate};

fn output(text: &str) -> Output {
    generate(&Input::new("parts.yaml", text)).unwrap_or_else(|found| panic!("{found}"))
}

/// Describes the parts of the only operation: what they contain, and their media types.
fn parts(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let output = output(text);
    let form = output.api.operations.first().and_then(|operation| operation.body.as_ref()?.form());
    let described = form.expect("there is a form").parts.iter().map(|part| {
        let content = match part.content {
            PartContent::Text(_) => "text".to_owned(),
            PartContent::Joined(_, separator) => format!("joined by {separator:?}"),
            PartContent::Json(_) => "JSON".to_owned(),
            PartContent::File => "file".to_owned(),
            PartContent::FileOrText => "file or text".to_owned(),
            PartContent::Bytes => "bytes".to_owned(),
        };
        let each = if part.is_repeated() { " of each item" } else { "" };
        let media_type = part.content_type.as_deref().map(|name| format!(" as {name}")).unwrap_or_default();
        format!("{}: {content}{each}{media_type}", part.name)
    });
    (described.collect(), output.diagnostics.sorted().iter().map(|found| found.code.id).collect())
}

/// The parts of a schema with these properties.
fn of_properties(version: &str, properties: &str, encoding: &str) -> (Vec<String>, Vec<&'static str>) {
    parts(&format!(
        "
openapi: {version}
info: {{title: Parts, version: '1'}}
servers: [{{url: 'https://example.com'}}]
paths:
  /a:
    post:
      operationId: op
      requestBody:
        required: true
        content: {{multipart/form-data: {{schema: {{type: object, properties: {properties}}}, encoding: {encoding}}}}}
      responses: {{'204': {{description: done}}}}
"
    ))
}

#[test]
fn lists_of_swagger_are_joined_unless_their_items_are_sent_as_parts() {
    let field =
        |name: &str, rest: &str| format!("{{in: formData, name: {name}, type: array, items: {{type: string}}{rest}}}");
    let fields = [
        field("multi", ", collectionFormat: multi"),
        field("plain", ""),
        field("csv", ", collectionFormat: csv"),
        field("ssv", ", collectionFormat: ssv"),
        field("tsv", ", collectionFormat: tsv"),
        field("pipes", ", collectionFormat: pipes"),
    ];
    let (parts, codes) = parts(&format!(
        "{{swagger: '2.0', info: {{title: Parts, version: '1'}}, host: example.com, schemes: [https], paths: {{/a: {{post: \
         {{operationId: op, consumes: [multipart/form-data], parameters: [{}], responses: {{'204': {{description: done}}}}}}}}}}}}",
        fields.join(", ")
    ));
    let expected = [
        "multi: text of each item",
        "plain: joined by ','",
        "csv: joined by ','",
        "ssv: joined by ' '",
        "tsv: joined by '\\t'",
        "pipes: joined by '|'",
    ];
    assert_eq!(parts, expected);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn a_media_type_of_a_string_is_that_of_its_part() {
    let properties = "{
      image: {type: string, contentMediaType: image/png},
      untyped: {contentMediaType: application/pdf},
      stated: {type: string, contentMediaType: image/png},
      images: {type: array, items: {type: string, contentMediaType: image/png}},
      page: {type: string, contentMediaType: text/html},
      json: {type: string, contentMediaType: application/json},
      value: {contentMediaType: application/json, type: object},
      encoded: {type: string, contentEncoding: base64, contentMediaType: image/png},
      safe: {type: string, contentEncoding: base64url},
      scan: {type: string, contentEncoding: base64url}}";
    let (parts, codes) =
        of_properties("3.1.0", properties, "{stated: {contentType: image/jpeg}, scan: {contentType: image/png}}");
    let expected = [
        "image: file as image/png",
        "untyped: file as application/pdf",
        "stated: file as image/jpeg",
        "images: file of each item as image/png",
        "page: text as text/html",
        "json: text as application/json",
        "value: JSON as application/json",
        "encoded: text as application/octet-stream",
        "safe: text as application/octet-stream",
        "scan: text as image/png",
    ];
    assert_eq!(parts, expected);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn only_bytes_are_files() {
    let properties = "{
      nothing: {},
      described: {description: Anything.},
      image: {},
      any: {},
      json: {},
      page: {},
      either: {oneOf: [{type: string, format: binary}, {type: string, format: uri}]},
      listed: {oneOf: [{type: string, format: binary}, {type: string, enum: [none]}]},
      number: {anyOf: [{type: string, format: binary}, {type: integer}]},
      binary: {anyOf: [{type: string, format: binary}, {type: string, format: binary, maxLength: 5}]}}";
    let encoding = "{image: {contentType: image/png}, any: {contentType: 'image/png, image/gif'}, \
                    json: {contentType: application/json}, page: {contentType: text/html}}";
    let (parts, codes) = of_properties("3.0.3", properties, encoding);
    let expected = [
        "nothing: bytes as application/octet-stream",
        "described: bytes as application/octet-stream",
        "image: file as image/png",
        "any: file as application/octet-stream",
        "json: JSON as application/json",
        "page: bytes as text/html",
        "either: file or text as application/octet-stream",
        "listed: file or text as application/octet-stream",
        "number: file or text as application/octet-stream",
        "binary: file as application/octet-stream",
    ];
    assert_eq!(parts, expected);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn unions_of_scalars_are_text() {
    let properties = "{
      words: {oneOf: [{type: string, enum: [a, b]}, {type: string, format: date}]},
      number: {anyOf: [{type: string}, {type: integer}]},
      maybe: {anyOf: [{type: integer}, {enum: [null]}]},
      nested: {oneOf: [{type: boolean}, {anyOf: [{type: string}, {type: number}]}]},
      object: {oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}]},
      layer: {oneOf: [{type: string, format: binary}, {type: object, properties: {a: {type: string}}}]}}";
    let (parts, codes) = of_properties("3.0.3", properties, "{}");
    let expected = [
        "words: text",
        "number: text",
        "maybe: text",
        "nested: text",
        "object: JSON as application/json",
        "layer: bytes",
    ];
    assert_eq!(parts, expected);
    assert_eq!(codes, ["W100"]);
}

#[test]
fn a_replaced_scalar_is_text() {
    let properties = "{
      day: {type: string, format: date, x-rust-type: 'chrono::NaiveDate'},
      days: {type: array, items: {type: string, x-rust-type: 'chrono::NaiveDate'}},
      count: {type: integer, x-rust-type: u8},
      file: {type: string, format: binary, x-rust-type: 'bytes::Bytes'},
      any: {x-rust-type: 'crate::custom::Any'},
      place: {type: object, x-rust-type: 'crate::custom::Place'}}";
    let (parts, codes) = of_properties("3.0.3", properties, "{}");
    let expected = [
        "day: text",
        "days: text of each item",
        "count: text",
        "file: file as application/octet-stream",
        "any: JSON as application/json",
        "place: JSON as application/json",
    ];
    assert_eq!(parts, expected);
    assert_eq!(codes, [""; 0]);
}

#[test]
fn headers_with_replaced_types_are_sent_and_invalid_constants_are_not() {
    let encoding = |headers: &str| format!("{{a: {{headers: {headers}}}}}");
    let names = |headers: &str| {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: Parts, version: '1'}}, paths: {{/a: {{post: {{operationId: op, requestBody: \
             {{content: {{multipart/form-data: {{schema: {{type: object, properties: {{a: {{type: string}}}}}}, encoding: {}}}}}}}, \
             responses: {{'204': {{description: done}}}}}}}}}}}}",
            encoding(headers)
        );
        let output = output(&text);
        let form = output.api.operations.first().and_then(|operation| operation.body.as_ref()?.form());
        let part = form.and_then(|form| form.parts.first()).expect("there is a part");
        let names: Vec<_> = part.headers.iter().map(|header| header.name.clone()).collect();
        (names.join(" "), output.diagnostics.to_string())
    };
    let (sent, diagnostics) =
        names("{X-Day: {required: true, schema: {type: string, format: date, x-rust-type: 'chrono::NaiveDate'}}}");
    assert_eq!((sent.as_str(), diagnostics.as_str()), ("X-Day", ""));
    let (sent, diagnostics) = names(r#"{X-Fix: {required: true, schema: {type: string, enum: ["a\nb"]}}}"#);
    assert_eq!(sent, "");
    assert!(diagnostics.starts_with("warning[W101]"), "{diagnostics}");
    assert!(diagnostics.contains("the header `X-Fix` is left out, because its value has characters"), "{diagnostics}");
}
