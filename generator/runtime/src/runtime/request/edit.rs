//! Changes to a request that is written: another value in its query, a header or its body, or another page's address.
//!
//! They are made on what is sent, so that they need not know the types of the arguments.

use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::{RequestWriter, user_header};
use crate::runtime::encoding::percent::push_value;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, NextPageFailure};

/// A place in a request that holds one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The parameter of the query of this name.
    Query(&'static str),
    /// The header of this name.
    Header(&'static str),
    /// The field of the body, an object in JSON, of this name.
    Body(&'static str),
}

impl RequestWriter {
    /// The value at a place, if the request has one there.
    pub(crate) fn value_at(&self, place: Input) -> Option<Value> {
        match place {
            Input::Query(name) => {
                let pair = query_pair(name);
                let sent = self.query_text()?.split('&').find_map(|sent| sent.strip_prefix(&pair))?;
                Some(Value::String(percent_decode_str(sent).decode_utf8_lossy().into_owned()))
            }
            Input::Header(name) => {
                Some(Value::String(self.headers().get(name).and_then(|value| value.to_str().ok())?.to_owned()))
            }
            Input::Body(name) => self.object().ok()?.remove(name),
        }
    }

    /// Puts a value to a place, instead of what is there.
    pub(crate) fn put(&mut self, place: Input, value: &Value) -> Result<(), Error> {
        match place {
            Input::Query(name) => {
                self.drop_query(name);
                self.push_query(name, &text(value));
            }
            Input::Header(name) => {
                let (name, value): (HeaderName, HeaderValue) = user_header(name, &text(value))?;
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

    /// Asks another address of the same server, relative to this one, with the same headers and body.
    pub(crate) fn go_to(&mut self, address: &str) -> Result<(), Error> {
        let unreadable = |_| next_page(NextPageFailure::Unreadable, "the reply's address of the next page is none");
        let here = Url::parse(&self.url).map_err(unreadable)?;
        let mut there = here.join(address).map_err(unreadable)?;
        let has_credential = !there.username().is_empty() || there.password().is_some();
        if there.origin() != here.origin() || has_credential {
            let message =
                "the reply's address of the next page is on another server, which must not be sent the credential";
            return Err(next_page(NextPageFailure::OtherServer, message));
        }
        there.set_fragment(None);
        self.in_query = there.query().is_some();
        self.authority = there.origin().ascii_serialization().len();
        self.base = self.authority;
        self.url = there.into();
        Ok(())
    }

    fn object(&self) -> Result<Map<String, Value>, Error> {
        let Some(body) = self.body() else { return Ok(Map::new()) };
        let object = serde_json::from_slice(body).ok();
        object.ok_or_else(|| Error::invalid_argument("body", "it must be an object, to be completed"))
    }

    /// Whether the query has a parameter of this name.
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

/// The error for a next page that cannot be asked for.
pub(crate) fn next_page(failure: NextPageFailure, message: &'static str) -> Error {
    Error::new(ErrorKind::NextPage(failure), message)
}

/// How a parameter begins in the query.
fn query_pair(name: &str) -> String {
    let mut pair = String::new();
    push_value(&mut pair, name);
    pair.push('=');
    pair
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
