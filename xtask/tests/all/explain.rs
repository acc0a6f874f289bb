//! `explain`: prints the explanation of a diagnostic.

use generator::diagnostics::catalogue::{ALL, UNRESOLVED_REFERENCE};

use crate::sandbox::{SPEC, Sandbox, contains};

#[test]
fn a_code_in_upper_or_lower_case_is_explained_with_its_help() {
    let code = &UNRESOLVED_REFERENCE;
    for id in [code.id.to_owned(), code.id.to_lowercase()] {
        let run = Sandbox::new(SPEC).run(&["explain", &id]).succeeds();
        assert_eq!(run.out, format!("{}: {}\nhelp: {}\n", code.id, code.explanation, code.help));
    }
}

#[test]
fn an_unknown_code_is_an_error_that_lists_all_codes() {
    let run = Sandbox::new(SPEC).run(&["explain", "E999"]).ends_with(2);
    contains(&run.err, "error: there is no diagnostic \"E999\"; the known codes are E001, ");
    for code in ALL {
        contains(&run.err, code.id);
    }
}

#[test]
fn without_a_code_all_codes_are_listed() {
    let run = Sandbox::new(SPEC).run(&["explain"]).succeeds();
    assert_eq!(run.out.lines().count(), ALL.len());
}
