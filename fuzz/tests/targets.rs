//! The short run of every target, from the same seed each time.

#![expect(clippy::expect_used, reason = "a test that stands on its own")]

use fuzz::campaign::Plan;
use fuzz::targets;

fn check(name: &str) {
    let target = targets::ALL.iter().find(|target| target.name == name).expect("there is such a target");
    let outcome = target.run(&Plan { seed: 1, cases: Some(target.short), ..Plan::default() });
    let finding = outcome.finding.map(|finding| format!("{}\n{}", finding.reason, finding.input));
    assert_eq!(finding, None);
    assert_eq!(outcome.executions, target.short);
}

#[test]
fn replies_are_values_or_errors_that_say_what_came() {
    check("decode");
}

#[test]
fn runtime_expressions_are_understood_or_refused() {
    check("expression");
}

#[test]
fn errors_name_the_way_to_what_does_not_fit() {
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
fn values_are_found_again_at_their_pointers() {
    check("pointer");
}

#[test]
fn findings_are_shown_in_bounded_space() {
    check("render");
}

#[test]
fn retry_after_is_a_bounded_wait_or_none() {
    check("retry-after");
}

#[test]
fn documents_are_taken_or_refused_in_words() {
    check("spec");
}

#[test]
fn streams_give_the_same_parts_however_they_are_cut() {
    check("stream");
}
