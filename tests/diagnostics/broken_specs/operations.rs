//! Errors in operations, their names and their paths.

use insta::assert_snapshot;

use super::{diagnostics_of, errors, errors_of, output_of};

#[test]
fn no_operation_id() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      summary: All users
      responses: {'204': {description: none}}
"), @"
    warning[W005]: `GET /users` has no operationId
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users/get
      = help: add a unique `operationId`; methods and types are named after it
    ");
}

#[test]
fn a_duplicate_operation_id() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: users
      responses: {'204': {description: none}}
  /people:
    get:
      operationId: users
      responses: {'204': {description: none}}
"), @"
    warning[W006]: operationId `users` is already used by /paths/~1users/get
      --> spec.yaml:11:7
       |
    11 |       operationId: users
       |       ^
       = at: /paths/~1people/get/operationId
       = help: give one of the two another operationId
    ");
}

#[test]
fn operation_ids_that_differ_in_letter_case_only() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
  /people:
    get:
      operationId: list_users
      responses: {'204': {description: none}}
"), @"
    warning[W008]: the method `list_users` of `list_users` has the same name as the operation `listUsers`
      --> spec.yaml:10:5
       |
    10 |     get:
       |     ^
       = at: /paths/~1people/get
       = help: give the operation an `x-speakeasy-name-override`, or another group
    ");
}

