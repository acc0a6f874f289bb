//! Types of other crates that replace generated types.

/// The type that replaces the generated type of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustType {
    /// The path of the type, such as `jiff::Timestamp`.
    pub path: String,
    /// The dependency that has the type. `None` if the client has it anyway.
    pub dependency: Option<Dependency>,
    /// What names the type, in words: the key of the configuration, or the location in the document.
    pub origin: String,
}

/// A dependency of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name of the package.
    pub name: String,
    /// The required version.
    pub version: String,
    /// The features that it needs.
    pub features: Vec<String>,
}
