//! Operations: what is sent, and what is made of a reply.

use super::{LongRunning, Polling, Retry};

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// operationId.
    pub id: String,
    /// Name of the method in its namespace.
    pub method_ident: String,
    /// Name of the standalone function, unique in the crate.
    pub function_ident: String,
    /// Name of the type that holds the arguments, unique in the crate.
    pub type_name: String,
    /// HTTP method, in capitals.
    pub http_method: String,
    /// The path as in the document.
    pub template: String,
    /// The path in pieces.
    pub path: Vec<PathPart>,
    /// Parameters: those of the path in the order of the path, then the others in the order of the document.
    pub params: Vec<Param>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The replies that are read into a value.
    pub success: Success,
    /// The replies that the document describes as failures.
    pub failures: Vec<FailureReply>,
    /// One line.
    pub summary: Option<String>,
    /// More lines.
    pub description: Option<String>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Whether it may be sent again although the first may have been processed.
    pub idempotent: bool,
    /// Its own policy, where it has one.
    pub retry: Option<Retry>,
    /// Alternatives of names of schemes that are needed together; empty when none is needed.
    pub security: Vec<Vec<String>>,
    /// Its own server, where it has one.
    pub server: Option<String>,
    /// The operation that tells how the work it starts is getting on.
    pub long_running: Option<LongRunning>,
    /// When its reply is final.
    pub polling: Option<Polling>,
}

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// Text as it is.
    Literal(String),
    /// The value of a parameter, as an index into [`Operation::params`].
    Param(usize),
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// Name on the wire.
    pub name: String,
    /// Name of the argument or setter, unique in the operation.
    pub ident: String,
    /// Where it goes.
    pub location: Location,
    /// One value or many.
    pub shape: Shape,
    /// Whether a call needs it.
    pub required: bool,
    /// Index into the client's globals, when it is set there.
    pub global: Option<usize>,
    /// What it means.
    pub description: Option<String>,
    /// A value for examples.
    pub example: Option<serde_json::Value>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// Into the path.
    Path,
    /// Behind the question mark.
    Query,
    /// Into a header.
    Header,
    /// Into the cookie header.
    Cookie,
}

/// How a parameter's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Scalar,
    /// `name=a&name=b`.
    Exploded,
    /// `name=a,b`.
    Comma,
    /// `name=a b`.
    Space,
    /// `name=a|b`.
    Pipe,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// Whether a call needs it.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
    /// A value for examples.
    pub example: Option<serde_json::Value>,
}

/// What the replies in the 200s carry.
#[derive(Debug, Clone)]
pub struct Success {
    /// The statuses that the document names; empty when it names the whole range.
    pub statuses: Vec<u16>,
    /// What is read out of the body.
    pub content: ResponseType,
    /// What the reply means.
    pub description: Option<String>,
}

/// A reply that is no success, as the document describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureReply {
    /// `404`, `4XX` or `default`.
    pub status: String,
    /// The media types it may have; empty when the document names none.
    pub media_types: Vec<String>,
}

/// What is read out of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    /// Nothing.
    Empty,
    /// JSON of the operation's type.
    Json,
    /// Text.
    Text,
}
