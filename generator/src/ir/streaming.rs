//! Streamed responses: how their parts are separated, and what each part carries.

use super::Slot;

/// A streamed response, which an operation can return instead of a complete one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streaming {
    /// The media type that requests it, without parameters.
    pub media_type: String,
    /// What a part carries.
    pub part: StreamPart,
    /// The data of the event that ends the stream. Lines have no such end.
    pub sentinel: Option<String>,
    /// The body field that requests the stream when it is `true`.
    pub switch: Option<String>,
}

/// What a part of a stream carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamPart {
    /// An event whose data is text.
    Text,
    /// An event whose data is JSON, of the type of a slot.
    Json(Slot),
    /// A whole event, as an object of `event`, `data`, `id` and `retry`.
    Whole {
        /// The slot of the type.
        slot: Slot,
        /// Whether data is tried as a string before it is tried as JSON.
        prefers_text: bool,
    },
    /// A line of JSON, of the type of a slot.
    Line(Slot),
}

impl StreamPart {
    /// Returns the slot of a part's type, unless the part is text.
    #[must_use]
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::Text => None,
            Self::Json(slot) | Self::Whole { slot, .. } | Self::Line(slot) => Some(slot),
        }
    }
}
