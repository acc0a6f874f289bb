//! Links and anchors of Markdown pages, by the rules of GitHub.

use std::collections::{BTreeMap, BTreeSet};

/// Pages and other files, by path.
type Files = BTreeMap<String, String>;

/// The lines of a page outside of code blocks.
pub(super) fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut fence: Option<String> = None;
    text.lines().filter(move |line| {
        let signs: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if signs.len() >= 3 => fence = Some(signs),
            None => return true,
        }
        false
    })
}

/// The line without code spans and escaped characters. If the text of a link is code, it becomes empty.
pub(super) fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let hidden = if c == '`' { span(rest) } else { 0 };
        let length = c.len_utf8();
        let escaped = if c == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
        if hidden + escaped == 0 {
            out.push(c);
        }
        rest = &rest[(hidden + escaped).max(length)..];
    }
    out
}

/// The length of the code span at the start of a text, or of its backticks if the span is not closed.
fn span(text: &str) -> usize {
    let run = text.chars().take_while(|c| *c == '`').count();
    let (fence, inner) = text.split_at(run);
    let closes = |at: &usize| !inner[..*at].ends_with('`') && !inner[at + run..].starts_with('`');
    let end = inner.match_indices(fence).map(|(at, _)| at).find(closes);
    end.map_or(run, |end| 2 * run + end)
}

/// The texts and targets of all links.
fn links(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // The text of a link may be code, so its target is searched in the original line.
    for line in outside_code(text) {
        let bare = without_code(line);
        let mut rest = bare.as_str();
        while let Some(at) = rest.find("](") {
            let words = rest[..at].rfind('[').map_or("", |begin| &rest[begin + 1..at]);
            let target = &rest[at + 2..];
            let end = target.find(')').unwrap_or(target.len());
            found.push((words.to_owned(), target[..end].to_owned()));
            rest = &target[end..];
        }
    }
    found
}

/// The anchors of the headings of a page, with the text of the heading.
fn anchors(text: &str) -> BTreeMap<String, String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let headings =
        outside_code(text).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchors = headings.map(|heading| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug: String = kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
        let count = seen.entry(slug.clone()).or_default();
        *count += 1;
        (if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }, heading.to_owned())
    });
    anchors.collect()
}

pub(super) fn is_page(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "md")
}

/// The path from the root for a path relative to a page. `None` if it is outside of the root.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => parts.pop().map(drop)?,
            "." | "" => {}
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Broken links, and links in lists of operations whose text does not match the heading.
pub(super) fn broken(files: &Files) -> Vec<String> {
    let mut broken = Vec::new();
    for (page, text) in files.iter().filter(|(path, _)| is_page(path)) {
        for (words, target) in links(text).into_iter().filter(|(_, target)| !target.contains("://")) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if path.is_empty() { Some(page.clone()) } else { resolve(page, path) };
            let file = path.and_then(|path| files.get(&path));
            let heading = file.and_then(|text| anchors(text).remove(anchor));
            let is_operation = page.contains("docs/") && !anchor.is_empty();
            let leads = match (file, heading) {
                (None, _) => false,
                (Some(_), heading) if is_operation => heading.is_some_and(|heading| heading == words),
                (Some(_), heading) => anchor.is_empty() || heading.is_some(),
            };
            if !leads {
                broken.push(format!("{page}: {target}"));
            }
        }
    }
    broken
}

/// Pages that cannot be reached by links from the start page.
pub(super) fn unreached(files: &Files, from: &str) -> Vec<String> {
    let (mut reached, mut queue) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(page) = queue.pop() {
        if let Some(text) = files.get(&page)
            && is_page(&page)
            && reached.insert(page.clone())
        {
            let targets = links(text).into_iter().map(|(_, target)| target).filter(|target| !target.contains("://"));
            queue.extend(targets.filter_map(|target| resolve(&page, target.split('#').next().unwrap_or_default())));
        }
    }
    files.keys().filter(|path| is_page(path) && !reached.contains(*path)).cloned().collect()
}
