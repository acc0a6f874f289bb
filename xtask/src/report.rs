//! A drift in words: what would change, what has changed, and how much. Prints nothing itself.

use generator::diagnostics::Palette;

use crate::diff;
use crate::drift::{Drift, Entry, State};
use crate::workspace::shown;

/// All drift, each file with its diff from what lies in the folder to what was generated. Empty for none.
#[must_use]
pub fn differences(drift: &Drift<'_>, palette: Palette) -> String {
    drift.entries.iter().map(|entry| difference(entry, palette)).collect()
}

fn difference(entry: &Entry<'_>, palette: Palette) -> String {
    let path = shown(&entry.path);
    let why = entry.foreign().map(|why| format!(": it {why}")).unwrap_or_default();
    let names = (format!("{path} (in the folder)"), format!("{path} (generated)"));
    let diff = diff::unified((&names.0, &names.1), &entry.before(), entry.after(), palette);
    format!("{} {path}{why}\n{diff}", condition(&entry.state))
}

fn condition(state: &State<'_>) -> &'static str {
    match state {
        State::Missing { .. } => "missing",
        State::Changed { .. } => "changed",
        State::Stale { .. } => "stale",
        State::Foreign(_) => "foreign",
    }
}

/// How many files are in which condition: `2 changed, 1 stale`.
#[must_use]
pub fn conditions(drift: &Drift<'_>) -> String {
    tally(drift, condition)
}

/// One line for each file with what writing does to it, as a verb: `updated src/lib.rs (+1 -2)`.
#[must_use]
pub fn deeds(drift: &Drift<'_>) -> String {
    let line = |entry: &Entry<'_>| {
        let counts = diff::count(&entry.before(), entry.after());
        format!("  {} {} ({counts})\n", deed(&entry.state), shown(&entry.path))
    };
    drift.entries.iter().map(line).collect()
}

/// How many files meet with which of the [`deeds`]: `2 updated, 1 removed`.
#[must_use]
pub fn deed_counts(drift: &Drift<'_>) -> String {
    tally(drift, deed)
}

fn deed(state: &State<'_>) -> &'static str {
    match state {
        State::Missing { .. } => "created",
        State::Changed { .. } => "updated",
        State::Stale { .. } => "removed",
        State::Foreign(_) => "refused",
    }
}

fn tally(drift: &Drift<'_>, word: fn(&State<'_>) -> &'static str) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for entry in &drift.entries {
        let word = word(&entry.state);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}
