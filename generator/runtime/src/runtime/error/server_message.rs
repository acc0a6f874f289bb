//! The error message of a service: where it is in the body of a response, and what an error shows of it.

use std::borrow::Cow;

use serde_json::Value;

use super::kind::ErrorKind;
use super::mask::Mask;
use super::{Error, describe};
use crate::runtime::decode::lossy;

/// The longest message that is kept, in characters.
pub(crate) const MESSAGE: usize = 300;

/// Where services put their messages. The first that is present is used; the last one is the whole body.
const POINTERS: [&str; 9] = [
    "/message",
    "/error/message",
    "/error",
    "/detail",
    "/title",
    "/errors/0/message",
    "/errors/0",
    "/error_description",
    "",
];

/// What an error shows of a response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of it, after masking.
    Masked,
    /// Nothing, because it is not known what to mask.
    Withheld,
}

impl Error {
    /// Returns whether the error may contain text that the service has sent.
    pub(crate) fn may_echo(&self) -> bool {
        self.inner.response.is_some()
    }

    /// Masks the values that the service may have echoed.
    pub(crate) fn masked(mut self, mask: &Mask) -> Self {
        let inner = &mut *self.inner;
        if let Cow::Owned(message) = &inner.message {
            inner.message = Cow::Owned(mask.own_line(message));
        }
        if let Some(path) = &inner.json_path {
            inner.json_path = Some(mask.own_line(path));
        }
        if let Some(response) = &mut inner.response {
            response.take_message(mask);
        }
        self
    }

    /// Removes everything that the service may have echoed. The message still distinguishes the kinds of failure.
    pub(crate) fn withheld(mut self) -> Self {
        let status = self.status();
        let inner = &mut *self.inner;
        inner.shown = Shown::Withheld;
        let reason = match inner.kind {
            ErrorKind::Decode => "the body does not match the API description",
            ErrorKind::UnexpectedResponse => "the API does not describe this response",
            _ => return self,
        };
        inner.message = Cow::Owned(format!("{}: {reason}", status.map(describe).unwrap_or_default()));
        self
    }
}

/// Finds the message in a body, unmasked.
pub(crate) fn find(body: &[u8], content_type: Option<&str>) -> Option<String> {
    if let Some((value, _)) = lossy::decode_any(body) {
        return POINTERS.iter().find_map(|pointer| text_at(&value, pointer));
    }
    let plain = content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let text = std::str::from_utf8(body).ok()?;
    (plain && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Finds the message in a body and returns it as one line, unmasked.
pub(crate) fn unmasked(body: &[u8], content_type: Option<&str>) -> Option<String> {
    find(body, content_type).map(|found| one_line(&found, MESSAGE))
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    let text = value.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the string as one line for a log: control and direction characters are replaced by spaces, and it is cut off
/// after `limit` characters.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == limit {
            line.push('…');
            break;
        }
        line.push(if is_hostile(character) { ' ' } else { character });
    }
    line
}

/// Returns whether a character ends a line, moves the cursor or changes the reading direction.
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
