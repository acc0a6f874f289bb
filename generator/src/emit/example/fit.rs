//! Whether an example of the document fits its schema, so that the type of the schema can be decoded from it.

use serde_json::Value;

use crate::ir::{Api, Kind, TypeDef};

/// How deep a value is compared. Deeper values count as fitting.
const DEPTH: usize = 32;

/// Whether a value fits a reduced schema of the API. Keywords that types do not express, such as lengths, do not count.
pub(super) fn fits(api: &Api, schema: &Value, value: &Value) -> bool {
    Fit { api, depth: DEPTH }.schema(schema, value)
}

#[derive(Clone, Copy)]
struct Fit<'a> {
    api: &'a Api,
    depth: usize,
}

impl Fit<'_> {
    fn schema(self, schema: &Value, value: &Value) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return true };
        let fit = Self { depth, ..self };
        let parts = |key: &str| schema.get(key).and_then(Value::as_array);
        if value.is_null() && schema.get("nullable").and_then(Value::as_bool).unwrap_or(false) {
            return true;
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()) {
            return self.api.types.get(name).is_none_or(|definition| fit.named(definition, value));
        }
        if let Some(members) = parts("oneOf").or_else(|| parts("anyOf"))
            && !members.iter().any(|member| fit.schema(member, value))
        {
            return false;
        }
        if !parts("allOf").into_iter().flatten().all(|part| fit.schema(part, value)) {
            return false;
        }
        let is_of_type = match schema.get("type").and_then(Value::as_str) {
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("number") => value.is_number(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            _ => true,
        };
        let is_listed = parts("enum").is_none_or(|values| values.contains(value));
        is_of_type && is_listed && fit.items(schema, value) && fit.members(schema, value)
    }

    fn named(self, definition: &TypeDef, value: &Value) -> bool {
        match &definition.kind {
            Kind::Union { tag, tag_type, members, .. } => {
                let own = value.get(tag);
                let member = members.iter().find(|member| own == Some(&tag_type.json(&member.tag)));
                let definition = member.and_then(|member| self.api.types.get(&member.type_name));
                definition.is_some_and(|definition| self.schema(&definition.schema, value))
            }
            _ => self.schema(&definition.schema, value),
        }
    }

    fn items(self, schema: &Value, value: &Value) -> bool {
        let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) else { return true };
        values.iter().all(|value| self.schema(items, value))
    }

    fn members(self, schema: &Value, value: &Value) -> bool {
        let Some(object) = value.as_object() else { return true };
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let has_all = required.into_iter().all(|name| object.contains_key(name));
        let property = |name: &String| schema.get("properties").and_then(|properties| properties.get(name));
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let fit = |(name, value): (&String, &Value)| {
            property(name).or(others).is_none_or(|schema| self.schema(schema, value))
        };
        has_all && object.iter().all(fit)
    }
}
