//! How values are written in XML (OpenAPI, "XML Object").

/// The XML of the values of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlRoot {
    /// The name of its constant, unique in the crate.
    pub ident: String,
    /// The root element.
    pub element: XmlElement,
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlElement {
    /// Its name.
    pub name: XmlName,
    /// Its content.
    pub content: XmlContent,
}

/// The name of an element or an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlName {
    /// The name without a prefix.
    pub local: String,
    /// The prefix.
    pub prefix: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
}

/// The content of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum XmlContent {
    /// Any content, which is read without types.
    Any,
    /// One of these scalars.
    Scalar(Vec<XmlScalar>),
    /// A list, with an element for each item.
    List(Box<XmlElement>),
    /// An object.
    Object {
        /// Its properties, in document order.
        fields: Vec<XmlField>,
        /// The content of other elements, if the object has any.
        others: Option<Box<XmlContent>>,
    },
    /// The content of a named type.
    Named(String),
}

/// A scalar in XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum XmlScalar {
    /// A boolean.
    Boolean,
    /// An integer or any other number.
    Number,
    /// A string.
    String,
}

/// A property of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlField {
    /// The name of the property.
    pub key: String,
    /// Whether objects must have it.
    pub required: bool,
    /// Its location in the element of the object.
    pub node: XmlNode,
}

/// The location of a property in the element of its object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum XmlNode {
    /// An attribute.
    Attribute(XmlName, Vec<XmlScalar>),
    /// The text of the element.
    Text {
        /// The types that the text may have.
        types: Vec<XmlScalar>,
        /// Whether it is written as a CDATA section.
        cdata: bool,
    },
    /// A child element.
    Element(XmlElement),
    /// An array with a child element for each item.
    Items(XmlElement),
    /// An array within a child element.
    Wrapped(XmlName, XmlElement),
}

impl XmlNode {
    /// Returns the names that it is written with.
    pub fn names(&self) -> impl Iterator<Item = &XmlName> {
        let (first, second) = match self {
            Self::Attribute(name, _) => (Some(name), None),
            Self::Text { .. } => (None, None),
            Self::Element(element) | Self::Items(element) => (Some(&element.name), None),
            Self::Wrapped(name, item) => (Some(name), Some(&item.name)),
        };
        first.into_iter().chain(second)
    }

    /// Whether two properties of an object are read from the same attribute, the same element or the same text.
    #[must_use]
    pub fn is_at(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Attribute(one, _), Self::Attribute(other, _)) => one.local == other.local,
            (Self::Text { .. }, Self::Text { .. }) => true,
            (Self::Attribute(..) | Self::Text { .. }, _) | (_, Self::Attribute(..) | Self::Text { .. }) => false,
            (one, other) => one.names().next().map(|name| &name.local) == other.names().next().map(|name| &name.local),
        }
    }
}
