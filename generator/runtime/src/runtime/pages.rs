//! The pages of a result as a stream, and their items as another. One page is held at a time.

pub(crate) mod meta;
pub(crate) mod walk;

pub use self::meta::{FullPage, NextPage, PageToken, Paginated, PaginatedItems, Paging};

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
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
    /// The pages of the result, one after the other. Each is a call of its own, with the options of this one: the
    /// timeout, the retries and the longest response are those of each page.
    pub fn pages(self) -> Pages<'a, O> {
        Pages { unfold: Unfold::new(PageSource(Walk::new(self))), position: None }
    }
}

impl<'a, O: PaginatedItems + 'a> Call<'a, O> {
    /// The items of all pages, one after the other. A page is asked for when its first item is wanted, and each is a
    /// call of its own, as with [`pages`](Self::pages).
    pub fn items(self) -> Items<'a, O> {
        let source = ItemSource { walk: Walk::new(self), left: Vec::new().into_iter(), taken: 0, page: None };
        Items { unfold: Unfold::new(source) }
    }
}

/// The pages of a result, as a stream. Nothing is asked before the first is wanted; nothing comes after an error.
///
/// Dropping it, or the future of [`next`](Self::next), loses nothing: [`position`](Self::position) says where to go on.
#[doc = include_str!("../doc_examples/pages.md")]
#[must_use = "nothing is asked until a page is wanted"]
pub struct Pages<'a, O: Paginated> {
    unfold: Unfold<'a, PageSource<'a, O>>,
    position: Option<PageToken>,
}

impl<'a, O: Paginated + 'a> Pages<'a, O> {
    /// Begins at a page that was found before, instead of the one that the arguments say.
    pub fn start_at(mut self, place: PageToken) -> Self {
        self.position = Some(place.clone());
        self.unfold = self.unfold.with(|source| source.0.place = Some(place));
        self
    }

    /// Ends after so many pages. [`position`](Self::position) then says where the next begins.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.unfold = self.unfold.with(|source| source.0.left = Some(pages));
        self
    }

    /// The next page, without a need for any extension of streams. `None` behind the last.
    ///
    /// # Errors
    /// As the call, and of the kind [`NextPage`](crate::runtime::ErrorKind::NextPage) if the page cannot be asked for. Nothing
    /// comes after an error.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Where the page begins that comes next. None before the first page, unless it was said, and behind the last.
    #[must_use]
    pub fn position(&self) -> Option<&PageToken> {
        self.position.as_ref()
    }
}

impl<'a, O: Paginated + 'a> Stream for Pages<'a, O> {
    type Item = Result<O::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.unfold.poll_next(context).map(|item| {
            item.map(|page| {
                let (value, next) = page?;
                self.position = next;
                Ok(value)
            })
        })
    }
}

/// The items of all pages, as a stream. Nothing is asked before the first is wanted; nothing comes after an error, but
/// for that of a single item that does not decode.
///
/// Dropping the future of [`next`](Self::next) loses nothing.
#[doc = include_str!("../doc_examples/items.md")]
#[must_use = "nothing is asked until an item is wanted"]
pub struct Items<'a, O: PaginatedItems> {
    unfold: Unfold<'a, ItemSource<'a, O>>,
}

impl<'a, O: PaginatedItems + 'a> Items<'a, O> {
    /// Begins at a page that was found before, instead of the one that the arguments say.
    pub fn start_at(mut self, place: PageToken) -> Self {
        self.unfold = self.unfold.with(|source| source.walk.place = Some(place));
        self
    }

    /// Ends after the items of so many pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.unfold = self.unfold.with(|source| source.walk.left = Some(pages));
        self
    }

    /// The next item, without a need for any extension of streams. `None` behind the last.
    ///
    /// # Errors
    /// As the call, of the kind [`NextPage`](crate::runtime::ErrorKind::NextPage) if the page cannot be asked for, and if the
    /// item is not as the API describes it.
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

impl<O: Paginated> Source for PageSource<'_, O> {
    type Item = Result<(O::Output, Option<PageToken>), Error>;

    async fn next(&mut self) -> Option<Self::Item> {
        let Page { completed, next, .. } = match self.0.step().await? {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let value = O::decode(&completed.reply).and_then(|value| completed.in_time(value));
        if value.is_err() {
            self.0.is_over = true;
        }
        Some(value.map(|value| (value, next)).map_err(|error| self.0.call.unusable(error, &completed)))
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
    /// The items of a page. A page without the list has none, if it is one that decodes.
    fn open(&mut self, page: Page) -> Result<Vec<Value>, Error> {
        let Page { completed, body, .. } = page;
        let pointer = O::PAGING.results.unwrap_or_default();
        let items = body.and_then(|body| take(body, pointer));
        let items = match items {
            Some(Value::Array(items)) => items,
            _ => match O::decode(&completed.reply) {
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
        let message = format!("item {} of the page does not decode at `{path}`: {message}", self.taken);
        let Some(page) = &self.page else { return Err(Error::new(ErrorKind::Decode, message)) };
        let line = format!("{}: {message}", describe(page.reply.status));
        let error = page.reply.refused(ErrorKind::Decode, line).with_json_path(path);
        Err(self.walk.call.unusable(error, page))
    }
}