#[test]
fn two_methods_with_the_same_name_in_a_namespace() {
    assert_snapshot!(errors_of("
paths:
  /users:
    get:
      operationId: listUsers
      tags: [users]
      x-speakeasy-name-override: list
      responses: {'204': {description: none}}
  /users/recent:
    get:
      operationId: recentUsers
      tags: [users]
      x-speakeasy-name-override: list
      responses: {'204': {description: none}}
"), @r"
    error[E010]: the method `list` of `recentUsers` has the same name as the operation `listUsers`
      --> spec.yaml:12:5
       |
    12 |     get:
       |     ^
       = at: /paths/~1users~1recent/get
       = help: give the operation another `x-speakeasy-name-override`, or another group
    ");
}

#[test]
fn a_method_with_the_name_of_a_namespace() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: sessions
      tags: [users]
      responses: {'204': {description: none}}
  /users/sessions:
    get:
      operationId: list
      tags: [users.sessions]
      responses: {'204': {description: none}}
"), @"
    warning[W008]: the method `sessions` of `sessions` has the same name as the namespace `users.sessions`
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users/get
      = help: give the operation an `x-speakeasy-name-override`, or another group
    ");
}

#[test]
fn a_method_with_the_name_of_a_built_in_method() {
    assert_snapshot!(diagnostics_of("
paths:
  /builder:
    get:
      operationId: builder
      responses: {'204': {description: none}}
"), @"
    warning[W008]: the method `builder` of `builder` has the same name as a method that every client has
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1builder/get
      = help: give the operation an `x-speakeasy-name-override`, or another group
    ");
}

#[test]
fn no_responses() {
    for responses in ["", "responses: {}"] {
        let rendered =
            diagnostics_of(&format!("paths: {{/users: {{get: {{operationId: listUsers, {responses}}}}}}}\n"));
        assert!(rendered.starts_with("warning[W010]") && rendered.contains("/paths/~1users/get"), "{rendered}");
    }
}

#[test]
fn no_success_response() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'404': {description: none}}
"), @"
    warning[W010]: the operation describes no 2xx response
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users/get
      = help: add the response of the successful case, such as '200' or '204'
    ");
}

#[test]
fn a_path_without_a_leading_slash() {
    assert_snapshot!(errors_of("
paths:
  users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
"), @r"
    error[E028]: the path `users` does not start with `/`
     --> spec.yaml:5:3
      |
    5 |   users:
      |   ^
      = at: /paths/users
      = help: write the path as `/users/{userId}`
    ");
}

#[test]
fn invalid_paths() {
    assert_snapshot!(errors_of("
paths:
  /users?active=true:
    get: {operationId: active, responses: {'204': {description: none}}}
  /users/{id:
    get: {operationId: open, responses: {'204': {description: none}}}
  /users/{}:
    get: {operationId: nameless, responses: {'204': {description: none}}}
"), @"
    error[E028]: the path `/users/{id` has an unclosed brace
     --> spec.yaml:7:3
      |
    7 |   /users/{id:
      |   ^
      = at: /paths/~1users~1{id
      = help: write the path as `/users/{userId}`

    error[E028]: the path `/users/{}` has a parameter without a name
     --> spec.yaml:9:3
      |
    9 |   /users/{}:
      |   ^
      = at: /paths/~1users~1{}
      = help: write the path as `/users/{userId}`

    warning[W013]: the path `/users?active=true` contains a query or a fragment
     --> spec.yaml:5:3
      |
    5 |   /users?active=true:
      |   ^
      = at: /paths/~1users?active=true
      = help: remove it from the path, and declare query parameters instead
    ");
}

#[test]
fn a_path_that_is_a_reference_has_the_operations_of_its_target() {
    let output = output_of(
        "
paths:
  /users:
    $ref: '#/paths/~1people'
  /people:
    get:
      operationId: people
      responses: {'204': {description: none}}
",
    );
    let paths: Vec<_> = output.api.operations.iter().map(|operation| operation.template.as_str()).collect();
    assert_eq!(paths, ["/users", "/people"]);
}

#[test]
fn all_errors_are_reported_in_the_order_of_the_document() {
    assert_snapshot!(errors_of("
paths:
  /users/{id}:
    get:
      tags: [users]
      parameters:
        - {name: page, in: query, schema: {type: object}}
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
    delete:
      operationId: remove
      parameters:
        - {name: id, in: path, schema: {type: string}}
      security: [{token: []}]
      responses: {'204': {description: gone}}
x-speakeasy-retries: {strategy: sometimes}
x-sdk: {packageNames: users}
"), @r#"
    error[E021]: the strategy is `"sometimes"`, not `backoff` or `none`
      --> spec.yaml:18:23
       |
    18 | x-speakeasy-retries: {strategy: sometimes}
       |                       ^
       = at: /x-speakeasy-retries/strategy
       = help: see the README for the form of `x-speakeasy-retries`

    warning[W005]: `GET /users/{id}` has no operationId
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users~1{id}/get
      = help: add a unique `operationId`; methods and types are named after it

    warning[W012]: the path contains `{id}`, but no path parameter of that name is declared
     --> spec.yaml:6:5
      |
    6 |     get:
      |     ^
      = at: /paths/~1users~1{id}/get
      = help: declare it with `in: path`, `required: true` and the name in braces in the path

    warning[W049]: `#/components/schemas/User` points to nothing
      --> spec.yaml:11:73
       |
    11 |         '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
       |                                                                         ^
       = at: /paths/~1users~1{id}/get/responses/200/content/application~1json/schema/$ref
       = help: add the target of the reference, or correct its spelling

    warning[W012]: path parameter `id` is not `required: true`
      --> spec.yaml:15:11
       |
    15 |         - {name: id, in: path, schema: {type: string}}
       |           ^
       = at: /paths/~1users~1{id}/delete/parameters/0
       = help: declare it with `in: path`, `required: true` and the name in braces in the path

    warning[W047]: security scheme `token` is not declared in `components.securitySchemes`; its setter takes the value of the `Authorization` header
      --> spec.yaml:16:19
       |
    16 |       security: [{token: []}]
       |                   ^
       = at: /paths/~1users~1{id}/delete/security/0/token
       = help: declare it in `components.securitySchemes`, or correct its spelling

    warning[W001]: unknown key `packageNames` in `x-sdk` is ignored; known keys: packageName, packageVersion, clientName, envPrefix, license
      --> spec.yaml:19:9
       |
    19 | x-sdk: {packageNames: users}
       |         ^
       = at: /x-sdk/packageNames
       = help: correct the spelling, or remove the key
    "#);
}

#[test]
fn a_map_in_place_of_a_list_is_an_error() {
    let refusal = errors_of("security: {key: []}\npaths: {}\n");
    assert!(refusal.contains("`security` is not a list") && refusal.contains("spec.yaml:3:1\n"), "{refusal}");
}

#[test]
fn a_retry_policy_without_a_delay_is_rejected() {
    let refusal = errors_of(
        "x-speakeasy-retries: {strategy: backoff, backoff: {initialInterval: 0}, retryConnectionErrors: maybe}\npaths: {}\n",
    );
    assert_eq!(refusal.matches("error[E021]").count(), 2, "{refusal}");
}

#[test]
fn a_union_whose_members_cannot_carry_the_tag_is_untagged() {
    let rendered = diagnostics_of(
        "
paths: {}
components:
  schemas:
    Name: {type: string}
    Named: {oneOf: [{$ref: '#/components/schemas/Name'}], discriminator: {propertyName: kind}}
",
    );
    assert!(rendered.contains("warning[W011]") && rendered.contains("is not an object"), "{rendered}");
}

#[test]
fn endless_nesting_is_rejected_quickly() {
    let deep = "[".repeat(100_000);
    assert!(errors(&deep).contains("error[E001]"));
}

#[test]
fn two_parameters_in_a_row_in_a_path() {
    assert_snapshot!(diagnostics_of("
paths:
  /a/{x}{y}:
    parameters: [{name: x, in: path, required: true, schema: {type: string}}, {name: y, in: path, required: true, schema: {type: string}}]
    get: {operationId: a, responses: {'204': {description: d}}}
"), @"
    warning[W081]: nothing separates two parameters of the path `/a/{x}{y}`
     --> spec.yaml:5:3
      |
    5 |   /a/{x}{y}:
      |   ^
      = at: /paths/~1a~1{x}{y}
      = help: separate the parameters, such as `/{a}/{b}` or `/{a}-{b}`
    ");
}
