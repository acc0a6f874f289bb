//! What generated code states about results in pages, and how the next page is found. Nothing is sent here.

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

/// An operation that returns its result in pages. Generated code implements this trait. It is sealed, like [`Operation`].
pub trait Paginated: Operation {
    /// How one page leads to the next.
    #[doc(hidden)]
    const PAGING: Paging;
}

/// An operation whose pages contain items.
pub trait PaginatedItems: Paginated {
    /// The type of an item.
    type Item: DeserializeOwned + Send;
}

/// How one page leads to the next. Values in a response are located by JSON pointers, in which `-1` is the last item of
/// an array.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// What changes from request to request.
    pub next: NextPage,
    /// Where a response has the list of items.
    pub results: Option<&'static str>,
}

/// What changes from request to request.
#[derive(Clone, Copy, Debug)]
pub enum NextPage {
    /// The page number, which is incremented by one.
    Number {
        /// Where it is in a request.
        input: Input,
        /// The number of the first page, if the request does not contain it.
        first: u64,
        /// Where a response has the number of the last page. If it has one, the length of a page is ignored, except that
        /// a page without items is the last.
        last: Option<&'static str>,
        /// How many items a full page has, for responses that do not have the number of the last page.
        full: Option<FullPage>,
    },
    /// The offset, which is incremented by the number of items of the page.
    Offset {
        /// Where it is in a request.
        input: Input,
        /// The first offset, if the request does not contain it.
        first: u64,
        /// Where a response has the number of pages. If it has one, and the length of a full page is known, the length of a page
        /// is ignored, except that a page without items is the last.
        pages: Option<&'static str>,
        /// How many items a full page has.
        full: Option<FullPage>,
    },
    /// A cursor from the response, which is sent in the next request.
    Cursor {
        /// Where it is in a request.
        input: Input,
        /// Where it is in a response.
        cursor: &'static str,
    },
    /// The URL of the next page, from the response.
    Url {
        /// Where it is in a response.
        address: &'static str,
    },
}

/// How many items a full page has. A page with fewer items is the last one.
#[derive(Clone, Copy, Debug)]
pub struct FullPage {
    /// Where a request has the number.
    pub input: Input,
    /// The number if the request does not contain it. If it is `None`, only a page without items is the last one.
    pub default: Option<u64>,
    /// The most items that the service returns, whatever the request contains.
    pub maximum: Option<u64>,
}

/// The start of a page, returned by [`Pages::position`](crate::runtime::pages::Pages::position).
///
/// It implements the traits of serde, so that it can be stored and used later, also in another process. It contains a
/// number, or the cursor or URL that the service has returned. `Debug` does not show the content.
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

/// Does not show the content, because it comes from the service.
impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageToken").finish_non_exhaustive()
    }
}

impl Paging {
    /// Changes a request to the page with this start.
    pub(crate) fn turn(&self, request: &mut RequestWriter, to: &PageToken) -> Result<(), Error> {
        match (&self.next, &to.0) {
            (NextPage::Number { input, .. } | NextPage::Offset { input, .. }, Place::Number(number)) => {
                request.put(*input, &Value::from(*number))
            }
            (NextPage::Cursor { input, .. }, Place::Cursor(cursor)) => request.put(*input, cursor),
            (NextPage::Url { .. }, Place::Url(address)) => request.go_to(address),
            _ => Err(Error::invalid_argument("start_at", "the token is of an operation with another kind of paging")),
        }
    }

    /// Returns the start of the next page, which depends on the request that was sent and on its response. `None` if
    /// this page is the last one.
    pub(crate) fn next(&self, sent: &RequestWriter, body: &Value) -> Result<Option<PageToken>, Error> {
        let number = |input, first| sent.value_at(input).as_ref().and_then(as_number).unwrap_or(first);
        let place = match self.next {
            NextPage::Number { input, first, last, full } => {
                let next = number(input, first).checked_add(1);
                let last = last.and_then(|pointer| at(body, pointer)).and_then(as_number);
                let is_last = match (last, self.count(body)) {
                    // The service may return fewer items than the limit on any page.
                    (Some(last), count) => next.is_none_or(|next| next > last) || count == Some(0),
                    (None, Some(count)) => is_short(count, full, sent),
                    (None, None) => true,
                };
                next.filter(|_| !is_last).map(Place::Number)
            }
            NextPage::Offset { input, first, pages, full } => {
                let pages = pages.and_then(|pointer| at(body, pointer)).and_then(as_number);
                let total = pages.zip(full_length(full, sent)).and_then(|(pages, length)| pages.checked_mul(length));
                let count = self.count(body).unwrap_or(0);
                let next = number(input, first).checked_add(count);
                let is_last = match total {
                    // The service may return fewer items than the limit on any page.
                    Some(total) => count == 0 || next.is_none_or(|next| next >= first.saturating_add(total)),
                    None => is_short(count, full, sent),
                };
                next.filter(|_| !is_last).map(Place::Number)
            }
            NextPage::Cursor { cursor, .. } => match at(body, cursor) {
                None | Some(Value::Null | Value::Bool(false)) => None,
                Some(Value::String(text)) if text.is_empty() => None,
                Some(cursor @ (Value::String(_) | Value::Number(_))) => Some(Place::Cursor(cursor.clone())),
                Some(_) => {
                    return Err(unreadable("the next-page field in the response is neither a string nor a number"));
                }
            },
            NextPage::Url { address } => match at(body, address) {
                None | Some(Value::Null | Value::Bool(false)) => None,
                Some(Value::String(text)) if text.is_empty() => None,
                Some(Value::String(text)) => Some(Place::Url(text.clone())),
                Some(_) => return Err(unreadable("the next-page field in the response is not a string")),
            },
        };
        Ok(place.map(PageToken))
    }

    /// Returns how many items a response contains. `None` if the API does not describe where they are.
    fn count(&self, body: &Value) -> Option<u64> {
        let items = at(body, self.results?).and_then(Value::as_array).map_or(0, Vec::len);
        u64::try_from(items).ok()
    }
}

fn is_short(count: u64, full: Option<FullPage>, sent: &RequestWriter) -> bool {
    count == 0 || full_length(full, sent).is_some_and(|full| count < full)
}

/// Returns how many items a full page has, if the request or the API's description contains it.
fn full_length(full: Option<FullPage>, sent: &RequestWriter) -> Option<u64> {
    let FullPage { input, default, maximum } = full?;
    let limit = sent.value_at(input).as_ref().and_then(as_number).or(default)?;
    Some(maximum.map_or(limit, |maximum| limit.min(maximum)))
}

fn unreadable(message: &'static str) -> Error {
    next_page(NextPageFailure::Unreadable, message)
}

fn as_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Detects that pages lead back to an earlier one. It keeps only one start of a page (Brent's algorithm).
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

    /// Fails if a page was there before, at the latest when the loop has been traversed three times.
    pub(crate) fn check(&mut self, token: &PageToken) -> Result<(), Error> {
        if self.kept.as_ref() == Some(token) {
            let message = "the response leads to a page that was returned before";
            return Err(next_page(NextPageFailure::Repeated, message));
        }
        self.since += 1;
        if self.since == self.keep_for {
            self.kept = Some(token.clone());
            self.keep_for *= 2;
            self.since = 0;
        }
        Ok(())
    }
}
