//! The parts of a multipart body.

use serde_json::Value;

use super::Slot;

/// The type of a multipart body, with a field for each part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultipartForm {
    /// The name of the type, unique in the crate.
    pub type_name: String,
    /// The parts, in the order in which they are sent.
    pub parts: Vec<FormPart>,
}

/// A part of a multipart body, or several parts of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and all combinations occur")]
pub struct FormPart {
    /// The name on the wire.
    pub name: String,
    /// The name of the field and of its setter, unique in the type.
    pub ident: String,
    /// Whether it is required.
    pub required: bool,
    /// Whether the field is a list. Its items are parts of this name, unless the content joins them.
    pub repeated: bool,
    /// What a part contains.
    pub content: PartContent,
    /// The media type that is sent. For a file it is the default.
    pub content_type: Option<String>,
    /// The media types of a file, if the document lists several or a range.
    pub listed: Vec<String>,
    /// The headers that the document describes.
    pub headers: Vec<PartHeader>,
    /// The description.
    pub description: Option<String>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// A value for examples.
    pub example: Option<Value>,
}

/// What a part of a multipart body contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartContent {
    /// A string, a number or a boolean, as it is.
    Text(Slot),
    /// Strings, numbers or booleans, in one part with a character between them.
    Joined(Slot, char),
    /// A value as JSON.
    Json(Slot),
    /// A file.
    File,
    /// A file if it has a name, otherwise text.
    FileOrText,
    /// Bytes that the caller encodes. They have a file name only if the caller states one.
    Bytes,
}

impl FormPart {
    /// Whether there is a part for each item of the field.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.repeated && !matches!(self.content, PartContent::Joined(..))
    }
}

impl PartContent {
    /// Whether the field is a file, whose media type the caller may set.
    #[must_use]
    pub fn is_file(self) -> bool {
        matches!(self, Self::File | Self::FileOrText)
    }

    /// Returns the slot of a value. `None` if the caller passes its bytes.
    #[must_use]
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::Text(slot) | Self::Joined(slot, _) | Self::Json(slot) => Some(slot),
            Self::File | Self::FileOrText | Self::Bytes => None,
        }
    }
}

/// A header of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHeader {
    /// The name on the wire.
    pub name: String,
    /// Where its value comes from.
    pub value: PartHeaderValue,
}

/// Where the value of a header of a part comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartHeaderValue {
    /// The document.
    Constant(String),
    /// A field of the form.
    Field {
        /// The name of the field and of its setter, unique in the type.
        ident: String,
        /// The slot of its type.
        slot: Slot,
        /// Whether it is required.
        required: bool,
        /// Whether its value must not be shown.
        sensitive: bool,
        /// The description.
        description: Option<String>,
    },
}
