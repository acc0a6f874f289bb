//! Rewrites of a document that run before its meaning is decided: tables of small steps in a fixed order.
//!
//! [`dialect`] turns OpenAPI 3.1 into 3.0; [`normalise`] puts every document into the one form that later stages read.
//! A rewrite changes the document in place, or a copy that it makes before it first writes. It logs the values it
//! moved, so that later diagnostics refer to the location where the author wrote a value.

pub mod dialect;
pub mod normalise;

use std::borrow::Cow;

use serde_json::Value;

use crate::diagnostics::{Code, Diagnostics};
use crate::document::{Document, Pointer};

/// One rewrite.
pub struct Rewrite {
    /// The name, as `inspect` accepts it.
    pub name: &'static str,
    run: Run,
}

/// How a rewrite makes its changes, and which locations it logs.
enum Run {
    /// Changes the value in place, inner values first. Logged locations are those at the time of each change.
    InPlace(fn(&mut Value, &mut Log)),
    /// Reads the unchanged document while it changes a copy. Logged locations are those before the rewrite. The copy is
    /// made at the first change.
    Beside(Beside),
    /// Looks up in the unchanged document what to change in a copy, inner values first. Logged locations are those at
    /// the time of each change.
    InTurn(Beside),
}

type Beside = fn(&Document, &mut Cow<'_, Value>, &mut Log);

/// What a rewrite moved and reported, in order.
#[derive(Debug, Default)]
pub(crate) struct Log(Vec<Event>);

/// A logged event. Pairs of pointers are (from, to).
#[derive(Debug)]
enum Event {
    Copied(Vec<(Pointer, Pointer)>),
    Moved(Vec<(Pointer, Pointer)>),
    Kept(Pointer, Vec<usize>),
    Reported(&'static Code, Pointer, String),
}

impl Log {
    /// Records that the value at `from` is now at `to`, and no longer at `from`.
    fn moved(&mut self, from: Pointer, to: Pointer) {
        self.0.push(Event::Moved(vec![(from, to)]));
    }

    /// Records values that change their places at once, as (from, to). None of them contains another one.
    fn moved_at_once(&mut self, moved: Vec<(Pointer, Pointer)>) {
        self.0.push(Event::Moved(moved));
    }

    /// Records that the value at `from` is now at `to` as well.
    fn copied(&mut self, from: Pointer, to: Pointer) {
        self.0.push(Event::Copied(vec![(from, to)]));
    }

    /// Records the items that a list keeps, by their earlier indices.
    fn kept(&mut self, list: &Pointer, kept: Vec<usize>) {
        self.0.push(Event::Kept(list.clone(), kept));
    }

    fn report(&mut self, code: &'static Code, pointer: Pointer, message: impl Into<String>) {
        self.0.push(Event::Reported(code, pointer, message.into()));
    }

    /// Joins copies whose locations are all those before the rewrite. Reports of such locations come first.
    fn at_once(self) -> Self {
        let (reports, moves): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|event| matches!(event, Event::Reported(..)));
        let mut copied = Vec::new();
        let mut others = Vec::new();
        for event in moves {
            match event {
                Event::Copied(pairs) => copied.extend(pairs),
                other => others.push(other),
            }
        }
        Self(reports.into_iter().chain([Event::Copied(copied)]).chain(others).collect())
    }

    /// Records the moves in the document, and returns the reports.
    fn apply(self, document: &mut Document) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        for event in self.0 {
            match event {
                Event::Copied(copied) => document.record_copies(&copied),
                Event::Moved(moved) => document.record_moves(&moved),
                Event::Kept(list, kept) => document.record_kept(&list, &kept),
                Event::Reported(code, pointer, message) => diagnostics.report(document, code, &pointer, message),
            }
        }
        diagnostics
    }
}

impl Rewrite {
    const fn in_place(name: &'static str, run: fn(&mut Value, &mut Log)) -> Self {
        Self { name, run: Run::InPlace(run) }
    }

    const fn beside(name: &'static str, run: Beside) -> Self {
        Self { name, run: Run::Beside(run) }
    }

    const fn in_turn(name: &'static str, run: Beside) -> Self {
        Self { name, run: Run::InTurn(run) }
    }

    /// Runs this rewrite alone.
    #[must_use]
    pub fn apply(&self, mut document: Document) -> (Document, Diagnostics) {
        let mut log = Log::default();
        match self.run {
            Run::InPlace(run) => run(document.value_mut(), &mut log),
            Run::Beside(run) | Run::InTurn(run) => {
                let mut value = Cow::Borrowed(document.value());
                run(&document, &mut value, &mut log);
                if let Cow::Owned(value) = value {
                    *document.value_mut() = value;
                }
            }
        }
        let log = if matches!(self.run, Run::Beside(_)) { log.at_once() } else { log };
        let diagnostics = log.apply(&mut document);
        (document, diagnostics)
    }
}

/// Runs rewrites, in order.
fn apply_all<'a>(rewrites: impl IntoIterator<Item = &'a Rewrite>, document: Document) -> (Document, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let document = rewrites.into_iter().fold(document, |document, rewrite| diagnostics.keep(rewrite.apply(document)));
    (document, diagnostics)
}

/// Tests each rewrite of a table against its fixture: its changes, its reports, and that a second run changes nothing.
#[cfg(test)]
mod harness {
    use similar::TextDiff;

    use super::Rewrite;
    use crate::diagnostics::Palette;
    use crate::document::{self, Document};

    fn pretty(document: &Document) -> String {
        serde_json::to_string_pretty(document.value()).expect("a value is text") + "\n"
    }

    /// Returns the changes that the named rewrite makes to a fixture, and what it reports.
    ///
    /// Earlier rewrites of the table run first.
    pub(super) fn changes(table: &[Rewrite], name: &str, text: &str) -> String {
        let mut before = document::parse(text).expect("the fixture is a document");
        let position = table.iter().position(|rewrite| rewrite.name == name).expect("the rewrite is in the table");
        for earlier in &table[..position] {
            before = earlier.apply(before).0;
        }
        let (after, diagnostics) = table[position].apply(before.clone());
        assert_ne!(after.value(), before.value(), "`{name}` made no edit to its fixture");
        let again = table[position].apply(after.clone()).0;
        assert_eq!(again.value(), after.value(), "`{name}` edits again what it has edited");
        let (before, after) = (pretty(&before), pretty(&after));
        let diff = TextDiff::from_lines(&before, &after);
        let reported = diagnostics.render("fixture.yaml", text, Palette::Plain);
        format!("{}\n{reported}", diff.unified_diff().context_radius(2))
    }

    /// Defines a test for each rewrite of a table, which uses the fixture of the same name.
    macro_rules! rewrites {
        ($($name:ident)*) => {
            $(
                #[test]
                fn $name() {
                    let fixture = include_str!(concat!("fixtures/", stringify!($name), ".yaml"));
                    insta::assert_snapshot!(
                        stringify!($name),
                        crate::rewrite::harness::changes(super::REWRITES, stringify!($name), fixture)
                    );
                }
            )*

            #[test]
            fn every_rewrite_has_a_fixture() {
                let tested = [$(stringify!($name)),*];
                let table: Vec<_> = super::REWRITES.iter().map(|rewrite| rewrite.name).collect();
                assert_eq!(table, tested);
            }
        };
    }
    pub(super) use rewrites;
}
