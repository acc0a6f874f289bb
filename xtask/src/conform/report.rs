//! The page with the results: a row for each group, and every failure with its reason.

use std::collections::BTreeMap;

use super::run::Verdict;
use super::scenarios::Scenario;
use crate::cli::Version;

/// The result of a scenario in one version of OpenAPI.
pub(crate) struct Entry<'a> {
    pub(crate) version: Version,
    pub(crate) scenario: &'a Scenario,
    pub(crate) verdict: Verdict,
}

/// How many scenarios have each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) scenarios: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) not_checked: usize,
}

impl Counts {
    /// Counts the entries of a version.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = &'a Entry<'a>>) -> Self {
        let mut counts = Self::default();
        for entry in entries {
            counts.scenarios += 1;
            match entry.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::NotChecked(_) => counts.not_checked += 1,
            }
        }
        counts
    }

    fn row(self, name: &str) -> String {
        let Self { scenarios, passed, failed, not_checked } = self;
        format!("| {name} | {scenarios} | {passed} | {failed} | {not_checked} |\n")
    }
}

/// Writes the page. `is_complete` is whether all documents of these versions were run.
pub(crate) fn markdown(entries: &[Entry<'_>], versions: &[Version], is_complete: bool) -> String {
    let mut text = String::from("# Conformance\n\n");
    text.push_str(
        "Results of the scenarios of TypeSpec's Spector suite (`@typespec/http-specs` 0.1.0-alpha.33) with generated clients. \
         Written by `cargo xtask conform FOLDER`, where FOLDER holds `scenarios.json`, `openapi-3.0` and `openapi-3.1`.\n\n\
         For each scenario, the arguments of the calls are read from the requests in `scenarios.json`. The requests that the \
         client sends to a loopback server are compared with the scenario: method, path, query, headers and body. Then the \
         decoded responses, encoded again, are compared with those of the scenario. A scenario is *not checked* if the suite \
         has no data to compare with.\n\n\
         Details: dates that differ only in the digits of their fraction are equal, and so are all media types of JSON. A request that no operation \
         describes is made as a plain request if a link of an earlier response leads to it. Tokens of later pages are \
         arguments from the scenario. Responses for which the suite has no data repeat the request, as on the suite's own \
         server. The client needs a credential for some operations; if the scenario has none, it is `invalid`.\n",
    );
    text.push_str(&format!("\nGenerator version: {}.\n", env!("CARGO_PKG_VERSION")));
    if !is_complete {
        text.push_str("\nThis run was restricted to some documents.\n");
    }
    for version in versions {
        let of_version: Vec<_> = entries.iter().filter(|entry| entry.version == *version).collect();
        text.push_str(&format!("\n## OpenAPI {version}\n\n"));
        text.push_str(&table(&of_version));
        text.push_str(&reasons("Failed", &of_version, |verdict| match verdict {
            Verdict::Failed(reason) => Some(reason),
            _ => None,
        }));
        text.push_str(&reasons("Not checked", &of_version, |verdict| match verdict {
            Verdict::NotChecked(reason) => Some(reason),
            _ => None,
        }));
    }
    text
}

fn table(entries: &[&Entry<'_>]) -> String {
    let mut groups: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.scenario.spec).or_default().push(entry);
    }
    let mut text = String::from("| group | scenarios | passed | failed | not checked |\n|---|---:|---:|---:|---:|\n");
    for (name, entries) in &groups {
        text.push_str(&Counts::of(entries.iter().copied()).row(name));
    }
    text.push_str(&Counts::of(entries.iter().copied()).row("**all**"));
    text
}

fn reasons(title: &str, entries: &[&Entry<'_>], reason: impl Fn(&Verdict) -> Option<&String>) -> String {
    let mut text = String::new();
    for entry in entries {
        if let Some(reason) = reason(&entry.verdict) {
            text.push_str(&format!("- `{}`: {}\n", entry.scenario.name, one_line(reason)));
        }
    }
    if text.is_empty() { text } else { format!("\n### {title}\n\n{text}") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
