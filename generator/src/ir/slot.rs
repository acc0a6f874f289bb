//! Slots: the locations of an API whose values have a Rust type.
//!
//! Each parameter, typed body, typed response, page item, stream item and typed error body has a slot. `lower` creates
//! the slot together with its owner, `progenitor` returns a type for each slot, and templates look the type up. So no
//! later stage selects a schema a second time, or pairs two lists by position.

use serde_json::Value;

use super::xml::XmlRoot;
use crate::document::Location;

/// A location of the API whose values have a Rust type.
///
/// A slot belongs to the [`Api`](super::Api) that it was created for: it always leads to an entry of that API's
/// [`Slots`], and of the types generated for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(usize);

/// What the type of a slot is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotRole {
    /// A parameter: borrowed where that saves the caller an allocation.
    Argument,
    /// The body of a request: owned.
    Body,
    /// What is read out of a response, or out of a part of one: owned.
    Response,
}

/// The definition of a slot.
#[derive(Debug, Clone)]
pub struct SlotDef {
    /// What its type is used for.
    pub role: SlotRole,
    /// The schema of its values, as it is in the normalised document.
    pub schema: Value,
    /// The id of the operation that it belongs to, for messages.
    pub operation: String,
    /// The location of its schema, for messages.
    pub location: Location,
    /// How its values are written in XML, if they are.
    pub xml: Option<XmlRoot>,
}

/// All slots of an API.
#[derive(Debug, Clone, Default)]
pub struct Slots(Vec<SlotDef>);

impl Slots {
    /// Creates a slot.
    pub fn add(&mut self, definition: SlotDef) -> Slot {
        self.0.push(definition);
        Slot(self.0.len() - 1)
    }

    /// Sets how the values of a slot are written in XML.
    pub fn set_xml(&mut self, slot: Slot, xml: XmlRoot) {
        if let Some(definition) = self.0.get_mut(slot.0) {
            definition.xml = Some(xml);
        }
    }

    /// Returns how the values of a slot are written in XML, if they are.
    #[must_use]
    pub fn xml(&self, slot: Slot) -> Option<&XmlRoot> {
        self.0.get(slot.0)?.xml.as_ref()
    }

    /// Returns the slots with their definitions, in the order of their creation.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &SlotDef)> {
        self.0.iter().enumerate().map(|(index, definition)| (Slot(index), definition))
    }
}

/// One value for each slot of an API.
#[derive(Debug, Clone)]
pub struct SlotMap<T> {
    /// The distinct values.
    values: Vec<T>,
    /// The value of each slot, as an index into `values`.
    of_slot: Vec<usize>,
}

impl<T> SlotMap<T> {
    /// Creates the map from its distinct values and the index of each slot's value.
    ///
    /// `None` unless every slot has a value.
    #[must_use]
    pub fn new(slots: &Slots, values: Vec<T>, of_slot: Vec<usize>) -> Option<Self> {
        let is_complete = slots.0.len() == of_slot.len() && of_slot.iter().all(|index| *index < values.len());
        is_complete.then_some(Self { values, of_slot })
    }

    /// Returns each distinct value, to be changed for all slots that share it.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.values.iter_mut()
    }
}

impl<T> std::ops::Index<Slot> for SlotMap<T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "the map was made with a value for each slot")]
    fn index(&self, slot: Slot) -> &T {
        &self.values[self.of_slot[slot.0]]
    }
}
