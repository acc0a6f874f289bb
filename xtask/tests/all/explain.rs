//! `explain`: prints the explanation of a diagnostic.

use generator::diagnostics::catalogue::{ALL, BAD_TEMPLATE, UNRESOLVED_REFERENCE};

use crate::sandbox::{SPEC, Sandbox, contains};

const EXAMPLES: &str = "Wrong:
    paths:
      /users:
        get:
          operationId: listUsers
          parameters: [{$ref: '#/components/parameters/pge'}]
          responses: {'204': {description: Done}}
    components:
      parameters:
        page: {name: page, in: query, schema: {type: integer}}
Right:
    paths:
      /users:
        get:
          operationId: listUsers
          parameters: [{$ref: '#/components/parameters/page'}]
          responses: {'204': {description: Done}}
    components:
      parameters:
        page: {name: page, in: query, schema: {type: integer}}
";

#[test]
fn a_code_in_upper_or_lower_case_is_explained_with_its_examples_and_help() {
    let code = &UNRESOLVED_REFERENCE;
    for id in [code.id.to_owned(), code.id.to_lowercase()] {
        let run = Sandbox::new(SPEC).run(&["explain", &id]).succeeds();
        let (start, end) = (format!("{}: {}\n", code.id, code.explanation), format!("help: {}\n", code.help));
        let page = run.out.strip_prefix(&start).and_then(|page| page.strip_suffix(&end));
        assert_eq!(page.unwrap(), EXAMPLES);
    }
}

#[test]
fn a_code_without_an_example_is_explained_with_the_reason() {
    let run = Sandbox::new(SPEC).run(&["explain", BAD_TEMPLATE.id]).succeeds();
    contains(&run.out, "\nNo example: no document is known ");
}

#[test]
fn an_unknown_code_is_an_error_that_says_how_to_list_all() {
    let run = Sandbox::new(SPEC).run(&["explain", "E999"]).ends_with(2);
    contains(&run.err, "error: there is no diagnostic \"E999\"\nhelp: `explain` without a code lists all of them");
}

#[test]
fn without_a_code_all_codes_are_listed() {
    let run = Sandbox::new(SPEC).run(&["explain"]).succeeds();
    assert_eq!(run.out.lines().count(), ALL.len());
}
