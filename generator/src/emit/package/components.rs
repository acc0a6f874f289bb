//! What an API needs of the runtime beyond plain calls.

use std::collections::BTreeSet;

use crate::ir::{Api, BodyContent, Operation, ParamStyle};

/// A part of the runtime that a client has only where its API has a use for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Component {
    /// Results that come in pages.
    Pages,
    /// Replies that are streams.
    Streams,
    /// Long-running work that is waited for.
    Waits,
    /// Bodies of several parts.
    Multipart,
    /// Forms, and parameters that are more than a text or a list of texts.
    Shapes,
}

use Component::{Multipart, Pages, Shapes, Streams, Waits};

impl Component {
    pub(crate) const ALL: [Self; 5] = [Pages, Streams, Waits, Multipart, Shapes];

    /// All that the operations of an API need.
    pub(crate) fn of(api: &Api) -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|need| need.is_in(api)).collect()
    }

    /// Whether any operation of an API needs it.
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

    /// The names that users have of it.
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

    /// Its files in the runtime. A file of several parts is there for each of them.
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
