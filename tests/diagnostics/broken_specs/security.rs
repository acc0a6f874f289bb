//! Errors in security schemes.

use insta::assert_snapshot;

use super::diagnostics_of;

#[test]
fn an_undeclared_scheme() {
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
    tokn: {type: http, scheme: bearer}
"), @"
    warning[W047]: security scheme `token` is not declared in `components.securitySchemes`; its setter takes the value of the `Authorization` header
     --> spec.yaml:5:5
      |
    5 |   - token: []
      |     ^
      = at: /security/0/token
      = help: declare it in `components.securitySchemes`, or correct its spelling

    warning[W048]: no operation requires the security scheme `tokn`
      --> spec.yaml:13:5
       |
    13 |     tokn: {type: http, scheme: bearer}
       |     ^
       = at: /components/securitySchemes/tokn
       = help: name the scheme in the `security` of the document or of the operations that accept it
    ");
}

#[test]
fn unsupported_schemes() {
    assert_snapshot!(diagnostics_of("
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
"), @"
    warning[W038]: the client cannot send the credential of security scheme `digest`
      --> spec.yaml:15:5
       |
    15 |     digest: {type: http, scheme: digest}
       |     ^
       = at: /components/securitySchemes/digest
       = help: use another scheme, or add the credential yourself: a header with `default_header`, a client certificate with `http_client`

    warning[W038]: the client cannot send the credential of security scheme `body`
      --> spec.yaml:16:5
       |
    16 |     body: {type: apiKey, in: body, name: key}
       |     ^
       = at: /components/securitySchemes/body
       = help: use another scheme, or add the credential yourself: a header with `default_header`, a client certificate with `http_client`

    warning[W038]: the client cannot send the credential of security scheme `tls`
      --> spec.yaml:17:5
       |
    17 |     tls: {type: mutualTLS}
       |     ^
       = at: /components/securitySchemes/tls
       = help: use another scheme, or add the credential yourself: a header with `default_header`, a client certificate with `http_client`
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
       = help: use another scheme, or add the credential yourself: a header with `default_header`, a client certificate with `http_client`
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
