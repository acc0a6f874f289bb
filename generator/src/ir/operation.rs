//! Operations: the requests they send, and the responses they decode.

use super::{LongRunning, MultipartForm, Pagination, Polling, ResponseHeaders, Retry, Slot, Streaming};

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The operationId.
    pub id: String,
    /// The name of the method in its namespace.
    pub method_ident: String,
    /// The names of the groups around it, from the root down, as in the document.
    pub group: Vec<String>,
    /// The feature that enables it, if the API has features for namespaces and the operation is in one.
    pub feature: Option<String>,
    /// The name of the standalone function, unique in the crate.
    pub function_ident: String,
    /// The name of the argument type, unique in the crate.
    pub type_name: String,
    /// The HTTP method, in upper case.
    pub http_method: String,
    /// The path template, as in the document.
    pub template: String,
    /// The path, split at its parameters.
    pub path: Vec<PathPart>,
    /// Query names and values that the document writes after the path, and that every request sends.
    pub fixed_query: Vec<(String, String)>,
    /// The parameters: path parameters in the order of the path, then the others in document order.
    pub params: Vec<Param>,
    /// The request body.
    pub body: Option<Body>,
    /// The successful responses, which are decoded into a value.
    pub success: Success,
    /// Other media types of the successful response, which the caller can request.
    pub alternatives: Vec<Alternative>,
    /// The headers of the successful responses. `None` if the document describes none.
    pub response_headers: Option<ResponseHeaders>,
    /// The error responses that the document describes.
    pub errors: Vec<ErrorResponse>,
    /// The name of the enum of error bodies, unique in the crate. `None` if no error body is described.
    pub error_type: Option<String>,
    /// The summary, one line.
    pub summary: Option<String>,
    /// The description, any number of lines.
    pub description: Option<String>,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
    /// Whether a request may be sent again even though the service may have processed the first one.
    pub idempotent: bool,
    /// The header that makes the operation idempotent, in lower case. A request without it is not idempotent.
    pub idempotency_key: Option<String>,
    /// The operation's retry policy. `None` means the client's policy.
    pub retry: Option<Retry>,
    /// Alternative sets of scheme names; the schemes of one set are required together. Empty if no credential is
    /// required.
    pub security: Vec<Vec<String>>,
    /// The operation's server. `None` means the client's server.
    pub server: Option<String>,
    /// The operation that returns the state of the job that this one starts.
    pub long_running: Option<LongRunning>,
    /// When a response of this operation is final, for polling.
    pub polling: Option<Polling>,
    /// How the result is paginated.
    pub pagination: Option<Pagination>,
    /// The stream that the operation can respond with.
    pub streaming: Option<Streaming>,
}

impl Operation {
    /// Whether it cannot be called without a credential.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        !self.security.is_empty() && self.security.iter().all(|alternative| !alternative.is_empty())
    }

    /// Returns the parameter at an index of the path.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "indices are made together with the list they lead into")]
    pub fn param(&self, index: usize) -> &Param {
        &self.params[index]
    }
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// Literal characters.
    Literal(String),
    /// The value of a parameter, as an index into [`Operation::params`].
    Param(usize),
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// The name on the wire.
    pub name: String,
    /// The name of the argument or setter, unique in the operation.
    pub ident: String,
    /// Where it is sent.
    pub location: Location,
    /// How the value is serialized.
    pub style: ParamStyle,
    /// Which characters of its value are percent-encoded.
    pub encoding: PercentEncoding,
    /// The slot of its type, which is never an `Option`.
    pub slot: Slot,
    /// Whether a call requires it.
    pub required: bool,
    /// The index into the client's globals, if it is set on the client.
    pub global: Option<usize>,
    /// The description.
    pub description: Option<String>,
    /// A value for examples.
    pub example: Option<serde_json::Value>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

impl Location {
    /// Returns the value of `in` in a document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// Which characters of a value in the path, the query or a cookie are percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PercentEncoding {
    /// All except unreserved characters (RFC 3986, section 2.3).
    Full,
    /// Reserved characters are kept where a query can have them (`allowReserved`).
    KeepsReserved,
}

/// How the value of a parameter is serialized.
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
    /// `name=a\tb`, as the collection format `tsv` of Swagger 2.0.
    Tab,
    /// A value that is or may be an object, serialized in this style.
    Any(AnyStyle),
}

