//! Formats a drift for people: the diffs, the actions that writing takes, and their counts.

use std::path::Path;

use generator::diagnostics::Palette;

use crate::diff;
use crate::drift::{Drift, Entry, State};
use crate::owned::LIST;
use crate::paths::shown;

/// All drift: each file with its diff from the folder to the generated content. Empty if there is none.
#[must_use]
pub fn differences(drift: &Drift<'_>, palette: Palette) -> String {
    drift.entries.iter().map(|entry| difference(entry, palette)).collect()
}

/// The drift at a glance: as [`differences`], but at most 100 lines of each diff, and only the paths of missing files and of the
/// list of generated files.
#[must_use]
pub fn short_differences(drift: &Drift<'_>, palette: Palette) -> String {
    let short = |entry: &Entry<'_>| match entry.state {
        State::Missing { .. } => title(entry),
        _ if entry.path.as_path() == Path::new(LIST) => title(entry),
        _ => shortened(&difference(entry, palette)),
    };
    drift.entries.iter().map(short).collect()
}

/// The number of lines of a diff that [`short_differences`] shows.
const LINES: usize = 100;

fn shortened(diff: &str) -> String {
    let lines: Vec<&str> = diff.split_inclusive('\n').collect();
    let (shown, rest) = lines.split_at(LINES.min(lines.len()));
    match rest.len() {
        0 => diff.to_owned(),
        1 => format!("{}… 1 more line; -v shows all\n", shown.concat()),
        more => format!("{}… {} more lines; -v shows all\n", shown.concat(), grouped(more)),
    }
}

/// Returns a number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn difference(entry: &Entry<'_>, palette: Palette) -> String {
    let path = shown(&entry.path);
    let names = (format!("{path} (in the folder)"), format!("{path} (generated)"));
    title(entry) + &diff::unified((&names.0, &names.1), &entry.before(), entry.after(), palette)
}

fn title(entry: &Entry<'_>) -> String {
    let why = entry.foreign().map(|why| format!(": it {why}")).unwrap_or_default();
    format!("{} {}{why}\n", status(&entry.state), shown(&entry.path))
}

fn status(state: &State<'_>) -> &'static str {
    match state {
        State::Missing { .. } => "missing",
        State::Changed { .. } => "changed",
        State::Stale { .. } => "stale",
        State::Foreign(_) => "foreign",
        State::Edited { .. } => "edited",
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
        State::Foreign(_) | State::Edited { .. } => "rejected",
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
