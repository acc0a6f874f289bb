//! Masks in a string of the service what it may repeat of a request: credentials, values of headers and of the query,
//! and the strings and numbers of the body.
//!
//! A value is masked as it is, in parts if it is a list, a pair, JSON or a URL with a user, and with the escapes of
//! Rust's `Debug` and of JSON. It is not masked if the service changes it in another way: if it quotes a part of it,
//! writes it in upper case, or encodes it as HTML or Base64. Values of fewer than four bytes are not masked unless they
//! are credentials, and these only where they are words of the service.
//!
//! Bodies in memory are searched in any format. A body that is read while it is sent cannot be searched: the string is shown
//! unless the body is sensitive. The same applies to bytes in memory that are too long to be searched.
//!
//! A mask is created only after a call has failed, so that it costs successful calls nothing. It keeps the body as it
//! was sent and extracts the values while it masks, so its memory does not grow with their number, and its time is
//! linear in the lengths of body and string.

use std::collections::HashSet;
use std::fmt::Write as _;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use percent_encoding::percent_decode_str;

use super::occurrences::Occurrences;
use super::sent_body::SentBody;
use super::server_message::{MESSAGE, one_line};
use crate::runtime::encoding::json_text::scalars;
use crate::runtime::encoding::percent::push_value;

const MASKED: &str = "[redacted]";

/// Shown in place of a string that is too long to be searched.
const HIDDEN: &str = "[too long to show]";

/// Shown in place of any string if a sensitive body was read while it was sent.
const UNSEARCHABLE: &str = "[not shown]";

/// Separators of list items in a query or a form, as they are sent.
const SEPARATORS: [&str; 6] = [",", "|", "+", "%20", "%7C", "%7c"];

/// The longest string that is searched, in bytes.
const LONGEST: usize = 16 * 1024;

/// How many bytes of bodies are searched for values.
const MOST_OF_BODIES: usize = 4 * 1024 * 1024;

/// The shortest values that are masked, in bytes. Masking shorter ones would make every message unreadable.
const SHORTEST: usize = 4;

/// The values that must not be shown.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    values: HashSet<String>,
    /// Credentials that are too short to be masked anywhere in a string.
    short: HashSet<String>,
    bodies: Vec<SentBody>,
    /// Whether a sensitive body was read while it was sent.
    is_unknown: bool,
}

/// The author of a string, which decides where short credentials are masked in it.
#[derive(Clone, Copy)]
enum Author {
    /// The service: as words.
    Service,
    /// This crate, which may quote the service: in double quotes.
    Client,
}

impl Mask {
    /// Adds a credential of any length, also trimmed and percent-encoded.
    pub(crate) fn add_credential(&mut self, text: &str) {
        self.add(text);
        let mut encoded = String::new();
        push_value(&mut encoded, text.trim());
        for form in [text, text.trim(), &encoded] {
            if !form.trim().is_empty() && form.len() < SHORTEST {
                self.short.insert(form.to_owned());
            }
        }
        self.add(&encoded);
    }

    /// Adds a value, and the values that it contains.
    pub(crate) fn add(&mut self, text: &str) {
        each_meaning(text, &mut |value| {
            self.values.insert(value.to_owned());
        });
    }

    /// Adds credentials.
    pub(crate) fn add_all(&mut self, texts: &[String]) {
        for text in texts {
            self.add_credential(text);
        }
    }

