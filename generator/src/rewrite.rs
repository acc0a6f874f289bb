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

/// How a rewrite makes its changes.
enum Run {
    /// Changes the value in place, in one traversal.
    InPlace(fn(&mut Value, &mut Log)),
    /// Reads the unchanged document while it changes a copy. The copy is made at the first change.
    Beside(fn(&Document, &mut Cow<'_, Value>, &mut Log)),
}

/// The moves and reports of a rewrite. Locations are those before the rewrite.
#[derive(Debug, Default)]
pub(crate) struct Log {
    moved: Vec<(Pointer, Pointer)>,
    reports: Vec<(&'static Code, Pointer, String)>,
}

impl Log {
    /// Records that the value now at `to` was at `from` before.
    fn moved(&mut self, from: Pointer, to: Pointer) {
        self.moved.push((from, to));
    }

    /// Records the items that a list keeps, by their indices before the rewrite.
    fn kept(&mut self, list: &Pointer, kept: impl IntoIterator<Item = usize>) {
        for (to, from) in kept.into_iter().enumerate().filter(|(to, from)| to != from) {
            self.moved(list.join(from), list.join(to));
        }
    }

    fn report(&mut self, code: &'static Code, pointer: Pointer, message: impl Into<String>) {
        self.reports.push((code, pointer, message.into()));
    }
}

impl Rewrite {
    const fn in_place(name: &'static str, run: fn(&mut Value, &mut Log)) -> Self {
        Self { name, run: Run::InPlace(run) }
    }

    const fn beside(name: &'static str, run: fn(&Document, &mut Cow<'_, Value>, &mut Log)) -> Self {
        Self { name, run: Run::Beside(run) }
    }

    /// Runs this rewrite alone.
    #[must_use]
    pub fn apply(&self, mut document: Document) -> (Document, Diagnostics) {
        let mut log = Log::default();
        match self.run {
            Run::InPlace(run) => run(document.value_mut(), &mut log),
            Run::Beside(run) => {
                let mut value = Cow::Borrowed(document.value());
                run(&document, &mut value, &mut log);
                if let Cow::Owned(value) = value {
                    *document.value_mut() = value;
                }
            }
        }
        let mut diagnostics = Diagnostics::default();
        for (code, pointer, message) in log.reports {
            diagnostics.report(&document, code, &pointer, message);
        }
        document.record_moves(&log.moved);
        (document, diagnostics)
    }
}

/// Runs all rewrites of a table, in order.
fn apply_all(table: &[Rewrite], document: Document) -> (Document, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let document = table.iter().fold(document, |document, rewrite| diagnostics.keep(rewrite.apply(document)));
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
