//! Errors in parameters, and mismatches between parameters and paths.

use insta::assert_snapshot;

use super::{diagnostics_of, errors_of};

#[test]
fn an_undeclared_path_parameter() {
    assert_snapshot!(diagnostics_of("
paths:
  /users/{userId}:
    get:
      operationId: getUser
      responses: {'204': {description: none}}
"), @"
    warning[W012]: the path contains `{userId}`, but no path parameter of that name is declared
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users~1{userId}/get
      = help: declare it with `in: path`, `required: true` and the name in braces in the path
    ");
}

#[test]
fn a_path_parameter_that_is_not_in_the_path() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: getUser
      parameters:
        - {name: userId, in: path, required: true, schema: {type: string}}
      responses: {'204': {description: none}}
"), @"
    warning[W012]: path parameter `userId` does not occur in the path `/users`
     --> spec.yaml:9:11
      |
    9 |         - {name: userId, in: path, required: true, schema: {type: string}}
      |           ^
      = at: /paths/~1users/get/parameters/0
      = help: declare it with `in: path`, `required: true` and the name in braces in the path
    ");
}

#[test]
fn an_optional_path_parameter() {
    assert_snapshot!(diagnostics_of("
paths:
  /users/{userId}:
    get:
      operationId: getUser
      parameters:
        - {name: userId, in: path, schema: {type: string}}
      responses: {'204': {description: none}}
"), @"
    warning[W012]: path parameter `userId` is not `required: true`
     --> spec.yaml:9:11
      |
    9 |         - {name: userId, in: path, schema: {type: string}}
      |           ^
      = at: /paths/~1users~1{userId}/get/parameters/0
      = help: declare it with `in: path`, `required: true` and the name in braces in the path
    ");
}

#[test]
fn an_error_in_a_shared_parameter_is_reported_once() {
    assert_snapshot!(diagnostics_of("
paths:
  /users/{userId}:
    parameters:
      - {name: userId, in: path, schema: {type: string}}
    get:
      operationId: getUser
      responses: {'204': {description: none}}
    delete:
      operationId: deleteUser
      responses: {'204': {description: none}}
"), @"
    warning[W012]: path parameter `userId` is not `required: true`
     --> spec.yaml:7:9
      |
    7 |       - {name: userId, in: path, schema: {type: string}}
      |         ^
      = at: /paths/~1users~1{userId}/parameters/0
      = help: declare it with `in: path`, `required: true` and the name in braces in the path
    ");
}

#[test]
fn a_parameter_declared_twice() {
    assert_snapshot!(errors_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: page, in: query, schema: {type: string}}
      responses: {'204': {description: none}}
"), @r"
    error[E014]: parameter `page` is declared twice in the same location
      --> spec.yaml:10:11
       |
    10 |         - {name: page, in: query, schema: {type: string}}
       |           ^
       = at: /paths/~1users/get/parameters/1
       = help: remove one of the two parameters
    ");
}

#[test]
fn a_parameter_without_name_and_location() {
    assert_snapshot!(errors_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {in: query, schema: {type: string}}
        - {name: page, in: body, schema: {type: string}}
      responses: {'204': {description: none}}
"), @"
    error[E005]: the parameter has no `name`
     --> spec.yaml:9:11
      |
    9 |         - {in: query, schema: {type: string}}
      |           ^
      = at: /paths/~1users/get/parameters/0
      = help: add or correct this part; the OpenAPI specification requires it

    error[E005]: the `in` of parameter `page` is not `path`, `query`, `header` or `cookie`
      --> spec.yaml:10:11
       |
    10 |         - {name: page, in: body, schema: {type: string}}
       |           ^
       = at: /paths/~1users/get/parameters/1
       = help: add or correct this part; the OpenAPI specification requires it
    ");
}

#[test]
fn parameters_that_cannot_be_serialized() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: filter, in: query, style: deepObject, schema: {type: object}}
        - {name: ids, in: query, style: spaceDelimited, explode: true, schema: {type: array, items: {type: string}}}
        - {name: tags, in: cookie, schema: {type: array, items: {type: string}}}
        - {name: page, in: query, content: {application/json: {schema: {type: string}}}}
      responses: {'204': {description: none}}
"), @"");
}

#[test]
fn a_global_that_does_not_exist() {
    assert_snapshot!(errors_of("
x-speakeasy-globals:
  parameters:
    - $ref: '#/components/parameters/tenant'
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
"), @"
    error[E006]: `#/components/parameters/tenant` points to nothing
     --> spec.yaml:6:7
      |
    6 |     - $ref: '#/components/parameters/tenant'
      |       ^
      = at: /x-speakeasy-globals/parameters/0/$ref
      = help: add the target of the reference, or correct its spelling
    ");
}

#[test]
fn a_global_that_is_not_a_string() {
    assert_snapshot!(diagnostics_of("
x-speakeasy-globals:
  parameters:
    - $ref: '#/components/parameters/tenant'
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - $ref: '#/components/parameters/tenant'
      responses: {'204': {description: none}}
components:
  parameters:
    tenant: {name: tenant, in: query, schema: {type: integer}}
"), @r"
    warning[W022]: the global parameter `tenant` is not a string
     --> spec.yaml:6:7
      |
    6 |     - $ref: '#/components/parameters/tenant'
      |       ^
      = at: /x-speakeasy-globals/parameters/0
      = help: refer to a parameter of `components.parameters` that is a string
    ");
}

#[test]
fn styles_that_their_locations_do_not_allow() {
    assert_snapshot!(diagnostics_of("
paths:
  /users/{id}:
    get:
      operationId: user
      parameters:
        - {name: id, in: path, required: true, style: form, schema: {type: string}}
        - {name: page, in: query, style: matrix, schema: {type: integer}}
        - {name: X-Tags, in: header, style: form, schema: {type: array, items: {type: string}}}
        - {name: flags, in: cookie, style: simple, schema: {type: string}}
        - {name: filter, in: query, content: {application/json: {}}}
      responses: {'204': {description: none}}
"), @"
    warning[W071]: parameter `id` has style `form`, but a path parameter allows only `simple`, `label` and `matrix`
     --> spec.yaml:9:11
      |
    9 |         - {name: id, in: path, required: true, style: form, schema: {type: string}}
      |           ^
      = at: /paths/~1users~1{id}/get/parameters/0
      = help: use a style that OpenAPI allows in this location, or a `content` with one media type and a schema

    warning[W071]: parameter `page` has style `matrix`, but a query parameter allows only `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`
      --> spec.yaml:10:11
       |
    10 |         - {name: page, in: query, style: matrix, schema: {type: integer}}
       |           ^
       = at: /paths/~1users~1{id}/get/parameters/1
       = help: use a style that OpenAPI allows in this location, or a `content` with one media type and a schema

    warning[W071]: parameter `X-Tags` has style `form`, but a header parameter allows only `simple`
      --> spec.yaml:11:11
       |
    11 |         - {name: X-Tags, in: header, style: form, schema: {type: array, items: {type: string}}}
       |           ^
       = at: /paths/~1users~1{id}/get/parameters/2
       = help: use a style that OpenAPI allows in this location, or a `content` with one media type and a schema

    warning[W071]: parameter `flags` has style `simple`, but a cookie parameter allows only `form`
      --> spec.yaml:12:11
       |
    12 |         - {name: flags, in: cookie, style: simple, schema: {type: string}}
       |           ^
       = at: /paths/~1users~1{id}/get/parameters/3
       = help: use a style that OpenAPI allows in this location, or a `content` with one media type and a schema

    warning[W071]: parameter `filter` has a `content` without a schema
      --> spec.yaml:13:11
       |
    13 |         - {name: filter, in: query, content: {application/json: {}}}
       |           ^
       = at: /paths/~1users~1{id}/get/parameters/4
       = help: use a style that OpenAPI allows in this location, or a `content` with one media type and a schema
    ");
}

#[test]
fn a_parameter_in_another_file() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - $ref: 'shared.yaml#/page'
      responses: {'204': {description: none}}
"), @"
    warning[W020]: `shared.yaml#/page` leads to a file, or a place in it, that does not exist
     --> spec.yaml:9:11
      |
    9 |         - $ref: 'shared.yaml#/page'
      |           ^
      = at: /paths/~1users/get/parameters/0/$ref
      = help: correct the path of the file; save what a URL leads to as a file, and refer to that
    ");
}

#[test]
fn reserved_characters_in_a_path() {
    assert_snapshot!(diagnostics_of("
paths:
  /files/{path}:
    get:
      operationId: file
      parameters:
        - {name: path, in: path, required: true, allowReserved: true, schema: {type: string}}
      responses: {'204': {description: none}}
"), @"
    warning[W025]: the client ignores `allowReserved` of parameter `path`, which is not in the query
     --> spec.yaml:9:11
      |
    9 |         - {name: path, in: path, required: true, allowReserved: true, schema: {type: string}}
      |           ^
      = at: /paths/~1files~1{path}/get/parameters/0
      = help: no action needed if the service decodes percent-encoding, as servers do; otherwise, move the parameter to the query
    ");
}

#[test]
fn globals_that_no_operation_sends() {
    assert_snapshot!(diagnostics_of("
x-speakeasy-globals:
  parameters:
    - $ref: '#/components/parameters/tenant'
    - $ref: '#/components/parameters/region'
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: region, in: header, required: true, schema: {type: string}}
      responses: {'204': {description: none}}
components:
  parameters:
    tenant: {name: tenant, in: query, schema: {type: string}}
    region: {name: region, in: query, schema: {type: string}}
"), @"
    warning[W002]: no operation sends the global parameter `tenant`
     --> spec.yaml:6:7
      |
    6 |     - $ref: '#/components/parameters/tenant'
      |       ^
      = at: /x-speakeasy-globals/parameters/0
      = help: remove the global parameter, or give the operations a parameter with that name and location

    warning[W002]: no operation sends the global parameter `region`
     --> spec.yaml:7:7
      |
    7 |     - $ref: '#/components/parameters/region'
      |       ^
      = at: /x-speakeasy-globals/parameters/1
      = help: remove the global parameter, or give the operations a parameter with that name and location
    ");
}
