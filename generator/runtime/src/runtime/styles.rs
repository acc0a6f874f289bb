//! Converts values that are more than a string or a list of strings into names and strings. They are encoded elsewhere.

pub(crate) mod reserved;
pub(crate) mod writer;

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::runtime::error::Error;
use crate::runtime::values::finite::Finite;
use crate::runtime::values::not_json;
use crate::runtime::values::param::ListStyle;

/// How a value of any shape is written into a request (OpenAPI 3.0, "Style Values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyStyle {
    /// Each item with the name of the parameter, each property with its own name.
    Exploded,
    /// `name=a,b`, `name=property,value`, or the same with another separator.
    Delimited(ListStyle),
    /// `name[property]=value`, to any depth. Items of arrays have their index.
    Deep,
    /// JSON.
    Json,
    /// `.a.b`, `.property=value`. Without `explode`, the parts are separated by commas.
    Label {
        /// Whether each part is written separately.
        explode: bool,
    },
    /// `;name=a;name=b`, `;property=value`. Without `explode`, the name is written once, and the parts are separated by
    /// commas.
    Matrix {
        /// Whether each part is written separately.
        explode: bool,
    },
}

impl AnyStyle {
    /// Returns whether a property and its value are written together.
    pub(crate) fn explodes(self) -> bool {
        matches!(self, Self::Exploded | Self::Label { explode: true })
    }
}

/// A part of a value that is written between separators.
pub(crate) struct Part {
    /// The property, if it is written together with its value.
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

/// Converts a value to JSON.
pub(crate) fn data(name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    serde_json::to_value(Finite(value)).map_err(|error| not_json(name, error))
}

/// Returns a string as it is, anything else as JSON.
pub(crate) fn text(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

/// Returns the parts between separators: items, or properties and their values. With `explode`, a property and its
/// value are one part.
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

/// Returns a name and a string for each item or property.
pub(crate) fn exploded(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(|item| (name.to_owned(), text(item).into_owned())).collect(),
        Value::Object(entries) => entries.iter().flat_map(|(name, value)| list(name, value)).collect(),
        scalar => vec![(name.to_owned(), text(scalar).into_owned())],
    }
}

/// Returns the pairs of a property. The items of a list all have its name.
fn list(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(_) => vec![(name.to_owned(), value.to_string())],
        other => exploded(name, other),
    }
}

/// Returns pairs such as `name[property][0]=value`.
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

/// A field of a form: its values are written one after the other, with a separator that is not encoded.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
    pub(crate) separator: &'static str,
}

impl Field {
    fn single((name, value): (String, String)) -> Self {
        Self { name, values: vec![value], separator: "" }
    }
}

/// Returns the fields of a form, those in `styles` in their styles. For the others, the items of a list of scalars all have its
/// name, and deeper values have their path in brackets. `None` if the value is not an object.
pub(crate) fn form(value: &Value, styles: &[(&str, AnyStyle)]) -> Option<Vec<Field>> {
    let entries = value.as_object()?;
    let is_compound = |value: &Value| value.is_object() || value.is_array();
    let mut fields = Vec::new();
    for (name, value) in entries {
        let style = styles.iter().find(|(own, _)| own == name).map(|(_, style)| *style);
        let pairs = match (style, value) {
            (_, Value::Null) => Vec::new(),
            (Some(AnyStyle::Json), value) => vec![(name.clone(), value.to_string())],
            (Some(AnyStyle::Delimited(ListStyle::Exploded)), value) => exploded(name, value),
            (Some(AnyStyle::Delimited(style)), value) if is_compound(value) => {
                let values = parts(value, false).into_iter().map(|part| part.text);
                let separator = style.separator().unwrap_or_default();
                fields.push(Field { name: name.clone(), values: values.collect(), separator });
                continue;
            }
            (None, Value::Array(items)) if !items.iter().any(is_compound) => exploded(name, value),
            (_, value) => deep(name, value),
        };
        fields.extend(pairs.into_iter().map(Field::single));
    }
    // A list without items has no field.
    fields.retain(|field| !field.values.is_empty());
    Some(fields)
}
