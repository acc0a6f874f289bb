//! The document as read: a JSON value that keeps the order of keys, and the place of each value in the text.
//!
//! Reading and looking up only; what a value means is decided in later stages.

mod node;
mod parse;
mod pointer;
mod spans;
mod yaml;

pub use node::{Node, is_data};
pub use parse::{Fault, parse};
pub use pointer::Pointer;

use std::collections::BTreeMap;

use serde_json::Value;

/// A place in the text of a document. Lines and columns count from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
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
            let below = self.spans.range(from.clone()..).take_while(|(place, _)| place.starts_with(from));
            for (place, span) in below {
                spans.insert(place.rebased(from, to), *span);
            }
        }
        Self { value, spans }
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
}
