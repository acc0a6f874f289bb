//! Finding a service's own message in the body of an error. It masks nothing; its caller does, before anyone sees it.

use serde_json::Value;

use crate::runtime::decode::lossy;

/// How much of a message is kept, in characters.
pub(crate) const MESSAGE: usize = 300;

/// Where services put it, the first found wins; the last is the whole body.
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

/// The message in a body, as it was sent.
pub(crate) fn find(body: &[u8], content_type: Option<&str>) -> Option<String> {
    if let Some((value, _)) = lossy::decode_any(body) {
        return POINTERS.iter().find_map(|pointer| text_at(&value, pointer));
    }
    let plain = content_type.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let text = std::str::from_utf8(body).ok()?;
    (plain && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// The message in a body as one line, as it was sent otherwise.
pub(crate) fn unmasked(body: &[u8], content_type: Option<&str>) -> Option<String> {
    find(body, content_type).map(|found| one_line(&found, MESSAGE))
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    let text = value.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Text made fit for one line of a log: no control or direction characters, at most `limit` characters.
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

/// Characters that end a line, move the cursor or turn the reading direction.
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
