//! The positions of the values of a source, as a tree that is much smaller than a map by pointer.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::{Pointer, Span};

/// The positions of the values of a source, by their pointers.
#[derive(Debug, Default)]
pub(in crate::document) struct Tree {
    /// The index of the source.
    source: usize,
    /// The keys, and the indices of items, by their numbers.
    names: Vec<Arc<str>>,
    /// The numbers of the keys and indices.
    numbers: HashMap<Arc<str>, u32>,
    root: Option<Position>,
    /// All values except the root. Those of one object or array are next to each other, sorted by the numbers of their keys.
    values: Vec<Position>,
}

/// The position of a value.
#[derive(Debug, Clone, Copy)]
struct Position {
    /// The number of its key or index.
    name: u32,
    line: u32,
    column: u32,
    /// Where the values below it start in the list of all values.
    start: u32,
    /// The number of the values directly below it.
    len: u32,
}

impl Tree {
    /// Returns the position of the value with this pointer.
    pub(in crate::document) fn get(&self, pointer: &Pointer) -> Option<Span> {
        self.find(pointer).map(|position| self.span(position))
    }

    /// Returns the positions of the value with this pointer and of all values below it.
    pub(in crate::document) fn below(&self, pointer: &Pointer) -> Vec<(Pointer, Span)> {
        let mut found = Vec::new();
        if let Some(position) = self.find(pointer) {
            self.add_below(pointer.clone(), position, &mut found);
        }
        found
    }

    fn add_below(&self, pointer: Pointer, position: &Position, found: &mut Vec<(Pointer, Span)>) {
        for child in self.children(position) {
            let name = self.names.get(child.name as usize).map_or("", AsRef::as_ref);
            self.add_below(pointer.join_key(name), child, found);
        }
        found.push((pointer, self.span(position)));
    }

    fn find(&self, pointer: &Pointer) -> Option<&Position> {
        pointer.keys().try_fold(self.root.as_ref()?, |position, key| {
            let name = *self.numbers.get(key.as_ref())?;
            let children = self.children(position);
            children.get(children.binary_search_by_key(&name, |child| child.name).ok()?)
        })
    }

    fn children(&self, position: &Position) -> &[Position] {
        let start = position.start as usize;
        self.values.get(start..start + position.len as usize).unwrap_or_default()
    }

    fn span(&self, position: &Position) -> Span {
        Span { source: self.source, line: position.line as usize, column: position.column as usize }
    }
}

/// Builds a tree from values in the order of their source.
pub(super) struct Builder {
    tree: Tree,
    /// The values of open objects and arrays. Each is followed by the values directly below it.
    pending: Vec<Position>,
    /// Where the open objects and arrays are in `pending`. The first is the root, which is never closed.
    open: Vec<usize>,
    /// The numbers of the first indices.
    indices: Vec<u32>,
    /// The first duplicate key, with the position of its second occurrence.
    duplicate: Option<Position>,
}

/// A key or index of a tree.
#[derive(Clone, Copy)]
pub(super) struct Name(u32);

impl Builder {
    /// Starts the tree of a source. `source` is its index.
    pub(super) fn new(source: usize) -> Self {
        let tree = Tree { source, ..Tree::default() };
        Self { tree, pending: Vec::new(), open: Vec::new(), indices: Vec::new(), duplicate: None }
    }

    /// Returns the name of a key.
    pub(super) fn key(&mut self, key: &str) -> Name {
        if let Some(number) = self.tree.numbers.get(key) {
            return Name(*number);
        }
        let (number, key) = (small(self.tree.names.len()), Arc::from(key));
        self.tree.names.push(Arc::clone(&key));
        self.tree.numbers.insert(key, number);
        Name(number)
    }

    /// Returns the name of an item of an array.
    pub(super) fn index(&mut self, index: usize) -> Name {
        while self.indices.len() <= index {
            let name = self.key(&self.indices.len().to_string());
            self.indices.push(name.0);
        }
        Name(self.indices.get(index).copied().unwrap_or_default())
    }

    /// Adds the root. A source with several documents has several roots, and their values become those of the first one.
    pub(super) fn add_root(&mut self, span: Span) {
        if self.pending.is_empty() {
            self.add(Name(0), span);
            self.open();
        }
    }

    /// Adds a value to the innermost object or array that is open.
    pub(super) fn add(&mut self, name: Name, span: Span) {
        let (line, column) = (small(span.line), small(span.column));
        self.pending.push(Position { name: name.0, line, column, start: 0, len: 0 });
    }

    /// Starts the object or array whose position was just added.
    pub(super) fn open(&mut self) {
        self.open.push(self.pending.len().saturating_sub(1));
    }

    /// Ends the innermost object or array.
    pub(super) fn close(&mut self) {
        let Some(at) = self.open.pop() else { return };
        let below = self.pending.get_mut(at + 1..).unwrap_or_default();
        below.sort_by_key(|position| position.name);
        let merge = self.tree.numbers.get("<<").copied();
        for (one, other) in below.iter().zip(below.iter().skip(1)) {
            let is_first = self.duplicate.is_none_or(|first| (other.line, other.column) < (first.line, first.column));
            if one.name == other.name && is_first && Some(one.name) != merge {
                self.duplicate = Some(*other);
            }
        }
        let start = self.tree.values.len();
        let mut previous = None;
        let distinct =
            self.pending.drain(at + 1..).filter(|position| previous.replace(position.name) != Some(position.name));
        self.tree.values.extend(distinct);
        if let Some(position) = self.pending.get_mut(at) {
            (position.start, position.len) = (small(start), small(self.tree.values.len() - start));
        }
    }

    /// Ends everything that is open. Returns the tree, and its first duplicate key with the position of its second occurrence.
    pub(super) fn finish(mut self) -> (Tree, Option<(String, Span)>) {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree.root = self.pending.first().copied();
        self.tree.values.shrink_to_fit();
        let duplicate = self.duplicate.and_then(|position| {
            let name = self.tree.names.get(position.name as usize)?;
            Some((name.to_string(), self.tree.span(&position)))
        });
        (self.tree, duplicate)
    }
}

/// A source of more than four gigabytes has no usable positions.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
