//! Where the values of a document were when it was read.

use std::collections::BTreeMap;

use super::Pointer;

/// The moves of a value and of the values below it.
///
/// A value without moves of its own has moved along with the value around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves {
    /// The pointer to this value when the document was read, if it has moved by itself.
    origin: Option<Pointer>,
    /// The values below it that have moved, or have such values below them, by their escaped keys.
    below: BTreeMap<String, Self>,
}

impl Moves {
    /// Returns the pointer that a value had when the document was read.
    pub(super) fn origin(&self, pointer: &Pointer) -> Pointer {
        let mut node = self;
        let mut nearest = (Pointer::root(), Pointer::root());
        let mut place = String::new();
        for key in keys(pointer) {
            let Some(below) = node.below.get(key) else { break };
            node = below;
            place.extend(["/", key]);
            if let Some(origin) = &node.origin {
                nearest = (Pointer::at(&place), origin.clone());
            }
        }
        let (place, origin) = nearest;
        pointer.rebased(&place, &origin)
    }

    /// Returns the current pointers of the value that had this pointer when the document was read.
    pub(super) fn places_of(&self, origin: &Pointer) -> Vec<Pointer> {
        let mut places = Vec::new();
        self.add_places(&Pointer::root(), origin, &mut places);
        if self.origin(origin) == *origin && !places.contains(origin) {
            places.push(origin.clone());
        }
        places
    }

    fn add_places(&self, place: &Pointer, origin: &Pointer, places: &mut Vec<Pointer>) {
        if let Some(own) = self.origin.as_ref().filter(|own| origin.starts_with(own)) {
            places.push(origin.rebased(own, place));
        }
        for (key, below) in &self.below {
            below.add_places(&place.below(key), origin, places);
        }
    }

    /// Returns the moves of a value, to be put elsewhere by [`Self::put`].
    pub(super) fn copy(&self, from: &Pointer) -> Self {
        let node = keys(from).try_fold(self, |node, key| node.below.get(key));
        Self { origin: Some(self.origin(from)), below: node.map(|node| node.below.clone()).unwrap_or_default() }
    }

    /// As [`Self::copy`], for a value that is no longer at its place.
    pub(super) fn take(&mut self, from: &Pointer) -> Self {
        let origin = self.origin(from);
        let below = self.remove(from).map(|node| node.below).unwrap_or_default();
        Self { origin: Some(origin), below }
    }

    /// Forgets the moves of a value that is no longer at its place.
    pub(super) fn remove(&mut self, place: &Pointer) -> Option<Self> {
        let (parent, key) = place.as_str().rsplit_once('/')?;
        let parent = keys(&Pointer::at(parent)).try_fold(self, |node, key| node.below.get_mut(key))?;
        parent.below.remove(key)
    }

    /// Returns the moves of the value itself, without those of the values below it.
    pub(super) fn alone(self) -> Self {
        Self { below: BTreeMap::new(), ..self }
    }

    /// Records the moves of the value that is now at a place.
    pub(super) fn put(&mut self, to: &Pointer, moves: Self) {
        let node = keys(to).fold(self, |node, key| node.below.entry(key.to_owned()).or_default());
        *node = moves;
    }
}

/// Returns the escaped keys of a pointer.
fn keys(pointer: &Pointer) -> impl Iterator<Item = &str> {
    pointer.as_str().split('/').skip(1)
}
