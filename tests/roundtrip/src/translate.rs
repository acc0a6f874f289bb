//! Turns the schemas of an OpenAPI document into schemas of JSON Schema Draft 2020-12 that describe responses.
//!
//! - OpenAPI 3.0 has keywords of its own: `nullable`, boolean exclusive bounds, and references whose siblings are ignored.
//! - Properties with `writeOnly` are not in responses.
//! - A discriminator names the schema of a value. JSON Schema ignores it, so `tags` states the same with other keywords.

mod tags;

use serde_json::{Map, Value, json};

use self::tags::Hierarchy;

const SCHEMAS: &str = "#/components/schemas/";

/// How often a reference to a reference is followed.
const REFERENCES: usize = 16;

/// The document with translated schemas, and nothing else.
pub(crate) fn document(document: &Value) -> Value {
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let hierarchy = Hierarchy::of(&schemas);
    let translator = Translator { schemas: &schemas, hierarchy: &hierarchy, is_30: version.starts_with("3.0") };
    let mut translated = Map::new();
    for (name, schema) in &schemas {
        translated.insert(name.clone(), translator.component(schema));
    }
    translated.extend(hierarchy.variants());
    json!({"components": {"schemas": translated}})
}

/// The name of the schema that describes all values of a component.
pub(crate) fn name_of_values(document: &Value, name: &str) -> String {
    let any = tags::any(name);
    let is_tagged = document.pointer("/components/schemas").is_some_and(|schemas| schemas.get(&any).is_some());
    if is_tagged { any } else { name.to_owned() }
}

/// A key as a part of a JSON pointer in a URI.
pub(crate) fn pointer_part(key: &str) -> String {
    let escaped = key.replace('~', "~0").replace('/', "~1");
    percent_encoding::utf8_percent_encode(&escaped, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The name of the component that a schema refers to.
fn target(schema: &Value) -> Option<String> {
    let reference = schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)?;
    let name = percent_encoding::percent_decode_str(reference).decode_utf8_lossy();
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}{}", pointer_part(name))})
}

struct Translator<'a> {
    schemas: &'a Map<String, Value>,
    hierarchy: &'a Hierarchy,
    is_30: bool,
}

impl Translator<'_> {
    /// The schema of a component. Its parents are those in `allOf`; all other references are to a component or its children.
    fn component(&self, schema: &Value) -> Value {
        let mut translated = self.schema(schema);
        if let (Some(parts), Some(list)) = (schema.get("allOf").and_then(Value::as_array), translated.get_mut("allOf"))
        {
            let parts = parts.iter().map(|part| match target(part) {
                Some(parent) if self.schemas.contains_key(&parent) => reference(&parent),
                _ => self.schema(part),
            });
            *list = parts.collect();
        }
        translated
    }

    fn schema(&self, schema: &Value) -> Value {
        let Some(schema) = schema.as_object() else { return schema.clone() };
        let mut translated = Map::new();
        for (key, value) in schema {
            if let Some(value) = self.keyword(schema, key, value) {
                translated.insert(key.clone(), value);
            }
        }
        if let Some(name) = target(&Value::Object(schema.clone())) {
            let name = if self.hierarchy.contains(&name) { tags::any(&name) } else { name };
            translated.insert("$ref".to_owned(), json!(format!("{SCHEMAS}{}", pointer_part(&name))));
        }
        // Without a type, this is how OpenAPI 3.1 describes binary data, which JSON can only hold as strings.
        let is_binary = schema.get("contentMediaType").is_some_and(|media_type| media_type != "application/json");
        if is_binary && !schema.contains_key("type") {
            translated.insert("type".to_owned(), json!("string"));
        }
        if self.is_30 {
            if let Some(reference) = translated.get("$ref") {
                return json!({"$ref": reference});
            }
            add_null(schema, &mut translated);
            move_bounds(schema, &mut translated);
        }
        Value::Object(translated)
    }

    /// The value of a keyword. `None` if JSON Schema does not know it, or has another meaning for it.
    fn keyword(&self, schema: &Map<String, Value>, key: &str, value: &Value) -> Option<Value> {
        match key {
            "properties" => Some(self.properties(value)),
            "required" => self.required(schema, value),
            "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Some(self.map(value)),
            "items"
            | "additionalProperties"
            | "not"
            | "propertyNames"
            | "contains"
            | "if"
            | "then"
            | "else"
            | "unevaluatedProperties"
            | "unevaluatedItems" => Some(self.schema(value)),
            "allOf" | "prefixItems" => Some(value.as_array()?.iter().map(|part| self.schema(part)).collect()),
            "oneOf" | "anyOf" => Some(self.union(schema, value.as_array()?)),
            "type" | "enum" | "const" | "format" | "pattern" | "multipleOf" | "minimum" | "maximum"
            | "exclusiveMinimum" | "exclusiveMaximum" | "minLength" | "maxLength" | "minItems" | "maxItems"
            | "uniqueItems" | "minProperties" | "maxProperties" | "$ref" | "dependentRequired" | "minContains"
            | "maxContains" => Some(value.clone()),
            _ => None,
        }
    }

    fn map(&self, value: &Value) -> Value {
        let entries = value.as_object().into_iter().flatten();
        Value::Object(entries.map(|(name, schema)| (name.clone(), self.schema(schema))).collect())
    }

    /// The properties that responses have.
    fn properties(&self, value: &Value) -> Value {
        let entries = value.as_object().into_iter().flatten();
        let entries = entries.filter(|(_, schema)| !self.is_write_only(schema));
        Value::Object(entries.map(|(name, schema)| (name.clone(), self.schema(schema))).collect())
    }

    fn required(&self, schema: &Map<String, Value>, value: &Value) -> Option<Value> {
        let is_write_only = |name: &Value| {
            let property = schema.get("properties").and_then(|all| all.get(name.as_str()?));
            property.is_some_and(|property| self.is_write_only(property))
        };
        Some(value.as_array()?.iter().filter(|name| name.is_string() && !is_write_only(name)).cloned().collect())
    }

    fn is_write_only(&self, schema: &Value) -> bool {
        self.resolved(schema).get("writeOnly") == Some(&Value::Bool(true))
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..REFERENCES {
            match target(schema).and_then(|name| self.schemas.get(&name)) {
                Some(next) => schema = next,
                None => break,
            }
        }
        schema
    }

    /// The members of a union, each with its tags.
    fn union(&self, schema: &Map<String, Value>, members: &[Value]) -> Value {
        let Some(tag) = tags::Tag::of(schema) else {
            return members.iter().map(|member| self.schema(member)).collect();
        };
        let members = members.iter().map(|member| match target(member) {
            Some(name) if self.schemas.contains_key(&name) => {
                let tags = tags::of_member(&tag, &name, self.schemas);
                json!({"allOf": [reference(&name), tags::required(&tag.property, &tags)]})
            }
            _ => self.schema(member),
        });
        members.collect()
    }
}

