//! The document as read: a JSON value that keeps the order of keys, and the place of each value in the text.
//!
//! Reading and looking up only; what a value means is decided in later stages.

mod node;
mod parse;
mod pointer;
mod spans;
mod yaml;

pub use node::{Node, holds_names, is_data};
pub use parse::{Fault, parse, parse_source};
pub use pointer::Pointer;

use std::collections::BTreeMap;

use serde_json::Value;

/// A text and the name of its file, for messages.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name.
    pub name: &'a str,
    /// The text, YAML or JSON.
    pub text: &'a str,
}

/// A place in a text. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which text: 0 is the document, 1 its first overlay, and so on.
    pub source: usize,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A document that is sound YAML or JSON with an object at its root.
#[derive(Debug, Clone)]
pub struct Document {
    value: Value,
    spans: BTreeMap<Pointer, Span>,
}

impl Document {
    /// The root of the document.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.value)
    }

    /// The value of the whole document.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The same text with another value: what a rewrite makes of it. `moved` says where values stood before, as
    /// (from, to); whatever is below `to` keeps the place of what was below `from`.
    #[must_use]
    pub fn rewritten(&self, value: Value, moved: &[(Pointer, Pointer)]) -> Self {
        let mut spans = self.spans.clone();
        for (from, to) in moved {
            for (place, span) in self.spans_below(from) {
                spans.insert(place.rebased(from, to), *span);
            }
        }
        Self { value, spans }
    }

    /// The value, to be changed where places do not matter or are taken over from elsewhere.
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// What is now at `at`, and below it, has the places that `below` has in another document.
    pub(crate) fn take_places(&mut self, at: &Pointer, from: &Self, below: &Pointer) {
        for (place, span) in from.spans_below(below) {
            self.spans.insert(place.rebased(below, at), *span);
        }
    }

    /// Takes a value out. Later items of its list move up and keep their places in the text.
    pub(crate) fn remove(&mut self, place: &Pointer) {
        let (Some(around), Some(key)) = (place.parent(), place.last()) else { return };
        match self.value.pointer_mut(around.as_str()) {
            Some(Value::Object(object)) => {
                object.shift_remove(&key);
            }
            Some(Value::Array(items)) => {
                let Some(index) = key.parse().ok().filter(|index| *index < items.len()) else { return };
                items.remove(index);
                let moved: Vec<_> =
                    (index..items.len()).map(|index| (around.join(index + 1), around.join(index))).collect();
                for (from, to) in moved {
                    let spans: Vec<_> =
                        self.spans_below(&from).map(|(place, span)| (place.rebased(&from, &to), *span)).collect();
                    self.spans.extend(spans);
                }
            }
            _ => {}
        }
    }

    /// Where a value stands in the text: its own place, else that of the nearest value around it.
    #[must_use]
    pub fn span(&self, pointer: &Pointer) -> Option<Span> {
        let mut place = Some(pointer.clone());
        while let Some(pointer) = place {
            if let Some(span) = self.spans.get(&pointer) {
                return Some(*span);
            }
            place = pointer.parent();
        }
        None
    }

    fn spans_below<'a>(&'a self, place: &'a Pointer) -> impl Iterator<Item = (&'a Pointer, &'a Span)> {
        self.spans.range(place.clone()..).take_while(move |(below, _)| below.starts_with(place))
    }
}
