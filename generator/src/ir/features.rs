//! Cargo features that enable parts of the API.

/// The feature that enables the client, all namespaces and all types.
pub const FULL: &str = "full";
/// The feature that enables the client. Without it, a crate has only types.
pub const CLIENT: &str = "client";
/// The feature that enables all types, also those of namespaces that are not enabled.
pub const TYPES: &str = "types";

/// A cargo feature that enables namespaces of the client, and the types of their operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceFeature {
    /// The name of the feature.
    pub name: String,
    /// The names of the top-level namespaces that it enables.
    pub namespaces: Vec<String>,
    /// The features that it enables, because they have the operations that return the states of its jobs.
    pub needs: Vec<String>,
}
