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
    ");
}

#[test]
fn a_multipart_body_without_named_properties() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, additionalProperties: {type: string}}}
      responses: {'204': {description: none}}
"), @"
    warning[W014]: the request body is `multipart/form-data`, which the caller must build
      --> spec.yaml:10:11
       |
    10 |           multipart/form-data: {schema: {type: object, additionalProperties: {type: string}}}
       |           ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data
       = help: no action needed if bytes, a string or parts built by the caller are acceptable
    ");
}

#[test]
fn parts_whose_encoding_the_client_does_not_write() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: addUser
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                address: {type: object, properties: {city: {type: string}}}
                tags: {type: array, items: {type: string}}
                name: {type: string}
                photos: {type: array, items: {type: string, format: binary}}
            encoding:
              address: {contentType: application/xml}
              tags: {style: pipeDelimited, explode: false}
              name: {contentType: 'text/plain, text/html'}
              photos: {headers: {X-Size: {schema: {type: integer}}, X-Fix: {required: true, schema: {type: string, enum: [a]}}}}
      responses: {'204': {description: none}}
"), @"
    warning[W100]: the part `address` is `application/xml`, which the client cannot write from its schema
      --> spec.yaml:14:17
       |
    14 |                 address: {type: object, properties: {city: {type: string}}}
       |                 ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data/schema/properties/address
       = help: no action needed if the caller can encode the part; otherwise use a media type of JSON or text

    warning[W101]: the encoding of the part `tags` is not fully used: `style`, `explode` and `allowReserved` are ignored
      --> spec.yaml:20:15
       |
    20 |               tags: {style: pipeDelimited, explode: false}
       |               ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data/encoding/tags
       = help: no action needed if the part is acceptable as it is sent; otherwise build the parts with `Multipart`

    warning[W101]: the encoding of the part `name` is not fully used: only the first of several media types is used
      --> spec.yaml:21:15
       |
    21 |               name: {contentType: 'text/plain, text/html'}
       |               ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data/encoding/name
       = help: no action needed if the part is acceptable as it is sent; otherwise build the parts with `Multipart`

    warning[W101]: the encoding of the part `photos` is not fully used: the header `X-Size` is left out
      --> spec.yaml:22:34
       |
    22 |               photos: {headers: {X-Size: {schema: {type: integer}}, X-Fix: {required: true, schema: {type: str
       |                                  ^
       = at: /paths/~1users/post/requestBody/content/multipart~1form-data/encoding/photos/headers/X-Size
       = help: no action needed if the part is acceptable as it is sent; otherwise build the parts with `Multipart`
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
