//! Reads the headers of responses that the API describes.

use std::str;

use reqwest::header::{HeaderMap, HeaderValue};
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;

/// What the characters of a value in a header stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderScalar {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// Returns the value of a header. `None` if the response does not have it.
///
/// # Errors
///
/// Fails if the value is not UTF-8.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Error> {
    headers.get(name).map(|value| utf8(name, value)).transpose()
}

/// Returns the values of a comma-separated list, without the spaces around them. Empty values are left out (RFC 9110,
/// section 5.6.1). A header that occurs several times is one list. `None` if the response does not have the header.
///
/// # Errors
///
/// Fails if the header is not UTF-8.
pub fn texts<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<Vec<&'a str>>, Error> {
    let mut all = Vec::new();
    for value in headers.get_all(name) {
        all.extend(utf8(name, value)?.split(',').map(str::trim).filter(|value| !value.is_empty()));
    }
    Ok(headers.contains_key(name).then_some(all))
}

/// Returns the value of a header as its type. `None` if the response does not have the header.
///
/// # Errors
///
/// Fails if the value is not of the type.
pub fn value<T: DeserializeOwned>(headers: &HeaderMap, name: &str, scalar: HeaderScalar) -> Result<Option<T>, Error> {
    text(headers, name)?.map(|text| read(name, text.trim(), scalar)).transpose()
}

/// Returns the values of a comma-separated list as their type, as [`texts`].
///
/// # Errors
///
/// Fails if a value is not of the type.
pub fn values<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
    scalar: HeaderScalar,
) -> Result<Option<Vec<T>>, Error> {
    let Some(texts) = texts(headers, name)? else { return Ok(None) };
    texts.into_iter().map(|text| read(name, text, scalar)).collect::<Result<_, _>>().map(Some)
}

fn utf8<'a>(name: &str, value: &'a HeaderValue) -> Result<&'a str, Error> {
    str::from_utf8(value.as_bytes()).map_err(|_| mismatch(name, "UTF-8"))
}

fn read<T: DeserializeOwned>(name: &str, text: &str, scalar: HeaderScalar) -> Result<T, Error> {
    let (expected, value) = match scalar {
        HeaderScalar::String => {
            ("of the described type", T::deserialize(StrDeserializer::<ValueError>::new(text)).ok())
        }
        HeaderScalar::Integer => ("an integer of the described type", integer(text)),
        HeaderScalar::Number => ("a number", number(text)),
        HeaderScalar::Boolean => ("`true` or `false`", text.parse().ok().and_then(deserialized::<T, bool>)),
    };
    value.ok_or_else(|| mismatch(name, expected))
}

fn integer<T: DeserializeOwned>(text: &str) -> Option<T> {
    match text.parse::<i64>() {
        Ok(number) => deserialized(number),
        Err(_) => text.parse::<u64>().ok().and_then(deserialized),
    }
}

/// Reads a number. JSON has no others than finite ones.
fn number<T: DeserializeOwned>(text: &str) -> Option<T> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    deserialized(number)
}

fn deserialized<T, V>(value: V) -> Option<T>
where
    T: DeserializeOwned,
    V: for<'de> IntoDeserializer<'de, ValueError>,
{
    T::deserialize(value.into_deserializer()).ok()
}

/// The error does not contain the value, which may be secret.
fn mismatch(name: &str, expected: &str) -> Error {
    let name = name.to_ascii_lowercase();
    Error::new(ErrorKind::Decode, format!("the response header `{name}` is not {expected}"))
}
