//! Errors in servers and callbacks.

use insta::assert_snapshot;

use super::diagnostics_of;

#[test]
fn several_servers() {
    assert_snapshot!(diagnostics_of("
servers:
  - url: https://eu.example.com
  - url: https://us.example.com
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
"), @"
    warning[W003]: 2 servers are listed; the client uses the first by default
     --> spec.yaml:6:5
      |
    6 |   - url: https://us.example.com
      |     ^
      = at: /servers/1
      = help: put the server that most users want first
    ");
}

#[test]
fn a_server_relative_to_the_document() {
    assert_snapshot!(diagnostics_of("
servers: [{url: /v1}]
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
"), @"
    warning[W026]: the server URL `/v1` is not an absolute HTTP URL, so the client has no default server
     --> spec.yaml:4:11
      |
    4 | servers: [{url: /v1}]
      |           ^
      = at: /servers/0
      = help: write the absolute URL of the server, or let users set `server_url`
    ");
}

#[test]
fn a_server_without_encryption() {
    assert_snapshot!(diagnostics_of("
servers: [{url: 'http://api.example.com/v1'}]
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'204': {description: none}}
"), @"
    warning[W060]: the client rejects the server `http://api.example.com/v1` by default, because it is not encrypted
     --> spec.yaml:4:11
      |
    4 | servers: [{url: 'http://api.example.com/v1'}]
      |           ^
      = at: /servers/0
      = help: write the `https` URL of the server, or let users call `allow_plain_http(true)` on the builder
    ");
}

#[test]
fn callbacks() {
    assert_snapshot!(diagnostics_of("
paths:
  /users:
    post:
      operationId: addUser
      responses: {'204': {description: none}}
      callbacks:
        added: {'{$request.query.url}': {post: {responses: {'204': {description: taken}}}}}
"), @"
    warning[W024]: the client does not support callbacks, which are requests that the service sends
     --> spec.yaml:9:7
      |
    9 |       callbacks:
      |       ^
      = at: /paths/~1users/post/callbacks
      = help: no action needed if you only need a client
    ");
}
