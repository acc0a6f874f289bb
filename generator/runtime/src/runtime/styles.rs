//! Values that are more than a text or a list of texts, as names and texts. It encodes nothing for a place.

pub(crate) mod writer;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::runtime::error::Error;
use crate::runtime::request::finite::Finite;
use crate::runtime::request::not_json;
use crate::runtime::request::param::ListStyle;

/// How a value of any shape stands in a request (OpenAPI 3.0, "Style Values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyStyle {
    /// Each item under the name, each property under its own.
    Exploded,
    /// `name=a,b`, `name=property,value`, or the same with another separator.
    Delimited(ListStyle),
    /// `name[property]=value`, to any depth; items have their index.
    Deep,
    /// JSON.
    Json,
    /// `.a.b`, `.property=value`; without `explode` with commas between.
    Label {
        /// Whether the parts stand apart.
        explode: bool,
    },
    /// `;name=a;name=b`, `;property=value`; without `explode` the name once and commas between.
    Matrix {
        /// Whether the parts stand apart.
        explode: bool,
    },
}

impl AnyStyle {
    /// Whether a property and its value are written as one.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Exploded | Self::Label { explode: true })
    }
}

/// A part of a value that is written between separators.
pub(crate) struct Part {
    /// The property, where it is written together with its value.
    pub(crate) name: Option<String>,
    pub(crate) text: String,
}

impl Part {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { name: None, text: text.into() }
    }

    pub(crate) fn pair((name, text): (String, String)) -> Self {
        Self { name: Some(name), text }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name}={}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// The value as data.
pub(crate) fn data(name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    serde_json::to_value(Finite(value)).map_err(|error| not_json(name, error))
}

/// A text as it is, anything else as JSON writes it.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

/// What stands between separators: items, or properties and their values, which `explode` writes as `property=value`.
pub(crate) fn parts(value: &Value, explode: bool) -> Vec<Part> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(|item| Part::text(text(item))).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            if explode {
                entries.map(|(name, value)| Part::pair((name.clone(), text(value).into_owned()))).collect()
            } else {
                entries.flat_map(|(name, value)| [Part::text(name.as_str()), Part::text(text(value))]).collect()
            }
        }
        scalar => vec![Part::text(text(scalar))],
    }
}

/// Names and texts, one for each item or property.
pub(crate) fn exploded(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(|item| (name.to_owned(), text(item).into_owned())).collect(),
        Value::Object(entries) => entries.iter().flat_map(|(name, value)| list(name, value)).collect(),
        scalar => vec![(name.to_owned(), text(scalar).into_owned())],
    }
}

/// A property: each item of a list has the name again.
fn list(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(_) => vec![(name.to_owned(), value.to_string())],
        other => exploded(name, other),
    }
}

/// `name[property][0]=text`.
pub(crate) fn deep(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| deep(&format!("{name}[{index}]"), item)).collect()
        }
        Value::Object(entries) => {
            entries.iter().flat_map(|(property, value)| deep(&format!("{name}[{property}]"), value)).collect()
        }
        scalar => vec![(name.to_owned(), text(scalar).into_owned())],
    }
}

/// The fields of a form. Lists of plain values have their name again and again, unless they are among `deep_fields`;
/// whatever is deeper has its way in brackets.
pub(crate) fn form(value: &Value, deep_fields: &[&str]) -> Option<Vec<(String, String)>> {
    let entries = value.as_object()?;
    let is_compound = |value: &Value| value.is_object() || value.is_array();
    let field = |(name, value): (&String, &Value)| match value {
        Value::Array(items) if !deep_fields.contains(&name.as_str()) && !items.iter().any(is_compound) => {
            exploded(name, value)
        }
        other => deep(name, other),
    };
    Some(entries.iter().flat_map(field).collect())
}
