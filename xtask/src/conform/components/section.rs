//! The section of the page about components.

use std::collections::BTreeMap;

use super::batch::Settings;
use super::record::{Component, Outcome};

/// The results for a folder.
pub(crate) struct Folder {
    /// The name of the folder.
    pub(crate) name: String,
    /// The outcomes by document.
    pub(crate) documents: Vec<(String, Outcome)>,
}

/// The sums of a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) documents: usize,
    pub(crate) rejected: usize,
    pub(crate) failed: usize,
    /// The components with at least one valid value.
    pub(crate) components: usize,
    /// The components without a valid value, or with a schema that the judge cannot use.
    pub(crate) not_checked: usize,
    pub(crate) samples: usize,
    pub(crate) discarded: usize,
    pub(crate) completed: usize,
    pub(crate) lossy: usize,
    pub(crate) lost: usize,
}

impl Sums {
    pub(crate) fn of<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let mut sums = Self::default();
        for outcome in outcomes {
            sums.documents += 1;
            match outcome {
                Outcome::Rejected(_) => sums.rejected += 1,
                Outcome::Failed(_) => sums.failed += 1,
                Outcome::Checked(components) => components.iter().for_each(|component| sums.add(component)),
            }
        }
        sums
    }

    fn add(&mut self, component: &Component) {
        let lost = component.losses.iter().map(|loss| loss.values).sum::<usize>();
        self.samples += component.samples;
        self.discarded += component.discarded;
        self.completed += component.completed;
        self.lost += lost;
        self.components += usize::from(component.samples > 0);
        self.not_checked += usize::from(component.samples == 0);
        self.lossy += usize::from(lost > 0);
    }

    fn row(self, name: &str) -> String {
        let Self { documents, rejected, failed, components, not_checked, samples, discarded, completed, lossy, lost } =
            self;
        let share = ((components - lossy) * 10_000).checked_div(components).unwrap_or_default();
        let share = format!("{}.{:02} %", share / 100, share % 100);
        format!(
            "| {name} | {documents} | {rejected} | {failed} | {components} | {lossy} | {share} | {samples} | {completed} | {lost} | {not_checked} | {discarded} |\n"
        )
    }
}

/// Describes the results.
pub(crate) fn markdown(folders: &[Folder], settings: Settings) -> String {
    let mut text = format!(
        "For each component, up to {} random values were made from the schema (seed {}). The crate `jsonschema` judges them with \
         Draft 2020-12; values that it rejects are discarded. Each value was decoded as the generated type and encoded again. \
         A value is lost if it cannot be decoded, or if another value comes back; numbers are compared by value. \
         It is completed if it comes back with defaults of the document for properties that it does not have, and is otherwise the same. Values are \
         those of responses: without properties that have `writeOnly`. Properties that a schema does not list are made only if \
         `additionalProperties` or `patternProperties` is stated. A discriminator is read as a condition: a value has a tag of its schema. Formats \
         are not judged. Files of the JSON Schema Test Suite are read as a document for each case, with the valid values of its tests instead \
         of random ones. A component is not checked if no valid value was found or the judge cannot use the schema.\n\n",
        settings.samples, settings.seed
    );
    text.push_str("| folder | documents | rejected | failed | components | with losses | without losses | values | completed | lost | components not checked | discarded values |\n");
    text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    for folder in folders {
        text.push_str(&Sums::of(folder.documents.iter().map(|(_, outcome)| outcome)).row(&folder.name));
    }
    let all = folders.iter().flat_map(|folder| &folder.documents).map(|(_, outcome)| outcome);
    text.push_str(&Sums::of(all).row("**all**"));
    for folder in folders {
        text.push_str(&losses(folder));
    }
    text
}

/// The failures and losses of a folder, each with its reason.
fn losses(folder: &Folder) -> String {
    let mut text = String::new();
    for (name, outcome) in &folder.documents {
        match outcome {
            Outcome::Rejected(_) => {}
            Outcome::Failed(reason) => text.push_str(&format!("- `{name}` failed: {}\n", one_line(reason))),
            Outcome::Checked(components) => {
                for (reason, names) in by_reason(components) {
                    text.push_str(&format!("- `{name}`: {}: {}\n", names.join(", "), one_line(&reason)));
                }
            }
        }
    }
    if text.is_empty() { text } else { format!("\n### Losses in {}\n\n{text}", folder.name) }
}

fn by_reason(components: &[Component]) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for component in components {
        for loss in &component.losses {
            let names = reasons.entry(without_value(&loss.reason)).or_default();
            let name = format!("`{}`", component.name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    reasons
}

/// A reason without the value that has the wrong type, so that equal reasons are listed once.
fn without_value(reason: &str) -> String {
    match (reason.split_once(" `"), reason.rsplit_once("`, expected ")) {
        (Some((start, _)), Some((_, end))) if start.contains("invalid ") => format!("{start}, expected {end}"),
        _ => reason.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::components::record::Loss;

    fn component(name: &str, samples: usize, reasons: &[&str]) -> Component {
        let loss =
            |reason: &&str| Loss { reason: (*reason).to_owned(), values: 1, example: String::new(), result: None };
        let losses = reasons.iter().map(loss).collect();
        Component { name: name.to_owned(), samples, discarded: 1, completed: 0, unjudged: None, losses }
    }

    #[test]
    fn losses_are_counted_and_listed_by_reason() {
        let components = vec![
            component(
                "A",
                2,
                &[
                    "not decoded: invalid type: integer `1`, expected a string",
                    "not decoded: invalid type: integer `2`, expected a string",
                ],
            ),
            component("B", 2, &[]),
            component("C", 0, &[]),
        ];
        let outcomes = [Outcome::Checked(components), Outcome::Rejected("E001".to_owned())];
        let sums = Sums::of(&outcomes);
        assert_eq!(
            (sums.documents, sums.rejected, sums.components, sums.lossy, sums.lost, sums.not_checked),
            (2, 1, 2, 1, 2, 1)
        );
        let folder = Folder { name: "f".to_owned(), documents: vec![("d.json".to_owned(), outcomes[0].clone())] };
        let text = markdown(&[folder], Settings { samples: 2, seed: 1 });
        assert!(text.contains("| **all** | 1 | 0 | 0 | 2 | 1 | 50.00 % | 4 | 0 | 2 | 1 | 3 |"), "{text}");
        assert!(text.contains("- `d.json`: `A`: not decoded: invalid type: integer, expected a string\n"), "{text}");
    }
}
