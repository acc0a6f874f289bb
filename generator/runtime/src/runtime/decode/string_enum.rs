//! Reading of enums of texts, without a copy of a text that is known.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// A text that is none of those that the API names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownText;

impl fmt::Display for UnknownText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text that the API does not name")
    }
}

impl std::error::Error for UnknownText {}

/// The value that `read` makes of a text.
///
/// # Errors
/// If what is read is no text, or `read` knows no value for it.
pub fn deserialize<'de, D, T>(deserializer: D, read: fn(&str) -> Option<T>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor { read, value: PhantomData })
}

struct TextVisitor<T> {
    read: fn(&str) -> Option<T>,
    value: PhantomData<T>,
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of the texts that the API names")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::custom(UnknownText))
    }
}
