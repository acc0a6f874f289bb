//! Errors in security schemes.

use insta::assert_snapshot;

use super::{diagnostics_of, errors_of};

#[test]
fn an_undeclared_scheme() {
    assert_snapshot!(errors_of("
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
fn unsupported_schemes() {
    assert_snapshot!(errors_of("
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
fn an_unsupported_scheme_next_to_a_supported_one() {
    assert_snapshot!(diagnostics_of("
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
fn an_unknown_http_scheme() {
    assert_snapshot!(diagnostics_of("
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
