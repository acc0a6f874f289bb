//! The dialects of the documents that the generator reads.

use serde_json::Value;

/// A dialect: a format whose keywords have the same meaning in all its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Swagger 2.0.
    Swagger20,
    /// OpenAPI 3.0.
    OpenApi30,
    /// OpenAPI 3.1.
    OpenApi31,
    /// OpenAPI 3.2.
    OpenApi32,
}

impl Dialect {
    /// Returns the dialect of a document. `None` if it is unknown. A version written without quotes is a number in YAML.
    #[must_use]
    pub fn of(document: &Value) -> Option<Self> {
        if let Some(version) = document.get("swagger") {
            return (plain(version) == "2.0").then_some(Self::Swagger20);
        }
        let version = plain(document.get("openapi")?);
        let is =
            |minor: &str| version == minor || version.strip_prefix(minor).is_some_and(|rest| rest.starts_with('.'));
        [("3.0", Self::OpenApi30), ("3.1", Self::OpenApi31), ("3.2", Self::OpenApi32)]
            .into_iter()
            .find_map(|(minor, dialect)| is(minor).then_some(dialect))
    }
}

/// Returns a version as a string.
pub(crate) fn plain(version: &Value) -> String {
    version.as_str().map_or_else(|| version.to_string(), str::to_owned)
}
