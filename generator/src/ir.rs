//! The API as the generator has understood it: plain data in which every decision stands.
//!
//! Knows neither the document it came from nor the Rust syntax it becomes. Whoever carries out a decision reads it here.

mod operation;
mod pagination;
mod polling;
mod retry;
mod slot;
mod streaming;
mod types;

pub use operation::{
    AnyStyle, Body, BodyContent, ErrorBody, ErrorResponse, Location, Operation, Param, ParamStyle, PathPart,
    ResponseType, Success, SuccessResponse,
};
pub use pagination::{FullPage, Input, Items, NextPage, Pagination};
pub use polling::{Criterion, Expression, LongRunning, Polling};
pub use retry::{Retry, Strategy};
pub use slot::{Slot, SlotDef, SlotMap, SlotRole, Slots};
pub use streaming::{StreamPart, Streaming};
pub use types::{EnumValue, Field, Kind, Member, TypeDef, Types};

/// An API and the crate that is made of it.
#[derive(Debug, Clone)]
pub struct Api {
    /// The crate.
    pub package: Package,
    /// The client type and what is set on it.
    pub client: Client,
    /// The tree of namespaces; its root is the client itself.
    pub root: Namespace,
    /// All operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// All named types, in the order of the document.
    pub types: Types,
    /// All places whose values have a type of Rust.
    pub slots: Slots,
}

/// What stands in the crate's manifest and on its first page.
#[derive(Debug, Clone)]
pub struct Package {
    /// Name of the crate, such as `petstore-client`.
    pub name: String,
    /// Version of the crate.
    pub version: String,
    /// SPDX expression.
    pub license: String,
    /// Title of the API.
    pub title: String,
    /// What the API is for.
    pub description: String,
    /// Version of the API's document.
    pub api_version: String,
    /// Where the API itself is documented.
    pub documentation: Option<String>,
    /// File name of the document.
    pub spec: String,
}

/// The client type.
#[derive(Debug, Clone)]
pub struct Client {
    /// `PetstoreClient`.
    pub name: String,
    /// Environment variables start with this and an underscore.
    pub env_prefix: String,
    /// The default server, if the document names one.
    pub server: Option<String>,
    /// Parameters that are set once.
    pub globals: Vec<Global>,
    /// Ways to authenticate that some operation uses.
    pub schemes: Vec<Scheme>,
    /// The policy of every operation that has none of its own.
    pub retry: Retry,
}

/// A parameter that is set once on the client.
#[derive(Debug, Clone)]
pub struct Global {
    /// Name on the wire.
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub location: String,
    /// Name of the builder's method and of the field.
    pub ident: String,
    /// Environment variable.
    pub env: String,
    /// What it means.
    pub description: String,
    /// Whether some operation cannot do without it.
    pub required: bool,
    /// Whether only a UUID will do.
    pub is_uuid: bool,
    /// A value for examples.
    pub example: Option<String>,
}

/// A way to authenticate.
#[derive(Debug, Clone)]
pub struct Scheme {
    /// Name in the document.
    pub name: String,
    /// Name of the builder's method.
    pub ident: String,
    /// Environment variable.
    pub env: String,
    /// What it is.
    pub description: String,
    /// Where the credential goes.
    pub placement: Placement,
}

/// Where a credential goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// A header of this name.
    Header(String),
    /// A parameter of the query of this name.
    Query(String),
    /// A cookie of this name.
    Cookie(String),
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
}

/// A group of operations and of further groups.
#[derive(Debug, Clone, Default)]
pub struct Namespace {
    /// Names from the root down, as in the document; empty at the root.
    pub path: Vec<String>,
    /// Name of the method that leads here, and of the module; empty at the root.
    pub ident: String,
    /// Name of the handle type; empty at the root.
    pub type_name: String,
    /// What the group is for.
    pub description: Option<String>,
    /// Groups in it.
    pub children: Vec<Namespace>,
    /// Operations in it, as indices into [`Api::operations`].
    pub operations: Vec<usize>,
}

impl Api {
    /// The operation that an index of this `Api` stands for.
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
    /// The global that the index in a parameter stands for.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "indices are made together with the list they lead into")]
    pub fn global(&self, index: usize) -> &Global {
        &self.globals[index]
    }
}

impl Namespace {
    /// The group and all groups below it, parents first.
    #[must_use]
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.walk());
        }
        all
    }

    /// The dotted name, such as `users.sessions`.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }
}
