//! Replaces the type `null` by `nullable`, either on the union that has it as a branch or on a schema of any JSON.
//!
//! `{anyOf: [{$ref: '#/components/schemas/User'}, {type: 'null'}]}` →
//! `{nullable: true, allOf: [{$ref: '#/components/schemas/User'}]}`

use serde_json::Value;

use super::Log;
use super::schemas::{Schema, each};
use crate::diagnostics::catalogue::KEYWORD_DROPPED;
use crate::document::Pointer;

/// Keywords that do not constrain values. Those of the union take precedence over those of the branch.
const WORDS: [&str; 9] =
    ["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "nullable"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        for key in ["oneOf", "anyOf"] {
            take_nulls(schema, key, place, log);
        }
        if schema.get("not").is_some_and(is_null) {
            // A 3.0 schema excludes `null` unless it is `nullable`, so the keyword is redundant.
            schema.shift_remove("not");
        }
    });
    each(document, |schema, place| {
        if is_null_type(schema) {
            schema.shift_remove("type");
            schema.shift_remove("enum");
            schema.insert("nullable".to_owned(), Value::Bool(true));
            let message = "a schema that allows only `null` is typed as any JSON";
            log.report(&KEYWORD_DROPPED, place.join("type"), message);
        }
    });
}

fn is_null_type(schema: &Schema) -> bool {
    let ty = schema.get("type");
    ty == Some(&Value::from("null")) || ty == Some(&serde_json::json!(["null"]))
}

fn is_null(schema: &Value) -> bool {
    schema.as_object().is_some_and(is_null_type)
}

fn take_nulls(schema: &mut Schema, key: &str, place: &Pointer, log: &mut Log) {
    let Some(Value::Array(branches)) = schema.get_mut(key) else { return };
    let mut is_nullable = false;
    for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
        is_nullable |= branch.get("nullable") == Some(&Value::Bool(true));
        branch.shift_remove("nullable");
    }
    let kept = branches.iter().enumerate().filter(|(_, branch)| !is_null(branch));
    let kept: Vec<usize> = kept.map(|(index, _)| index).collect();
    let has_null = kept.len() < branches.len();
    branches.retain(|branch| !is_null(branch));
    if has_null {
        log.kept(&place.join(key), kept);
    }
    let only = if branches.len() == 1 && has_null { branches.pop() } else { None };
    if branches.is_empty() {
        schema.shift_remove(key);
    }
    if is_nullable || has_null {
        schema.insert("nullable".to_owned(), Value::Bool(true));
    }
    if let Some(only) = only {
        join(schema, only, &place.join(key).join(0), place, log);
    }
}

/// Replaces a union by its only remaining branch.
fn join(schema: &mut Schema, branch: Value, from: &Pointer, place: &Pointer, log: &mut Log) {
    match branch {
        Value::Object(branch) if is_disjoint(schema, &branch) => {
            for (keyword, value) in branch {
                if !schema.contains_key(&keyword) {
                    log.moved(from.join(&keyword), place.join(&keyword));
                    schema.insert(keyword, value);
                }
            }
        }
        branch => {
            let parts = schema.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(parts) = parts {
                log.moved(from.clone(), place.join("allOf").join(parts.len()));
                parts.push(branch);
            }
        }
    }
}

/// Whether the branch can be merged into the schema.
///
/// In 3.0 a reference allows no other keywords, and two values of one keyword would overwrite each other.
fn is_disjoint(schema: &Schema, branch: &Schema) -> bool {
    let is_apart = |keyword: &String| WORDS.contains(&keyword.as_str()) || !schema.contains_key(keyword);
    !branch.contains_key("$ref") && branch.keys().all(is_apart)
}
