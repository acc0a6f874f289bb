//! Bodies in XML. A value is converted to or from JSON by a description of its XML (OpenAPI "XML Object"), so the same types
//! serve both. Requires the feature `xml`.

#[cfg(feature = "xml")]
pub(crate) mod read;
#[cfg(feature = "xml")]
pub(crate) mod tree;
#[cfg(feature = "xml")]
pub(crate) mod write;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::runtime::encoding::media_type::is_xml;
use crate::runtime::error::Error;
use crate::runtime::error::api_error::ApiError;
use crate::runtime::error::kind::ErrorKind;
use crate::runtime::request::RequestWriter;
use crate::runtime::transport::response::{RawResponse, undecodable_value};
use crate::runtime::values::finite::Finite;
use crate::runtime::values::not_json;

const DISABLED: &str = "bodies in XML require the feature `xml` of this crate";

/// The key of the text of an element that has attributes or children too, and no description.
#[cfg(feature = "xml")]
pub(crate) const TEXT: &str = "$text";

/// An element and its content.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The name.
    pub name: Name,
    /// The content.
    pub content: &'static Content,
}

/// The name of an element or an attribute. Names are written with prefix and namespace; when reading, only the local name is
/// compared.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// The name without a prefix.
    pub local: &'static str,
    /// The prefix.
    pub prefix: Option<&'static str>,
    /// The namespace, which is declared on the element.
    pub namespace: Option<&'static str>,
}

impl Name {
    /// Returns a name without a prefix and a namespace.
    #[must_use]
    pub const fn plain(local: &'static str) -> Self {
        Self { local, prefix: None, namespace: None }
    }
}

/// The content of an element.
#[derive(Debug)]
pub enum Content {
    /// Any content. When reading, elements with attributes or children become objects, repeated elements become arrays, and
    /// everything else is a string. The text of an object has the key `$text`.
    Any,
    /// A text that is one of these scalars. When reading, the first one that accepts the text is used.
    Scalar(&'static [Scalar]),
    /// The content of another type.
    Same(&'static Content),
    /// A list: an element for each item.
    List(Element),
    /// An object.
    Object {
        /// Its properties, in the order in which they are written.
        fields: &'static [Field],
        /// The content of other elements, if the object has any.
        others: Option<&'static Content>,
    },
}

/// A scalar type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// `true`, `false`, `1` or `0`.
    Boolean,
    /// A number.
    Number,
    /// Any text.
    String,
}

/// A property of an object.
#[derive(Debug)]
pub struct Field {
    /// The name of the property in JSON.
    pub key: &'static str,
    /// Whether an object must have it.
    pub required: bool,
    /// Its location in the element of the object.
    pub node: Node,
}

/// The location of a property in the element of its object.
#[derive(Debug)]
pub enum Node {
    /// An attribute.
    Attribute(Name, &'static [Scalar]),
    /// The text of the element.
    Text {
        /// The types that the text may have.
        types: &'static [Scalar],
        /// Whether it is written as a CDATA section.
        cdata: bool,
    },
    /// A child element.
    Element(Element),
    /// An array with a child element for each item.
    Items(Element),
    /// An array within a child element.
    Wrapped(Name, Element),
}

impl RequestWriter {
    /// Sets the body to XML.
    ///
    /// # Errors
    ///
    /// The body cannot be XML: it has characters that XML does not allow, or a map whose keys are not names. The feature `xml`
    /// is disabled.
    pub fn xml(&mut self, content_type: &'static str, element: &Element, body: &impl Serialize) -> Result<(), Error> {
        expect_feature()?;
        let value = serde_json::to_value(Finite(body)).map_err(|error| not_json("body", error))?;
        let text = encode(element, &value).map_err(|reason| Error::invalid_argument("body", reason))?;
        self.bytes(content_type, text.into());
        Ok(())
    }
}

/// Checks that bodies in XML can be written and read, before the request is sent.
///
/// # Errors
///
/// The feature `xml` is disabled.
pub fn expect_feature() -> Result<(), Error> {
    if cfg!(feature = "xml") { Ok(()) } else { Err(Error::new(ErrorKind::Configuration, DISABLED)) }
}

impl RawResponse {
    /// Decodes the XML body as a type.
    ///
    /// # Errors
    ///
    /// Fails if the content type is not XML, the body has more elements and attributes than `max_response_values`, or it cannot
    /// be decoded as the type. The error contains the status, the headers, the start of the body, and the path of the field that
    /// failed.
    pub fn xml<T: DeserializeOwned>(&self, element: &Element) -> Result<T, Error> {
        let content_type = self.headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        if !content_type.as_ref().is_some_and(|name| is_xml(name)) {
            let found = content_type.map_or("no content type".to_owned(), |name| format!("the content type {name:?}"));
            let message = format!("{}: the response has {found} instead of XML", self.status);
            return Err(self.refused(ErrorKind::UnexpectedResponse, message));
        }
        let value = match decode(element, &self.body, self.max_values) {
            Ok(value) => value,
            Err(Failure::TooMany) => return Err(self.too_many_values()),
            Err(Failure::Invalid(reason)) => return Err(self.undecodable((".".to_owned(), reason))),
        };
        T::deserialize(&value).map_err(|error| self.undecodable(undecodable_value::<T>(&value, &error)))
    }
}

/// Decodes the body of an error response. `None` if it is not XML of this type.
pub fn error_body<T: DeserializeOwned>(response: &ApiError, element: &Element) -> Option<T> {
    let value = decode(element, response.body(), usize::MAX).ok()?;
    T::deserialize(&value).ok()
}

/// Converts JSON to XML.
///
/// # Errors
///
/// The value cannot be XML, or the feature `xml` is disabled.
pub fn from_json(element: &Element, value: &Value) -> Result<Bytes, String> {
    encode(element, value).map(Bytes::from)
}

/// Converts XML to JSON.
///
/// # Errors
///
/// The text is not XML, or the feature `xml` is disabled.
pub fn to_json(element: &Element, text: &[u8]) -> Result<Value, String> {
    decode(element, text, usize::MAX).map_err(|failure| match failure {
        Failure::TooMany => "too many elements".to_owned(),
        Failure::Invalid(reason) => reason,
    })
}

/// Why a text cannot be read.
#[cfg_attr(not(feature = "xml"), expect(dead_code, reason = "without the feature, nothing is read"))]
pub(crate) enum Failure {
    /// It has more elements and attributes than allowed.
    TooMany,
    /// It is not XML, or not of the type.
    Invalid(String),
}

#[cfg(feature = "xml")]
pub(crate) fn encode(element: &Element, value: &Value) -> Result<String, String> {
    write::document(element, value)
}

#[cfg(feature = "xml")]
pub(crate) fn decode(element: &Element, text: &[u8], max_values: usize) -> Result<Value, Failure> {
    Ok(read::value(element.content, &tree::parse(text, max_values)?))
}

#[cfg(not(feature = "xml"))]
pub(crate) fn encode(_: &Element, _: &Value) -> Result<String, String> {
    Err(DISABLED.to_owned())
}

#[cfg(not(feature = "xml"))]
pub(crate) fn decode(_: &Element, _: &[u8], _: usize) -> Result<Value, Failure> {
    Err(Failure::Invalid(DISABLED.to_owned()))
}
