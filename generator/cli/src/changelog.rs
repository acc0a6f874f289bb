//! Describes the changes between two versions of a crate, and writes them into its `CHANGELOG.md`.

use crate::surface::{Change, Impact};

/// The path of the file in the folder of a crate.
pub const FILE: &str = "CHANGELOG.md";

const START: &str = "<!-- changes found by clientsmith -->";
const END: &str = "<!-- end -->";

/// Returns the changes as Markdown: a list for each impact.
#[must_use]
pub fn markdown(changes: &[Change], heading: &str) -> String {
    let mut text = String::new();
    for (impact, title) in
        [(Impact::Major, "Breaking changes"), (Impact::Minor, "Additions"), (Impact::Patch, "Other changes")]
    {
        let mut lines = changes.iter().filter(|change| change.impact == impact).peekable();
        if lines.peek().is_some() {
            text.push_str(&format!("{}{heading} {title}\n\n", if text.is_empty() { "" } else { "\n" }));
        }
        for change in lines {
            text.push_str(&format!("- {}\n", sentence(change)));
        }
    }
    if text.is_empty() { "The public API is the same.\n".to_owned() } else { text }
}

/// What changed, and what users do about it.
fn sentence(change: &Change) -> String {
    match &change.hint {
        Some(hint) => format!("{}: {hint}.", change.message),
        None => format!("{}.", change.message),
    }
}

/// Returns the changelog with the entry of a version. What the tool wrote for this version before is replaced; everything else stays
/// as it is.
#[must_use]
pub fn with_entry(changelog: &str, version: &str, changes: &[Change]) -> String {
    if changelog.contains("\r\n") {
        return with_entry(&changelog.replace("\r\n", "\n"), version, changes).replace('\n', "\r\n");
    }
    let block = format!("{START}\n\n{}\n{END}\n", markdown(changes, "###"));
    let Some((start, end)) = section(changelog, version) else {
        return with_section(changelog, &format!("## {version}\n\n{block}"));
    };
    let (before, rest) = changelog.split_at(start);
    let (section, after) = rest.split_at(end - start);
    let section = match section.split_once(START).and_then(|(own, rest)| Some((own, rest.split_once(END)?.1))) {
        Some((own, rest)) => format!("{own}{block}{}", rest.strip_prefix('\n').unwrap_or(rest)),
        None => {
            let (title, rest) = section.split_once('\n').unwrap_or((section, ""));
            format!("{title}\n\n{block}{rest}")
        }
    };
    format!("{before}{section}{after}")
}

/// Adds a section before the first one.
fn with_section(changelog: &str, section: &str) -> String {
    if changelog.trim().is_empty() {
        return format!("# Changelog\n\n{section}");
    }
    match headings(changelog).find(|(_, title)| !title.to_lowercase().contains("unreleased")) {
        Some((start, _)) => {
            let (before, after) = changelog.split_at(start);
            format!("{before}{section}\n{after}")
        }
        None => format!("{}\n\n{section}", changelog.trim_end()),
    }
}

/// The start and the end of the section about a version.
fn section(changelog: &str, version: &str) -> Option<(usize, usize)> {
    let mut headings = headings(changelog).skip_while(|(_, title)| {
        let first = title.split([' ', '[', ']', '(', ')']).find(|word| !word.is_empty()).unwrap_or_default();
        first.trim_start_matches('v') != version
    });
    let (start, _) = headings.next()?;
    Some((start, headings.next().map_or(changelog.len(), |(start, _)| start)))
}

/// The headings of the second level: where each starts, and its text. Lines in blocks of code and in comments are not headings.
fn headings(changelog: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut start, mut is_code, mut is_comment) = (0, false, false);
    changelog.split_inclusive('\n').filter_map(move |line| {
        let here = start;
        start += line.len();
        if line.starts_with("```") || line.starts_with("~~~") {
            is_code = !is_code;
        }
        is_comment |= line.contains("<!--");
        let title = line.strip_prefix("## ").filter(|_| !is_code && !is_comment);
        is_comment &= !line.contains("-->");
        Some((here, title?.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_the_owner_stays() {
        let first = with_entry("", "0.1.0", &[]);
        assert!(first.starts_with("# Changelog\n\n## 0.1.0\n"), "{first}");
        let edited = first.replace(END, &format!("{END}\n\nThanks to all.")).replace("## 0.1.0", "## [v0.1.0] - today");
        assert_eq!(with_entry(&edited, "0.1.0", &[]), edited);
        let second = with_entry(&edited, "0.2.0", &[]);
        assert!(
            second.contains("## 0.2.0") && second.ends_with(edited.strip_prefix("# Changelog\n\n").unwrap()),
            "{second}"
        );
        let fenced = "# News\n\n```\n## 9.9.9\n```\n\n## [Unreleased]\n\n## 1.0.0 (see 0.3.0)\n";
        let added = with_entry(fenced, "0.3.0", &[]);
        assert!(added.starts_with("# News\n\n```\n## 9.9.9\n```\n\n## [Unreleased]\n\n## 0.3.0\n"), "{added}");
        assert!(added.ends_with("\n## 1.0.0 (see 0.3.0)\n"), "{added}");
        assert_eq!(with_entry(&fenced.replace('\n', "\r\n"), "0.3.0", &[]), added.replace('\n', "\r\n"));
        let own = "# News\n\nAll of it.\n\n## 0.3.0\n\nBy hand.\n";
        let added = with_entry(own, "0.3.0", &[]);
        assert!(
            added.starts_with("# News\n\nAll of it.\n\n## 0.3.0\n\n<!--") && added.ends_with("\nBy hand.\n"),
            "{added}"
        );
    }
}
