//! Named types: structs, enums and unions.

use std::collections::HashMap;

use serde_json::Value;

use super::rust_type::RustType;
use super::shape::{Dispatch, Shape};
use super::xml::XmlContent;
use crate::document::Location;

/// All named types, in document order.
#[derive(Debug, Clone, Default)]
pub struct Types {
    all: Vec<TypeDef>,
    by_name: HashMap<String, usize>,
}

impl Types {
    /// Returns the type of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TypeDef> {
        self.all.get(*self.by_name.get(name)?)
    }

    /// Returns the type of this name, to be completed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut TypeDef> {
        self.all.get_mut(*self.by_name.get(name)?)
    }

    /// Returns all types.
    pub fn iter(&self) -> std::slice::Iter<'_, TypeDef> {
        self.all.iter()
    }

    /// Returns the number of types.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are no types.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl From<Vec<TypeDef>> for Types {
    fn from(all: Vec<TypeDef>) -> Self {
        let by_name = all.iter().enumerate().map(|(index, definition)| (definition.name.clone(), index)).collect();
        Self { all, by_name }
    }
}

impl<'a> IntoIterator for &'a Types {
    type Item = &'a TypeDef;
    type IntoIter = std::slice::Iter<'a, TypeDef>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A type that has a name in the crate.
#[derive(Debug, Clone)]
pub struct TypeDef {
    /// The name in Rust and, after normalisation, in the document.
    pub name: String,
    /// The name of its files, without an extension. It differs from those of all other types, even where the file system
    /// ignores letter case.
    pub file_stem: String,
    /// The name of constants that belong to it, unique in the crate.
    pub const_ident: String,
    /// The description.
    pub description: Option<String>,
    /// The kind of type.
    pub kind: Kind,
    /// The values of an enum of integers that the document names. They are associated constants.
    pub named_values: Vec<NamedValue>,
    /// Whether requests can carry it.
    pub in_request: bool,
    /// Whether responses can carry it.
    pub in_response: bool,
    /// The type of responses whose form in requests this type is.
    pub request_of: Option<String>,
    /// A value for examples.
    pub example: Option<Value>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The shape of its values. `None` unless a union refers to it.
    pub shape: Option<Shape>,
    /// How its values are written in XML. `None` unless a body in XML contains it.
    pub xml: Option<XmlContent>,
    /// The type that replaces it. `None` if it is generated.
    pub rust_type: Option<RustType>,
    /// Its schema, as it is in the normalised document.
    pub schema: Value,
    /// The location of its schema, for messages.
    pub location: Location,
}

/// A value of an enum of integers.
#[derive(Debug, Clone)]
pub struct NamedValue {
    /// The value.
    pub value: i64,
    /// The name of the constant.
    pub ident: String,
    /// The description.
    pub description: Option<String>,
}

/// The kind of a type.
#[derive(Debug, Clone)]
pub enum Kind {
    /// An object with named fields.
    Struct {
        /// The fields, in document order.
        fields: Vec<Field>,
    },
    /// One of a list of strings.
    Enum {
        /// The strings.
        values: Vec<EnumValue>,
        /// Whether other strings are accepted too.
        open: bool,
    },
    /// One of several objects, distinguished by a property.
    Union {
        /// The name of the property.
        tag: String,
        /// The JSON type of the property.
        tag_type: TagType,
        /// The types.
        members: Vec<Member>,
        /// What a value without the property is.
        untagged: Untagged,
        /// The constants that objects of each member have besides the property. `None` if no member has any.
        constants: Option<Dispatch>,
        /// Whether values that match no member are accepted too.
        open: bool,
    },
    /// One of several types, distinguished by the shape of the value.
    UntaggedUnion {
        /// How they are told apart.
        dispatch: Dispatch,
        /// For each member, the property that requests must have, and its value.
        tags: Vec<Option<(String, Value)>>,
        /// Whether values that match no member are accepted too.
        open: bool,
    },
    /// Anything else, which stays as progenitor generates it.
    Other,
}

/// A field of an object.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and all combinations occur")]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// The name of the field and of its setter, unique in the struct.
    pub ident: String,
    /// The description.
    pub description: Option<String>,
    /// Whether it is required.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// The value if the field is absent.
    pub default: Option<Value>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// A value for examples.
    pub example: Option<Value>,
}

impl Field {
    /// Whether requests must distinguish between absent, `null` and a value.
    #[must_use]
    pub fn is_tristate(&self) -> bool {
        self.nullable && !self.required && self.default.is_none()
    }
}

/// A value of a string enum.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// The string on the wire.
    pub text: String,
    /// The name of the variant, unique in the type.
    pub ident: String,
    /// The description.
    pub description: Option<String>,
}

/// The JSON type of the property that distinguishes the members of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagType {
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A boolean.
    Boolean,
}

impl TagType {
    /// Returns the JSON value of a tag.
    #[must_use]
    pub fn json(self, tag: &str) -> Value {
        match self {
            Self::String => tag.into(),
            Self::Integer | Self::Boolean => tag.parse().unwrap_or_else(|_| tag.into()),
        }
    }
}

/// What a value is that does not have the property which distinguishes the members of its union.
#[derive(Debug, Clone)]
pub enum Untagged {
    /// Not valid: the document declares the property beside the members, and every member requires it.
    Invalid,
    /// No member, because every member requires the property.
    NoMember,
    /// The member that the shape of the value selects.
    ByShape(Dispatch),
}

/// A member of a union.
#[derive(Debug, Clone)]
pub struct Member {
    /// The value of the tag, as text.
    pub tag: String,
    /// The name of the variant, unique in the union.
    pub ident: String,
    /// The name of the type.
    pub type_name: String,
    /// Whether the type itself has the tag as a field, because it is also used outside this union.
    pub keeps_tag: bool,
    /// Whether the type writes the tag itself, because it is a union that the same property distinguishes.
    pub writes_tag: bool,
    /// Whether the variant holds the type in a `Box`, because the type contains the union.
    pub is_boxed: bool,
}
