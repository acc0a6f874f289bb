//! Enums of strings. They are read without a copy of a string that is known.
//!
//! `closed!` and `open!` implement their functions and traits. They use full paths, as an API can have a type with any name.

#![allow(unused_macros, unused_imports, reason = "not every API has such enums")]

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

/// Implements an enum whose strings are all known.
///
/// ```text
/// string_enum::closed! {
///     Color { Red = "red", Blue = "blue" }
/// }
/// ```
macro_rules! closed {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// Returns the string that is sent and received.
            #[must_use]
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// Returns the value for a string that is sent or received. `None` if the API does not name the string.
            #[must_use]
            pub fn from_text(text: &str) -> std::option::Option<Self> {
                match text {
                    $($text => std::option::Option::Some(Self::$variant),)*
                    _ => std::option::Option::None,
                }
            }
        }

        string_enum::written!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                string_enum::deserialize(deserializer, Self::from_text)
            }
        }

        // `Self::Err` would be ambiguous in an enum with a variant `Err`.
        impl std::str::FromStr for $name {
            type Err = string_enum::ParseEnumError;

            fn from_str(text: &str) -> std::result::Result<Self, string_enum::ParseEnumError> {
                Self::from_text(text).ok_or(string_enum::ParseEnumError)
            }
        }

        impl std::convert::TryFrom<&str> for $name {
            type Error = string_enum::ParseEnumError;

            fn try_from(text: &str) -> std::result::Result<Self, string_enum::ParseEnumError> {
                text.parse()
            }
        }
    };
}

/// Implements an enum with a variant `Unknown` for strings that are not known.
macro_rules! open {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// Returns the string that is sent and received.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(std::borrow::ToOwned::to_owned(text)),
                }
            }
        }

        string_enum::written!($name);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                string_enum::deserialize(deserializer, |text| {
                    std::option::Option::Some(<Self as std::convert::From<&str>>::from(text))
                })
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> std::result::Result<Self, std::convert::Infallible> {
                std::result::Result::Ok(<Self as std::convert::From<&str>>::from(text))
            }
        }

        impl std::convert::From<std::string::String> for $name {
            fn from(text: std::string::String) -> Self {
                <Self as std::convert::From<&str>>::from(text.as_str())
            }
        }
    };
}

/// Implements what enums with `as_str` have in common.
macro_rules! written {
    ($name:ident) => {
        impl std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl crate::runtime::ParamValue for $name {
            fn to_param(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.as_str())
            }
        }
    };
}

pub(crate) use {closed, open, written};

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
