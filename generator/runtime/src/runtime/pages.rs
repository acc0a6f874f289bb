//! The pages of a result as a stream, and their items as another stream. Only one page is kept in memory.

pub(crate) mod meta;
pub(crate) mod walk;

pub use self::meta::{FullPage, NextPage, PageToken, Paginated, PaginatedItems, Paging};

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use reqwest::header::HeaderMap;
use serde::Deserialize as _;
use serde_json::Value;

use self::walk::{Page, Walk};
use crate::runtime::call::Call;
use crate::runtime::call::plan::Completed;
use crate::runtime::call::unfold::{Source, Unfold};
use crate::runtime::encoding::json_pointer::take;
use crate::runtime::error::Error;
use crate::runtime::error::describe;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::transport::response::undecodable_value;

impl<'a, O: Paginated + 'a> Call<'a, O> {
    /// Returns a stream of the pages of the result.
    ///
    /// Each page is requested with the options of this call: the timeouts, the retries and the limits of the response
    /// apply to each page separately. Nothing is sent until the first page is requested.
    pub fn pages(self) -> Pages<'a, O> {
        Pages { unfold: Unfold::new(PageSource(Walk::new(self))), position: None, headers: None }
    }
}

impl<'a, O: PaginatedItems + 'a> Call<'a, O> {
    /// Returns a stream of the items of all pages.
    ///
    /// A page is requested when its first item is. The options of this call apply to each page separately, as with
    /// [`pages`](Self::pages).
    pub fn items(self) -> Items<'a, O> {
        let source = ItemSource { walk: Walk::new(self), left: Vec::new().into_iter(), taken: 0, page: None };
        Items { unfold: Unfold::new(source) }
    }
}

/// The pages of a result, as a stream. [`next`](Self::next) works without an extension trait for streams.
///
/// Nothing is sent until the first page is requested, and a page is requested only when the stream is polled for it.
/// There are no more pages after an error.
///
/// Dropping the stream, or the future of [`next`](Self::next), loses nothing: [`position`](Self::position) is where to
/// continue.
#[doc = include_str!("../doc_examples/pages.md")]
#[must_use = "nothing is sent until a page is requested"]
pub struct Pages<'a, O: Paginated> {
    unfold: Unfold<'a, PageSource<'a, O>>,
    position: Option<PageToken>,
    headers: Option<HeaderMap>,
}

impl<O: Paginated> fmt::Debug for Pages<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("operation", &O::META.id).finish_non_exhaustive()
    }
}

impl<'a, O: Paginated + 'a> Pages<'a, O> {
    /// Starts at a page that [`position`](Self::position) has returned, instead of the one that the arguments select.
    ///
    /// The token must be of the same operation with the same arguments. A token of another kind of paging is an error
    /// of [`next`](Self::next).
    pub fn start_at(mut self, token: PageToken) -> Self {
        self.position = Some(token.clone());
        self.unfold = self.unfold.with(|source| source.0.position = Some(token));
        self
    }

    /// Ends the stream after this many pages. There is no limit by default.
    ///
    /// [`position`](Self::position) is then the start of the next page.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.unfold = self.unfold.with(|source| source.0.left = Some(pages));
        self
    }

    /// Returns the next page, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As the call, and [`NextPage`](crate::runtime::ErrorKind::NextPage) if the page cannot be requested,
    /// or if its response has an invalid next-page field. There are no more pages after an error.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the start of the next page. `None` before the first page, unless it was set with
    /// [`start_at`](Self::start_at), and after the last page. After an error it is the start of the page that failed.
    #[must_use]
    pub fn position(&self) -> Option<&PageToken> {
        self.position.as_ref()
    }

    /// Returns the response headers of the last page that was returned. `None` before the first page.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.headers.as_ref()
    }
}

impl<'a, O: Paginated + 'a> Stream for Pages<'a, O> {
    type Item = Result<O::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.unfold.poll_next(context).map(|item| {
            item.map(|page| {
                let page = page?;
                (self.position, self.headers) = (page.next, Some(page.headers));
                Ok(page.value)
            })
        })
    }
}

