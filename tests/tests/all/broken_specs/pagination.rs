//! Pagination that cannot be followed: the operation is made all the same, without pages.

use insta::assert_snapshot;

use super::{findings_of, output_of};

/// A list operation whose pagination is this.
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
fn what_cannot_be_followed_is_said_and_left_out() {
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
        let found = findings_of(&document);
        let line =
            found.lines().find(|line| line.contains("W040")).unwrap_or_else(|| panic!("nothing is said: {case}"));
        said.push_str(&format!("{case}\n    {line}\n"));
        let output = output_of(&document);
        assert!(output.api.operations[0].pagination.is_none(), "{case}");
    }
    assert_snapshot!(said);
    assert_snapshot!("one_in_full", findings_of(&list("{type: url, outputs: {nextUrl: $.links.next}}")));
}

#[test]
fn an_operation_without_a_reply_of_json_has_no_pages() {
    assert_snapshot!(findings_of(
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
fn extensions_of_another_kind_are_refused() {
    assert_snapshot!(findings_of(
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
