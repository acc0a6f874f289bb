//! Findings of any words at any place of any text: shown on a bounded number of lines of a bounded length.

use generator::diagnostics::{Diagnostic, Diagnostics, Palette, catalogue};
use generator::document::{Pointer, Source, Span};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use serde_json::Value;

use crate::target::Target;

/// See [`Target::ABOUT`].
#[derive(Debug)]
pub struct Render;

/// Texts, and what is found in them.
#[derive(Debug, Clone)]
pub struct Findings {
    sources: Vec<(String, String)>,
    found: Vec<Found>,
}

#[derive(Debug, Clone)]
struct Found {
    code: usize,
    keys: Vec<String>,
    place: Option<(usize, usize, usize)>,
    message: String,
}

impl Target for Render {
    type Input = Findings;
    const NAME: &'static str = "render";
    const ABOUT: &'static str =
        "any finding at any place of any text is shown in bounded space, without control characters";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Findings> {
        let source =
            ("[a-z. \n\u{1b}]{0,8}", prop_oneof![".{0,200}", "[a-z{}\" \t\r\n\u{1b}\u{1f980}]{0,400}", long()]);
        let place = (0..4_usize, number(), number());
        let found = (any::<usize>(), proptest::collection::vec(".{0,8}", 0..4), proptest::option::of(place), ".{0,60}")
            .prop_map(|(code, keys, place, message)| Found { code, keys, place, message });
        (proptest::collection::vec(source, 0..3), proptest::collection::vec(found, 0..4))
            .prop_map(|(sources, found)| Findings { sources, found })
            .boxed()
    }

    fn run(input: &Findings) -> Result<(), String> {
        let sources: Vec<_> = input.sources.iter().map(|(name, text)| Source { name, text }).collect();
        let mut found = Diagnostics::default();
        input.found.iter().for_each(|item| found.push(diagnostic(item)));
        let items = found.sorted().len();
        let plain = found.render_sources(&sources, Palette::Plain);
        if plain.chars().any(|c| c.is_control() && c != '\n') {
            return Err(format!("control characters are shown: {plain:?}"));
        }
        if plain.lines().count() > items * 8 {
            return Err(format!("{} lines for {items} findings", plain.lines().count()));
        }
        let words =
            input.found.iter().map(|item| item.message.len() + item.keys.concat().len() * 2 + 400).sum::<usize>();
        let names = input.sources.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let bound = words + items * (names + 1_500);
        let coloured = found.render_sources(&sources, Palette::Ansi);
        if plain.len() > bound || coloured.len() > bound + items * 200 {
            return Err(format!("{} bytes where {bound} should do", plain.len()));
        }
        let lines = found.to_json(&sources);
        let objects: Vec<_> = lines.lines().map(serde_json::from_str::<Value>).collect();
        if objects.len() != items || !objects.iter().all(|object| object.as_ref().is_ok_and(Value::is_object)) {
            return Err(format!("not one object a line: {lines}"));
        }
        Ok(())
    }
}

fn diagnostic(found: &Found) -> Diagnostic {
    let code = catalogue::ALL[found.code % catalogue::ALL.len()];
    Diagnostic {
        code,
        pointer: found.keys.iter().fold(Pointer::root(), |place, key| place.join(key)),
        span: found.place.map(|(source, line, column)| Span { source, line, column }),
        message: found.message.clone(),
        help: code.help.to_owned(),
    }
}

/// Lines and columns count from one.
fn number() -> impl Strategy<Value = usize> {
    prop_oneof![6 => 1..40_usize, 2 => 100..400_usize, 1 => select(vec![1, 110, 111, 60_000, usize::MAX])]
}

fn long() -> impl Strategy<Value = String> {
    ("[a-z\u{1f980}\t]{1,8}", 1..20_000_usize).prop_map(|(word, times)| word.repeat(times / word.chars().count()))
}
