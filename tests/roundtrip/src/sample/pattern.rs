//! Random strings that match a regular expression.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The maximum number of repetitions, beyond the minimum.
const REPETITIONS: u32 = 4;

/// A string that matches. `None` if the expression is not one of the crate `regex`.
pub(super) fn matching(pattern: &str, rng: &mut Rng) -> Option<String> {
    let expression = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&expression, rng, &mut text)?;
    Some(text)
}

fn write(expression: &Hir, rng: &mut Rng, text: &mut String) -> Option<()> {
    match expression.kind() {
        // Whether an anchor matches here is for the judge to say.
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class, rng)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX).min(repetition.min.saturating_add(REPETITIONS));
            for _ in 0..rng.u32(repetition.min..=most).min(5000) {
                write(&repetition.sub, rng, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, rng, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, rng, text))?,
        HirKind::Alternation(choices) => write(rng.choice(choices)?, rng, text)?,
    }
    Some(())
}

/// A character of a class, if possible one of ASCII that can be shown.
fn character(class: &Class, rng: &mut Rng) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
        }
    };
    let shown = ranges.iter().filter(|(start, end)| *start <= '~' && *end >= '!');
    let shown: Vec<_> = shown.map(|(start, end)| ((*start).max('!'), (*end).min('~'))).collect();
    let (start, end) = rng.choice(if shown.is_empty() { ranges } else { shown })?;
    Some(rng.char(start..=end))
}
