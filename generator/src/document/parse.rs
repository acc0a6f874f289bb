//! Text to [`Document`]: YAML through `serde_yaml`, JSON through `serde_json`, one value type for both.

use serde_json::{Map, Number, Value};
use serde_yaml::Value as Yaml;

use super::{Document, Pointer, Span, spans};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, catalogue};

/// Reads a document.
///
/// # Errors
///
/// `E001` when the text is neither YAML nor JSON, `E002` when its root is no object.
pub fn parse(text: &str) -> Result<Document, Diagnostics> {
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => read_yaml(text)?,
    };
    if !value.is_object() {
        let message = "the document is not an object with keys such as `openapi` and `paths`";
        let start = Span { line: 1, column: 1 };
        return Err(finding(&catalogue::NOT_AN_OBJECT, Some(start), message.to_owned()));
    }
    Ok(Document { value, spans: spans::read(text) })
}

fn read_yaml(text: &str) -> Result<Value, Diagnostics> {
    let mut yaml: Yaml = serde_yaml::from_str(text).map_err(|error| {
        let span = error.location().map(|place| Span { line: place.line(), column: place.column() });
        finding(&catalogue::NOT_YAML, span, format!("the text is not sound YAML: {error}"))
    })?;
    yaml.apply_merge().map_err(|error| {
        finding(&catalogue::NOT_YAML, None, format!("a merge key (`<<`) cannot be applied: {error}"))
    })?;
    json(yaml).map_err(|message| finding(&catalogue::NOT_YAML, None, message))
}

fn finding(code: &'static Code, span: Option<Span>, message: String) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(Diagnostic { code, pointer: Pointer::root(), span, message, remedy: code.remedy.to_owned() });
    diagnostics
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
    number.map(Value::Number).map_err(|number| format!("`{number}` is a number that JSON cannot carry"))
}

/// A status code is often written without quotes, and so is a number to YAML.
fn json_key(key: Yaml) -> Result<String, String> {
    match key {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(bool) => Ok(bool.to_string()),
        Yaml::Null => Ok("null".to_owned()),
        _ => Err("a key of an object is itself an object or a list".to_owned()),
    }
}
