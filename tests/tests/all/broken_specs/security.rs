//! Credentials.

use insta::assert_snapshot;

use super::{findings_of, refusal_of};

#[test]
fn a_scheme_that_is_not_declared() {
    assert_snapshot!(refusal_of("
security:
  - token: []
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
components:
  securitySchemes:
    tokn: {type: http, scheme: bearer}
"), @r"
    error[E025]: security scheme `token` is not declared in `components.securitySchemes`
     --> spec.yaml:5:5
      |
    5 |   - token: []
      |     ^
      = at: /security/0/token
      = help: declare it in `components.securitySchemes`, or correct its spelling
    ");
}

#[test]
fn schemes_that_cannot_be_sent() {
    assert_snapshot!(refusal_of("
paths:
  /users:
    get:
      operationId: listUsers
      security:
        - digest: []
        - body: []
        - tls: []
      responses: {'204': {description: none}}
components:
  securitySchemes:
    digest: {type: http, scheme: digest}
    body: {type: apiKey, in: body, name: key}
    tls: {type: mutualTLS}
"), @r"
    error[E026]: security scheme `digest` has an unsupported type
      --> spec.yaml:15:5
       |
    15 |     digest: {type: http, scheme: digest}
       |     ^
       = at: /components/securitySchemes/digest
       = help: use an API key, HTTP basic or bearer, OAuth 2 or OpenID Connect

    error[E026]: security scheme `body` has an unsupported type
      --> spec.yaml:16:5
       |
    16 |     body: {type: apiKey, in: body, name: key}
       |     ^
       = at: /components/securitySchemes/body
       = help: use an API key, HTTP basic or bearer, OAuth 2 or OpenID Connect

    error[E026]: security scheme `tls` has an unsupported type
      --> spec.yaml:17:5
       |
    17 |     tls: {type: mutualTLS}
       |     ^
       = at: /components/securitySchemes/tls
       = help: use an API key, HTTP basic or bearer, OAuth 2 or OpenID Connect
    ");
}

#[test]
fn a_scheme_that_cannot_be_sent_beside_one_that_can() {
    assert_snapshot!(findings_of("
security:
  - digest: []
  - token: []
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
components:
  securitySchemes:
    digest: {type: http, scheme: Digest}
    token: {type: http, scheme: bearer}
"), @"
    warning[W038]: the client cannot send the credential of security scheme `digest`
      --> spec.yaml:14:5
       |
    14 |     digest: {type: http, scheme: Digest}
       |     ^
       = at: /components/securitySchemes/digest
       = help: use one of the alternatives, or give the client a custom HTTP client that adds the credential
    ");
}

#[test]
fn a_scheme_of_http_of_which_nothing_is_known() {
    assert_snapshot!(findings_of("
security:
  - token: []
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
components:
  securitySchemes:
    token: {type: http, scheme: Token}
"), @"
    warning[W039]: the HTTP scheme of security scheme `token` is unknown, so its credential is sent unchanged in the `Authorization` header
      --> spec.yaml:13:5
       |
    13 |     token: {type: http, scheme: Token}
       |     ^
       = at: /components/securitySchemes/token
       = help: set the credential with the name of the scheme in front, such as `Token abc`
    ");
}
