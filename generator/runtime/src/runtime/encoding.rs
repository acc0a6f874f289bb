//! Strings as formats write them: percent-encoding, Base64, media types, and places in JSON.

pub(crate) mod base64;
pub(crate) mod json_pointer;
pub(crate) mod json_text;
pub(crate) mod media_type;
pub(crate) mod percent;
