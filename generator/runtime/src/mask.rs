//! Masking of what a peer may echo: credentials, header and query values, and the texts of the body that was sent.
//!
//! It is gathered only once a call has failed, so that a call that succeeds pays nothing.

use serde_json::Value;

use super::server_message::{MESSAGE, one_line};
use super::writer::RequestWriter;

const MASKED: &str = "[redacted]";

/// Longer texts, in bytes, are not searched: a body can hold very many secrets.
const LONGEST: usize = 16 * 1024;

/// Shorter texts than this are not masked, as they would turn every message into noise.
const SHORTEST: usize = 4;

/// The texts that must not be seen.
#[derive(Clone, Default)]
pub(super) struct Mask {
    texts: Vec<String>,
}

impl Mask {
    /// A credential, however short.
    pub(super) fn add_credential(&mut self, text: &str) {
        self.add(text);
        if !text.is_empty() && text.len() < SHORTEST {
            self.texts.push(text.to_owned());
        }
    }

    /// A text that must not be seen, also as it looks escaped.
    pub(super) fn add(&mut self, text: &str) {
        if text.len() < SHORTEST {
            return;
        }
        let escaped = text.escape_debug().to_string();
        if escaped != text {
            self.texts.push(escaped);
        }
        self.texts.push(text.to_owned());
    }

    /// As [`add_credential`](Self::add_credential), for each.
    pub(super) fn add_all(&mut self, texts: &[String]) {
        for text in texts {
            self.add_credential(text);
        }
    }

    /// What arguments and options have put into a request. Path values are no secrets: they name things.
    pub(super) fn add_request(&mut self, request: &RequestWriter) {
        for value in request.headers().values().filter(|value| value.is_sensitive()) {
            self.add(&String::from_utf8_lossy(value.as_bytes()));
        }
        self.add_pairs(request.query_text().unwrap_or_default());
        self.add_pairs(request.cookies());
        self.add_body(request.body().map_or(&[], |body| body));
    }

    /// Every text of a body in JSON, and the user information of those that are addresses; every value of a form.
    fn add_body(&mut self, body: &[u8]) {
        match serde_json::from_slice(body) {
            Ok(value) => self.add_texts(&value),
            Err(_) => self.add_pairs(std::str::from_utf8(body).unwrap_or_default()),
        }
    }

    /// Every value of a URL's query, of cookies or of a form, and every item of a list of them, as sent and as meant.
    fn add_pairs(&mut self, pairs: &str) {
        for (_, value) in pairs.split(['&', ';']).filter_map(|pair| pair.split_once('=')) {
            for text in value.split(',').chain([value]) {
                self.add(text);
                self.add(&percent_encoding::percent_decode_str(text).decode_utf8_lossy());
            }
        }
    }

    /// The text as one bounded line without any of the texts. Long texts go first: a short one may be part of a long.
    pub(super) fn line(&self, text: &str) -> String {
        if text.len() > LONGEST {
            return "[too long to show]".to_owned();
        }
        let mut texts: Vec<&String> = self.texts.iter().filter(|secret| text.contains(secret.as_str())).collect();
        texts.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let masked = texts.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASKED));
        one_line(&masked, MESSAGE)
    }

    fn add_texts(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add_address(text),
            Value::Array(items) => items.iter().for_each(|item| self.add_texts(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.add_texts(field)),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn add_address(&mut self, text: &str) {
        self.add(text);
        let user_info = text.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
        if let Some((user_info, _)) = user_info {
            user_info.split(':').for_each(|part| self.add(part));
        }
    }
}
