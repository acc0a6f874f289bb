//! Documents that are not valid OpenAPI.

use generator::diagnostics::Palette;
use generator::{Input, generate};
use insta::assert_snapshot;

use super::{diagnostics, diagnostics_of, errors, errors_of};

#[test]
fn bad_yaml() {
    assert_snapshot!(errors("
openapi: 3.0.3
info:
  title: Users
   version: '1'
paths: {}
"), @r"
    error[E001]: the input is not valid YAML: mapping values are not allowed in this context at line 5 column 11
     --> spec.yaml:5:11
      |
    5 |    version: '1'
      |           ^
      = help: fix the syntax at this location
    ");
}

#[test]
fn a_licence_without_an_identifier() {
    let text = "openapi: 3.0.3\ninfo: {title: Users, version: '1', license: {name: All rights reserved}}\n\
                paths: {/a: {get: {operationId: op, responses: {'204': {description: done}}}}}\n";
    assert_snapshot!(diagnostics(text), @r"
    warning[W103]: the licence `All rights reserved` is not an SPDX identifier, so the crate states `LicenseRef-All-rights-reserved`
     --> spec.yaml:2:36
      |
    2 | info: {title: Users, version: '1', license: {name: All rights reserved}}
      |                                    ^
      = at: /info/license
      = help: write an SPDX expression as `info.license.name`, in `info.license.identifier` (OpenAPI 3.1), or as `package.license` in the configuration
    ");
}

#[test]
fn two_documents_in_one_file() {
    assert_snapshot!(errors("# Users\n---\nopenapi: 3.0.3\ninfo: {title: Users, version: '1'}\npaths: {}\n--- # more\na: 1\n"), @r"
    error[E001]: the input contains more than one YAML document: another one starts here
     --> spec.yaml:6:1
      |
    6 | --- # more
      | ^
      = help: keep one document, and remove this line and what follows it
    ");
}

#[test]
fn a_comment_before_the_json() {
    assert_snapshot!(errors("// Users\n/* of\n the API */ {\"openapi\": \"3.0.3\"}\n"), @r"
    error[E001]: the input is not valid JSON: it contains a comment
     --> spec.yaml:1:1
      |
    1 | // Users
      | ^
      = help: remove all comments
    ");
}

#[test]
fn a_tab_as_indentation() {
    assert_snapshot!(errors("openapi: 3.0.3\ninfo:\n\ttitle: Users\n"), @r"
    error[E001]: the input is not valid YAML: this line is indented with a tab
     --> spec.yaml:3:1
      |
    3 |  title: Users
      | ^
      = help: indent with spaces
    ");
}

#[test]
fn a_carriage_return_ends_a_line() {
    let refusal = errors("openapi: 3.0.3\rinfo:\r\n\ttitle: Users\n");
    assert!(refusal.contains("spec.yaml:3:1") && refusal.contains("3 |  title: Users"), "{refusal}");
}

#[test]
fn the_name_of_a_file_is_shown_on_one_line_too() {
    let found = generate(&Input::new("spec.yaml", "[]")).expect_err("it is not a document");
    let rendered = found.render("spec\u{1b}[31m\n.yaml", "[]", Palette::Plain);
    assert!(rendered.contains("--> spec [31m .yaml:1:1\n"), "{rendered}");
}

#[test]
fn bad_json() {
    assert_snapshot!(errors("{\n  \"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Users\" \"version\": \"1\"}\n}"), @r#"
    error[E001]: the input is not valid JSON: expected `,` or `}` here
     --> spec.yaml:3:29
      |
    3 |   "info": {"title": "Users" "version": "1"}
      |                             ^
      = help: add the missing comma or bracket before this position
    "#);
}

#[test]
fn a_duplicate_key_is_located_at_its_second_occurrence() {
    let refusal = errors_of(
        "
paths:
  /users:
    get:
      summary: All users
      operationId: listUsers
      operationId: list
      responses: {'204': {description: none}}
",
    );
    assert!(refusal.starts_with("error[E001]") && refusal.contains("`operationId`"), "{refusal}");
    assert!(refusal.contains("spec.yaml:9:7\n"), "{refusal}");
}

#[test]
fn an_undefined_alias() {
    assert_snapshot!(errors("
openapi: 3.0.3
info: *shared
paths: {}
"), @r"
    error[E001]: the input is not valid YAML: unknown anchor at line 3 column 7
     --> spec.yaml:3:7
      |
    3 | info: *shared
      |       ^
      = help: fix the syntax at this location
    ");
}

#[test]
fn an_invalid_merge_key_has_a_location() {
    let refusal = errors_of("paths:\n  /users:\n    <<: text\n");
    assert!(refusal.starts_with("error[E001]") && refusal.contains("spec.yaml:5:"), "{refusal}");
}

#[test]
fn an_empty_file() {
    assert_snapshot!(errors(""), @r"
    error[E002]: the input is empty
     --> spec.yaml:1:1
      = help: pass the OpenAPI document itself to the generator
    ");
}

#[test]
fn a_list() {
    assert_snapshot!(errors("- openapi: 3.0.3\n- info: {}\n"), @r"
    error[E002]: the document is not an object with keys such as `openapi` and `paths`
     --> spec.yaml:1:1
      |
    1 | - openapi: 3.0.3
      | ^
      = help: pass the OpenAPI document itself to the generator
    ");
}

#[test]
fn plain_text() {
    assert_snapshot!(errors("The API has two operations.\n"), @r"
    error[E002]: the document is not an object with keys such as `openapi` and `paths`
     --> spec.yaml:1:1
      |
    1 | The API has two operations.
      | ^
      = help: pass the OpenAPI document itself to the generator
    ");
}

#[test]
fn an_unsupported_swagger_version() {
    assert_snapshot!(errors("
swagger: '1.2'
info: {title: Users, version: '1'}
paths: {}
"), @"
    error[E004]: Swagger 1.2 is not supported
     --> spec.yaml:2:1
      |
    2 | swagger: '1.2'
      | ^
      = at: /swagger
      = help: write the document in OpenAPI 3.0, 3.1 or 3.2 (`openapi: 3.0.3`), or in Swagger 2.0
    ");
}

#[test]
fn an_unsupported_future_version() {
    // `paths` is not reported, as it may be present under another name.
    assert_snapshot!(errors("
openapi: 3.3.0
info: {title: Users, version: '1'}
"), @"
    error[E004]: OpenAPI 3.3.0 is not supported
     --> spec.yaml:2:1
      |
    2 | openapi: 3.3.0
      | ^
      = at: /openapi
      = help: write the document in OpenAPI 3.0, 3.1 or 3.2 (`openapi: 3.0.3`), or in Swagger 2.0
    ");
    let refusal = errors("openapi: 3.3.0\ninfo: {title: Users, version: '1'}\nwebhooks: {}\n");
    assert_eq!(refusal.matches("error[").count(), 1, "one fault: {refusal}");
}

#[test]
fn a_version_that_is_a_number() {
    assert_snapshot!(errors("
openapi: 4
info: {title: Users, version: '1'}
paths: {}
"), @"
    error[E004]: OpenAPI 4 is not supported
     --> spec.yaml:2:1
      |
    2 | openapi: 4
      | ^
      = at: /openapi
      = help: write the document in OpenAPI 3.0, 3.1 or 3.2 (`openapi: 3.0.3`), or in Swagger 2.0
    ");
}

#[test]
fn integers_of_any_size_are_parsed() {
    let document = "openapi: 3.1\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {N: {type: integer, \
                    maximum: 18446744073709552000, minimum: -18446744073709552000}}}\n";
    assert!(generate(&Input::new("spec.yaml", document)).is_ok());
}

#[test]
fn no_version() {
    assert_snapshot!(errors("
info: {title: Users, version: '1'}
paths: {}
"), @"
    error[E005]: the document has no `openapi` version
     --> spec.yaml:2:1
      |
    2 | info: {title: Users, version: '1'}
      | ^
      = help: add or correct this part; the OpenAPI specification requires it

    warning[W091]: the document has no operations, so the client has types only
     --> spec.yaml:3:1
      |
    3 | paths: {}
      | ^
      = at: /paths
      = help: no action needed if only the types are needed; otherwise describe the operations under `paths`
    ");
}

#[test]
fn no_info_and_no_paths() {
    assert_snapshot!(diagnostics("openapi: 3.0.3\n"), @"
    warning[W091]: the document has no operations, so the client has types only
     --> spec.yaml:1:1
      |
    1 | openapi: 3.0.3
      | ^
      = help: no action needed if only the types are needed; otherwise describe the operations under `paths`

    warning[W092]: the document has no `info`, so the client is named after the file
     --> spec.yaml:1:1
      |
    1 | openapi: 3.0.3
      | ^
      = help: add `info` with a `title` and a `version`
    ");
}

#[test]
fn no_title_and_no_version_of_the_api() {
    assert_snapshot!(diagnostics("
openapi: 3.0.3
info:
  description: Users and their sessions.
paths: {}
"), @"
    warning[W092]: `info` has no `title`, so the client is named after the file
     --> spec.yaml:3:1
      |
    3 | info:
      | ^
      = at: /info
      = help: add `info` with a `title` and a `version`

    warning[W092]: `info` has no `version`
     --> spec.yaml:3:1
      |
    3 | info:
      | ^
      = at: /info
      = help: add `info` with a `title` and a `version`

    warning[W091]: the document has no operations, so the client has types only
     --> spec.yaml:5:1
      |
    5 | paths: {}
      | ^
      = at: /paths
      = help: no action needed if only the types are needed; otherwise describe the operations under `paths`
    ");
}

#[test]
fn paths_in_a_list() {
    assert_snapshot!(errors_of("paths: [/users]\n"), @"
    error[E005]: `paths` is not an object
     --> spec.yaml:3:1
      |
    3 | paths: [/users]
      | ^
      = at: /paths
      = help: add or correct this part; the OpenAPI specification requires it
    ");
}

#[test]
fn an_operation_that_is_not_an_object() {
    let refusal = errors_of("paths:\n  /users:\n    get: listUsers\n");
    assert!(refusal.contains("object") && refusal.contains("spec.yaml:5:5\n"), "{refusal}");
    assert_eq!(refusal.matches("error[").count(), 1, "one fault: {refusal}");
}

#[test]
fn an_integer_beyond_64_bits_is_parsed() {
    let text = "openapi: 3.0.3\nx-big: 18446744073709552000\nx-small: -18446744073709552000\nx-tagged: !mine {a: 1}\n";
    assert!(generate(&Input::new("spec.yaml", text)).is_ok());
}

#[test]
fn schemas_nested_too_deeply() {
    let step = |step| format!("    Step{step}: {{allOf: [{{$ref: '#/components/schemas/Step{}'}}]}}\n", step + 1);
    let chain: Vec<String> = (0..66).map(step).collect();
    let chain = chain.concat();
    let lists = format!("{}{{type: string}}{}", "{type: array, items: ".repeat(26), "}".repeat(26));
    let document =
        format!("paths: {{}}\ncomponents:\n  schemas:\n{chain}    Step66: {{type: string}}\n    Lists: {lists}\n");
    assert_snapshot!(errors_of(&document), @"
    error[E054]: schema `Step1` is composed of other schemas more than 64 levels deep
     --> spec.yaml:7:5
      |
    7 |     Step1: {allOf: [{$ref: '#/components/schemas/Step2'}]}
      |     ^
      = at: /components/schemas/Step1
      = help: combine nested schemas, or move a nested schema to `components.schemas`

    error[E054]: arrays and maps are nested more than 24 levels deep
      --> spec.yaml:73:530
       |
    73 | ms: {type: array, items: {type: array, items: {type: array, items: {type: array, items: {type: string}}}}}}}}}
       |                                                             ^
       = at: /components/schemas/Lists/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items/items
       = help: combine nested schemas, or move a nested schema to `components.schemas`
    ");
}

#[test]
fn unknown_keys() {
    assert_snapshot!(diagnostics_of("
paths:
  /pets:
    gett: {operationId: listPets, responses: {'204': {description: none}}}
components:
  schemas:
    Pet: {type: object, propertis: {name: {type: string}}, anything: else}
"), @"
    warning[W046]: unknown key `gett` in a path item is ignored; did you mean `get`?
     --> spec.yaml:6:5
      |
    6 |     gett: {operationId: listPets, responses: {'204': {description: none}}}
      |     ^
      = at: /paths/~1pets/gett
      = help: correct the spelling of the key, or prefix it with `x-` if it is an extension

    warning[W046]: unknown key `propertis` in a schema is ignored; did you mean `properties`?
     --> spec.yaml:9:25
      |
    9 |     Pet: {type: object, propertis: {name: {type: string}}, anything: else}
      |                         ^
      = at: /components/schemas/Pet/propertis
      = help: correct the spelling of the key, or prefix it with `x-` if it is an extension
    ");
}
