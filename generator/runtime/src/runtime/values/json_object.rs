//! Turns a value of any type into the JSON object that a field of an argument holds.

use serde::Serialize;
use serde_json::{Map, Value};

use super::finite::Finite;
use super::not_json;
use crate::runtime::error::Error;

/// Returns the JSON object that a value is written as. `name` is the name of the field, for the message of an error.
///
/// # Errors
///
/// If the value cannot be written as JSON, like a float that is NaN or infinite, or is something other than an object.
pub fn json_object(name: &str, value: impl Serialize) -> Result<Map<String, Value>, Error> {
    // The value itself may be secret, so the message has only its kind.
    let kind = match serde_json::to_value(Finite(&value)).map_err(|error| not_json(name, error))? {
        Value::Object(object) => return Ok(object),
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
    };
    Err(Error::invalid_argument(name, format_args!("must be a JSON object, not {kind}")))
}
