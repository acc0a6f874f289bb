//! Random edits of the bytes of a text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// An edit at one position.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// Replaces a byte.
    Set(Index, u8),
    /// Inserts bytes.
    Insert(Index, Vec<u8>),
    /// Removes bytes.
    Remove(Index, usize),
    /// Copies bytes to another position.
    Copy(Index, Index, usize),
    /// Inserts bytes of another text.
    Splice(Index, Index, usize),
    /// Truncates the text.
    Cut(Index),
    /// Inserts an opening token repeatedly.
    Nest(Index, &'static str, usize),
}

/// One to four edits.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = any::<Index>;
    let marks: Vec<&[u8]> = vec![
        b":",
        b"- ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b"'",
        b"\n",
        b"  ",
        b"&a ",
        b"*a",
        b"<<: ",
        b"!!binary ",
        b"|\n",
        b"#",
        b"? ",
        b"---\n",
        b"\t",
        b"\xEF\xBB\xBF",
        b"\0",
        b"$ref: ",
        b"null",
        b"~",
        b"1e999",
        b"-0",
        b"\\u0000",
        b"\\uD800",
    ];
    let opening = select(vec!["[", "{\"a\":", "- ", "{a: ", "&a [", "\"\\\"", "? ", "- - "]);
    let edit = prop_oneof![
        3 => (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        4 => (place(), select(marks)).prop_map(|(at, mark)| Edit::Insert(at, mark.to_vec())),
        1 => (place(), vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        3 => (place(), 1..40_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        3 => (place(), place(), 1..400_usize).prop_map(|(at, from, length)| Edit::Copy(at, from, length)),
        3 => (place(), place(), 1..400_usize).prop_map(|(at, from, length)| Edit::Splice(at, from, length)),
        1 => place().prop_map(Edit::Cut),
        1 => (place(), opening, 1..3_000_usize).prop_map(|(at, opening, times)| Edit::Nest(at, opening, times)),
    ];
    vec(edit, 1..5)
}

impl Edit {
    /// Applies the edit.
    pub(crate) fn apply(&self, mut text: Vec<u8>, other: &[u8]) -> Vec<u8> {
        let place = |index: &Index, length: usize| index.index(length + 1);
        let put = |mut text: Vec<u8>, at: &Index, bytes: Vec<u8>| {
            let at = place(at, text.len());
            text.splice(at..at, bytes);
            text
        };
        let part = |of: &[u8], from: &Index, length: usize| {
            let from = place(from, of.len());
            of[from..(from + length).min(of.len())].to_vec()
        };
        match self {
            Self::Set(at, byte) => {
                if !text.is_empty() {
                    let at = at.index(text.len());
                    text[at] = *byte;
                }
                text
            }
            Self::Insert(at, bytes) => put(text, at, bytes.clone()),
            Self::Remove(at, length) => {
                let at = place(at, text.len());
                text.drain(at..(at + length).min(text.len()));
                text
            }
            Self::Copy(at, from, length) => {
                let bytes = part(&text, from, *length);
                put(text, at, bytes)
            }
            Self::Splice(at, from, length) => put(text, at, part(other, from, *length)),
            Self::Cut(at) => {
                text.truncate(place(at, text.len()));
                text
            }
            Self::Nest(at, opening, times) => put(text, at, opening.repeat(*times).into_bytes()),
        }
    }
}
