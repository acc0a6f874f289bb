//! Hides in a service's text what it may repeat of a request: credentials, values of headers and of the query, and the
//! strings and numbers of the body.
//!
//! A mask is made only after a call has failed, so that a call that succeeds pays nothing. It keeps the body as it was sent
//! and reads the values out of it while it masks, so its memory does not grow with their number, and its time is linear in
//! the lengths of body and text.

use std::borrow::Cow;
use std::collections::HashSet;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};

use super::json_text::scalars;
use super::occurrences::Occurrences;
use super::reply::is_json;
use super::server_message::{MESSAGE, one_line};
use super::writer::RequestWriter;

const MASKED: &str = "[redacted]";

/// What is shown instead of a text that is not searched.
const HIDDEN: &str = "[too long to show]";

/// The longest text that is searched, in bytes.
const LONGEST: usize = 16 * 1024;

/// How many bytes of bodies are searched for values. A text is hidden as a whole if there are more.
const MOST_OF_BODIES: usize = 4 * 1024 * 1024;

/// Values that are shorter than this, in bytes, are not masked, as they would make every message unreadable.
const SHORTEST: usize = 4;

/// The values that must not be seen.
#[derive(Clone, Default)]
pub(super) struct Mask {
    values: HashSet<String>,
    bodies: Vec<Sent>,
}

/// A body as it was sent.
#[derive(Clone)]
struct Sent {
    bytes: Bytes,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Json,
    /// A form in several parts.
    Parts,
    /// A form, or text.
    Other,
}

impl Format {
    fn of(content_type: Option<&HeaderValue>) -> Self {
        match content_type.map_or(&[][..], HeaderValue::as_bytes) {
            json if is_json(json) => Self::Json,
            parts if parts.starts_with(b"multipart/") => Self::Parts,
            _ => Self::Other,
        }
    }
}

impl Mask {
    /// Adds a credential, however short.
    pub(super) fn add_credential(&mut self, text: &str) {
        self.add(text);
        if !text.is_empty() && text.len() < SHORTEST {
            self.values.insert(text.to_owned());
        }
    }

    /// Adds a value, also in its escaped form.
    pub(super) fn add(&mut self, text: &str) {
        each_form(text, &mut |form| {
            self.values.insert(form.to_owned());
        });
    }

    /// Adds credentials.
    pub(super) fn add_all(&mut self, texts: &[String]) {
        for text in texts {
            self.add_credential(text);
        }
    }

    /// Adds what arguments and options have put into a request. Values of the path are not secret: they are names of
    /// things.
    pub(super) fn add_request(&mut self, request: &RequestWriter) {
        for value in request.headers().values().filter(|value| value.is_sensitive()) {
            self.add(&String::from_utf8_lossy(value.as_bytes()));
        }
        each_of_pairs(request.query_text().unwrap_or_default(), &mut |value| self.add(value));
        each_of_pairs(request.cookies(), &mut |value| self.add(value));
        if let Some(bytes) = request.body() {
            let format = Format::of(request.headers().get(CONTENT_TYPE));
            self.bodies.push(Sent { bytes: bytes.clone(), format });
        }
    }

    /// The text as one bounded line with a placeholder instead of each value. What a placeholder replaces is decided by
    /// the original text alone, and occurrences that overlap are replaced together.
    pub(super) fn line(&self, text: &str) -> String {
        let searched: usize = self.bodies.iter().map(|body| body.bytes.len()).sum();
        if text.len() > LONGEST || searched > MOST_OF_BODIES {
            return HIDDEN.to_owned();
        }
        let mut occurrences = Occurrences::of(text);
        for value in &self.values {
            occurrences.mark(value);
        }
        for body in &self.bodies {
            body.each_value(&mut |value| each_form(value, &mut |form| occurrences.mark(form)));
        }
        one_line(&occurrences.replaced(MASKED), MESSAGE)
    }
}

impl Sent {
    fn each_value(&self, see: &mut dyn FnMut(&str)) {
        match self.format {
            Format::Json => each_scalar(&self.bytes, see),
            Format::Parts => {
                let text = String::from_utf8_lossy(&self.bytes);
                for line in text.lines().filter(|line| !is_around_a_part(line)) {
                    see(line);
                    each_scalar(line.as_bytes(), see);
                }
            }
            Format::Other => {
                let text = String::from_utf8_lossy(&self.bytes);
                each_of_pairs(&text, see);
                text.lines().for_each(&mut *see);
                each_scalar(&self.bytes, see);
            }
        }
    }
}

/// Whether a line of a form in parts is no value: a boundary or a header.
fn is_around_a_part(line: &str) -> bool {
    ["--", "Content-Disposition:", "Content-Type:"].iter().any(|start| line.starts_with(start))
}

fn each_scalar(json: &[u8], see: &mut dyn FnMut(&str)) {
    scalars(json).for_each(|scalar| each_of_scalar(scalar, see));
}

/// A string, and the user information in it if it is an address; or a number as it is written.
fn each_of_scalar(scalar: &[u8], see: &mut dyn FnMut(&str)) {
    // Nothing can occur in a text that is longer than the text, and an escape is at most six bytes for one.
    if scalar.len() > 6 * LONGEST {
        return;
    }
    let text = match scalar.strip_prefix(b"\"") {
        None => String::from_utf8_lossy(scalar),
        Some(string) if !string.contains(&b'\\') => {
            String::from_utf8_lossy(string.strip_suffix(b"\"").unwrap_or(string))
        }
        Some(_) => Cow::Owned(serde_json::from_slice(scalar).unwrap_or_default()),
    };
    see(&text);
    let user_info = text.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    if let Some((user_info, _)) = user_info {
        user_info.split(':').for_each(see);
    }
}

/// Every value of a URL's query, of cookies or of a form, and every item of a list of them, as sent and as meant.
fn each_of_pairs(pairs: &str, see: &mut dyn FnMut(&str)) {
    for (_, value) in pairs.split(['&', ';']).filter_map(|pair| pair.split_once('=')) {
        for text in value.split(',').chain([value]) {
            see(text);
            see(&percent_encoding::percent_decode_str(text).decode_utf8_lossy());
        }
    }
}

/// A value as it is and, if that differs, with its escapes. Nothing if it is too short, or too long to occur in a text.
fn each_form(value: &str, see: &mut dyn FnMut(&str)) {
    if !(SHORTEST..=LONGEST).contains(&value.len()) {
        return;
    }
    see(value);
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !b"\"'\\".contains(&byte);
    if !value.bytes().all(is_plain) {
        see(&value.escape_debug().to_string());
    }
}
