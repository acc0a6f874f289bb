//! Heading anchors of a namespace's page, as GitHub generates them: a repeated heading gets a number.

use std::collections::BTreeMap;

use crate::ir::{Api, Namespace};

/// Returns the anchors of the operations of a namespace, in order.
///
/// `headings` are all headings of the page, in order, each with whether it belongs to an operation.
pub(super) fn of_operations(headings: &[(String, bool)]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let anchors = headings.iter().map(|(heading, is_operation)| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        let count = seen.entry(slug.clone()).or_default();
        *count += 1;
        (if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }, *is_operation)
    });
    anchors.filter_map(|(anchor, is_operation)| is_operation.then_some(anchor)).collect()
}

/// Returns the headings of a namespace's page.
pub(super) fn headings(api: &Api, group: &Namespace, title: &str) -> Vec<(String, bool)> {
    let mut headings: Vec<_> =
        [title, "Overview", "Available Operations"].map(|words| (words.to_owned(), false)).into();
    for operation in group.operations.iter().map(|index| api.operation(*index)) {
        headings.push((operation.method_ident.clone(), true));
        let waiting = operation.long_running.is_some().then_some("Waiting for the job");
        let before = ["Example Usage", "Standalone function"];
        let sections = before.into_iter().chain(waiting).chain(["Parameters", "Response", "Errors"]);
        headings.extend(sections.map(|words| (words.to_owned(), false)));
    }
    headings
}
