//! Parameters, and their agreement with the path.

use insta::assert_snapshot;

use super::refusal_of;

#[test]
fn a_path_parameter_that_is_not_declared() {
    assert_snapshot!(refusal_of("
paths:
  /users/{userId}:
    get:
      operationId: getUser
      responses: {'204': {description: none}}
"), @r"
    error[E011]: the path has `{userId}`, but no parameter of that name is declared
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users~1{userId}/get
      = help: declare it under `parameters` with `in: path` and `required: true`
    ");
}

#[test]
fn a_path_parameter_that_the_path_does_not_have() {
    assert_snapshot!(refusal_of("
paths:
  /users:
    get:
      operationId: getUser
      parameters:
        - {name: userId, in: path, required: true, schema: {type: string}}
      responses: {'204': {description: none}}
"), @r"
    error[E012]: path parameter `userId` does not stand in the path `/users`
     --> spec.yaml:9:11
      |
    9 |         - {name: userId, in: path, required: true, schema: {type: string}}
      |           ^
      = at: /paths/~1users/get/parameters/0
      = help: write it into the path in braces, or take the parameter out
    ");
}

#[test]
fn a_path_parameter_that_is_optional() {
    assert_snapshot!(refusal_of("
paths:
  /users/{userId}:
    get:
      operationId: getUser
      parameters:
        - {name: userId, in: path, schema: {type: string}}
      responses: {'204': {description: none}}
"), @r"
    error[E013]: path parameter `userId` is not `required: true`
     --> spec.yaml:9:11
      |
    9 |         - {name: userId, in: path, schema: {type: string}}
      |           ^
      = at: /paths/~1users~1{userId}/get/parameters/0
      = help: add `required: true`
    ");
}

#[test]
fn a_shared_fault_is_told_once() {
    assert_snapshot!(refusal_of("
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
"), @r"
    error[E013]: path parameter `userId` is not `required: true`
     --> spec.yaml:7:9
      |
    7 |       - {name: userId, in: path, schema: {type: string}}
      |         ^
      = at: /paths/~1users~1{userId}/parameters/0
      = help: add `required: true`
    ");
}

#[test]
fn a_parameter_declared_twice() {
    assert_snapshot!(refusal_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: page, in: query, schema: {type: string}}
      responses: {'204': {description: none}}
"), @r"
    error[E014]: parameter `page` is declared twice for the same place
      --> spec.yaml:10:11
       |
    10 |         - {name: page, in: query, schema: {type: string}}
       |           ^
       = at: /paths/~1users/get/parameters/1
       = help: take one of the two out
    ");
}

#[test]
fn a_parameter_without_name_and_place() {
    assert_snapshot!(refusal_of("
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {in: query, schema: {type: string}}
        - {name: page, in: body, schema: {type: string}}
      responses: {'204': {description: none}}
"), @r"
    error[E005]: the parameter has no `name`
     --> spec.yaml:9:11
      |
    9 |         - {in: query, schema: {type: string}}
      |           ^
      = at: /paths/~1users/get/parameters/0
      = help: add the part; the OpenAPI specification requires it

    error[E005]: parameter `page` is not `in` path, query, header or cookie
      --> spec.yaml:10:11
       |
    10 |         - {name: page, in: body, schema: {type: string}}
       |           ^
       = at: /paths/~1users/get/parameters/1
       = help: add the part; the OpenAPI specification requires it
    ");
}

#[test]
fn parameters_of_forms_that_cannot_be_written() {
    assert_snapshot!(refusal_of("
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
"), @"
    error[E022]: parameter `filter` is neither a string, number or boolean nor a list of them
     --> spec.yaml:9:11
      |
    9 |         - {name: filter, in: query, style: deepObject, schema: {type: object}}
      |           ^
      = at: /paths/~1users/get/parameters/0
      = help: use one value, or a list in the style `form`, `spaceDelimited` or `pipeDelimited` of a query, or a header list

    error[E022]: parameter `ids` is a list of style `spaceDelimited` (explode: true), which is not supported here
      --> spec.yaml:10:11
       |
    10 |         - {name: ids, in: query, style: spaceDelimited, explode: true, schema: {type: array, items: {type: str
       |           ^
       = at: /paths/~1users/get/parameters/1
       = help: use one value, or a list in the style `form`, `spaceDelimited` or `pipeDelimited` of a query, or a header list

    error[E022]: parameter `tags` is a list of style `form` (explode: true), which is not supported here
      --> spec.yaml:11:11
       |
    11 |         - {name: tags, in: cookie, schema: {type: array, items: {type: string}}}
       |           ^
       = at: /paths/~1users/get/parameters/2
       = help: use one value, or a list in the style `form`, `spaceDelimited` or `pipeDelimited` of a query, or a header list

    error[E022]: parameter `page` has no `schema` (parameters with `content` are not supported)
      --> spec.yaml:12:11
       |
    12 |         - {name: page, in: query, content: {application/json: {schema: {type: string}}}}
       |           ^
       = at: /paths/~1users/get/parameters/3
       = help: use one value, or a list in the style `form`, `spaceDelimited` or `pipeDelimited` of a query, or a header list
    ");
}

#[test]
fn a_global_that_does_not_exist() {
    assert_snapshot!(refusal_of("
x-speakeasy-globals:
  parameters:
    - $ref: '#/components/parameters/tenant'
paths: {}
"), @r"
    error[E006]: `#/components/parameters/tenant` leads nowhere
     --> spec.yaml:6:7
      |
    6 |     - $ref: '#/components/parameters/tenant'
      |       ^
      = at: /x-speakeasy-globals/parameters/0/$ref
      = help: add what the reference names, or correct its spelling
    ");
}

#[test]
fn a_global_that_is_no_string() {
    assert_snapshot!(refusal_of("
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
    error[E017]: the global parameter `tenant` is not a string
     --> spec.yaml:6:7
      |
    6 |     - $ref: '#/components/parameters/tenant'
      |       ^
      = at: /x-speakeasy-globals/parameters/0
      = help: refer to a parameter of `components.parameters` that is a string
    ");
}
