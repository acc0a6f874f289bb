//! The short run of every target, with a fixed seed.

#![expect(clippy::expect_used, reason = "the test looks up known targets")]

use fuzz::campaign::Plan;
use fuzz::targets;

fn check(name: &str) {
    let target = targets::ALL.iter().find(|target| target.name == name).expect("the target exists");
    let outcome = target.run(&Plan { seed: 1, cases: Some(target.short), ..Plan::default() });
    let finding = outcome.finding.map(|finding| format!("{}\n{}", finding.reason, finding.input));
    assert_eq!(finding, None);
    assert_eq!(outcome.executions, target.short);
}

#[test]
fn responses_decode_or_give_an_error_that_describes_them() {
    check("decode");
}

#[test]
fn a_response_is_the_rest_of_a_download_or_an_error() {
    check("download");
}

#[test]
fn runtime_expressions_are_parsed_or_rejected() {
    check("expression");
}

#[test]
fn errors_name_the_json_path_of_a_mismatch() {
    check("misfit");
}

#[test]
fn names_are_identifiers() {
    check("names");
}

#[test]
fn path_values_stay_one_segment() {
    check("path");
}

#[test]
fn values_are_found_at_their_pointers() {
    check("pointer");
}

#[test]
fn rendered_diagnostics_are_bounded() {
    check("render");
}

#[test]
fn retry_after_is_a_bounded_wait_or_none() {
    check("retry-after");
}

#[test]
fn documents_are_accepted_or_rejected_with_diagnostics() {
    check("spec");
}

#[test]
fn streams_give_the_same_items_however_they_are_split() {
    check("stream");
}

#[test]
fn xml_that_was_read_is_written_unchanged() {
    check("xml");
}
