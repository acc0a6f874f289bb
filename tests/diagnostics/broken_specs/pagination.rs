//! Unsupported pagination: the operation is generated without pages.

use insta::assert_snapshot;

use super::{diagnostics_of, output_of};

/// A list operation with this pagination.
fn list(pagination: &str) -> String {
    format!(
        "
paths:
  /users/{{group}}:
    post:
      operationId: listUsers
      x-speakeasy-pagination: {pagination}
      parameters:
        - {{name: group, in: path, required: true, schema: {{type: string}}}}
        - {{name: page, in: query, schema: {{type: integer}}}}
      requestBody: {{content: {{text/plain: {{schema: {{type: string}}}}}}}}
      responses:
        '200':
          description: users
          content:
            application/json:
              schema:
                type: object
                properties:
                  users: {{type: array, items: {{type: string}}}}
                  next: {{type: string}}
"
    )
}

#[test]
fn unsupported_pagination_is_reported_and_left_out() {
    let cases = [
        "{type: random}",
        "{type: offsetLimit, outputs: {results: $.users}}",
        "{type: offsetLimit, inputs: [{name: page, in: parameters, type: page}]}",
        "{type: offsetLimit, inputs: [{name: page, in: parameters, type: offset}]}",
        "{type: offsetLimit, inputs: [{name: group, in: parameters, type: page}], outputs: {results: $.users}}",
        "{type: offsetLimit, inputs: [{name: none, in: parameters, type: page}], outputs: {results: $.users}}",
        "{type: offsetLimit, inputs: [{name: page, in: requestBody, type: page}], outputs: {results: $.users}}",
        "{type: offsetLimit, inputs: [{name: page, in: parameters, type: page}], outputs: {results: $..users}}",
        "{type: offsetLimit, inputs: [{name: page, in: parameters, type: page}], outputs: {results: $.next}}",
        "{type: offsetLimit, inputs: [{name: page, in: parameters, type: page}], outputs: {results: $.people}}",
        "{type: cursor, outputs: {nextCursor: $.next}}",
        "{type: cursor, inputs: [{name: page, in: parameters, type: cursor}]}",
        "{type: url, outputs: {nextUrl: $.links.next}}",
        "{type: url}",
    ];
    let mut said = String::new();
    for case in cases {
        let document = list(case);
        let found = diagnostics_of(&document);
        let line = found.lines().find(|line| line.contains("W040")).unwrap_or_else(|| panic!("no warning for: {case}"));
        said.push_str(&format!("{case}\n    {line}\n"));
        let output = output_of(&document);
        assert!(output.api.operations[0].pagination.is_none(), "{case}");
    }
    assert_snapshot!(said);
    assert_snapshot!("one_in_full", diagnostics_of(&list("{type: url, outputs: {nextUrl: $.links.next}}")));
}

#[test]
fn an_operation_without_a_json_response_has_no_pages() {
    assert_snapshot!(diagnostics_of(
        "
paths:
  /users:
    get:
      operationId: listUsers
      x-speakeasy-pagination: {type: url, outputs: {nextUrl: $.next}}
      responses: {'204': {description: none}}
"
    ));
}

#[test]
fn pagination_extensions_of_the_wrong_type_are_rejected() {
    assert_snapshot!(diagnostics_of(
        "
paths:
  /users:
    get:
      operationId: listUsers
      x-speakeasy-pagination: [{type: url}]
      responses: {'200': {description: events, content: {text/event-stream: {x-speakeasy-sse-sentinel: 7}}}}
"
    ));
}
