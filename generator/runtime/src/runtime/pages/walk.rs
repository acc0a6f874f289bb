//! The way from one page of a result to the next. It decodes none.

use serde_json::Value;

use super::meta::{Loops, PageToken, Paginated, Paging};
use crate::runtime::call::Call;
use crate::runtime::call::plan::{Completed, Encode, Plan};
use crate::runtime::error::Error;
use crate::runtime::error::kind::StopReason;
use crate::runtime::request::RequestWriter;

/// The way from page to page.
pub(crate) struct Walk<'a, O: Paginated> {
    pub(crate) call: Call<'a, O>,
    /// Where the page begins that comes next; none before the first.
    pub(crate) place: Option<PageToken>,
    pub(crate) is_over: bool,
    /// How many pages may still be asked for.
    pub(crate) left: Option<u64>,
    loops: Loops,
}

/// A page, not yet decoded, and where the next begins.
pub(crate) struct Page {
    pub(crate) completed: Completed,
    /// As JSON, if it is.
    pub(crate) body: Option<Value>,
    pub(crate) next: Option<PageToken>,
}

impl<'a, O: Paginated> Walk<'a, O> {
    pub(crate) fn new(call: Call<'a, O>) -> Self {
        Self { call, place: None, is_over: false, left: None, loops: Loops::new() }
    }

    /// The next page; none behind the last, and after an error.
    pub(crate) async fn step(&mut self) -> Option<Result<Page, Error>> {
        if self.is_over || self.left == Some(0) {
            return None;
        }
        self.left = self.left.map(|left| left - 1);
        let outcome = self.poll_call().await;
        match &outcome {
            Ok(page) => {
                self.is_over = page.next.is_none();
                self.place.clone_from(&page.next);
            }
            Err(_) => self.is_over = true,
        }
        Some(outcome)
    }

    async fn poll_call(&mut self) -> Result<Page, Error> {
        if let Some(place) = &self.place {
            self.loops
                .check(place)
                .map_err(|error| error.for_operation(O::META.id).stopped(StopReason::Permanent, false))?;
        }
        let request = Turned { operation: self.call.arguments(), paging: &O::PAGING, place: self.place.as_ref() };
        let plan = Plan { keeps_request: true, ..self.call.prepare(&request)? };
        let completed = self.call.execute(&plan).await?;
        let (body, omitted) = completed.reply.value().unzip();
        completed.in_time(()).map_err(|error| self.call.unusable(error, &completed))?;
        // Any JSON lacks what it cannot hold, but a page may only lack what its type does not know.
        if omitted.is_some_and(|omitted| !omitted.is_empty()) {
            O::decode(&completed.reply).map_err(|error| self.call.unusable(error, &completed))?;
        }
        let next = match (&body, &completed.request) {
            (Some(body), Some(sent)) => {
                O::PAGING.next(sent, body).map_err(|error| self.call.unusable(error, &completed))?
            }
            _ => None,
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
