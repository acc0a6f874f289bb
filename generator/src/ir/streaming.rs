//! Replies that go on: how their parts are told apart, and what each carries.

use super::Slot;

/// A reply that comes in parts, besides the one that comes whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streaming {
    /// The media type that asks for it, without parameters.
    pub media_type: String,
    /// What a part carries.
    pub part: StreamPart,
    /// The data of the event that ends it.
    pub sentinel: Option<String>,
    /// The field of the body that asks for it, if it is `true`.
    pub switch: Option<String>,
}

/// What a part of a stream carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamPart {
    /// An event whose data is text.
    Text,
    /// An event whose data is JSON of a type.
    Json(Slot),
    /// An event that is a type, as an object of `event`, `data`, `id` and `retry`.
    Whole {
        /// The type.
        slot: Slot,
        /// Whether data is rather text than JSON.
        prefers_text: bool,
    },
    /// A line of JSON of a type.
    Line(Slot),
}

impl StreamPart {
    /// The type of what it carries, unless that is text.
    #[must_use]
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::Text => None,
            Self::Json(slot) | Self::Whole { slot, .. } | Self::Line(slot) => Some(slot),
        }
    }
}
