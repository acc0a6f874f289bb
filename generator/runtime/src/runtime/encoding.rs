//! String formats: percent-encoding, media types, JSON pointers, and JSON text.

pub(crate) mod json_pointer;
pub(crate) mod json_text;
pub(crate) mod media_type;
pub(crate) mod percent;
pub(crate) mod xml_text;
