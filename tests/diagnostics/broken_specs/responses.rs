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
        '200': {description: all, content: {application/yaml: {schema: {type: object, properties: {name: {type: string}}}}}}
"), @"
    warning[W014]: the response is `application/yaml`, which is returned without decoding
     --> spec.yaml:9:9
      |
    9 |         '200': {description: all, content: {application/yaml: {schema: {type: object, properties: {name: {type
      |         ^
      = at: /paths/~1users/get/responses/200
      = help: no action needed if bytes, a string or parts built by the caller are acceptable
    ");
}

#[test]
fn xml_without_types_or_without_a_name() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: createUser
      requestBody: {content: {application/xml: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses:
        '200': {description: ok, content: {application/xml: {schema: {type: object, properties: {note: {}}}}}}
"), @"
    warning[W014]: the request body is `application/xml`, which the caller must build
     --> spec.yaml:8:31
      |
    8 |       requestBody: {content: {application/xml: {schema: {type: object, properties: {name: {type: string}}}}}}
      |                               ^
      = at: /paths/~1users/post/requestBody/content/application~1xml
      = help: no action needed if bytes, a string or parts built by the caller are acceptable

    warning[W094]: the element of the request body has no name
     --> spec.yaml:8:49
      |
    8 |       requestBody: {content: {application/xml: {schema: {type: object, properties: {name: {type: string}}}}}}
      |                                                 ^
      = at: /paths/~1users/post/requestBody/content/application~1xml/schema
      = help: add `xml: {name: …}` to the schema, or refer to a schema under `components`

    warning[W093]: the schema accepts any value, so its XML is read without types
      --> spec.yaml:10:98
       |
    10 |         '200': {description: ok, content: {application/xml: {schema: {type: object, properties: {note: {}}}}}}
       |                                                                                                  ^
       = at: /paths/~1users/post/responses/200/content/application~1xml/schema/properties/note
       = help: give the schema one type, and describe its properties or items
    ");
}

#[test]
fn response_headers_without_a_type_or_with_an_invalid_name() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses:
        '204':
          description: Done
          headers:
            X-Quota: {schema: {type: object, properties: {left: {type: integer}}}}
            X Count: {schema: {type: integer}}
"), @"
    warning[W095]: the response header `X-Quota` is not a string, number, boolean, or list of these, and is returned as a string
      --> spec.yaml:12:13
       |
    12 |             X-Quota: {schema: {type: object, properties: {left: {type: integer}}}}
       |             ^
       = at: /paths/~1users/get/responses/204/headers/X-Quota
       = help: give the header a `schema` that is a string, number or boolean, or a list of these

    warning[W096]: no header can have the name `X Count`
      --> spec.yaml:13:13
       |
    13 |             X Count: {schema: {type: integer}}
       |             ^
       = at: /paths/~1users/get/responses/204/headers/X Count
       = help: correct the name; a header name consists of letters, digits and `-`
    ");
}
