//! Parses a source into a [`Document`]: YAML with `serde_yaml`, JSON with `serde_json`, into one value type.

use serde_json::{Map, Number, Value};
use serde_yaml::Value as Yaml;

use super::flow::Flow;
use super::moves::Moves;
use super::positions::Positions;
use super::spans::Places;
use super::yaml::Any;
use super::{Document, Span, cause, flow, spans};

/// Why a source is not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether the source is valid YAML whose root is not an object.
    pub is_sound: bool,
    /// The position, if it is known.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if that is more specific than the help of the diagnostic.
    pub help: Option<String>,
}

/// Parses a document.
///
/// # Errors
///
/// The source is neither YAML nor JSON, a key is duplicated in an object, or the root is not an object.
pub fn parse(text: &str) -> Result<Document, Fault> {
    parse_source(text, 0)
}

/// Parses one of several sources of a document. `source` is its index, as in [`Span`].
///
/// # Errors
///
/// As [`parse`].
pub fn parse_source(text: &str, source: usize) -> Result<Document, Fault> {
    parse_text(text, source).map_err(|mut fault| {
        fault.span.iter_mut().for_each(|span| span.source = source);
        fault
    })
}

/// Parses the value of a source, without the positions in it, which take most of the time. `None` if it cannot be parsed.
///
/// Does not find duplicate keys in JSON: one of the values is returned.
pub(crate) fn parse_value(text: &str) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).ok().or_else(|| {
        let flow = flow::scan(text, 0);
        flow.too_deep.is_none().then(|| read_yaml(text, None, &flow).ok()).flatten()
    })
}

fn parse_text(text: &str, source: usize) -> Result<Document, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(fault) = cause::of_other_format(text, source) {
        return Err(fault);
    }
    let (value, places) = match serde_json::from_str(text) {
        Ok(value) => (value, checked(spans::of_json(text, source))?),
        Err(error) => parse_yaml(text, source, &error)?,
    };
    if !value.is_object() {
        let message = cause::of_emptiness(text)
            .unwrap_or("the document is not an object with keys such as `openapi` and `paths`");
        let span = Some(Span { source, line: 1, column: 1 });
        return Err(Fault { is_sound: true, span, message: message.to_owned(), help: None });
    }
    Ok(Document { value, positions: Positions::new(places.tree), moves: Moves::default() })
}

/// Parses a source that is not JSON. `error` says why.
fn parse_yaml(text: &str, source: usize, error: &serde_json::Error) -> Result<(Value, Places), Fault> {
    let flow = flow::scan(text, source);
    if let Some(span) = flow.too_deep {
        return Err(cause::of_depth(span));
    }
    let places = spans::read(text, source);
    if let Some(fault) = places.too_deep.is_none().then(|| cause::of_comment(text, &flow)).flatten() {
        return Err(fault);
    }
    let places = checked(places)?;
    let value =
        read_yaml(text, places.merge, &flow).map_err(|fault| cause::of_json(text, &flow, error).unwrap_or(fault))?;
    Ok((value, places))
}

/// Checks the nesting and the keys of a source.
fn checked(places: Places) -> Result<Places, Fault> {
    if let Some(span) = places.too_deep {
        return Err(cause::of_depth(span));
    }
    match places.duplicate {
        Some((key, span)) => Err(not_yaml(Some(span), format!("the key `{key}` occurs twice in one object"))),
        None => Ok(places),
    }
}

/// Reads a value. `merge` is the position of the first merge key.
fn read_yaml(text: &str, merge: Option<Span>, flow: &Flow) -> Result<Value, Fault> {
    let Any(mut yaml) = serde_yaml::from_str(text).map_err(|error| {
        let span = error.location().map(|place| Span { source: 0, line: place.line(), column: place.column() });
        let error = error.to_string();
        cause::of_yaml(text, flow, span, &error)
            .unwrap_or_else(|| not_yaml(span, format!("the input is not valid YAML: {error}")))
    })?;
    yaml.apply_merge().map_err(|error| not_yaml(merge, format!("a merge key (`<<`) cannot be applied: {error}")))?;
    json(yaml).map_err(|message| not_yaml(None, message))
}

fn not_yaml(span: Option<Span>, message: String) -> Fault {
    Fault { is_sound: false, span, message, help: None }
}

fn json(yaml: Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(bool) => Value::Bool(bool),
        Yaml::Number(number) => json_number(&number)?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let entries = entries.into_iter().map(|(key, value)| Ok((json_key(key)?, json(value)?)));
            Value::Object(entries.collect::<Result<Map<_, _>, String>>()?)
        }
        Yaml::Tagged(tagged) => json(tagged.value)?,
    })
}

fn json_number(number: &serde_yaml::Number) -> Result<Value, String> {
    let whole = number.as_u64().map(Number::from).or_else(|| number.as_i64().map(Number::from));
    let number = whole.or_else(|| number.as_f64().and_then(Number::from_f64)).ok_or(number);
    number.map(Value::Number).map_err(|number| format!("`{number}` is a number that JSON cannot represent"))
}

/// Converts a key to a string. Status codes are often written without quotes, which makes them numbers in YAML.
fn json_key(key: Yaml) -> Result<String, String> {
    match key {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(bool) => Ok(bool.to_string()),
        Yaml::Null => Ok("null".to_owned()),
        _ => Err("an object key is itself an object or an array".to_owned()),
    }
}
