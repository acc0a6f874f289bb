//! Random keys and values for documents.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection, prop_oneof};
use serde_json::{Value, json};

/// Keys with a meaning in OpenAPI, and random ones.
pub(crate) fn words() -> impl Strategy<Value = String> {
    let known = vec![
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "default",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "discriminator",
        "mapping",
        "propertyName",
        "nullable",
        "format",
        "additionalProperties",
        "$ref",
        "example",
        "in",
        "name",
        "style",
        "explode",
        "content",
        "schema",
        "responses",
        "parameters",
        "requestBody",
        "operationId",
        "tags",
        "security",
        "servers",
        "links",
        "default",
        "200",
        "2XX",
        "204",
        "get",
        "post",
        "x-speakeasy-group",
        "self",
        "Self",
        "new",
        "String",
        "Option",
        "\u{1f980}",
        "",
        "a/b",
        "~",
        "{id}",
        "application/json",
        "text/event-stream",
    ];
    prop_oneof![select(known).prop_map(str::to_owned), ".{0,8}"]
}

/// Values of any type, nested a few levels deep.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words().prop_map(Value::from),
        select(vec!["string", "integer", "number", "boolean", "array", "object", "null"])
            .prop_map(|ty| json!({ "type": ty })),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::vec((words(), inner), 0..3).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}
