//! Values of arguments: as strings, as JSON, and in `Debug`.

pub(crate) mod finite;
pub(crate) mod json_object;
pub(crate) mod param;
pub(crate) mod redacted;

use self::finite::NOT_FINITE;
use crate::runtime::error::Error;

/// Returns the error for an argument that cannot be written as JSON.
pub(crate) fn not_json(name: &str, error: serde_json::Error) -> Error {
    if error.to_string() == NOT_FINITE {
        return Error::invalid_argument(name, NOT_FINITE);
    }
    // Other messages may contain the argument, so the message of the error does not repeat them.
    Error::invalid_argument(name, "cannot be written as JSON").with_source(error)
}
