//! Reads JSON with fields that neither a type knows nor `serde_json::Value` can hold: numbers such as `1e400`, strings that
//! are not Unicode, and nesting that is too deep for the decoder. Such fields are left out.
//!
//! All of it happens only after a text did not decode. A field that the type knows is never left out: first each field in
//! question gets values of several other types. Only a field that takes all of them is unknown, or of a type that takes
//! anything.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::json_text::without_mark;
use super::unreadable_scan::members;

/// Values that only a field without a type takes all of.
const PROBES: [&[u8]; 4] = [b"true", b"0.5", b"\"\\u0001\"", b"[{}]"];

/// A name that no type knows, for a member whose name cannot be read.
const NAME: &[u8] = b"\"\\u0001\"";

/// How many of the paths are kept.
const LISTED: usize = 100;

/// A member of an object that cannot be read, by its place in the text.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) path: String,
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
    /// The member with one of the commas around it, if there is one.
    pub(super) whole: Range<usize>,
    /// Whether the name itself cannot be read.
    pub(super) is_unnamed: bool,
}

/// Decodes JSON. The second part of the result is the paths of the fields that were left out, usually none.
pub(super) fn decode<T: DeserializeOwned>(text: &[u8]) -> Result<(T, Vec<String>), serde_json::Error> {
    let text = without_mark(text);
    match serde_json::from_slice(text) {
        Ok(value) => Ok((value, Vec::new())),
        Err(error) => decode_in_part(text).ok_or(error),
    }
}

/// Decodes JSON that did not decode as a whole. `None` if a field that the type knows is to blame, or the text is not JSON.
pub(super) fn decode_in_part<T: DeserializeOwned>(text: &[u8]) -> Option<(T, Vec<String>)> {
    let members = members(text).filter(|members| !members.is_empty())?;
    for probe in PROBES {
        serde_json::from_slice::<T>(&probed(text, &members, probe)).ok()?;
    }
    let value = serde_json::from_slice(&without(text, &members)).ok()?;
    Some((value, members.into_iter().map(|member| member.path).take(LISTED).collect()))
}

/// The text with another value for each member.
fn probed(text: &[u8], members: &[Member], probe: &[u8]) -> Vec<u8> {
    let mut edited = Edited::new(text);
    for member in members {
        if member.is_unnamed {
            edited.replace(&member.name, NAME);
        }
        edited.replace(&member.value, probe);
    }
    edited.finish()
}

/// The text without the members.
fn without(text: &[u8], members: &[Member]) -> Vec<u8> {
    let mut edited = Edited::new(text);
    for member in members {
        edited.replace(&member.whole, b"");
    }
    edited.finish()
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
