//! Results that come in pages: what changes from request to request, and where a reply says so.
//!
//! Places in a reply are JSON pointers, where `-1` is the last item of a list.

use super::Slot;

/// How the result of an operation comes in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagination {
    /// What changes from request to request.
    pub next: NextPage,
    /// The items of a page, if the document says where they are.
    pub items: Option<Items>,
}

/// The items of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// Where their list is in a response.
    pub list: String,
    /// The type of one.
    pub slot: Slot,
}

/// What changes from request to request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// The number of the page grows by one.
    Number {
        /// Where it is sent.
        input: Input,
        /// The first page's number, where the request names none.
        first: u64,
        /// The number of the last page in a reply.
        last: Option<String>,
        /// How many items a full page has.
        full: Option<FullPage>,
    },
    /// The number of items to leave out grows by those that came.
    Offset {
        /// Where it is sent.
        input: Input,
        /// The first offset, where the request names none.
        first: u64,
        /// How many items a full page has.
        full: Option<FullPage>,
    },
    /// A text from the reply is sent.
    Cursor {
        /// Where it is sent.
        input: Input,
        /// Where it is in a reply.
        cursor: String,
    },
    /// An address from the reply is asked.
    Url {
        /// Where it is in a reply.
        address: String,
    },
}

/// How many items a full page has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullPage {
    /// Where a request says so.
    pub input: Input,
    /// The number, where the request does not say.
    pub default: Option<u64>,
    /// The most the service gives.
    pub maximum: Option<u64>,
}

/// A place in a request, by its name on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A parameter of the query.
    Query(String),
    /// A header.
    Header(String),
    /// A field of the body.
    Body(String),
}
