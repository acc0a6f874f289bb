//! The document as read: a JSON value that keeps the order of keys, and the source position of each value.
//!
//! This module reads and looks up values only. Later stages decide what a value means.

mod cause;
mod flow;
mod moves;
mod node;
mod parse;
mod pointer;
mod positions;
mod spans;
#[cfg(test)]
mod tests;
mod yaml;

pub(crate) use node::is_compound;
pub use node::{Node, holds_free_names, holds_names, is_data};
pub(crate) use parse::parse_value;
pub use parse::{Fault, parse, parse_source};
pub use pointer::Pointer;

use serde_json::{Map, Value};

use self::moves::Moves;
use self::positions::Positions;

/// A source and the name of its file, for messages.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// The source, as YAML or JSON.
    pub text: &'a str,
}

/// A position in a source. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The index of the source: 0 is the document, 1 its first overlay, and so on.
    pub source: usize,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The location of a part of a document, used for messages only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The pointer into the document as its author wrote it.
    pub pointer: Pointer,
    /// The position in the source, if it is known.
    pub span: Option<Span>,
}

/// A document that is valid YAML or JSON with an object at its root.
///
/// Rewrites move values. The document records where each value was written, so that a [`Location`] refers to the
/// author's document.
#[derive(Debug, Clone)]
pub struct Document {
    value: Value,
    positions: Positions,
    moves: Moves,
}

impl Document {
    /// Returns the root of the document.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.value)
    }

    /// Returns the value of the whole document.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Records values that were copied at once, as (from, to).
    pub(crate) fn record_copies(&mut self, copied: &[(Pointer, Pointer)]) {
        let mut places: Vec<_> = copied.iter().map(|(from, to)| (to, self.moves.copy(from))).collect();
        // A copy may be put into another one, so the outer one comes first.
        places.sort_by_key(|(to, _)| to.as_str().len());
        for (to, moves) in places {
            self.moves.put(to, moves);
        }
    }

    /// Records values that were moved at once, as (from, to). None of them contains another one.
    pub(crate) fn record_moves(&mut self, moved: &[(Pointer, Pointer)]) {
        let taken: Vec<_> = moved.iter().map(|(from, to)| (to, self.moves.take(from))).collect();
        for (to, moves) in taken {
            self.moves.put(to, moves);
        }
    }

    /// Records that a list keeps only the items with these indices, in this order.
    pub(crate) fn record_kept(&mut self, list: &Pointer, kept: &[usize]) {
        let items: Vec<_> = kept.iter().map(|index| self.moves.copy(&list.join(index))).collect();
        let whole = self.moves.take(list);
        self.moves.put(list, whole.alone());
        for (index, moves) in items.into_iter().enumerate() {
            self.moves.put(&list.join(index), moves);
        }
    }

    /// Returns the pointer that a value had when the document was read.
    #[must_use]
    pub fn origin(&self, pointer: &Pointer) -> Pointer {
        self.moves.origin(pointer)
    }

    /// Returns the current pointers of the value that was at `origin` when the document was read.
    ///
    /// There are several if a rewrite copied the value, or a value around it.
    pub(crate) fn places_of(&self, origin: &Pointer) -> Vec<Pointer> {
        self.moves.places_of(origin)
    }

    /// Whether there is a value at a pointer.
    #[must_use]
    pub fn has(&self, pointer: &Pointer) -> bool {
        self.value.pointer(pointer.as_str()).is_some()
    }

    /// Returns the value for changes whose locations do not matter or are recorded separately.
    pub(crate) fn value_mut(&mut self) -> &mut Value {
        &mut self.value
    }

    /// Copies the source positions of `below` and everything below it in another document to `at` in this one.
    pub(crate) fn take_places(&mut self, at: &Pointer, from: &Self, below: &Pointer) {
        self.positions.copy(at, &from.positions, below);
    }

    /// Removes all keys of a value except these. A value that is not an object becomes an empty one.
    pub(crate) fn keep(&mut self, place: &Pointer, keys: &[&str]) {
        match self.value.pointer_mut(place.as_str()) {
            Some(Value::Object(object)) => object.retain(|key, _| keys.contains(&key.as_str())),
            Some(value) => *value = Value::Object(Map::new()),
            None => {}
        }
    }

    /// Removes a value. Later items of its list move up and keep their source positions.
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
                    self.positions.shift(&from, &to);
                }
            }
            _ => {}
        }
    }

    /// Returns the location at which the author wrote a value.
    #[must_use]
    pub fn location(&self, pointer: &Pointer) -> Location {
        let pointer = self.origin(pointer);
        let mut around = Some(pointer.clone());
        while let Some(place) = around {
            if let Some(span) = self.positions.get(&place) {
                return Location { pointer, span: Some(span) };
            }
            around = place.parent();
        }
        Location { pointer, span: None }
    }

    /// Returns the source position of a value, or else of the nearest value around it.
    #[must_use]
    pub fn span(&self, pointer: &Pointer) -> Option<Span> {
        self.location(pointer).span
    }
}
