//! What a value of a document is, which decides where a referenced copy of it may be.

use crate::document::Pointer;
use crate::openapi::{ADDITIONAL, METHODS};

/// A kind of object that can be a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Schema,
    Parameter,
    RequestBody,
    Response,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    PathItem,
    Operation,
    Media,
    Encoding,
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The document.
    Root,
    /// Its `components`.
    Components,
    /// One object.
    One(Kind),
    /// A list or an object of such objects.
    Several(Kind),
    /// Anything else that may contain references, all of which are replaced by copies.
    Other,
    /// Data, in which `$ref` has no meaning.
    Data,
}

impl Kind {
    pub(super) const ALL: [Self; 13] = [
        Self::Schema,
        Self::Parameter,
        Self::RequestBody,
        Self::Response,
        Self::Header,
        Self::Example,
        Self::Link,
        Self::Callback,
        Self::SecurityScheme,
        Self::PathItem,
        Self::Operation,
        Self::Media,
        Self::Encoding,
    ];

    /// Returns the location of the components of this kind. `None` if the document cannot have any; its objects are then copied.
    pub(super) fn component(self, is_swagger: bool) -> Option<Pointer> {
        let root = Pointer::root();
        if is_swagger {
            return Some(root.join(match self {
                Self::Schema => "definitions",
                Self::Parameter => "parameters",
                Self::Response => "responses",
                Self::SecurityScheme => "securityDefinitions",
                _ => return None,
            }));
        }
        Some(root.join("components").join(match self {
            Self::Schema => "schemas",
            Self::Parameter => "parameters",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Header => "headers",
            Self::Example => "examples",
            Self::Link => "links",
            Self::Callback => "callbacks",
            Self::SecurityScheme => "securitySchemes",
            Self::PathItem | Self::Operation | Self::Media | Self::Encoding => return None,
        }))
    }
}

impl Part {
    /// Returns what an item of a list is.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Several(kind) => Self::One(kind),
            Self::Data => Self::Data,
            _ => Self::Other,
        }
    }

    /// Returns what a member of an object is.
    pub(super) fn member(self, key: &str) -> Self {
        match self {
            Self::Several(kind) => Self::One(kind),
            Self::Data => Self::Data,
            _ if key.starts_with("x-") => Self::Data,
            Self::Root => match key {
                "paths" | "webhooks" => Self::Several(Kind::PathItem),
                "components" => Self::Components,
                "definitions" => Self::Several(Kind::Schema),
                "securityDefinitions" => Self::Several(Kind::SecurityScheme),
                key => shared(key),
            },
            Self::Components => match key {
                "schemas" => Self::Several(Kind::Schema),
                "requestBodies" => Self::Several(Kind::RequestBody),
                "securitySchemes" => Self::Several(Kind::SecurityScheme),
                "pathItems" => Self::Several(Kind::PathItem),
                "mediaTypes" => Self::Several(Kind::Media),
                key => shared(key),
            },
            Self::One(kind) => kind.member(key),
            Self::Other => Self::Other,
        }
    }
}

/// What the members with the same meaning everywhere are.
fn shared(key: &str) -> Part {
    match key {
        "parameters" => Part::Several(Kind::Parameter),
        "responses" => Part::Several(Kind::Response),
        "headers" => Part::Several(Kind::Header),
        "examples" => Part::Several(Kind::Example),
        "links" => Part::Several(Kind::Link),
        "callbacks" => Part::Several(Kind::Callback),
        "content" => Part::Several(Kind::Media),
        "encoding" => Part::Several(Kind::Encoding),
        "requestBody" => Part::One(Kind::RequestBody),
        "schema" | "itemSchema" => Part::One(Kind::Schema),
        "example" | "default" | "enum" | "value" | "dataValue" => Part::Data,
        _ => Part::Other,
    }
}

impl Kind {
    fn member(self, key: &str) -> Part {
        match self {
            Self::Schema => schema_member(key),
            Self::Callback => Part::One(Self::PathItem),
            Self::PathItem if METHODS.contains(&key) || key == "query" => Part::One(Self::Operation),
            Self::PathItem if key == ADDITIONAL => Part::Several(Self::Operation),
            // In Swagger 2.0, parameters and headers have the keywords of a schema.
            Self::Parameter | Self::Header if key == "items" => Part::One(Self::Schema),
            Self::Example => Part::Data,
            _ => shared(key),
        }
    }
}

fn schema_member(key: &str) -> Part {
    match key {
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" | "allOf" | "oneOf"
        | "anyOf" | "prefixItems" => Part::Several(Kind::Schema),
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contentSchema" => Part::One(Kind::Schema),
        "example" | "examples" | "default" | "enum" | "const" => Part::Data,
        _ => Part::Other,
    }
}
