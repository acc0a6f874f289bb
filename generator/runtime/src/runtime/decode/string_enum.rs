//! Reads enums of strings, without a copy of a string that is known.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// The error of parsing an enum from a string that the API does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseEnumError;

impl fmt::Display for ParseEnumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the string is not a value of this enum")
    }
}

impl std::error::Error for ParseEnumError {}

/// Reads a string, and returns the value that `read` makes of it.
///
/// # Errors
/// If the input is not a string, or `read` has no value for it.
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
        f.write_str("one of the strings that the API names")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::custom(ParseEnumError))
    }
}
