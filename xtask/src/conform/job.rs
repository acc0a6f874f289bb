//! What a program is asked to do, and what it reports, as JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The calls of a scenario.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Job {
    /// The URL of the server.
    pub(crate) server: String,
    /// The credentials, by the names of the methods of the builder.
    pub(crate) credentials: Map<String, Value>,
    pub(crate) calls: Vec<Call>,
}

/// A call of an operation.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Call {
    /// The name of the operation's function. It may be followed by `.pages`, by `.stream`, or by `.` and the name of the method that
    /// requests another media type.
    pub(crate) function: String,
    /// The values of the parameters, by their names in Rust.
    pub(crate) arguments: Map<String, Value>,
    /// The `Accept` header, if the operation does not send it itself.
    pub(crate) accept: Option<String>,
    /// The path and the query of a link. There is no function then.
    pub(crate) link: Option<String>,
    /// The body: JSON, a string, a list of bytes, or a list of parts.
    pub(crate) body: Option<Value>,
}

impl Call {
    /// A request that follows a link of a response, and that no operation describes.
    pub(crate) fn of_link(link: &str) -> Self {
        Self { link: Some(link.to_owned()), ..Self::default() }
    }
}

/// What a program reports of a call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Report {
    pub(crate) outcome: Outcome,
    /// The headers of the response, by their names in lower case.
    pub(crate) headers: Map<String, Value>,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// A decoded value, encoded again.
    Json(Value),
    /// A string.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The response has no content.
    Empty(()),
    /// The call failed.
    Failed { status: Option<u16>, message: String, body: Option<String> },
    /// The arguments do not fit the types of the operation, or the client cannot be built.
    NotCalled(String),
}