/// How a value is serialized that may be more than a string or a list of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyStyle {
    /// Each property, or each item, as its own parameter.
    Exploded,
    /// `name=property,value,…`.
    Comma,
    /// As `Comma`, separated by spaces.
    Space,
    /// As `Comma`, separated by `|`.
    Pipe,
    /// As `Comma`, separated by tabs.
    Tab,
    /// `name[property]=value`.
    Deep,
    /// As JSON.
    Json,
    /// Prefixed with a dot.
    Label {
        /// Whether each part has its own dot.
        explode: bool,
    },
    /// Prefixed with a semicolon and the name.
    Matrix {
        /// Whether each part has its own prefix.
        explode: bool,
    },
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// How it is encoded.
    pub content: BodyContent,
    /// The media type that is sent, unless the caller chooses another one.
    pub media_type: String,
    /// Whether raw bytes must not be shown.
    pub sensitive: bool,
    /// The choice of the media type, if the document leaves it to the caller.
    pub choice: Option<MediaChoice>,
    /// Whether a call requires it.
    pub required: bool,
    /// The description.
    pub description: Option<String>,
    /// A value for examples.
    pub example: Option<serde_json::Value>,
}

/// The choice of a media type by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaChoice {
    /// The name of its setter, unique in the operation.
    pub ident: String,
    /// The media types and ranges that the document lists.
    pub listed: Vec<String>,
}

/// How a request body is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyContent {
    /// A type as JSON.
    Json(Slot),
    /// A type as XML, as its slot describes.
    Xml(Slot),
    /// A type as a form, `a=1&b=2`.
    Form {
        /// The slot of the type.
        slot: Slot,
        /// The styles of the fields that have one. For the others, lists are written as `a=1&a=2`, and objects as `a[b]=1`.
        styles: Vec<(String, AnyStyle)>,
    },
    /// Multipart, from the parts of a form. Without one, the caller adds them.
    Multipart(Option<MultipartForm>),
    /// A string.
    Text,
    /// Raw bytes.
    Bytes,
}

/// One of several successful responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessResponse {
    /// Its status. `None` for the whole range.
    pub status: Option<u16>,
    /// All statuses with the same content, including `status`.
    pub statuses: Vec<u16>,
    /// The name of the variant.
    pub ident: String,
    /// What is decoded from the response.
    pub content: ResponseType,
    /// The description.
    pub description: Option<String>,
}

/// The successful responses of an operation.
#[derive(Debug, Clone)]
pub struct Success {
    /// The `Accept` header.
    pub accept: Option<String>,
    /// The name of the enum of responses, if the responses differ.
    pub type_name: Option<String>,
    /// The responses, if they differ.
    pub responses: Vec<SuccessResponse>,
    /// The statuses that the document lists. Empty if it lists the whole range.
    pub statuses: Vec<u16>,
    /// What is decoded from the body.
    pub content: ResponseType,
    /// The description of the response.
    pub description: Option<String>,
}

/// Another media type of the successful response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// The name of the method that requests it, unique in the operation.
    pub ident: String,
    /// The name of the type of its arguments, unique in the crate.
    pub type_name: String,
    /// The `Accept` header.
    pub accept: String,
    /// What is decoded from the body.
    pub content: ResponseType,
}

/// An error response, as the document describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    /// The status: `404`, `4XX` or `default`.
    pub status: String,
    /// The media types it may have. Empty if the document lists none.
    pub media_types: Vec<String>,
    /// The body, if it is JSON or XML with a schema.
    pub body: Option<ErrorBody>,
    /// The description.
    pub description: Option<String>,
}

/// The body of an error response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// The name of the variant.
    pub ident: String,
    /// The slot of its type.
    pub slot: Slot,
}

/// What is decoded from a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    /// No body.
    Empty,
    /// JSON, into the type of a slot.
    Json(Slot),
    /// XML, into the type of a slot, which describes its elements.
    Xml(Slot),
    /// A string.
    Text,
    /// Raw bytes.
    Bytes,
    /// One of several types, selected by the status.
    Several,
}

impl Body {
    /// Whether the body is sent as JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        matches!(self.content, BodyContent::Json(_))
    }

    /// Returns the type of the parts, if the body is multipart and its schema describes them.
    #[must_use]
    pub fn form(&self) -> Option<&MultipartForm> {
        match &self.content {
            BodyContent::Multipart(form) => form.as_ref(),
            _ => None,
        }
    }

    /// Returns the slot of the body's type. `None` if the caller builds the content.
    #[must_use]
    pub fn slot(&self) -> Option<Slot> {
        match self.content {
            BodyContent::Json(slot) | BodyContent::Xml(slot) | BodyContent::Form { slot, .. } => Some(slot),
            BodyContent::Multipart(_) | BodyContent::Text | BodyContent::Bytes => None,
        }
    }
}

impl ResponseType {
    /// Returns the slot of the decoded type, if it is JSON or XML.
    #[must_use]
    pub fn slot(self) -> Option<Slot> {
        match self {
            Self::Json(slot) | Self::Xml(slot) => Some(slot),
            Self::Empty | Self::Text | Self::Bytes | Self::Several => None,
        }
    }
}
