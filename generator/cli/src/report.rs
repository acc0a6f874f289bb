//! Formats a drift for people: the diffs, the actions that writing takes, and their counts.

use generator::diagnostics::Palette;

use crate::diff;
use crate::drift::{Drift, Entry, State};
use crate::paths::shown;

/// All drift: each file with its diff from the folder to the generated content. Empty if there is none.
#[must_use]
pub fn differences(drift: &Drift<'_>, palette: Palette) -> String {
    drift.entries.iter().map(|entry| difference(entry, palette)).collect()
}

fn difference(entry: &Entry<'_>, palette: Palette) -> String {
    let path = shown(&entry.path);
    let why = entry.foreign().map(|why| format!(": it {why}")).unwrap_or_default();
    let names = (format!("{path} (in the folder)"), format!("{path} (generated)"));
    let diff = diff::unified((&names.0, &names.1), &entry.before(), entry.after(), palette);
    format!("{} {path}{why}\n{diff}", status(&entry.state))
}

fn status(state: &State<'_>) -> &'static str {
    match state {
        State::Missing { .. } => "missing",
        State::Changed { .. } => "changed",
        State::Stale { .. } => "stale",
        State::Foreign(_) => "foreign",
        State::Edited(_) => "edited",
    }
}

/// The number of files with each status: `2 changed, 1 stale`.
#[must_use]
pub fn status_counts(drift: &Drift<'_>) -> String {
    tally(drift, status)
}

/// One line per file with the action that writing takes: `updated src/lib.rs (+1 -2)`.
#[must_use]
pub fn actions(drift: &Drift<'_>) -> String {
    let line = |entry: &Entry<'_>| {
        let counts = diff::count(&entry.before(), entry.after());
        format!("  {} {} ({counts})\n", action(&entry.state), shown(&entry.path))
    };
    drift.entries.iter().map(line).collect()
}

/// The number of files with each of the [`actions`]: `2 updated, 1 removed`.
#[must_use]
pub fn action_counts(drift: &Drift<'_>) -> String {
    tally(drift, action)
}

fn action(state: &State<'_>) -> &'static str {
    match state {
        State::Missing { .. } => "created",
        State::Changed { .. } => "updated",
        State::Stale { .. } => "removed",
        State::Foreign(_) | State::Edited(_) => "rejected",
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
