//! Errors in responses.

use insta::assert_snapshot;

use super::diagnostics_of;

#[test]
fn a_response_in_another_file() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200': {$ref: 'responses.yaml#/Users'}
"), @"
    warning[W020]: `responses.yaml#/Users` leads to a file, or a place in it, that does not exist
     --> spec.yaml:9:17
      |
    9 |         '200': {$ref: 'responses.yaml#/Users'}
      |                 ^
      = at: /paths/~1users/get/responses/200/$ref
      = help: correct the path of the file; save what a URL leads to as a file, and refer to that
    ");
}

#[test]
fn invalid_status_keys() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '204': {description: none}
        ok: {description: none}
        600: {description: none}
"), @"
    warning[W023]: `ok` is not a valid status code, so its response is ignored
      --> spec.yaml:10:9
       |
    10 |         ok: {description: none}
       |         ^
       = at: /paths/~1users/get/responses/ok
       = help: write a status code as three digits, a range as `4XX`, all others as `default`

    warning[W023]: `600` is not a valid status code, so its response is ignored
      --> spec.yaml:11:9
       |
    11 |         600: {description: none}
       |         ^
       = at: /paths/~1users/get/responses/600
       = help: write a status code as three digits, a range as `4XX`, all others as `default`
    ");
}

#[test]
fn a_response_with_two_media_types_and_two_schemas_beside_another_response() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200':
          description: all
          content:
            application/json: {schema: {type: array, items: {type: string}}}
            text/csv: {schema: {type: string}}
        '204': {description: none}
"), @"
    warning[W042]: the client requests the response as `application/json`, never as `text/csv`, which has another value
      --> spec.yaml:13:13
       |
    13 |             text/csv: {schema: {type: string}}
       |             ^
       = at: /paths/~1users/get/responses/200/content/text~1csv
       = help: no action needed if the requested media type is acceptable; otherwise describe the other one as a separate operation
    ");
}

#[test]
fn errors_and_a_default_without_a_success_response() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '404': {description: none}
        default: {description: all, content: {application/json: {schema: {type: string}}}}
"), @"
    warning[W043]: the operation describes no 2xx response, so `default` is read as success
      --> spec.yaml:10:9
       |
    10 |         default: {description: all, content: {application/json: {schema: {type: string}}}}
       |         ^
       = at: /paths/~1users/get/responses/default
       = help: describe the successful response under its status code, such as `200`
    ");
}

#[test]
fn an_object_in_a_media_type_other_than_json() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '200': {description: all, content: {application/xml: {schema: {type: object, properties: {name: {type: string}}}}}}
"), @"
    warning[W014]: the response is `application/xml`, which is returned without decoding
     --> spec.yaml:9:9
      |
    9 |         '200': {description: all, content: {application/xml: {schema: {type: object, properties: {name: {type:
      |         ^
      = at: /paths/~1users/get/responses/200
      = help: no action needed if bytes, a string or parts built by the caller are acceptable
    ");
}
