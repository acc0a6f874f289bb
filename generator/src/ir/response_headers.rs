//! The headers of successful responses, and how their values are read.

use super::Slot;

/// The headers that the successful responses of an operation have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHeaders {
    /// The name of the type with a method for each header, unique in the crate.
    pub type_name: String,
    /// The headers, in document order.
    pub headers: Vec<ResponseHeader>,
}

/// A header of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHeader {
    /// The name on the wire.
    pub name: String,
    /// The name of the method, unique in the type.
    pub ident: String,
    /// How the value is read.
    pub content: HeaderContent,
    /// The description.
    pub description: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// How the value of a header is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderContent {
    /// As the string that was received.
    Text,
    /// As one value.
    One(HeaderValue),
    /// As a comma-separated list of values.
    List(HeaderValue),
}

/// A value in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderValue {
    /// The slot of its type.
    pub slot: Slot,
    /// What the characters stand for.
    pub scalar: HeaderScalar,
}

/// What the characters of a value in a header stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderScalar {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}