/// The items of all pages, as a stream. [`next`](Self::next) works without an extension trait for streams.
///
/// Nothing is sent until the first item is requested. If a single item cannot be decoded, its error is followed by the
/// next item. There are no more items after any other error.
///
/// Dropping the future of [`next`](Self::next) loses nothing.
#[doc = include_str!("../doc_examples/items.md")]
#[must_use = "nothing is sent until an item is requested"]
pub struct Items<'a, O: PaginatedItems> {
    unfold: Unfold<'a, ItemSource<'a, O>>,
}

impl<O: PaginatedItems> fmt::Debug for Items<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("operation", &O::META.id).finish_non_exhaustive()
    }
}

impl<'a, O: PaginatedItems + 'a> Items<'a, O> {
    /// Starts at a page that [`Pages::position`] has returned, instead of the one that the arguments select.
    ///
    /// The token must be of the same operation with the same arguments. A token of another kind of paging is an error
    /// of [`next`](Self::next).
    pub fn start_at(mut self, token: PageToken) -> Self {
        self.unfold = self.unfold.with(|source| source.walk.position = Some(token));
        self
    }

    /// Ends the stream after the items of this many pages. There is no limit by default.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.unfold = self.unfold.with(|source| source.walk.left = Some(pages));
        self
    }

    /// Returns the next item, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As the call, [`NextPage`](crate::runtime::ErrorKind::NextPage) if the page cannot be requested or its response
    /// has an invalid next-page field, and
    /// [`Decode`](crate::runtime::ErrorKind::Decode) if the item does not match the API description.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<'a, O: PaginatedItems + 'a> Stream for Items<'a, O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.unfold.poll_next(context)
    }
}

struct PageSource<'a, O: Paginated>(Walk<'a, O>);

/// A page, and what is known about it.
struct ReadPage<T> {
    value: T,
    next: Option<PageToken>,
    headers: HeaderMap,
}

impl<O: Paginated> Source for PageSource<'_, O> {
    type Item = Result<ReadPage<O::Output>, Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        let Page { completed, next, .. } = match self.0.step().await? {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let value = O::decode(&completed.response).and_then(|value| completed.in_time(value));
        if value.is_err() {
            self.0.is_over = true;
        }
        let headers = || completed.response.headers.clone();
        let page = value.map(|value| ReadPage { value, next, headers: headers() });
        Some(page.map_err(|error| self.0.call.unusable(error, &completed)))
    }
}

struct ItemSource<'a, O: Paginated> {
    walk: Walk<'a, O>,
    left: std::vec::IntoIter<Value>,
    taken: usize,
    /// The page of the items that are left.
    page: Option<Completed>,
}

impl<O: PaginatedItems> Source for ItemSource<'_, O> {
    type Item = Result<O::Item, Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.left.next() {
                self.taken += 1;
                return Some(self.decode(&item));
            }
            self.page = None;
            let items = match self.walk.step().await? {
                Ok(page) => self.open(page),
                Err(error) => Err(error),
            };
            match items {
                Ok(items) => self.left = items.into_iter(),
                Err(error) => {
                    self.walk.is_over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<O: PaginatedItems> ItemSource<'_, O> {
    /// Returns the items of a page. A page without the list has none, if it can be decoded.
    fn open(&mut self, page: Page) -> Result<Vec<Value>, Error> {
        let Page { completed, body, .. } = page;
        let pointer = O::PAGING.results.unwrap_or_default();
        let items = body.and_then(|body| take(body, pointer));
        let items = match items {
            Some(Value::Array(items)) => items,
            _ => match O::decode(&completed.response) {
                Ok(_) => Vec::new(),
                Err(error) => return Err(self.walk.call.unusable(error, &completed)),
            },
        };
        self.taken = 0;
        self.page = Some(completed);
        Ok(items)
    }

    fn decode(&self, item: &Value) -> Result<O::Item, Error> {
        let (path, message) = match O::Item::deserialize(item) {
            Ok(item) => return Ok(item),
            Err(error) => undecodable_value::<O::Item>(item, &error),
        };
        let message = format!("item {} of the page cannot be decoded at `{path}`: {message}", self.taken);
        let Some(page) = &self.page else { return Err(Error::new(ErrorKind::Decode, message)) };
        let line = format!("{}: {message}", describe(page.response.status));
        let error = page.response.refused(ErrorKind::Decode, line).with_json_path(path);
        Err(self.walk.call.unusable(error, page))
    }
}
