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
    /// Jobs.
    Jobs,
    /// Multipart bodies.
    Multipart,
    /// Forms, and parameters that are more than a string or a list of strings.
    Styles,
    /// Bodies in XML.
    Xml,
    /// Typed headers of responses.
    Headers,
}

use Component::{Headers, Jobs, Multipart, Pages, Streams, Styles, Xml};

impl Component {
    pub(crate) const ALL: [Self; 7] = [Pages, Streams, Jobs, Multipart, Styles, Xml, Headers];

    /// Returns all components that the operations of an API need.
    pub(crate) fn of(api: &Api) -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|need| need.is_in(api)).collect()
    }

    /// Whether any operation of an API needs the component.
    pub(crate) fn is_in(self, api: &Api) -> bool {
        match self {
            Xml => api.slots.iter().any(|(_, definition)| definition.xml.is_some()),
            _ => api.operations.iter().any(|operation| self.is_of(operation)),
        }
    }

    fn is_of(self, operation: &Operation) -> bool {
        let body = operation.body.as_ref().map(|body| &body.content);
        match self {
            Pages => operation.pagination.is_some(),
            Streams => operation.streaming.is_some(),
            Jobs => operation.long_running.is_some(),
            Headers => operation.response_headers.is_some(),
            Multipart => body == Some(&BodyContent::Multipart),
            // Slots state which values are XML.
            Xml => false,
            Styles => {
                matches!(body, Some(BodyContent::Form { .. }))
                    || operation.params.iter().any(|param| matches!(param.style, ParamStyle::Any(_)))
            }
        }
    }

    /// Returns its module in the runtime.
    pub(crate) const fn module(self) -> &'static str {
        match self {
            Pages => "pages",
            Streams => "streams",
            Jobs => "jobs",
            Multipart => "multipart",
            Styles => "styles",
            Xml => "xml",
            Headers => "headers",
        }
    }
}
