//! The optional components of the runtime that an API needs.

use std::collections::BTreeSet;

use crate::ir::{Api, BodyContent, Operation, ParamStyle};

/// A component of the runtime that a client contains only if its API uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Component {
    /// Paginated results.
    Pages,
    /// Streamed responses.
    Streams,
    /// Jobs that can be waited for.
    Waits,
    /// Multipart bodies.
    Multipart,
    /// Forms, and parameters that are more than a string or a list of strings.
    Shapes,
}

use Component::{Multipart, Pages, Shapes, Streams, Waits};

impl Component {
    pub(crate) const ALL: [Self; 5] = [Pages, Streams, Waits, Multipart, Shapes];

    /// Returns all components that the operations of an API need.
    pub(crate) fn of(api: &Api) -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|need| need.is_in(api)).collect()
    }

    /// Whether any operation of an API needs the component.
    pub(crate) fn is_in(self, api: &Api) -> bool {
        api.operations.iter().any(|operation| self.is_of(operation))
    }

    fn is_of(self, operation: &Operation) -> bool {
        let body = operation.body.as_ref().map(|body| &body.content);
        match self {
            Pages => operation.pagination.is_some(),
            Streams => operation.streaming.is_some(),
            Waits => operation.long_running.is_some(),
            Multipart => body == Some(&BodyContent::Multipart),
            Shapes => {
                matches!(body, Some(BodyContent::Form { .. }))
                    || operation.params.iter().any(|param| matches!(param.style, ParamStyle::Any(_)))
            }
        }
    }

    /// Returns the names that it exports to users.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Pages => &["Items", "PageToken", "Pages"],
            Streams => &["Events", "ServerEvent"],
            Waits => {
                &["OperationError", "OperationFailure", "Progress", "StartAndWait", "States", "Wait", "WaitOptions"]
            }
            Multipart | Shapes => &[],
        }
    }

    /// Returns its files in the runtime. A client contains a file if it has any of the components that list it.
    pub(crate) fn files(self) -> &'static [&'static str] {
        match self {
            Pages => &["amend", "blocking_iter", "page_walk", "pages", "paging", "pointer", "unfold"],
            Streams => &["amend", "blocking_iter", "events", "lines", "stream", "streamed", "unfold"],
            Waits => &[
                "blocking_wait",
                "long_running",
                "operation_error",
                "pace",
                "pointer",
                "states",
                "wait",
                "wait_options",
                "watch",
            ],
            Multipart => &["multipart"],
            Shapes => &["any", "any_writer"],
        }
    }
}
