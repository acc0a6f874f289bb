//! The API as the generator understands it: plain data that contains every decision.
//!
//! The IR depends neither on the document it was lowered from nor on Rust syntax. Later stages read decisions here.

mod features;
mod multipart;
mod operation;
mod pagination;
mod polling;
mod response_headers;
mod retry;
mod rust_type;
mod scalar;
mod shape;
mod slot;
mod streaming;
mod types;
mod xml;

pub use features::{CLIENT, FULL, NamespaceFeature, TYPES};
pub use multipart::{FormPart, MultipartForm, PartContent, PartHeader, PartHeaderValue};
pub use operation::{
    Alternative, AnyStyle, Body, BodyContent, ErrorBody, ErrorResponse, Location, MediaChoice, Operation, Param,
    ParamStyle, PathPart, PercentEncoding, ResponseType, Success, SuccessResponse,
};
pub use pagination::{FullPage, Input, Items, NextPage, Pagination};
pub use polling::{Criterion, Expression, LongRunning, Polling};
pub use response_headers::{HeaderContent, HeaderScalar, HeaderValue, ResponseHeader, ResponseHeaders};
pub use retry::{Retry, RetryStrategy};
pub use rust_type::{Dependency, RustType};
pub use scalar::ScalarType;
pub use shape::{Dispatch, Others, Scalar, Shape, ShapeField};
pub use slot::{Slot, SlotDef, SlotMap, SlotRole, Slots};
pub use streaming::{StreamPart, Streaming};
pub use types::{EnumValue, Field, Kind, Member, NamedValue, TagType, TypeDef, Types, Untagged};
pub use xml::{XmlContent, XmlElement, XmlField, XmlName, XmlNode, XmlRoot, XmlScalar};

/// An API and the crate that is generated for it.
#[derive(Debug, Clone)]
pub struct Api {
    /// The crate's metadata.
    pub package: Package,
    /// The client type and its settings.
    pub client: Client,
    /// The tree of namespaces. Its root is the client itself.
    pub root: Namespace,
    /// The cargo features that enable namespaces, by name. Empty if the API has fewer than two namespaces.
    pub features: Vec<NamespaceFeature>,
    /// All operations, in document order.
    pub operations: Vec<Operation>,
    /// All named types, in document order.
    pub types: Types,
    /// All slots: the locations whose values have a Rust type.
    pub slots: Slots,
    /// Whether any of them has a scalar with a type of its own.
    pub has_scalars: bool,
}

/// What the crate's manifest and front page contain.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name of the crate, such as `petstore-client`.
    pub name: String,
    /// The version of the crate.
    pub version: String,
    /// The license, as an SPDX expression.
    pub license: String,
    /// The title of the API.
    pub title: String,
    /// The description of the API.
    pub description: String,
    /// The version of the API.
    pub api_version: String,
    /// The URL of the API's own documentation.
    pub documentation: Option<String>,
    /// The file name of the document.
    pub spec: String,
    /// The authors.
    pub authors: Vec<String>,
    /// The URL of the repository.
    pub repository: Option<String>,
    /// The URL of the home page.
    pub homepage: Option<String>,
    /// The URL of the documentation of the crate.
    pub crate_documentation: Option<String>,
    /// The keywords of the package registry.
    pub keywords: Vec<String>,
    /// The default features, if they are not the usual ones.
    pub default_features: Option<Vec<String>>,
    /// More dependencies, as lines of TOML.
    pub dependencies: String,
    /// Whether the crate has the module `custom`, which is not generated.
    pub has_custom_module: bool,
    /// Whether there is a Markdown page for each type.
    pub has_model_pages: bool,
    /// Whether the manifest enables the lints that the generated code complies with.
    pub has_lints: bool,
}

/// The client type.
#[derive(Debug, Clone)]
pub struct Client {
    /// The name of the type, such as `PetstoreClient`.
    pub name: String,
    /// The prefix of environment variables, without the underscore after it.
    pub env_prefix: String,
    /// The default server, if the document has one, without a query.
    pub server: Option<String>,
    /// Whether the default server, or that of an operation, is only used if the user allows plain HTTP.
    pub needs_plain_http: bool,
    /// Parameters that are set once, on the client.
    pub globals: Vec<Global>,
    /// The authentication schemes that operations use.
    pub schemes: Vec<Scheme>,
    /// The security requirements of requests that the document does not describe, as of an operation.
    pub security: Vec<Vec<String>>,
    /// The retry policy of operations without a policy.
    pub retry: Retry,
}

/// A parameter that is set once on the client.
#[derive(Debug, Clone)]
pub struct Global {
    /// The name on the wire.
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub location: String,
    /// The name of the builder method and of the field.
    pub ident: String,
    /// The name of the environment variable.
    pub env: String,
    /// The description.
    pub description: String,
    /// Whether an operation requires it.
    pub required: bool,
    /// Whether the value must be a UUID.
    pub is_uuid: bool,
    /// A value for examples.
    pub example: Option<String>,
}

/// An authentication scheme.
#[derive(Debug, Clone)]
pub struct Scheme {
    /// The name in the document.
    pub name: String,
    /// The name of the builder method.
    pub ident: String,
    /// The name of the environment variable.
    pub env: String,
    /// The description.
    pub description: String,
    /// Where the credential is sent.
    pub placement: Placement,
    /// Whether a security requirement names it. Otherwise the credential is optional for every operation.
    pub is_required: bool,
}

/// Where a credential is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// In the header of this name.
    Header(String),
    /// In the query parameter of this name.
    Query(String),
    /// In the cookie of this name.
    Cookie(String),
    /// As `Authorization: Bearer …`.
    Bearer,
    /// As `Authorization: Basic …`.
    Basic,
}

/// A group of operations and of nested groups.
#[derive(Debug, Clone, Default)]
pub struct Namespace {
    /// The names from the root to this group, as in the document. Empty at the root.
    pub path: Vec<String>,
    /// The name of the method that returns this group's handle, and of the module. Empty at the root.
    pub ident: String,
    /// The name of the handle type. Empty at the root.
    pub type_name: String,
    /// The description of the group.
    pub description: Option<String>,
    /// The feature that enables it, if the API has features for namespaces.
    pub feature: Option<String>,
    /// The nested groups.
    pub children: Vec<Namespace>,
    /// The operations of the group, as indices into [`Api::operations`].
    pub operations: Vec<usize>,
}

impl Api {
    /// Returns the operation at an index of this `Api`.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "indices are made together with the list they lead into")]
    pub fn operation(&self, index: usize) -> &Operation {
        &self.operations[index]
    }
}

impl Api {
    /// Whether no operation can be called without a credential.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        !self.operations.is_empty() && self.operations.iter().all(Operation::needs_credential)
    }
}

impl Client {
    /// Returns the global at an index of this `Api`.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "indices are made together with the list they lead into")]
    pub fn global(&self, index: usize) -> &Global {
        &self.globals[index]
    }
}

impl Namespace {
    /// Returns the group and all groups below it, parents first.
    #[must_use]
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.walk());
        }
        all
    }

    /// Returns the dotted name, such as `users.sessions`.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }
}
