//! What tells the members of a union apart: the shape of their values.

use serde_json::Value;

/// The part of a schema that shows whether a JSON value can be of a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Any value.
    Any,
    /// A value of a named type, whose [`TypeDef`](super::TypeDef) has the shape.
    Named(String),
    /// `null`, or a value of this shape.
    Nullable(Box<Shape>),
    /// A value of one of the JSON types that are not compound.
    Scalar(Scalar),
    /// One of these scalar values.
    Constants {
        /// The values.
        values: Vec<Value>,
        /// Whether other values of the same JSON type may be added to the API. A single value is a constant, which is
        /// never open.
        open: bool,
    },
    /// An array of values of this shape.
    Array(Box<Shape>),
    /// An object.
    Object {
        /// The properties that are described.
        fields: Vec<ShapeField>,
        /// The other properties.
        others: Others,
    },
    /// An object of this shape, whose tag, if it has one, is one of these values.
    Tagged {
        /// The property that is the tag.
        tag: String,
        /// Its values.
        values: Vec<Value>,
        /// The shape of the object.
        shape: Box<Shape>,
    },
    /// A value of one of these shapes.
    Union {
        /// How the members are told apart.
        dispatch: Dispatch,
        /// Whether values that match no member are accepted too.
        open: bool,
    },
}

/// A JSON type that is not compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer,
    /// Any number.
    Number,
    /// A string.
    String,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeField {
    /// The name on the wire.
    pub name: String,
    /// Whether every such object has it.
    pub required: bool,
    /// The shape of its value.
    pub shape: Shape,
}

/// The properties of an object that its schema does not name.
#[derive(Debug, Clone, PartialEq)]
pub enum Others {
    /// Any.
    Any,
    /// None, according to the document.
    Closed,
    /// Values of one shape.
    Of(Box<Shape>),
}

/// How the members of a union are told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatch {
    /// The properties that select the member of an object. If an object has one of them with a value that a member does
    /// not list, it is not that member, even if more values may be added to the API.
    pub tags: Vec<String>,
    /// The shapes of the members, in document order.
    pub members: Vec<Shape>,
}
