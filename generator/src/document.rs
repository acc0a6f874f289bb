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
use std::sync::Arc;

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

/// Where a part of a document is: for messages alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The pointer in the document as its author wrote it.
    pub pointer: Pointer,
    /// The place in the text, as far as it is known.
    pub span: Option<Span>,
}

/// A document that is sound YAML or JSON with an object at its root.
///
/// Rewrites move values. The document remembers where each was written, so that every [`Location`] is the author's.
#[derive(Debug, Clone)]
pub struct Document {
    value: Value,
    /// Where values are in the text, by the pointers of the document as it was read.
    spans: Arc<BTreeMap<Pointer, Span>>,
    /// For each value that was moved, where it is and where it was when the document was read. What is below a moved value
    /// has moved with it, unless it has an entry of its own.
    moves: BTreeMap<Pointer, Pointer>,
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

    /// Records which values have moved, as (from, to): what is now at `to` was at `from` before. What is below moves along.
    pub(crate) fn record_moves(&mut self, moved: &[(Pointer, Pointer)]) {
        let mut moves = Vec::new();
        for (from, to) in moved {
            let below = below(&self.moves, from);
            moves.extend(below.map(|(place, origin)| (place.rebased(from, to), origin.clone())));
            moves.push((to.clone(), self.origin(from)));
        }
        self.moves.extend(moves);
    }

    /// Where the value at a pointer was when the document was read.
    #[must_use]
    pub fn origin(&self, pointer: &Pointer) -> Pointer {
        let mut around = (!self.moves.is_empty()).then(|| pointer.clone());
        while let Some(place) = around {
            if let Some(origin) = self.moves.get(&place) {
                return pointer.rebased(&place, origin);
            }
            around = place.parent();
        }
        pointer.clone()
    }

    /// Where the values are that were at a pointer, or around it, when the document was read.
    pub(crate) fn places_of(&self, origin: &Pointer) -> Vec<Pointer> {
        let moved = self.moves.iter().filter(|(_, from)| origin.starts_with(from));
        let mut places: Vec<_> = moved.map(|(to, from)| origin.rebased(from, to)).collect();
        if self.origin(origin) == *origin {
            places.push(origin.clone());
        }
        places
    }

    /// Whether there is a value at a pointer.
    #[must_use]
    pub fn has(&self, pointer: &Pointer) -> bool {
        self.value.pointer(pointer.as_str()).is_some()
    }

    /// The value, to be changed where locations do not matter or are recorded apart.
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// What is now at `at`, and below it, has the places that `below` has in another document.
    pub(crate) fn take_places(&mut self, at: &Pointer, from: &Self, below: &Pointer) {
        let spans = Arc::make_mut(&mut self.spans);
        for (place, span) in self::below(&from.spans, below) {
            spans.insert(place.rebased(below, at), *span);
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
                        below(&self.spans, &from).map(|(place, span)| (place.rebased(&from, &to), *span)).collect();
                    Arc::make_mut(&mut self.spans).extend(spans);
                }
            }
            _ => {}
        }
    }

    /// Where the author wrote a value.
    #[must_use]
    pub fn location(&self, pointer: &Pointer) -> Location {
        let pointer = self.origin(pointer);
        let mut around = Some(pointer.clone());
        while let Some(place) = around {
            if let Some(span) = self.spans.get(&place) {
                return Location { pointer, span: Some(*span) };
            }
            around = place.parent();
        }
        Location { pointer, span: None }
    }

    /// Where a value is in the text: its own place, or that of the nearest value around it.
    #[must_use]
    pub fn span(&self, pointer: &Pointer) -> Option<Span> {
        self.location(pointer).span
    }
}

/// The entries at a place and below it.
fn below<'a, T>(entries: &'a BTreeMap<Pointer, T>, place: &'a Pointer) -> impl Iterator<Item = (&'a Pointer, &'a T)> {
    // In between are places whose last key begins like this one's.
    let near = entries.range(place.clone()..).take_while(|(other, _)| other.as_str().starts_with(place.as_str()));
    near.filter(|(other, _)| other.starts_with(place))
}
