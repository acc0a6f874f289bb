//! Work that goes on after a reply: which operation starts it, which one asks for it, and when it is over.

use super::Member;

/// The link from a start to the operation that asks for the result.
#[derive(Debug, Clone)]
pub struct LongRunning {
    /// The operation that is asked, as an index into [`super::Api::operations`].
    pub result: usize,
    /// Name of the handle's type, unique in the crate.
    pub handle: String,
    /// Where each of its parameters comes from: names on the wire, in the order of the link.
    pub arguments: Vec<(String, Expression)>,
    /// The member of the result's union that is its final value. `None` when the whole reply is.
    pub done: Option<Member>,
}

/// A runtime expression of a link (OpenAPI 3.0, section "Runtime Expressions"), as far as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `$request.path.name`, also `.query.` and `.header.`: an argument of the start.
    Request(String),
    /// `$response.body#/…`: a JSON pointer into the reply of the start.
    ResponseBody(String),
}

/// When the reply of an operation is final, and how often to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polling {
    /// Milliseconds before it is asked for the first time.
    pub delay_ms: u64,
    /// Milliseconds between two questions.
    pub interval_ms: u64,
    /// The most questions.
    pub limit_count: u64,
    /// A reply that meets all of these is the end, and good.
    pub success: Vec<Criterion>,
    /// A reply that meets all of these is the end, and bad. Empty when no reply is.
    pub failure: Vec<Criterion>,
}

/// One condition on a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    /// `$statusCode == 200`.
    Status(u16),
    /// The value at a JSON pointer of the body is one of these texts.
    BodyIn {
        /// The pointer.
        pointer: String,
        /// The texts.
        values: Vec<String>,
    },
}
