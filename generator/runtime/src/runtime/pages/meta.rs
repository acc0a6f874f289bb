//! What generated code says of results that come in pages, and where the next page is. It asks for nothing.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::runtime::call::operation::Operation;
use crate::runtime::encoding::json_pointer::at;
use crate::runtime::error::Error;
use crate::runtime::error::kind::NextPageFailure;
use crate::runtime::request::RequestWriter;
use crate::runtime::request::edit::{Input, next_page};

/// An operation whose result comes in pages.
pub trait Paginated: Operation {
    /// How one page leads to the next.
    const PAGING: Paging;
}

/// An operation whose pages hold items.
pub trait PaginatedItems: Paginated {
    /// One item.
    type Item: DeserializeOwned + Send;
}

/// How one page leads to the next. Places in a response are JSON pointers, where `-1` is the last item of an array.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// What changes from request to request.
    pub next: NextPage,
    /// The list of items in a reply.
    pub results: Option<&'static str>,
}

/// What changes from request to request.
#[derive(Clone, Copy, Debug)]
pub enum NextPage {
    /// The number of the page grows by one.
    Number {
        /// Where it is sent.
        input: Input,
        /// The first page's number, where the request names none.
        first: u64,
        /// Where a response has the number of the last page. If it has one, the length of a page does not count, except
        /// that a page without items is the last.
        last: Option<&'static str>,
        /// How many items a full page has, for responses that do not have the number of the last page.
        full: Option<FullPage>,
    },
    /// The number of items to leave out grows by those that came.
    Offset {
        /// Where it is sent.
        input: Input,
        /// The first offset, where the request names none.
        first: u64,
        /// How many items a full page has.
        full: Option<FullPage>,
    },
    /// A text from the reply is sent.
    Cursor {
        /// Where it is sent.
        input: Input,
        /// Where it is in a reply.
        cursor: &'static str,
    },
    /// An address from the reply is asked.
    Url {
        /// Where it is in a reply.
        address: &'static str,
    },
}

/// How many items a full page has: a page with fewer is the last.
#[derive(Clone, Copy, Debug)]
pub struct FullPage {
    /// Where a request says so.
    pub input: Input,
    /// The number, where the request does not say. Without it only a page without items is the last.
    pub default: Option<u64>,
    /// The most the service gives, whatever the request says.
    pub maximum: Option<u64>,
}

/// Where a page begins. It can be written down with serde, to go on there later or in another process.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(Place);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    Number(u64),
    Cursor(Value),
    Url(String),
}

/// Nothing of its content, which the service made.
impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageToken").finish_non_exhaustive()
    }
}

impl Paging {
    /// Turns a request to the page that begins at a place.
    pub(crate) fn turn(&self, request: &mut RequestWriter, to: &PageToken) -> Result<(), Error> {
        match (&self.next, &to.0) {
            (NextPage::Number { input, .. } | NextPage::Offset { input, .. }, Place::Number(number)) => {
                request.put(*input, &Value::from(*number))
            }
            (NextPage::Cursor { input, .. }, Place::Cursor(cursor)) => request.put(*input, cursor),
            (NextPage::Url { .. }, Place::Url(address)) => request.go_to(address),
            _ => Err(Error::invalid_argument("start_at", "it is the place of another operation's page")),
        }
    }

    /// Where the next page begins, by the request that was sent and its reply. None if this page is the last.
    pub(crate) fn next(&self, sent: &RequestWriter, body: &Value) -> Result<Option<PageToken>, Error> {
        let number = |input, first| sent.value_at(input).as_ref().and_then(as_number).unwrap_or(first);
        let place = match self.next {
            NextPage::Number { input, first, last, full } => {
                let next = number(input, first).checked_add(1);
                let last = last.and_then(|place| at(body, place)).and_then(as_number);
                let is_last = match (last, self.count(body)) {
                    // The service may return fewer items than the limit on any page.
                    (Some(last), count) => next.is_none_or(|next| next > last) || count == Some(0),
                    (None, Some(count)) => is_short(count, full, sent),
                    (None, None) => true,
                };
                next.filter(|_| !is_last).map(Place::Number)
            }
            NextPage::Offset { input, first, full } => {
                let count = self.count(body).filter(|count| !is_short(*count, full, sent));
                count.and_then(|count| number(input, first).checked_add(count)).map(Place::Number)
            }
            NextPage::Cursor { cursor, .. } => match at(body, cursor) {
                None | Some(Value::Null | Value::Bool(false)) => None,
                Some(Value::String(text)) if text.is_empty() => None,
                Some(cursor @ (Value::String(_) | Value::Number(_))) => Some(Place::Cursor(cursor.clone())),
                Some(_) => return Err(unreadable()),
            },
            NextPage::Url { address } => match at(body, address) {
                None | Some(Value::Null | Value::Bool(false)) => None,
                Some(Value::String(text)) if text.is_empty() => None,
                Some(Value::String(text)) => Some(Place::Url(text.clone())),
                Some(_) => return Err(unreadable()),
            },
        };
        Ok(place.map(PageToken))
    }

    /// How many items a reply holds. None if the API does not say where they are.
    fn count(&self, body: &Value) -> Option<u64> {
        let items = at(body, self.results?).and_then(Value::as_array).map_or(0, Vec::len);
        u64::try_from(items).ok()
    }
}

fn is_short(count: u64, full: Option<FullPage>, sent: &RequestWriter) -> bool {
    let full = full.and_then(|FullPage { input, default, maximum }| {
        let asked = sent.value_at(input).as_ref().and_then(as_number).or(default)?;
        Some(maximum.map_or(asked, |maximum| asked.min(maximum)))
    });
    count == 0 || full.is_some_and(|full| count < full)
}

fn unreadable() -> Error {
    next_page(NextPageFailure::Unreadable, "what the reply has as the place of the next page is no text")
}

fn as_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Notices when pages lead back to one that was there before, with one place kept (Brent's algorithm).
#[derive(Debug)]
pub(crate) struct Loops {
    kept: Option<PageToken>,
    since: u64,
    keep_for: u64,
}

impl Loops {
    pub(crate) fn new() -> Self {
        Self { kept: None, since: 0, keep_for: 1 }
    }

    /// Refuses a place that was there before, at the latest when the loop has been gone round three times.
    pub(crate) fn check(&mut self, place: &PageToken) -> Result<(), Error> {
        if self.kept.as_ref() == Some(place) {
            let message = "the reply leads to a page that was there before";
            return Err(next_page(NextPageFailure::Repeated, message));
        }
        self.since += 1;
        if self.since == self.keep_for {
            self.kept = Some(place.clone());
            self.keep_for *= 2;
            self.since = 0;
        }
        Ok(())
    }
}
