//! The independent judge: the crate `jsonschema`.

use jsonschema::{Draft, Registry, RegistryBuilder, Validator};
use serde_json::{Value, json};

use crate::translate::pointer_part;

const DOCUMENT: &str = "urn:document";

/// Compiles the validator of a component, or says why the schema is invalid.
pub(crate) fn compile(registry: &Registry<'_>, name: &str) -> Result<Validator, String> {
    let schema = json!({"$ref": format!("{DOCUMENT}#/components/schemas/{}", pointer_part(name))});
    let options = jsonschema::options().with_draft(Draft::Draft202012).with_registry(registry).offline();
    options.build(&schema).map_err(|error| error.to_string())
}

/// Prepares the translated document.
pub(crate) fn registry(document: &Value) -> Result<Registry<'_>, String> {
    let registry = Registry::new().draft(Draft::Draft202012).add(DOCUMENT, document);
    registry.and_then(RegistryBuilder::prepare).map_err(|error| error.to_string())
}
