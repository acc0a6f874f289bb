//! Reads files of the JSON Schema Test Suite: lists of cases, each with a schema and values that are valid or not.

use serde_json::{Value, json};

/// The name of the only component in the document of a case.
const NAME: &str = "Case";

/// Returns a document for each case, whose only component lists the valid values as `x-suite-values`. `None` if the text is something else.
pub(crate) fn documents(text: &str) -> Option<Vec<Value>> {
    // Other documents are not lists.
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let cases: Vec<Value> = serde_json::from_str(text).ok()?;
    cases.iter().map(document).collect()
}

fn document(case: &Value) -> Option<Value> {
    let (mut schema, tests) = (case.get("schema")?.clone(), case.get("tests")?.as_array()?);
    let valid = tests.iter().filter(|test| test.get("valid") == Some(&Value::Bool(true)));
    let values: Vec<&Value> = valid.filter_map(|test| test.get("data")).collect();
    move_references(&mut schema);
    // Boolean bounds are those of Draft 4, which OpenAPI 3.0 has too.
    let version = if has_boolean_bounds(&schema) { "3.0.3" } else { "3.1.0" };
    if let Value::Bool(accepts_all) = schema {
        schema = if accepts_all { json!({}) } else { json!({"not": {}}) };
    }
    schema.as_object_mut()?.insert("x-suite-values".to_owned(), json!(values));
    Some(json!({
        "openapi": version,
        "info": {"title": "Case", "version": "1"},
        "components": {"schemas": {NAME: schema}},
    }))
}

/// Lets references within the schema refer to its place in the document. Values of tests are unchanged.
fn move_references(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(pointer) =
                    reference.strip_prefix('#').filter(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                *reference = format!("#/components/schemas/{NAME}{pointer}");
            }
            let is_data = |key: &str| ["const", "default", "enum", "examples"].contains(&key);
            object.iter_mut().filter(|(key, _)| !is_data(key)).for_each(|(_, value)| move_references(value));
        }
        Value::Array(items) => items.iter_mut().for_each(move_references),
        _ => {}
    }
}

fn has_boolean_bounds(value: &Value) -> bool {
    match value {
        Value::Object(object) => {
            ["exclusiveMinimum", "exclusiveMaximum"].iter().any(|key| object.get(*key).is_some_and(Value::is_boolean))
                || object.values().any(has_boolean_bounds)
        }
        Value::Array(items) => items.iter().any(has_boolean_bounds),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_is_a_document_with_its_valid_values() {
        let text = r##"[{
            "description": "a reference",
            "schema": {"properties": {"next": {"$ref": "#"}}, "enum": [{"$ref": "#"}]},
            "tests": [{"data": {"next": {}}, "valid": true}, {"data": {"next": 1}, "valid": false}]
        }]"##;
        let documents = documents(text).expect("it is a suite");
        let schema = json!({
            "properties": {"next": {"$ref": "#/components/schemas/Case"}},
            "enum": [{"$ref": "#"}],
            "x-suite-values": [{"next": {}}],
        });
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0]["components"]["schemas"]["Case"], schema);
        assert_eq!(documents[0]["openapi"], "3.1.0");
        let bounds = r#"[{"schema": {"minimum": 1, "exclusiveMinimum": true}, "tests": []}]"#;
        let bounds = super::documents(bounds).expect("it is a suite");
        assert_eq!(bounds[0]["openapi"], "3.0.3");
        let all = super::documents(r#"[{"schema": true, "tests": []}]"#).expect("it is a suite");
        assert_eq!(all[0]["components"]["schemas"]["Case"], json!({"x-suite-values": []}));
        assert_eq!(super::documents("{}"), None);
        assert_eq!(super::documents("[1]"), None);
    }
}
