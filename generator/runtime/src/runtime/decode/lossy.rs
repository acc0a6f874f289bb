//! Decodes JSON with fields that the type does not have and `serde_json::Value` cannot represent: numbers such as
//! `1e400`, strings that are not Unicode, and nesting that is too deep for the decoder. Such fields are left out.
//!
//! This happens only after a text could not be decoded. A field that the type has is not left out: each field in
//! question is first replaced by values of several other types, and the text must decode with each of them. This
//! detects the fields of every type that rejects some JSON value. It does not detect two kinds of fields, which are
//! left out and listed:
//!
//! - a field of a type that accepts any JSON value, such as `serde_json::Value` or an untagged union whose last variant
//!   accepts anything. If the field is optional, it is missing in the value.
//! - a field of one variant of a union without a discriminator, if another variant accepts the same object without that
//!   field. The value is then of the other variant.
//!
//! Decoding with other values takes about five times as long as decoding once. It is limited by the size of the text
//! and the number of fields. Memory is limited to a copy of the text and one decoded value.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lossy_scan::{members, parts, paths};
use crate::runtime::encoding::json_text::without_mark;

/// Values of different types. Only a field that accepts any value accepts all of them.
const PROBES: [&[u8]; 4] = [b"true", b"0.5", b"\"\\u0001\"", b"[{}]"];

/// A name that no type has, for a member whose name cannot be read.
const NAME: &[u8] = b"\"\\u0001\"";

/// The highest number of paths that are returned.
const LISTED: usize = 100;

/// The longest text, in bytes, that is decoded with other values.
const LONGEST: usize = 4 * 1024 * 1024;

/// The highest number of unreadable members in a text that is decoded with other values.
const MOST: usize = 1000;

/// Decodes JSON. Also returns the paths of the fields that were left out, usually none.
pub(crate) fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<(T, Vec<String>), serde_json::Error> {
    let text = without_mark(text);
    match serde_json::from_slice(text) {
        Ok(value) => Ok((value, Vec::new())),
        Err(error) => decode_in_part(text).ok_or(error),
    }
}

/// Decodes JSON that could not be decoded as a whole. `None` if a field that the type has is the cause, if the text is
/// not JSON, or if it would take too long to find out.
pub(crate) fn decode_in_part<T: DeserializeOwned>(text: &[u8]) -> Option<(T, Vec<String>)> {
    if text.len() > LONGEST {
        return None;
    }
    let members = members(text).filter(|members| (1..=MOST).contains(&members.len()))?;
    for probe in PROBES {
        serde_json::from_slice::<T>(&probed(text, &members, probe)?).ok()?;
    }
    without(text, &members)
}

/// Decodes any JSON. Other values need not be tried, so neither the size of the text nor the number of fields is
/// limited.
pub(crate) fn decode_any(text: &[u8]) -> Option<(Value, Vec<String>)> {
    let text = without_mark(text);
    match serde_json::from_slice(text) {
        Ok(value) => Some((value, Vec::new())),
        Err(_) => without(text, &members(text).filter(|members| !members.is_empty())?),
    }
}

/// Returns the text with another value for each member.
fn probed(text: &[u8], members: &[Range<usize>], probe: &[u8]) -> Option<Vec<u8>> {
    let mut edited = Edited::new(text);
    for member in members {
        let parts = parts(text, member)?;
        if parts.is_unnamed {
            edited.replace(&parts.name, NAME);
        }
        edited.replace(&parts.value, probe);
    }
    Some(edited.finish())
}

/// Decodes the text without the members, and returns their paths.
fn without<T: DeserializeOwned>(text: &[u8], members: &[Range<usize>]) -> Option<(T, Vec<String>)> {
    let mut edited = Edited::new(text);
    for member in members {
        edited.replace(member, b"");
    }
    let value = serde_json::from_slice(&edited.finish()).ok()?;
    Some((value, paths(text, members, LISTED)))
}

/// A copy of a text, with replacements in the order of the text.
struct Edited<'a> {
    text: &'a [u8],
    copy: Vec<u8>,
    copied: usize,
}

impl<'a> Edited<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, copy: Vec::with_capacity(text.len()), copied: 0 }
    }

    fn replace(&mut self, range: &Range<usize>, replacement: &[u8]) {
        self.copy.extend_from_slice(self.text.get(self.copied..range.start).unwrap_or_default());
        self.copy.extend_from_slice(replacement);
        self.copied = range.end;
    }

    fn finish(mut self) -> Vec<u8> {
        self.copy.extend_from_slice(self.text.get(self.copied..).unwrap_or_default());
        self.copy
    }
}
