//! Long-running operations: which operation starts a job, which one returns its state, and when the job is done.

use super::Member;

/// The link from an operation that starts a job to the one that returns its result.
#[derive(Debug, Clone)]
pub struct LongRunning {
    /// The operation that is polled, as an index into [`super::Api::operations`].
    pub result: usize,
    /// The name of the handle type, unique in the crate.
    pub handle: String,
    /// The name of the alias for the error of a wait.
    pub error: String,
    /// The source of each parameter of the polled operation, by its name on the wire, in the order of the link.
    pub arguments: Vec<(String, Expression)>,
    /// The union member that is the final value. `None` if the whole response is.
    pub done: Option<Member>,
}

/// A supported runtime expression of a link (OpenAPI 3.0, section "Runtime Expressions").
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `$request.path.name`, also with `.query.` or `.header.`: an argument of the start.
    Request(String),
    /// `$response.body#/…`: a JSON pointer into the response of the start.
    ResponseBody(String),
}

/// When a response of an operation is final, and how often to poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polling {
    /// The delay before the first poll, in milliseconds.
    pub delay_ms: u64,
    /// The interval between two polls, in milliseconds.
    pub interval_ms: u64,
    /// The maximum number of polls.
    pub limit_count: u64,
    /// A response that meets all of these is final, and a success.
    pub success: Vec<Criterion>,
    /// A response that meets all of these is final, and a failure. Empty if no response is.
    pub failure: Vec<Criterion>,
}

/// A condition on a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    /// `$statusCode == 200`.
    Status(u16),
    /// The value at a JSON pointer into the body is one of these strings.
    BodyIn {
        /// The JSON pointer.
        pointer: String,
        /// The strings.
        values: Vec<String>,
    },
}