    /// Adds the value of a header that a service may echo.
    pub(crate) fn add_header(&mut self, name: &HeaderName, value: &HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes());
        each_of_header(&text, &mut |value| self.add(value));
        if [AUTHORIZATION, PROXY_AUTHORIZATION].contains(name) {
            self.add_authorization(&text);
        }
    }

    /// Adds the values of a query, or of cookies, as they are sent.
    pub(crate) fn add_pairs(&mut self, text: &str) {
        each_of_pairs(text, &mut |value| self.add(value));
    }

    /// Adds the values in a body.
    pub(crate) fn add_body(&mut self, bytes: &Bytes, content_type: Option<&HeaderValue>) {
        self.bodies.push(SentBody::new(bytes, content_type, false));
    }

    /// Adds the values in a body that is sensitive as a whole.
    pub(crate) fn add_sensitive_body(&mut self, bytes: &Bytes, content_type: Option<&HeaderValue>) {
        self.bodies.push(SentBody::new(bytes, content_type, true));
    }

    /// Adds a sensitive body whose values are not known.
    pub(crate) fn add_unknown_body(&mut self) {
        self.is_unknown = true;
    }

    /// Adds the credential in an authorization header: what follows the scheme, and the password in it.
    fn add_authorization(&mut self, text: &str) {
        let Some((scheme, credential)) = text.trim().split_once(' ') else {
            return self.add_credential(text);
        };
        self.add_credential(credential);
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = from_base64(credential.trim());
            let decoded = String::from_utf8_lossy(&decoded);
            if let Some((_, password)) = decoded.split_once(':') {
                self.add_credential(&decoded);
                self.add_credential(password);
            }
        }
    }

    /// Returns a string of the service as one line of limited length, with a placeholder for each value. Only the original
    /// string is searched, and occurrences that overlap get one placeholder.
    pub(crate) fn line(&self, text: &str) -> String {
        self.masked(text, Author::Service)
    }

    /// Masks a message of this crate, which may quote the service, in the same way. Credentials of fewer than four bytes are
    /// masked only where they are quoted, so they do not replace the words of the message.
    pub(crate) fn own_line(&self, text: &str) -> String {
        self.masked(text, Author::Client)
    }

    fn masked(&self, text: &str, author: Author) -> String {
        if self.is_unknown || self.bodies.iter().any(SentBody::is_hidden) {
            return UNSEARCHABLE.to_owned();
        }
        let searched: usize = self.bodies.iter().map(SentBody::len).sum();
        let is_too_long = searched > MOST_OF_BODIES;
        if text.len() > LONGEST || is_too_long && self.bodies.iter().any(SentBody::must_be_searched) {
            return HIDDEN.to_owned();
        }
        let mut occurrences = Occurrences::of(text);
        // Every escape that is searched for contains a backslash.
        let has_escapes = text.contains('\\');
        let mut mark = |value: &str| {
            occurrences.mark(value);
            if has_escapes && value.len() <= text.len() {
                each_escaped(value, &mut |escaped| occurrences.mark(escaped));
            }
        };
        self.values.iter().for_each(|value| mark(value));
        if !is_too_long {
            for body in &self.bodies {
                body.each_value(&mut |value| each_meaning(value, &mut mark));
            }
        }
        for value in &self.short {
            occurrences.mark_where(value, |before, after| author.is_masked(value, before, after));
        }
        one_line(&occurrences.replaced(MASKED), MESSAGE)
    }
}

impl Author {
    /// Returns whether a short credential is masked between these two strings.
    fn is_masked(self, value: &str, before: &str, after: &str) -> bool {
        let is_word = |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
        let continues = |left: &str, right: &str| is_word(left.chars().next_back()) && is_word(right.chars().next());
        match self {
            Self::Service => !continues(before, value) && !continues(value, after),
            Self::Client => before.ends_with('"') && after.starts_with('"'),
        }
    }
}

/// Visits the strings of a JSON text, decoded, and its numbers as they are written.
pub(super) fn each_scalar(json: &[u8], visit: &mut dyn FnMut(&str)) {
    // A longer value cannot occur in a string that is searched: an escape has at most six bytes for one byte.
    for scalar in scalars(json).filter(|scalar| scalar.len() <= 6 * LONGEST) {
        match scalar.strip_prefix(b"\"") {
            None => visit(&String::from_utf8_lossy(scalar)),
            Some(string) if !string.contains(&b'\\') => {
                visit(&String::from_utf8_lossy(string.strip_suffix(b"\"").unwrap_or(string)));
            }
            Some(_) => visit(&serde_json::from_slice::<String>(scalar).unwrap_or_default()),
        }
    }
}

