//! Errors in request bodies.

use insta::assert_snapshot;

use super::{diagnostics_of, errors_of};

#[test]
fn a_body_in_another_file() {
    assert_snapshot!(errors_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody: {$ref: 'bodies.yaml#/User'}
      responses: {'204': {description: none}}
"), @"
    error[E007]: `bodies.yaml#/User` leads to a file, or a place in it, that does not exist
     --> spec.yaml:8:21
      |
    8 |       requestBody: {$ref: 'bodies.yaml#/User'}
      |                     ^
      = at: /paths/~1users/post/requestBody/$ref
      = help: correct the path of the file; save what a URL leads to as a file, and refer to that
    ");
}

#[test]
fn a_required_body_without_a_media_type() {
    assert_snapshot!(errors_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody: {required: true, content: {}}
      responses: {'204': {description: none}}
    put:
      operationId: replaceUsers
      requestBody: {description: all users, required: true}
      responses: {'204': {description: none}}
"), @"
    error[E023]: the request body is required, but has no media type
     --> spec.yaml:8:7
      |
    8 |       requestBody: {required: true, content: {}}
      |       ^
      = at: /paths/~1users/post/requestBody
      = help: describe the body under a media type, such as `application/json`, or remove it

    error[E023]: the request body is required, but has no media type
      --> spec.yaml:12:7
       |
    12 |       requestBody: {description: all users, required: true}
       |       ^
       = at: /paths/~1users/put/requestBody
       = help: describe the body under a media type, such as `application/json`, or remove it
    ");
}

#[test]
fn a_body_with_two_media_types() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {name: {type: string}}}}
          text/plain: {schema: {type: string}}
      responses: {'204': {description: none}}
"), @"
    warning[W004]: the request body has 2 media types, of which the client sends only `multipart/form-data`
     --> spec.yaml:8:7
      |
    8 |       requestBody:
      |       ^
      = at: /paths/~1users/post/requestBody
      = help: no action needed if this media type is acceptable

    warning[W014]: the request body is `multipart/form-data`, which the caller must build
      --> spec.yaml:10:11
       |
    10 |           multipart/form-data: {schema: {type: object, properties: {name: {type: string}}}}
       |           ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data
       = help: no action needed if bytes, a string or parts built by the caller are acceptable
    ");
}

#[test]
fn a_form_field_with_a_custom_encoding() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {tags: {type: array, items: {type: string}}, more: {type: object}}}
            encoding:
              tags: {style: form, explode: false}
              more: {contentType: text/csv}
      responses: {'204': {description: none}}
"), @"
    warning[W027]: the client does not send the field `more` in its declared encoding
      --> spec.yaml:14:15
       |
    14 |               more: {contentType: text/csv}
       |               ^
       = at: /paths/~1users/post/requestBody/content/application~1x-www-form-urlencoded/encoding/more
       = help: describe the field as one that is sent once for each item, or in brackets (`style: deepObject`)
    ");
}
