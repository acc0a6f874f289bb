//! Describes the results of scenarios: a row for each group, and every failure with its reason.

use std::collections::BTreeMap;

use super::page::Section;
use super::reasons;
use super::run::Verdict;
use super::scenarios::Scenario;
use crate::cli::Version;

/// The result of a scenario in one version of OpenAPI.
pub(crate) struct Entry<'a> {
    pub(crate) version: Version,
    pub(crate) scenario: &'a Scenario,
    pub(crate) verdict: Verdict,
}

/// Groups about formats, files and multipart bodies. The other groups are also counted without them.
const LATER: [&str; 3] = ["payload-multipart", "type-file", "encode-"];

/// How many scenarios have each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) scenarios: usize,
    /// Those that the suite handles with code of its own.
    pub(crate) custom: usize,
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
            counts.custom += usize::from(entry.scenario.apis.iter().any(|exchange| exchange.custom));
            match entry.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::NotChecked(_) => counts.not_checked += 1,
            }
        }
        counts
    }

    fn row(self, name: &str) -> String {
        let Self { scenarios, custom, passed, failed, not_checked } = self;
        format!("| {name} | {scenarios} | {custom} | {passed} | {failed} | {not_checked} |\n")
    }
}

/// What is compared.
const METHOD: &str = "For each scenario, the arguments of the calls are read from the requests in `scenarios.json`. The requests \
that the client sends to a loopback server are compared with the scenario: method, path, query, headers and body. Then the decoded \
responses, encoded again, and their headers are compared with those of the scenario. A scenario is *not checked* if the suite has no \
data to compare with.\n";

/// What is special to the suite.
const SPECTOR: &str = "The suite is TypeSpec's `@typespec/http-specs` 0.1.0-alpha.33: the 740 of its 748 scenarios that OpenAPI \
can express.\n\n\
Details: dates that differ only in the digits of their fraction are equal, and so are all media types of JSON. A request that no operation \
describes is made as a plain request if an earlier response has a link to it. Tokens of later pages are arguments from the \
scenario. Responses for which the suite has no data repeat the request, as on the suite's own server. \
Three bodies that this server does not read are empty objects. The client needs a \
credential for some operations; if the scenario has none, it is `invalid`.\n\n\
*With code* is the number of scenarios that the suite's server handles with code of its own, which this run does not have: the data \
in `scenarios.json` is compared instead. Multipart forms are built from their parts; a file has the content type of the scenario only if the \
document states none. For three scenarios without data, the files are what that code expects: `image.png` of type `image/png`, once or twice, \
with another content. Bodies in XML are compared by elements, attributes and texts; of a decoded response in XML, all texts and \
attributes are compared, not its structure.\n";

/// What is special to the scenarios of this repository.
const OWN: &str = "The scenarios are in `tests/conformance`, in the format of the suite above: the styles of \
parameters that OpenAPI describes with tables, expansions of RFC 6570, and one exchange of each kind. Their \
queries are compared as they are written, not decoded. Some run in `cargo test`.\n";

/// Describes the results.
pub(crate) fn markdown(entries: &[Entry<'_>], versions: &[Version], section: Section) -> String {
    let about = if section == Section::Own { OWN } else { SPECTOR };
    let mut text = format!("{about}\n{METHOD}");
    for version in versions {
        let of_version: Vec<_> = entries.iter().filter(|entry| entry.version == *version).collect();
        text.push_str(&format!("\n### OpenAPI {version}\n\n"));
        text.push_str(&table(&of_version));
        text.push_str(&failures(&of_version));
        text.push_str(&list("Not checked", &of_version, |entry| match &entry.verdict {
            Verdict::NotChecked(reason) => Some(reason.clone()),
            _ => None,
        }));
    }
    text
}

/// The failures, each with its reason.
fn failures(entries: &[&Entry<'_>]) -> String {
    list("Failed", entries, |entry| match &entry.verdict {
        Verdict::Failed(difference) => match reasons::of(&entry.scenario.name) {
            Some(reason) => Some(format!("{reason} ({difference})")),
            None => Some(difference.clone()),
        },
        _ => None,
    })
}

fn table(entries: &[&Entry<'_>]) -> String {
    let mut groups: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.scenario.spec).or_default().push(entry);
    }
    let mut text = String::from(
        "| group | scenarios | with code | passed | failed | not checked |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for (name, entries) in &groups {
        text.push_str(&Counts::of(entries.iter().copied()).row(name));
    }
    text.push_str(&Counts::of(entries.iter().copied()).row("**all**"));
    let others = entries.iter().filter(|entry| !LATER.iter().any(|group| entry.scenario.spec.starts_with(group)));
    let others: Vec<_> = others.copied().collect();
    if others.len() < entries.len() {
        let counts = Counts::of(others);
        text.push_str(&counts.row("without `payload-multipart`, `type-file`, `encode-*`"));
    }
    text
}

fn list(title: &str, entries: &[&Entry<'_>], reason: impl Fn(&Entry<'_>) -> Option<String>) -> String {
    let mut text = String::new();
    for entry in entries {
        if let Some(reason) = reason(entry) {
            text.push_str(&format!("- `{}`: {}\n", entry.scenario.name, one_line(&reason)));
        }
    }
    if text.is_empty() { text } else { format!("\n#### {title}\n\n{text}") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
