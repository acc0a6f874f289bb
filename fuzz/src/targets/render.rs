//! Diagnostics with any message at any location of any text: the output has a bounded number of lines of bounded length.

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

/// Sources and diagnostics in them.
#[derive(Debug, Clone)]
pub struct Reports {
    sources: Vec<(String, String)>,
    reports: Vec<Report>,
}

#[derive(Debug, Clone)]
struct Report {
    code: usize,
    keys: Vec<String>,
    place: Option<(usize, usize, usize)>,
    message: String,
}

impl Target for Render {
    type Input = Reports;
    const NAME: &'static str = "render";
    const ABOUT: &'static str =
        "any diagnostic at any location of any text is rendered in bounded size, without control characters";
    const SHORT: u64 = 1_000;

    fn inputs() -> BoxedStrategy<Reports> {
        let source =
            ("[a-z. \n\u{1b}]{0,8}", prop_oneof![".{0,200}", "[a-z{}\" \t\r\n\u{1b}\u{1f980}]{0,400}", long()]);
        let place = (0..4_usize, number(), number());
        let report =
            (any::<usize>(), proptest::collection::vec(".{0,8}", 0..4), proptest::option::of(place), ".{0,60}")
                .prop_map(|(code, keys, place, message)| Report { code, keys, place, message });
        (proptest::collection::vec(source, 0..3), proptest::collection::vec(report, 0..4))
            .prop_map(|(sources, reports)| Reports { sources, reports })
            .boxed()
    }

    fn run(input: &Reports) -> Result<(), String> {
        let sources: Vec<_> = input.sources.iter().map(|(name, text)| Source { name, text }).collect();
        let mut diagnostics = Diagnostics::default();
        input.reports.iter().for_each(|item| diagnostics.push(diagnostic(item)));
        let items = diagnostics.sorted().len();
        let plain = diagnostics.render_sources(&sources, Palette::Plain);
        if plain.chars().any(|c| c.is_control() && c != '\n') {
            return Err(format!("the output contains control characters: {plain:?}"));
        }
        if plain.lines().count() > items * 8 {
            return Err(format!("{} lines for {items} diagnostics", plain.lines().count()));
        }
        let words =
            input.reports.iter().map(|item| item.message.len() + item.keys.concat().len() * 2 + 400).sum::<usize>();
        let names = input.sources.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let bound = words + items * (names + 1_500);
        let coloured = diagnostics.render_sources(&sources, Palette::Ansi);
        if plain.len() > bound || coloured.len() > bound + items * 200 {
            return Err(format!("{} bytes, more than {bound}", plain.len()));
        }
        let lines = diagnostics.to_json(&sources);
        let objects: Vec<_> = lines.lines().map(serde_json::from_str::<Value>).collect();
        if objects.len() != items || !objects.iter().all(|object| object.as_ref().is_ok_and(Value::is_object)) {
            return Err(format!("not one object per line: {lines}"));
        }
        Ok(())
    }
}

fn diagnostic(report: &Report) -> Diagnostic {
    let code = catalogue::ALL[report.code % catalogue::ALL.len()];
    Diagnostic {
        code,
        pointer: report.keys.iter().fold(Pointer::root(), |place, key| place.join(key)),
        span: report.place.map(|(source, line, column)| Span { source, line, column }),
        severity: code.severity(),
        message: report.message.clone(),
        help: code.help.to_owned(),
    }
}

/// A line or column number, counted from one.
fn number() -> impl Strategy<Value = usize> {
    prop_oneof![6 => 1..40_usize, 2 => 100..400_usize, 1 => select(vec![1, 110, 111, 60_000, usize::MAX])]
}

fn long() -> impl Strategy<Value = String> {
    ("[a-z\u{1f980}\t]{1,8}", 1..20_000_usize).prop_map(|(word, times)| word.repeat(times / word.chars().count()))
}
