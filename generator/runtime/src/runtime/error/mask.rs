//! Masks in a string of the service what it may repeat of a request: credentials, values of headers and of the query,
//! and the strings and numbers of the body.
//!
//! A value is masked as it is, in parts if it is a list, a pair, JSON or a URL with a user, and with the escapes of
//! Rust's `Debug` and of JSON. It is not masked if the service changes it in another way: if it quotes a part of it,
//! writes it in upper case, or encodes it as HTML or Base64. Values of fewer than four bytes are not masked unless they
//! are credentials.
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
use super::server_message::{MESSAGE, one_line};
use crate::runtime::encoding::json_text::scalars;
use crate::runtime::encoding::media_type::{essence, is_json, is_xml};
use crate::runtime::encoding::percent::push_value;
use crate::runtime::encoding::xml_text;

const MASKED: &str = "[redacted]";

/// Shown in place of a string that is too long to be searched.
const HIDDEN: &str = "[too long to show]";

/// Shown in place of any string if the values of the sent body cannot be read.
const UNSEARCHABLE: &str = "[not shown]";

/// Separators of list items in a query or a form, as they are sent.
const SEPARATORS: [&str; 6] = [",", "|", "+", "%20", "%7C", "%7c"];

/// The longest string that is searched, in bytes.
const LONGEST: usize = 16 * 1024;

/// How many bytes of bodies are searched for values. With more, the whole string is hidden.
const MOST_OF_BODIES: usize = 4 * 1024 * 1024;

/// The shortest values that are masked, in bytes. Masking shorter ones would make every message unreadable.
const SHORTEST: usize = 4;

/// The values that must not be shown.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    values: HashSet<String>,
    bodies: Vec<Sent>,
}

/// A body as it was sent.
#[derive(Clone)]
struct Sent {
    bytes: Bytes,
    format: Format,
}

#[derive(Clone)]
enum Format {
    Json,
    /// A multipart form, with the line that separates its parts.
    Parts(String),
    Form,
    Text,
    Xml,
    /// Anything else.
    Unknown,
}

impl Format {
    fn of(content_type: Option<&HeaderValue>) -> Self {
        let Some(text) = content_type.and_then(|value| value.to_str().ok()) else {
            return Self::Unknown;
        };
        match essence(text).to_ascii_lowercase().as_str() {
            _ if is_json(text.as_bytes()) => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/plain" => Self::Text,
            _ if is_xml(text) => Self::Xml,
            kind if kind.starts_with("multipart/") => boundary(text).map_or(Self::Unknown, Self::Parts),
            _ => Self::Unknown,
        }
    }
}

/// Returns the line that separates the parts of a multipart body.
fn boundary(content_type: &str) -> Option<String> {
    let is_boundary = |(name, _): &(&str, &str)| name.trim().eq_ignore_ascii_case("boundary");
    let (_, value) = content_type.split(';').filter_map(|pair| pair.split_once('=')).find(is_boundary)?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty()).then(|| format!("--{value}"))
}

impl Mask {
    /// Adds a credential of any length, also trimmed and percent-encoded.
    pub(crate) fn add_credential(&mut self, text: &str) {
        self.add(text);
        let mut encoded = String::new();
        push_value(&mut encoded, text.trim());
        for form in [text, text.trim(), &encoded] {
            if !form.trim().is_empty() && form.len() < SHORTEST {
                self.values.insert(form.to_owned());
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
        if !bytes.is_empty() {
            self.bodies.push(Sent { bytes: bytes.clone(), format: Format::of(content_type) });
        }
    }

    /// Adds a body whose values are not known.
    pub(crate) fn add_unknown_body(&mut self) {
        self.bodies.push(Sent { bytes: Bytes::new(), format: Format::Unknown });
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

    /// Returns the string as one line of limited length, with a placeholder for each value. Only the original string is
    /// searched, and occurrences that overlap get one placeholder.
    pub(crate) fn line(&self, text: &str) -> String {
        let searched: usize = self.bodies.iter().map(|body| body.bytes.len()).sum();
        if text.len() > LONGEST || searched > MOST_OF_BODIES {
            return HIDDEN.to_owned();
        }
        if !self.bodies.iter().all(Sent::is_readable) {
            return UNSEARCHABLE.to_owned();
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
        for body in &self.bodies {
            body.each_value(&mut |value| each_meaning(value, &mut mark));
        }
        one_line(&occurrences.replaced(MASKED), MESSAGE)
    }
}

impl Sent {
    /// Returns whether the values of the body can be read. Files in the parts of a form need not be UTF-8.
    fn is_readable(&self) -> bool {
        match self.format {
            Format::Json | Format::Parts(_) => true,
            Format::Form | Format::Text | Format::Xml => std::str::from_utf8(&self.bytes).is_ok(),
            Format::Unknown => false,
        }
    }

    fn each_value(&self, visit: &mut dyn FnMut(&str)) {
        if let Format::Json = self.format {
            return each_scalar(&self.bytes, visit);
        }
        let text = String::from_utf8_lossy(&self.bytes);
        match &self.format {
            Format::Parts(boundary) => {
                for part in text.split(boundary.as_str()) {
                    let (head, content) = split(part);
                    each_of_head(head, visit);
                    each_of_text(content, visit);
                }
            }
            Format::Xml => xml_text::each_value(&text, visit),
            _ => {
                each_of_pairs(&text, visit);
                each_of_text(&text, visit);
            }
        }
    }
}

/// Splits a part into its headers and its content.
fn split(part: &str) -> (&str, &str) {
    let parts = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n"));
    let (head, content) = parts.unwrap_or(("", part));
    (head, content.strip_suffix("\r\n").unwrap_or(content))
}

/// Visits the values of the headers of a part, other than its name and its media type.
fn each_of_head(head: &str, visit: &mut dyn FnMut(&str)) {
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        if !["content-disposition", "content-type"].iter().any(|usual| name.eq_ignore_ascii_case(usual)) {
            each_of_header(value.trim(), visit);
        }
    }
}

/// Visits a string, its lines, and the JSON strings and numbers in the lines.
fn each_of_text(text: &str, visit: &mut dyn FnMut(&str)) {
    visit(text);
    for line in text.lines() {
        visit(line);
        each_scalar(line.as_bytes(), visit);
    }
}

/// Visits the strings of a JSON text, decoded, and its numbers as they are written.
fn each_scalar(json: &[u8], visit: &mut dyn FnMut(&str)) {
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
fn each_of_header(text: &str, visit: &mut dyn FnMut(&str)) {
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
fn each_of_pairs(pairs: &str, visit: &mut dyn FnMut(&str)) {
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
