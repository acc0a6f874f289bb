//! The mock server and multipart bodies: it validates their parts.

use std::time::Duration;

use clientsmith::mock::{Plan, Request, Service};
use generator::Input;
use serde_json::Value;

const SPEC: &str = r"
openapi: 3.0.3
info: {title: Photos, version: '1'}
paths:
  /photos:
    post:
      operationId: addPhoto
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [title, photo]
              properties:
                title: {type: string, maxLength: 5}
                photo: {type: string, format: binary}
                stars: {type: integer}
                tags: {type: array, items: {type: string, enum: [a, b]}}
                place: {type: object, required: [city], properties: {city: {type: string}}}
      responses: {'204': {description: added}}
";

/// Sends parts, each with the rest of its head and its content. Returns the message of the response, unless it is a success.
fn rejected(parts: &[(&str, &str)]) -> Option<String> {
    let (_, api, _) = generator::understand(&Input::new("spec.yaml", SPEC)).expect("the document is valid");
    let document = generator::document::parse(SPEC).expect("the document is valid");
    let mut service = Service::new(document, api, Plan::default(), None).expect("the plan can be played");
    let part = |(head, content): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name={head}\r\n\r\n{content}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--b--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    let response = service.respond(&Request::new("POST", "/photos", &headers, body.as_bytes()), Duration::ZERO);
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    (response.status != 204).then(|| format!("{} {}", response.status, body["message"].as_str().unwrap_or_default()))
}

#[test]
fn parts_must_match_their_schemas() {
    let (title, photo) = (("\"title\"", "Bern"), ("\"photo\"; filename=\"title\"", "\u{0}"));
    let json = |content| ("\"place\"\r\nContent-Type: application/json", content);
    assert_eq!(
        rejected(&[title, photo, ("\"stars\"", "5"), ("\"tags\"", "a"), ("\"tags\"", "b"), ("\"other\"", "x")]),
        None
    );
    assert_eq!(rejected(&[title, photo, json(r#"{"city": "Bern"}"#)]), None);
    let with = |part| rejected(&[title, photo, part]);
    let cases = [
        (rejected(&[title]), "400 the part `photo` is missing"),
        (rejected(&[("\"title\"", "Geneva"), photo]), "400 the part `title` must have at most 5 characters"),
        (with(("\"stars\"", "many")), "400 the part `stars` must be of type integer"),
        (with(("\"tags\"", "c")), "400 the part `tags` must be one of \"a\", \"b\""),
        (with(json("{}")), "400 the part `place/city` is missing"),
        (with(json("{")), "400 the part `place` is not valid JSON"),
        (with(("\"", "")), "400 the body is not well-formed `multipart/form-data`"),
    ];
    for (found, expected) in cases {
        assert_eq!(found.as_deref(), Some(expected));
    }
}
