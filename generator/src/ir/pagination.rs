//! Pagination: what changes from request to request, and which part of a response determines it.
//!
//! Locations in a response are JSON pointers in which `-1` selects the last item of a list.

use super::Slot;

/// How the result of an operation is paginated.
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
    /// The location of their list in a response.
    pub list: String,
    /// The slot of the item type.
    pub slot: Slot,
}

/// What changes from request to request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// The page number, which grows by one.
    Number {
        /// Where it is sent.
        input: Input,
        /// The number of the first page, if the request has none.
        first: u64,
        /// The location of the last page's number in a response.
        last: Option<String>,
        /// The number of items of a full page.
        full: Option<FullPage>,
    },
    /// The number of items to skip, which grows by the number of items received.
    Offset {
        /// Where it is sent.
        input: Input,
        /// The first offset, if the request has none.
        first: u64,
        /// The location of the number of pages in a response.
        pages: Option<String>,
        /// The number of items of a full page.
        full: Option<FullPage>,
    },
    /// A cursor, which is a string in the response.
    Cursor {
        /// Where it is sent.
        input: Input,
        /// The location of the cursor in a response.
        cursor: String,
    },
    /// The URL of the request, which is in the response.
    Url {
        /// The location of the URL in a response.
        address: String,
    },
}

/// The number of items of a full page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullPage {
    /// The part of a request that sets it.
    pub input: Input,
    /// The number if the request does not set it.
    pub default: Option<u64>,
    /// The maximum that the service returns.
    pub maximum: Option<u64>,
}

/// A location in a request, by its name on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A field of the body.
    Body(String),
}
