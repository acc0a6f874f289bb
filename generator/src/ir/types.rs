//! Named types.

use std::collections::HashMap;

use serde_json::Value;

use crate::document::Location;

/// All named types, in the order of the document.
#[derive(Debug, Clone, Default)]
pub struct Types {
    all: Vec<TypeDef>,
    by_name: HashMap<String, usize>,
}

impl Types {
    /// The type of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TypeDef> {
        self.all.get(*self.by_name.get(name)?)
    }

    /// All types.
    pub fn iter(&self) -> std::slice::Iter<'_, TypeDef> {
        self.all.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
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
    /// Its name in Rust, and, after normalisation, in the document.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// How it is built.
    pub kind: Kind,
    /// Whether a request can carry it.
    pub in_request: bool,
    /// Whether a reply can carry it.
    pub in_response: bool,
    /// A value for examples.
    pub example: Option<Value>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Its schema, as it is in the normalised document.
    pub schema: Value,
    /// Where its schema is, for messages.
    pub location: Location,
}

/// How a type is built.
#[derive(Debug, Clone)]
pub enum Kind {
    /// An object with named fields.
    Struct {
        /// The fields, in the order of the document.
        fields: Vec<Field>,
    },
    /// One of a list of texts.
    Enum {
        /// The texts.
        values: Vec<EnumValue>,
        /// Whether a text that is not in the list is taken too.
        open: bool,
    },
    /// One of several types, told apart by a property.
    Union {
        /// The property.
        tag: String,
        /// The types.
        members: Vec<Member>,
        /// Whether a value of another tag is taken too.
        open: bool,
    },
    /// One of several types: the first that fits.
    UntaggedUnion {
        /// Whether a value that fits none is taken too.
        open: bool,
    },
    /// Anything else, which is left as the back end makes it.
    Other,
}

/// A field of an object.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and all combinations occur")]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// Name of the field and of its setter, unique in the struct.
    pub ident: String,
    /// What it means.
    pub description: Option<String>,
    /// Whether an object must have it.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Its value when it is left out.
    pub default: Option<Value>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// A value for examples.
    pub example: Option<Value>,
}

impl Field {
    /// Whether absent, `null` and a value are three things that a request can say.
    #[must_use]
    pub fn is_tristate(&self) -> bool {
        self.nullable && !self.required && self.default.is_none()
    }
}

/// A text of an enumeration.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// The text on the wire.
    pub text: String,
    /// Name of the variant, unique in the type.
    pub ident: String,
}

/// A type of a union.
#[derive(Debug, Clone)]
pub struct Member {
    /// Value of the tag.
    pub tag: String,
    /// Name of the variant, unique in the union.
    pub ident: String,
    /// Name of the type.
    pub type_name: String,
    /// Whether the type carries the tag as a field of its own, as it is used outside of unions too.
    pub keeps_tag: bool,
}
