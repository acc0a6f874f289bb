//! The source positions of the values of a document, by their pointers in the document as it was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spans::Tree;
use super::{Pointer, Span};

/// The source positions of values.
#[derive(Debug, Clone)]
pub(super) struct Positions {
    /// Those that were read with the document.
    read: Arc<Tree>,
    /// Those of values that other sources have added, or that took the places of others.
    changed: Arc<BTreeMap<Pointer, Span>>,
}

impl Positions {
    pub(super) fn new(tree: Tree) -> Self {
        Self { read: Arc::new(tree), changed: Arc::default() }
    }

    /// Returns the position of the value with this pointer.
    pub(super) fn get(&self, pointer: &Pointer) -> Option<Span> {
        self.changed.get(pointer).copied().or_else(|| self.read.get(pointer))
    }

    /// Returns the positions of the value with this pointer and of all values below it.
    fn below(&self, pointer: &Pointer) -> BTreeMap<Pointer, Span> {
        let mut positions: BTreeMap<_, _> = self.read.below(pointer).into_iter().collect();
        // The range also has siblings whose last key starts with this one's; the filter drops them.
        let near = self.changed.range(pointer.clone()..);
        let near = near.take_while(|(other, _)| other.as_str().starts_with(pointer.as_str()));
        let changed = near.filter(|(other, _)| other.starts_with(pointer));
        positions.extend(changed.map(|(place, span)| (place.clone(), *span)));
        positions
    }

    /// Copies the positions of a value and of all values below it from another document.
    pub(super) fn copy(&mut self, to: &Pointer, other: &Self, from: &Pointer) {
        let copied = other.below(from).into_iter().map(|(place, span)| (place.rebased(from, to), span));
        Arc::make_mut(&mut self.changed).extend(copied);
    }

    /// Gives a value and all values below it the positions of another value.
    pub(super) fn shift(&mut self, from: &Pointer, to: &Pointer) {
        let shifted = self.below(from).into_iter().map(|(place, span)| (place.rebased(from, to), span));
        Arc::make_mut(&mut self.changed).extend(shifted);
    }
}
