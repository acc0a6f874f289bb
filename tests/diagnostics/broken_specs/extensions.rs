//! Errors in extensions: retries, links, polling and `x-sdk`.

use insta::assert_snapshot;

use generator::diagnostics::Palette;
use generator::{Input, generate};

use super::{HEAD, diagnostics_of, errors_of};

#[test]
fn polling_without_a_link() {
    assert_snapshot!(errors_of("
paths:
  /jobs/{id}:
    get:
      operationId: getJob
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      x-speakeasy-polling:
        - name: WaitForDone
          successCriteria:
            - condition: $statusCode == 200
      responses: {'204': {description: none}}
"), @r"
    error[E018]: no operation links to `getJob`, so nothing starts the job that it polls
      --> spec.yaml:10:7
       |
    10 |       x-speakeasy-polling:
       |       ^
       = at: /paths/~1jobs~1{id}/get/x-speakeasy-polling
       = help: add `links` to the successful response of the operation that starts the job
    ");
}

#[test]
fn polling_with_criteria_that_cannot_be_parsed() {
    assert_snapshot!(errors_of("
paths:
  /jobs:
    post:
      operationId: startJob
      responses:
        '204':
          description: started
          links: {job: {operationId: getJob}}
  /job:
    get:
      operationId: getJob
      x-speakeasy-polling:
        - name: WaitForDone
          delaySeconds: -1
          intervalSeconds: soon
          limitCount: 0
          successCriteria:
            - condition: $response.body#/status != \"pending\"
          failureCriteria:
            - context: $response.body#/status
              type: regex
              condition: fail.*
            - context: $response.body
              type: jsonpath
              condition: $.error
      responses: {'204': {description: none}}
"), @r#"
    error[E019]: the polling block has no usable `successCriteria`
      --> spec.yaml:16:11
       |
    16 |         - name: WaitForDone
       |           ^
       = at: /paths/~1job/get/x-speakeasy-polling/0
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: `delaySeconds` is -1, which is not a number of at least 0
      --> spec.yaml:17:11
       |
    17 |           delaySeconds: -1
       |           ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/delaySeconds
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: `intervalSeconds` is "soon", which is not a number greater than 0
      --> spec.yaml:18:11
       |
    18 |           intervalSeconds: soon
       |           ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/intervalSeconds
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: `limitCount` is 0, which is not an integer of at least 1
      --> spec.yaml:19:11
       |
    19 |           limitCount: 0
       |           ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/limitCount
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: the criterion has an unsupported form
      --> spec.yaml:21:15
       |
    21 |             - condition: $response.body#/status != "pending"
       |               ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/successCriteria/0
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: the criterion has an unsupported form
      --> spec.yaml:23:15
       |
    23 |             - context: $response.body#/status
       |               ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/failureCriteria/0
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers

    error[E019]: the criterion has an unsupported form
      --> spec.yaml:26:15
       |
    26 |             - context: $response.body
       |               ^
       = at: /paths/~1job/get/x-speakeasy-polling/0/failureCriteria/1
       = help: write a criterion as `$statusCode == 200`, `$response.body#/status == "done"`, or `type: regex` with `^(a|b)$` and a `context`; seconds and limits are numbers
    "#);
}

/// Two operations, with this link from one to the other.
fn link(link: &str) -> String {
    diagnostics_of(&format!(
        "
paths:
  /jobs/{{queue}}:
    parameters:
      - {{name: queue, in: path, required: true, schema: {{type: string}}}}
    post:
      operationId: startJob
      responses:
        '204':
          description: started
          links:
            job:
{link}
  /jobs/{{queue}}/{{id}}:
    parameters:
      - {{name: queue, in: path, required: true, schema: {{type: string}}}}
      - {{name: id, in: path, required: true, schema: {{type: string}}}}
    get:
      operationId: getJob
      responses: {{'204': {{description: none}}}}
"
    ))
}

#[test]
fn a_link_to_an_operation_that_does_not_exist() {
    assert_snapshot!(link("              operationId: getJobs"), @r"
    warning[W021]: the link points to the operation `getJobs`, which does not exist
      --> spec.yaml:14:13
       |
    14 |             job:
       |             ^
       = at: /paths/~1jobs~1{queue}/post/responses/204/links/job
       = help: name an existing operation and give each of its required parameters a `$request.…` or `$response.body#/…`
    ");
}

#[test]
fn a_link_by_reference_is_not_reported_as_missing_its_operation() {
    let refusal = link("              operationRef: '#/paths/~1jobs~1{queue}~1{id}/get'");
    assert!(refusal.starts_with("warning[W021]") && refusal.contains("operationRef"), "{refusal}");
}

#[test]
fn a_link_with_an_unknown_and_a_missing_parameter() {
    assert_snapshot!(link("
              operationId: getJob
              parameters:
                queue: $request.path.queue
                jobId: $response.body#/id"), @r"
    warning[W021]: the link provides no value for the required parameter `id`
      --> spec.yaml:14:13
       |
    14 |             job:
       |             ^
       = at: /paths/~1jobs~1{queue}/post/responses/204/links/job
       = help: name an existing operation and give each of its required parameters a `$request.…` or `$response.body#/…`

    warning[W021]: the operation that the link points to has no parameter `jobId`
      --> spec.yaml:19:17
       |
    19 |                 jobId: $response.body#/id
       |                 ^
       = at: /paths/~1jobs~1{queue}/post/responses/204/links/job/parameters/jobId
       = help: name an existing operation and give each of its required parameters a `$request.…` or `$response.body#/…`
    ");
}

#[test]
fn a_link_with_unsupported_expressions_is_not_reported_as_having_none() {
    let refusal = link(
        "
              operationId: getJob
              parameters:
                queue: $request.query.queue
                id: 7",
    );
    assert!(refusal.contains("spec.yaml:18:17\n") && refusal.contains("spec.yaml:19:17\n"), "{refusal}");
    assert_eq!(refusal.matches("warning[").count(), 2, "two faults: {refusal}");
}

#[test]
fn invalid_retries() {
    assert_snapshot!(errors_of("
x-speakeasy-retries:
  strategy: backoff
  backoff: {initialInterval: 5000, maxInterval: 1000, exponent: 0.5, maxElapsedTime: -1}
  statusCodes: ['503', 7XX, 5X, 99]
paths:
  /users:
    get:
      operationId: listUsers
      x-speakeasy-retries:
        strategy: eager
      responses: {'204': {description: none}}
"), @r#"
    error[E021]: `initialInterval` is longer than `maxInterval`
     --> spec.yaml:4:1
      |
    4 | x-speakeasy-retries:
      | ^
      = at: /x-speakeasy-retries
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: the exponent is 0.5, which is not a number of at least 1
     --> spec.yaml:6:55
      |
    6 |   backoff: {initialInterval: 5000, maxInterval: 1000, exponent: 0.5, maxElapsedTime: -1}
      |                                                       ^
      = at: /x-speakeasy-retries/backoff/exponent
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: `-1` is not an integer number of milliseconds
     --> spec.yaml:6:70
      |
    6 |   backoff: {initialInterval: 5000, maxInterval: 1000, exponent: 0.5, maxElapsedTime: -1}
      |                                                                      ^
      = at: /x-speakeasy-retries/backoff/maxElapsedTime
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: `7XX` is not a status code such as `429` or `5XX`
     --> spec.yaml:7:24
      |
    7 |   statusCodes: ['503', 7XX, 5X, 99]
      |                        ^
      = at: /x-speakeasy-retries/statusCodes/1
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: `5X` is not a status code such as `429` or `5XX`
     --> spec.yaml:7:29
      |
    7 |   statusCodes: ['503', 7XX, 5X, 99]
      |                             ^
      = at: /x-speakeasy-retries/statusCodes/2
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: `99` is not a status code such as `429` or `5XX`
     --> spec.yaml:7:33
      |
    7 |   statusCodes: ['503', 7XX, 5X, 99]
      |                                 ^
      = at: /x-speakeasy-retries/statusCodes/3
      = help: see the README for the form of `x-speakeasy-retries`

    error[E021]: the strategy is `"eager"`, not `backoff` or `none`
      --> spec.yaml:13:9
       |
    13 |         strategy: eager
       |         ^
       = at: /paths/~1users/get/x-speakeasy-retries/strategy
       = help: see the README for the form of `x-speakeasy-retries`
    "#);
}

#[test]
fn retries_without_a_strategy() {
    assert_snapshot!(errors_of("
x-speakeasy-retries: {statusCodes: ['503']}
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
"), @"
    error[E021]: `strategy` is missing; it must be `backoff` or `none`
     --> spec.yaml:4:1
      |
    4 | x-speakeasy-retries: {statusCodes: ['503']}
      | ^
      = at: /x-speakeasy-retries
      = help: see the README for the form of `x-speakeasy-retries`
    ");
}

#[test]
fn invalid_values_of_x_sdk() {
    assert_snapshot!(errors_of("
x-sdk:
  packageName: My Users!
  packageVersion: one
  clientName: users client
  envPrefix: users
  license: ''
  packagename: users
paths: {/a: {get: {operationId: a, responses: {'204': {description: none}}}}}
"), @"
    error[E027]: `x-sdk.packageName` is `My Users!`, which is not a name such as `petstore-client`
     --> spec.yaml:5:3
      |
    5 |   packageName: My Users!
      |   ^
      = at: /x-sdk/packageName
      = help: see the README for the values that the extension allows

    error[E027]: `x-sdk.packageVersion` is `one`, which is not a version such as `0.1.0`
     --> spec.yaml:6:3
      |
    6 |   packageVersion: one
      |   ^
      = at: /x-sdk/packageVersion
      = help: see the README for the values that the extension allows

    error[E027]: `x-sdk.clientName` is `users client`, which is not a name such as `PetstoreClient`
     --> spec.yaml:7:3
      |
    7 |   clientName: users client
      |   ^
      = at: /x-sdk/clientName
      = help: see the README for the values that the extension allows

    error[E027]: `x-sdk.envPrefix` is `users`, which is not a prefix such as `PETSTORE`
     --> spec.yaml:8:3
      |
    8 |   envPrefix: users
      |   ^
      = at: /x-sdk/envPrefix
      = help: see the README for the values that the extension allows

    error[E027]: `x-sdk.license` is ``, which is not an SPDX expression
     --> spec.yaml:9:3
      |
    9 |   license: ''
      |   ^
      = at: /x-sdk/license
      = help: see the README for the values that the extension allows

    warning[W001]: unknown key `packagename` in `x-sdk` is ignored; known keys: packageName, packageVersion, clientName, envPrefix, license
      --> spec.yaml:10:3
       |
    10 |   packagename: users
       |   ^
       = at: /x-sdk/packagename
       = help: correct the spelling, or remove the key
    ");
}

#[test]
fn x_sdk_that_is_not_an_object() {
    let refusal = errors_of("x-sdk: users-client\npaths: {}\n");
    assert!(refusal.starts_with("error[E027]") && refusal.contains("spec.yaml:3:1"), "{refusal}");
}

/// The diagnostics of a document, accepted or rejected.
fn rendered(text: &str) -> String {
    let found = match generate(&Input::new("spec.yaml", text)) {
        Ok(output) => output.diagnostics,
        Err(found) => found,
    };
    found.render("spec.yaml", text, Palette::Plain)
}

#[test]
fn extensions_with_invalid_values_are_not_ignored() {
    let document = |extension: &str| {
        format!(
            "{HEAD}paths:
  /users:
    post:
      operationId: addUser
      {extension}
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}
      responses: {{'204': {{description: none}}}}
components:
  schemas:
    User: {{type: object, properties: {{name: {{type: string, {extension}}}}}}}
"
        )
    };
    let extensions = [
        "x-speakeasy-param-sensitive: 'true'",
        "x-fern-idempotent: 'true'",
        "x-speakeasy-unknown-values: forbid",
        "x-speakeasy-name-override: 7",
        "x-speakeasy-retries: none",
        "x-speakeasy-polling: always",
    ];
    let is_passed_over = |extension: &&&str| {
        let name = extension.split(':').next().unwrap_or_default();
        !rendered(&document(extension)).contains(name)
    };
    let passed_over: Vec<_> = extensions.iter().filter(is_passed_over).collect();
    assert!(passed_over.is_empty(), "no diagnostic for {passed_over:#?}");
}