/// Visits the value of a header, the rest after its first word, its items, and the values of its pairs.
pub(super) fn each_of_header(text: &str, visit: &mut dyn FnMut(&str)) {
    visit(text);
    if let Some((_, rest)) = text.trim().split_once(' ') {
        visit(rest);
    }
    for item in text.split([',', ';']) {
        visit(item);
        if let Some((_, value)) = item.split_once('=') {
            let value = value.trim().trim_matches('"');
            visit(value);
            visit(&percent_decode_str(value).decode_utf8_lossy());
        }
    }
    each_of_json(text, visit);
}

/// Visits every value of a query, of cookies or of a form, and every item if it is a list, encoded and decoded.
pub(super) fn each_of_pairs(pairs: &str, visit: &mut dyn FnMut(&str)) {
    for (_, value) in pairs.split(['&', ';']).filter_map(|pair| pair.split_once('=')) {
        each_decoded(value, visit);
        each_of_json(&percent_decode_str(value).decode_utf8_lossy(), visit);
        for separator in SEPARATORS.into_iter().filter(|separator| value.contains(separator)) {
            value.split(separator).for_each(|item| each_decoded(item, visit));
        }
    }
}

/// Visits a value encoded and decoded. In a form, a plus sign may be a space.
fn each_decoded(value: &str, visit: &mut dyn FnMut(&str)) {
    visit(value);
    if value.contains(['%', '+']) {
        visit(&percent_decode_str(value).decode_utf8_lossy());
        visit(&percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy());
    }
}

/// Visits the strings and numbers of a string if it is JSON.
fn each_of_json(text: &str, visit: &mut dyn FnMut(&str)) {
    if text.trim_start().starts_with(['{', '[', '"']) {
        each_scalar(text.as_bytes(), visit);
    }
}

/// Visits a value, also trimmed, and the users and passwords of the URLs in it. Values that are too short, or too long
/// to occur in a string that is searched, are left out.
fn each_meaning(value: &str, visit: &mut dyn FnMut(&str)) {
    let mut visit = |text: &str| {
        let trimmed = text.trim();
        if (SHORTEST..=LONGEST).contains(&text.len()) && !trimmed.is_empty() {
            visit(text);
        }
        if trimmed.len() < text.len() && (SHORTEST..=LONGEST).contains(&trimmed.len()) {
            visit(trimmed);
        }
    };
    visit(value);
    for url in value.split("://").skip(1) {
        // A password may contain a slash, although most parsers take what follows the slash for the path.
        let authority = url.split(['/', '?', '#']).next().filter(|authority| authority.contains('@'));
        if let Some((user_info, _)) = authority.unwrap_or(url).rsplit_once('@') {
            let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
            for text in [user_info, user, password] {
                visit(text);
                visit(&percent_decode_str(text).decode_utf8_lossy());
            }
        }
    }
}

/// Visits a value as `Debug` and JSON serializers escape it, if that differs.
fn each_escaped(value: &str, visit: &mut dyn FnMut(&str)) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"'\\/".contains(&byte);
    if value.bytes().all(is_plain) {
        return;
    }
    visit(&value.escape_debug().to_string());
    visit(without_quotes(&format!("{value:?}")));
    let json = serde_json::to_string(value).unwrap_or_default();
    let json = without_quotes(&json);
    for form in [json, &ascii(json, false), &ascii(json, true)] {
        visit(form);
        visit(&form.replace('/', "\\/"));
    }
}

fn without_quotes(quoted: &str) -> &str {
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(quoted)
}

/// Returns JSON in ASCII only: other characters are escaped, with digits in lower or upper case.
fn ascii(json: &str, upper: bool) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
            continue;
        }
        // Writing to a string does not fail.
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = if upper { write!(escaped, "\\u{unit:04X}") } else { write!(escaped, "\\u{unit:04x}") };
        }
    }
    escaped
}

/// Decodes Base64 with the alphabet of Basic credentials, up to the first other character.
fn from_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut decoded = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u16, 0);
    for value in text.bytes().map_while(digit) {
        bits = (bits << 6) | u16::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
        }
    }
    decoded
}
