//! Operations: what is sent, and what is made of a reply.

use super::{LongRunning, Pagination, Polling, Retry, Slot, Streaming};

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
    /// What the document writes behind the path: names and values that every request has in its query.
    pub fixed_query: Vec<(String, String)>,
    /// Parameters: those of the path in the order of the path, then the others in the order of the document.
    pub params: Vec<Param>,
    /// The body of the request.
    pub body: Option<Body>,
    /// The replies that are read into a value.
    pub success: Success,
    /// The replies that the document describes as failures.
    pub errors: Vec<ErrorResponse>,
    /// Name of the type that tells the bodies of failures apart, unique in the crate; none where no body is described.
    pub error_type: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// More lines.
    pub description: Option<String>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Whether it may be sent again although the first may have been processed.
    pub idempotent: bool,
    /// The header that makes it so, in lower case; a request without it is not idempotent.
    pub idempotency_key: Option<String>,
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
    /// How its result comes in pages.
    pub pagination: Option<Pagination>,
    /// The stream that it can answer with.
    pub streaming: Option<Streaming>,
}

impl Operation {
    /// Whether it cannot be called without a credential.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        !self.security.is_empty() && self.security.iter().all(|alternative| !alternative.is_empty())
    }

    /// The parameter that an index in the path stands for.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "indices are made together with the list they lead into")]
    pub fn param(&self, index: usize) -> &Param {
        &self.params[index]
    }
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
    pub style: ParamStyle,
    /// Its type, never an `Option`.
    pub slot: Slot,
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
pub enum ParamStyle {
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
    /// An object, or what may be one: its properties are written in this style.
    Any(AnyStyle),
}

/// How a value that is more than a text or a list of texts is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyStyle {
    /// Each property, or each item, as a parameter of its own.
    Exploded,
    /// `name=property,value,…`.
    Comma,
    /// With spaces between.
    Space,
    /// With `|` between.
    Pipe,
    /// `name[property]=value`.
    Deep,
    /// As JSON.
    Json,
    /// Behind dots.
    Label {
        /// Whether each part has its own.
        explode: bool,
    },
    /// Behind semicolons, with the name.
    Matrix {
        /// Whether each part has its own.
        explode: bool,
    },
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// What it is sent as.
    pub content: BodyContent,
    /// The media type, as it is sent.
    pub media_type: String,
    /// Whether a call needs it.
    pub required: bool,
    /// What it means.
    pub description: Option<String>,
    /// A value for examples.
    pub example: Option<serde_json::Value>,
}

/// What a body is sent as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyContent {
    /// JSON of a type.
    Json(Slot),
    /// `a=1&b=2` of a type.
    Form {
        /// The type.
        slot: Slot,
        /// The fields whose lists and objects are written as `a[b]=1`.
        deep: Vec<String>,
    },
    /// Parts.
    Multipart,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// One of several successful replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessResponse {
    /// Its status; `None` when it stands for the whole range.
    pub status: Option<u16>,
    /// The statuses that carry the same; among them `status`.
    pub statuses: Vec<u16>,
    /// Name of the variant.
    pub ident: String,
    /// What is read out of it.
    pub content: ResponseType,
    /// What it means.
    pub description: Option<String>,
}

/// What the replies in the 200s carry.
#[derive(Debug, Clone)]
pub struct Success {
    /// The `Accept` header.
    pub accept: Option<String>,
    /// Name of the type that tells the replies apart, where they are different.
    pub type_name: Option<String>,
    /// The replies, where they are different.
    pub responses: Vec<SuccessResponse>,
    /// The statuses that the document names; empty when it names the whole range.
    pub statuses: Vec<u16>,
    /// What is read out of the body.
    pub content: ResponseType,
    /// What the reply means.
    pub description: Option<String>,
}

/// A reply that is no success, as the document describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    /// `404`, `4XX` or `default`.
    pub status: String,
    /// The media types it may have; empty when the document names none.
    pub media_types: Vec<String>,
    /// The body, where it is JSON of a schema.
    pub body: Option<ErrorBody>,
    /// What it means.
    pub description: Option<String>,
}

/// The body of a response that is no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// Name of the variant.
    pub ident: String,
    /// Its type.
    pub slot: Slot,
}

/// What is read out of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    /// Nothing.
    Empty,
    /// JSON of a type.
    Json(Slot),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// One of several, told apart by the status.
    Several,
}

impl Body {
    /// Whether it is sent as JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.content, BodyContent::Json(_))
    }

    /// Its type, unless the caller writes it.
    #[must_use]
    pub fn slot(&self) -> Option<Slot> {
        match self.content {
            BodyContent::Json(slot) | BodyContent::Form { slot, .. } => Some(slot),
            BodyContent::Multipart | BodyContent::Text | BodyContent::Bytes => None,
        }
    }
}

impl ResponseType {
    /// The type of what is read, where it is JSON.
    #[must_use]
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::Json(slot) => Some(slot),
            Self::Empty | Self::Text | Self::Bytes | Self::Several => None,
        }
    }
}
