//! Tests every rewrite against its own fixture, and a whole document.

use crate::document;
use crate::rewrite::dialect::to_openapi30;
use crate::rewrite::harness::rewrites;

rewrites! {
    inline_bodies
    request_bodies
    response_contents
    parameter_schemas
    security_schemes
    components
    discriminators
    nullable_schemas
    servers
    version_header
}

#[test]
fn a_moved_value_keeps_its_source_position() {
    let text = "swagger: '2.0'
paths:
  /users:
    post:
      consumes: [application/json]
      parameters:
        - {in: query, name: limit, type: integre}
        - in: body
          name: user
          schema:
            properties:
              name: {type: strin}
      responses:
        '200':
          schema: {type: objec}
definitions:
  User:
    properties:
      age: {type: intege}
host: example.com
";
    let (document, _) = to_openapi30(document::parse(text).expect("it is sound"));
    let position = |pointer: &str| {
        let pointer = document::Pointer::at(pointer);
        assert!(document.has(&pointer), "{pointer} is in {:#}", document.value());
        let span = document.span(&pointer).expect("it has a place");
        (span.line, span.column)
    };
    let operation = "/paths/~1users/post";
    assert_eq!(position(&format!("{operation}/parameters/0/schema/type")), (7, 36));
    let of_body = "requestBody/content/application~1json/schema/properties/name/type";
    assert_eq!(position(&format!("{operation}/{of_body}")), (12, 22));
    assert_eq!(position(&format!("{operation}/responses/200/content/application~1json/schema/type")), (15, 20));
    assert_eq!(position("/components/schemas/User/properties/age/type"), (19, 13));
    assert_eq!(position("/servers/0/url"), (20, 1));
}