/// `nullable` is another type. It has no effect without `type`.
fn add_null(schema: &Map<String, Value>, translated: &mut Map<String, Value>) {
    if let (Some(Value::Bool(true)), Some(kind @ Value::String(_))) = (schema.get("nullable"), schema.get("type")) {
        translated.insert("type".to_owned(), json!([kind, "null"]));
    }
}

/// Exclusive bounds are numbers.
fn move_bounds(schema: &Map<String, Value>, translated: &mut Map<String, Value>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(Value::Bool(is_exclusive)) = schema.get(exclusive) {
            translated.remove(exclusive);
            if let (true, Some(bound)) = (*is_exclusive, translated.remove(bound)) {
                translated.insert(exclusive.to_owned(), bound);
            } else if let Some(value) = schema.get(bound) {
                translated.insert(bound.to_owned(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(schemas: &Value) -> Value {
        let translated = document(&json!({"openapi": "3.0.3", "components": {"schemas": schemas}}));
        translated.pointer("/components/schemas").unwrap().clone()
    }

    #[test]
    fn keywords_of_openapi_3_0_become_those_of_json_schema() {
        let schema = json!({"A": {"type": "integer", "nullable": true, "minimum": 1, "exclusiveMinimum": true, "maximum": 3,
            "exclusiveMaximum": false, "example": 2}});
        let expected = json!({"A": {"type": ["integer", "null"], "exclusiveMinimum": 1, "maximum": 3}});
        assert_eq!(translated(&schema), expected);
        let schema = json!({"A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B", "nullable": true}}},
            "B": {"type": "string"}});
        let expected = json!({"$ref": "#/components/schemas/B"});
        assert_eq!(translated(&schema).pointer("/A/properties/b"), Some(&expected));
    }

    #[test]
    fn responses_have_no_write_only_properties() {
        let schema =
            json!({"A": {"properties": {"b": {"writeOnly": true}, "c": {"readOnly": true}}, "required": ["b", "c"]}});
        assert_eq!(translated(&schema), json!({"A": {"properties": {"c": {}}, "required": ["c"]}}));
    }

    #[test]
    fn tags_are_required_of_members_and_children() {
        let union = json!({"oneOf": [{"$ref": "#/components/schemas/B"}], "discriminator": {"propertyName": "k", "mapping": {"b": "B"}}});
        let schemas = translated(&json!({"A": union, "B": {"type": "object"}}));
        assert_eq!(schemas.pointer("/A/oneOf/0/allOf/1"), Some(&tags::required("k", &["b".to_owned()])));

        let base =
            json!({"type": "object", "properties": {"k": {"type": "string"}}, "discriminator": {"propertyName": "k"}});
        let child = json!({"allOf": [{"$ref": "#/components/schemas/Base"}]});
        let user = json!({"type": "array", "items": {"$ref": "#/components/schemas/Base"}});
        let schemas = translated(&json!({"Base": base, "Child": child, "User": user}));
        assert_eq!(schemas.pointer("/Child/allOf/0"), Some(&reference("Base")));
        assert_eq!(schemas.pointer("/User/items"), Some(&reference(&tags::any("Base"))));
        let tagged = json!({"allOf": [reference("Child"), tags::required("k", &["Child".to_owned()])]});
        assert_eq!(schemas.get(tags::any("Base")), Some(&json!({"anyOf": [tagged]})));
    }
}
