//! Damaged documents: they are accepted or rejected with diagnostics, and the diagnostics can be rendered.

pub(crate) mod edit;
pub(crate) mod mutation;
mod seeds;
pub(crate) mod values;

use std::fmt;

use generator::diagnostics::{Diagnostics, Palette};
use generator::document::Source;
use generator::{Input, generate};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;
use serde_json::Value;

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Spec;

/// The text of a document, and whether to generate leniently.
#[derive(Clone)]
pub struct Document {
    text: String,
    is_lenient: bool,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "lenient: {}", self.is_lenient)?;
        f.write_str(&self.text)
    }
}

impl Target for Spec {
    type Input = Document;
    const NAME: &'static str = "spec";
    const ABOUT: &'static str = "any document is accepted, or rejected with diagnostics that can be rendered";
    const SHORT: u64 = 96;

    fn inputs() -> BoxedStrategy<Document> {
        (texts(), any::<bool>()).prop_map(|(text, is_lenient)| Document { text, is_lenient }).boxed()
    }

    fn run(input: &Document) -> Result<(), String> {
        let name = "spec.json";
        let outcome = generate(&Input { is_lenient: input.is_lenient, ..Input::new(name, &input.text) });
        let (diagnostics, is_accepted) = match outcome {
            Ok(output) => (output.diagnostics, true),
            Err(diagnostics) => (diagnostics, false),
        };
        if is_accepted != (diagnostics.errors() == 0) {
            return Err(format!("accepted: {is_accepted}, but errors: {}", diagnostics.errors()));
        }
        check_shown(&diagnostics, Source { name, text: &input.text })
    }
}

fn check_shown(diagnostics: &Diagnostics, source: Source<'_>) -> Result<(), String> {
    let items = diagnostics.sorted();
    let text = diagnostics.render(source.name, source.text, Palette::Plain);
    if text.chars().any(|c| c.is_control() && c != '\n') || text.lines().count() > items.len() * 8 {
        return Err(format!("the output is not suitable for a terminal: {text:?}"));
    }
    let lines = diagnostics.to_json(&[source]);
    if lines.lines().count() != items.len() {
        return Err(format!("not one object per line: {lines}"));
    }
    // The line breaks of YAML 1.1, which has more of them than other formats.
    let height =
        source.text.chars().filter(|c| matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')).count() + 1;
    match items
        .iter()
        .find(|item| item.span.is_some_and(|span| span.line == 0 || span.column == 0 || span.line > height + 1))
    {
        Some(item) => Err(format!("a location outside the text: {item:?}")),
        None => Ok(()),
    }
}

/// Documents with changed values, documents with changed bytes, and random strings.
fn texts() -> impl Strategy<Value = String> {
    let changed = (select(seeds::documents()), proptest::collection::vec((any::<Index>(), mutation::changes()), 1..4));
    let changed = changed.prop_map(|(mut document, changes): (Value, Vec<(Index, mutation::Change)>)| {
        for (at, change) in &changes {
            mutation::apply(&mut document, *at, change);
        }
        document.to_string()
    });
    let seeds = seeds::texts();
    let edited = (select(seeds.clone()), select(seeds), edit::edits()).prop_map(|(text, other, edits)| {
        let bytes = edits.iter().fold(text.into_bytes(), |text, edit| edit.apply(text, other.as_bytes()));
        String::from_utf8_lossy(&bytes).into_owned()
    });
    prop_oneof![
        5 => changed,
        5 => edited,
        1 => ".{0,80}",
        1 => "[-{}\\[\\]:,&*!|>'\"#%@ \na-c]{0,60}",
    ]
}
