//! Requests the pages of a result, one after the other. It does not decode them.

use serde_json::Value;

use super::meta::{Loops, PageToken, Paginated, Paging};
use crate::runtime::call::Call;
use crate::runtime::call::plan::{Completed, Encode, Plan};
use crate::runtime::error::Error;
use crate::runtime::error::kind::StopReason;
use crate::runtime::request::RequestWriter;

/// A walk through the pages of a result.
pub(crate) struct Walk<'a, O: Paginated> {
    pub(crate) call: Call<'a, O>,
    /// The start of the next page. `None` before the first page.
    pub(crate) position: Option<PageToken>,
    pub(crate) is_over: bool,
    /// How many more pages may be requested. `None` without a limit.
    pub(crate) left: Option<u64>,
    loops: Loops,
}

/// A page that is not decoded yet, and the start of the next one.
pub(crate) struct Page {
    pub(crate) completed: Completed,
    /// The body as JSON, if it is JSON.
    pub(crate) body: Option<Value>,
    pub(crate) next: Option<PageToken>,
}

impl<'a, O: Paginated> Walk<'a, O> {
    pub(crate) fn new(call: Call<'a, O>) -> Self {
        Self { call, position: None, is_over: false, left: None, loops: Loops::new() }
    }

    /// Requests the next page. `None` after the last page, and after an error.
    pub(crate) async fn step(&mut self) -> Option<Result<Page, Error>> {
        if self.is_over || self.left == Some(0) {
            return None;
        }
        self.left = self.left.map(|left| left - 1);
        let outcome = self.request_page().await;
        match &outcome {
            Ok(page) => {
                self.is_over = page.next.is_none();
                self.position.clone_from(&page.next);
            }
            Err(_) => self.is_over = true,
        }
        Some(outcome)
    }

    async fn request_page(&mut self) -> Result<Page, Error> {
        if let Some(position) = &self.position {
            self.loops
                .check(position)
                .map_err(|error| error.for_operation(O::META.id).stopped(StopReason::Permanent, false))?;
        }
        let request =
            PageRequest { operation: self.call.arguments(), paging: &O::PAGING, position: self.position.as_ref() };
        let plan = Plan { keeps_request: true, ..self.call.prepare(&request)? };
        let completed = self.call.execute(&plan).await?;
        let (body, omitted) = completed.response.value().unzip();
        completed.in_time(()).map_err(|error| self.call.unusable(error, &completed))?;
        // `Value` lacks the fields that it cannot represent, which is an error only if the type of the page has them.
        if omitted.is_some_and(|omitted| !omitted.is_empty()) {
            O::decode(&completed.response).map_err(|error| self.call.unusable(error, &completed))?;
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

/// The request of an operation, changed to another page.
struct PageRequest<'a, O> {
    operation: &'a O,
    paging: &'a Paging,
    position: Option<&'a PageToken>,
}

impl<O: Paginated> Encode for PageRequest<'_, O> {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.operation.encode(request)?;
        match self.position {
            Some(position) => self.paging.turn(request, position),
            None => Ok(()),
        }
    }
}
