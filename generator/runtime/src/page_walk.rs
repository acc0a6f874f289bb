//! The way from one page of a result to the next. It decodes none.

use serde_json::Value;

use super::call::Call;
use super::core::{Completed, Encode};
use super::error::Error;
use super::error_kind::StopReason;
use super::paging::{Loops, PageToken, Paginated, Paging};
use super::writer::RequestWriter;

/// The way from page to page.
pub(super) struct Walk<'a, O: Paginated> {
    pub(super) call: Call<'a, O>,
    /// Where the page begins that comes next; none before the first.
    pub(super) place: Option<PageToken>,
    pub(super) is_over: bool,
    /// How many pages may still be asked for.
    pub(super) left: Option<u64>,
    loops: Loops,
}

/// A page, not yet decoded, and where the next begins.
pub(super) struct Page {
    pub(super) completed: Completed,
    /// As JSON, if it is.
    pub(super) body: Option<Value>,
    pub(super) next: Option<PageToken>,
}

impl<'a, O: Paginated> Walk<'a, O> {
    pub(super) fn new(call: Call<'a, O>) -> Self {
        Self { call, place: None, is_over: false, left: None, loops: Loops::new() }
    }

    /// The next page; none behind the last, and after an error.
    pub(super) async fn step(&mut self) -> Option<Result<Page, Error>> {
        if self.is_over || self.left == Some(0) {
            return None;
        }
        self.left = self.left.map(|left| left - 1);
        let outcome = self.ask().await;
        match &outcome {
            Ok(page) => {
                self.is_over = page.next.is_none();
                self.place.clone_from(&page.next);
            }
            Err(_) => self.is_over = true,
        }
        Some(outcome)
    }

    async fn ask(&mut self) -> Result<Page, Error> {
        let meta = O::META;
        if let Some(place) = &self.place {
            self.loops
                .check(place)
                .map_err(|error| error.for_operation(meta.id).stopped(StopReason::Permanent, false))?;
        }
        let request = Turned { operation: self.call.started_by(), paging: &O::PAGING, place: self.place.as_ref() };
        let (completed, sent) = self.call.complete_as(&meta, &request).await?;
        let (body, omitted) = completed.reply.value().unzip();
        completed.in_time(()).map_err(|error| self.call.unusable(error, &completed))?;
        // Any JSON lacks what it cannot hold, but a page may only lack what its type does not know.
        if omitted.is_some_and(|omitted| !omitted.is_empty()) {
            O::decode(&completed.reply).map_err(|error| self.call.unusable(error, &completed))?;
        }
        let next = match &body {
            Some(body) => O::PAGING.next(&sent, body).map_err(|error| self.call.unusable(error, &completed))?,
            None => None,
        };
        Ok(Page { completed, body, next })
    }
}

/// An operation's request, turned to another page.
struct Turned<'a, O> {
    operation: &'a O,
    paging: &'a Paging,
    place: Option<&'a PageToken>,
}

impl<O: Paginated> Encode for Turned<'_, O> {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.operation.encode(request)?;
        match self.place {
            Some(place) => self.paging.turn(request, place),
            None => Ok(()),
        }
    }
}
