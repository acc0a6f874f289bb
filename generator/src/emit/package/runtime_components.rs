//! The optional components of the runtime that an API needs.

use std::collections::BTreeSet;

use crate::ir::{Api, BodyContent, Operation, ParamStyle, PercentEncoding, ResponseType};

/// A component of the runtime that a client contains only if its API uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Component {
    /// Paginated results.
    Pages,
    /// Streamed responses.
    Streams,
    /// Responses of bytes as streams.
    Downloads,
    /// Jobs.
    Jobs,
    /// Bodies of requests that are read while they are sent.
    Uploads,
    /// Multipart bodies.
    Multipart,
    /// Forms, and parameters that are more than a string or a list of strings.
    Styles,
    /// Strings and integers with a format.
    Scalars,
    /// Bodies in XML.
    Xml,
    /// Typed headers of responses.
    Headers,
}

use Component::{Downloads, Headers, Jobs, Multipart, Pages, Scalars, Streams, Styles, Uploads, Xml};

impl Component {
    pub(crate) const ALL: [Self; 10] =
        [Pages, Streams, Downloads, Jobs, Uploads, Multipart, Styles, Scalars, Xml, Headers];

    /// Returns all components that the operations of an API need.
    pub(crate) fn of(api: &Api) -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|need| need.is_in(api)).collect()
    }

    /// Whether any operation of an API needs the component.
    pub(crate) fn is_in(self, api: &Api) -> bool {
        match self {
            Scalars => api.has_scalars,
            Xml => api.slots.iter().any(|(_, definition)| definition.xml.is_some()),
            _ => api.operations.iter().any(|operation| self.is_of(operation)),
        }
    }

    fn is_of(self, operation: &Operation) -> bool {
        let body = operation.body.as_ref().map(|body| &body.content);
        match self {
            Pages => operation.pagination.is_some(),
            Streams => operation.streaming.is_some(),
            Downloads => downloads(operation),
            Jobs => operation.long_running.is_some(),
            Uploads => matches!(body, Some(BodyContent::Bytes | BodyContent::Multipart(_))),
            Headers => operation.response_headers.is_some(),
            Multipart => matches!(body, Some(BodyContent::Multipart(_))),
            // Types and slots state which values these are.
            Scalars | Xml => false,
            Styles => {
                matches!(body, Some(BodyContent::Form { .. }))
                    || operation.params.iter().any(|param| {
                        matches!(param.style, ParamStyle::Any(_)) || param.encoding == PercentEncoding::KeepsReserved
                    })
            }
        }
    }

    /// Returns its module in the runtime.
    pub(crate) const fn module(self) -> &'static str {
        match self {
            Pages => "pages",
            Streams => "streams",
            Downloads => "downloads",
            Jobs => "jobs",
            Uploads => "uploads",
            Multipart => "multipart",
            Styles => "styles",
            Scalars => "scalars",
            Xml => "xml",
            Headers => "headers",
        }
    }
}

/// Whether a call of an operation returns bytes, or one that requests another media type.
pub(crate) fn downloads(operation: &Operation) -> bool {
    let alternatives = operation.alternatives.iter().map(|alternative| alternative.content);
    std::iter::once(operation.success.content).chain(alternatives).any(|content| content == ResponseType::Bytes)
}
