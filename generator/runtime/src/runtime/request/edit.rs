//! Changes a written request: a value in its query, headers or body, or its URL.
//!
//! The changes are made on the encoded request, so they need not know the types of the arguments.

use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::{RequestWriter, user_header};
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, NextPageFailure};

/// A location in a request that holds one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The query parameter of this name.
    Query(&'static str),
    /// The header of this name.
    Header(&'static str),
    /// The field of this name in the body, which is a JSON object.
    Body(&'static str),
}

impl RequestWriter {
    /// Returns the value at a location, if the request has one there.
    pub(crate) fn value_at(&self, input: Input) -> Option<Value> {
        match input {
            Input::Query(name) => {
                let pair = query_pair(name);
                let value = self.query_text()?.split('&').find_map(|sent| sent.strip_prefix(&pair))?;
                Some(Value::String(percent_decode_str(value).decode_utf8_lossy().into_owned()))
            }
            Input::Header(name) => {
                Some(Value::String(self.headers().get(name).and_then(|value| value.to_str().ok())?.to_owned()))
            }
            Input::Body(name) => self.object().ok()?.remove(name),
        }
    }

    /// Sets the value at a location, in place of the present one.
    pub(crate) fn put(&mut self, input: Input, value: &Value) -> Result<(), Error> {
        match input {
            Input::Query(name) => {
                self.drop_query(name);
                self.push_query(name, &string_of(value));
            }
            Input::Header(name) => {
                let (name, value): (HeaderName, HeaderValue) = user_header(name, &*string_of(value))?;
                self.headers_mut().insert(name, value);
            }
            Input::Body(name) => {
                let mut object = self.object()?;
                object.insert(name.to_owned(), value.clone());
                self.json(&object)?;
            }
        }
        Ok(())
    }

    /// Changes the URL to another one of the same server, which may be relative to the present one.
    pub(crate) fn go_to(&mut self, url: &str) -> Result<(), Error> {
        let invalid = |_| next_page(NextPageFailure::Unreadable, "the next-page URL in the response is invalid");
        let current = Url::parse(&self.url).map_err(invalid)?;
        let mut next = current.join(url).map_err(invalid)?;
        let has_credential = !next.username().is_empty() || next.password().is_some();
        if next.origin() != current.origin() || has_credential {
            let message = "the next-page URL in the response must be on the same server and have no user or password, \
                           so that the credential is not sent elsewhere";
            return Err(next_page(NextPageFailure::OtherServer, message));
        }
        next.set_fragment(None);
        self.in_query = next.query().is_some();
        self.authority = next.origin().ascii_serialization().len();
        self.base = self.authority;
        self.url = next.into();
        Ok(())
    }

    fn object(&self) -> Result<Map<String, Value>, Error> {
        let Some(body) = self.body() else { return Ok(Map::new()) };
        let object = serde_json::from_slice(body).ok();
        object.ok_or_else(|| Error::invalid_argument("body", "must be a JSON object, so that fields can be added"))
    }

    /// Returns whether the query has a parameter of this name.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        let pair = query_pair(name);
        self.query_text().is_some_and(|query| query.split('&').any(|sent| sent.starts_with(&pair)))
    }

    pub(crate) fn drop_query(&mut self, name: &str) {
        let Some((path, query)) = self.url.split_once('?') else { return };
        let pair = query_pair(name);
        let others: Vec<_> = query.split('&').filter(|sent| !sent.starts_with(&pair)).collect();
        self.in_query = !others.is_empty();
        let mark = if others.is_empty() { "" } else { "?" };
        self.url = format!("{path}{mark}{}", others.join("&"));
    }
}

/// Returns the error for a next page that cannot be requested.
pub(crate) fn next_page(failure: NextPageFailure, message: &'static str) -> Error {
    Error::new(ErrorKind::NextPage(failure), message)
}

/// Returns the start of a parameter in the query: its encoded name and `=`.
fn query_pair(name: &str) -> String {
    let mut pair = String::new();
    push_value(&mut pair, name);
    pair.push('=');
    pair
}

fn string_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
