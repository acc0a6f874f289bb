//! Random values of a schema. They are likely, not certain, to be valid: the judge decides.
//!
//! A schema and everything that it requires at the same time (`allOf`, a reference, one member of each union) are a list of
//! parts. A value is made to fit all parts.

mod number;
mod pattern;
mod text;

use fastrand::Rng;
use serde_json::{Map, Value};

/// The maximum nesting of values.
const DEPTH: usize = 24;
/// The nesting from which values are kept small.
const DEEP: usize = 5;
/// The number of values in a sample from which it is kept small.
const LARGE: usize = 300;
/// The maximum number of parts of a schema.
const PARTS: usize = 200;

type Part<'a> = &'a Map<String, Value>;

/// Makes values of the schemas of a document.
pub(crate) struct Sampler<'a> {
    document: &'a Value,
    rng: Rng,
    /// The number of values in the sample so far.
    size: usize,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(document: &'a Value, seed: u64) -> Self {
        Self { document, rng: Rng::with_seed(seed), size: 0 }
    }

    /// A value of a component. `None` if none was found.
    pub(crate) fn component(&mut self, name: &str) -> Option<Value> {
        self.size = 0;
        let schema =
            self.document.pointer(&format!("/components/schemas/{}", name.replace('~', "~0").replace('/', "~1")))?;
        self.value(vec![schema], 0)
    }

    fn value(&mut self, schemas: Vec<&'a Value>, depth: usize) -> Option<Value> {
        self.size += 1;
        if depth > DEPTH {
            return None;
        }
        let parts = self.parts(schemas, depth)?;
        if let Some(listed) = listed(&parts) {
            return self.rng.choice(listed).cloned();
        }
        let kinds = kinds(&parts);
        let kind = self.kind(&kinds, depth)?;
        match kind {
            "null" => Some(Value::Null),
            "boolean" => Some(self.rng.bool().into()),
            "integer" => number::integer(&parts, &mut self.rng),
            "number" => number::number(&parts, &mut self.rng),
            "string" => text::text(&parts, &mut self.rng).map(Value::String),
            "array" => self.array(&parts, depth),
            "object" => self.object(&parts, depth),
            _ => None,
        }
    }

    /// Chooses a type. Null is rare, and so are nested values where the value is deep.
    fn kind(&mut self, kinds: &[&'static str], depth: usize) -> Option<&'static str> {
        let is_small = self.is_small(depth);
        let preferred: Vec<_> = kinds
            .iter()
            .filter(|kind| match **kind {
                "null" => is_small || self.rng.u8(..8) == 0,
                "array" | "object" => !is_small,
                _ => true,
            })
            .collect();
        self.rng.choice(preferred).or_else(|| self.rng.choice(kinds)).copied()
    }

    fn is_small(&self, depth: usize) -> bool {
        depth > DEEP || self.size > LARGE
    }

    /// The parts of schemas that all apply.
    fn parts(&mut self, schemas: Vec<&'a Value>, depth: usize) -> Option<Vec<Part<'a>>> {
        let (mut parts, mut pending) = (Vec::new(), schemas);
        while let Some(schema) = pending.pop() {
            let schema = match schema {
                Value::Bool(true) => continue,
                Value::Object(schema) => schema,
                _ => return None,
            };
            if parts.len() > PARTS {
                return None;
            }
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                pending.push(self.resolve(reference)?);
            }
            pending.extend(schema.get("allOf").and_then(Value::as_array).into_iter().flatten());
            for key in ["oneOf", "anyOf"] {
                if let Some(members) = schema.get(key).and_then(Value::as_array) {
                    pending.push(self.member(members, depth)?);
                }
            }
            parts.push(schema);
        }
        Some(parts)
    }

    /// Chooses a member of a union. Where the value is deep, a member that is not nested is preferred.
    fn member(&mut self, members: &'a [Value], depth: usize) -> Option<&'a Value> {
        if self.is_small(depth) {
            let is_flat = |member: &&Value| {
                let kind = member.get("type").and_then(Value::as_str);
                kind.is_some_and(|kind| kind != "object" && kind != "array") || member.get("enum").is_some()
            };
            let flat: Vec<_> = members.iter().filter(is_flat).collect();
            if let Some(chosen) = self.rng.choice(flat) {
                return Some(chosen);
            }
        }
        self.rng.choice(members)
    }

    fn resolve(&self, reference: &str) -> Option<&'a Value> {
        let pointer =
            percent_encoding::percent_decode_str(reference.strip_prefix('#')?).decode_utf8_lossy().into_owned();
        self.document.pointer(&pointer)
    }

    fn array(&mut self, parts: &[Part<'a>], depth: usize) -> Option<Value> {
        let least = greatest(parts, "minItems");
        let most = smallest(parts, "maxItems");
        let usual = if self.is_small(depth) { 0 } else { self.rng.usize(..4) };
        let wanted = usual.max(least).min(most.max(least)).min(2000);
        let is_unique = parts.iter().any(|part| part.get("uniqueItems") == Some(&Value::Bool(true)));
        let prefix: Vec<&'a Value> =
            parts.iter().filter_map(|part| part.get("prefixItems")?.as_array()).flatten().collect();
        let items: Vec<&'a Value> = parts.iter().filter_map(|part| part.get("items")).collect();
        let mut values: Vec<Value> = Vec::new();
        for index in 0..wanted.max(prefix.len().min(most)) {
            let schemas = prefix.get(index).map_or_else(|| items.clone(), |schema| vec![*schema]);
            // A few attempts find a value that is different from the others.
            let mut made = (0..8).filter_map(|_| self.value(schemas.clone(), depth + 1));
            let value = made.find(|value| !is_unique || !values.contains(value));
            match value {
                Some(value) => values.push(value),
                None if values.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(values))
    }

    fn object(&mut self, parts: &[Part<'a>], depth: usize) -> Option<Value> {
        let mut object = Map::new();
        let is_small = self.is_small(depth);
        let required: Vec<&str> = parts
            .iter()
            .filter_map(|part| part.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for name in names(parts) {
            let is_required = required.contains(&name);
            if !is_required && (is_small || self.rng.u8(..10) < 3) {
                continue;
            }
            match self.value(property(parts, name), depth + 1) {
                Some(value) => _ = object.insert(name.to_owned(), value),
                None if is_required => return None,
                None => {}
            }
        }
        for name in required {
            if !object.contains_key(name) {
                let value = self.value(additional(parts), depth + 1)?;
                object.insert(name.to_owned(), value);
            }
        }
        self.add_more(parts, &mut object, depth)?;
        Some(Value::Object(object))
    }

    /// Adds properties whose names the schema does not list, if it states that there are some.
    fn add_more(&mut self, parts: &[Part<'a>], object: &mut Map<String, Value>, depth: usize) -> Option<()> {
        let least = greatest(parts, "minProperties");
        let most = smallest(parts, "maxProperties");
        let is_open = parts.iter().any(|part| {
            part.get("additionalProperties").is_some_and(|more| more != &Value::Bool(false))
                || part.contains_key("patternProperties")
        });
        let usual = if is_open && !self.is_small(depth) { self.rng.usize(..3) } else { 0 };
        let wanted = (object.len() + usual).min(most).max(least);
        for _ in 0..wanted * 2 {
            if object.len() >= wanted {
                break;
            }
            let (name, schemas) = self.additional_name(parts)?;
            // An unlisted property of one part can be a listed one of another.
            if object.contains_key(&name) || names(parts).contains(&name.as_str()) {
                continue;
            }
            match self.value(schemas, depth + 1) {
                Some(value) => _ = object.insert(name, value),
                None if object.len() < least => return None,
                None => {}
            }
        }
        Some(())
    }

    fn additional_name(&mut self, parts: &[Part<'a>]) -> Option<(String, Vec<&'a Value>)> {
        let patterns = parts.iter().filter_map(|part| part.get("patternProperties")?.as_object()).flatten();
        let patterns: Vec<_> = patterns.collect();
        if let Some((pattern, schema)) = self.rng.choice(&patterns) {
            return Some((pattern::matching(pattern, &mut self.rng)?, vec![schema]));
        }
        let rules = parts.iter().filter_map(|part| part.get("propertyNames"));
        let rules: Vec<_> = rules.collect();
        let name = if rules.is_empty() {
            text::name(&mut self.rng)
        } else {
            let mut rules: Vec<&'a Value> = rules;
            rules.push(&STRING);
            self.value(rules, 0)?.as_str()?.to_owned()
        };
        Some((name, additional(parts)))
    }
}

/// The schema of all strings.
static STRING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| serde_json::json!({"type": "string"}));

/// The values that all parts list. `None` if no part lists any.
fn listed<'a>(parts: &[Part<'a>]) -> Option<Vec<&'a Value>> {
    let lists = parts.iter().filter_map(|part| {
        let one = part.get("const").map(|value| vec![value]);
        one.or_else(|| Some(part.get("enum")?.as_array()?.iter().collect()))
    });
    let lists: Vec<Vec<&'a Value>> = lists.collect();
    let (first, others) = lists.split_first()?;
    Some(first.iter().copied().filter(|value| others.iter().all(|other| other.contains(value))).collect())
}

/// The types that all parts allow.
fn kinds(parts: &[Part<'_>]) -> Vec<&'static str> {
    const ALL: [&str; 7] = ["object", "array", "string", "number", "integer", "boolean", "null"];
    let mut kinds: Vec<_> = match implied(parts) {
        Some(kind) if !parts.iter().any(|part| part.contains_key("type")) => vec![kind],
        _ => ALL.to_vec(),
    };
    for part in parts {
        let allowed: Vec<&str> = match part.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => continue,
        };
        kinds.retain(|kind| allowed.contains(kind) || *kind == "integer" && allowed.contains(&"number"));
    }
    if kinds.contains(&"number") {
        kinds.retain(|kind| *kind != "integer");
    }
    kinds
}

/// The type that keywords suggest.
fn implied(parts: &[Part<'_>]) -> Option<&'static str> {
    let has = |keys: &[&str]| parts.iter().any(|part| keys.iter().any(|key| part.contains_key(*key)));
    if has(&["properties", "additionalProperties", "required", "patternProperties"]) {
        Some("object")
    } else if has(&["items", "prefixItems", "minItems"]) {
        Some("array")
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some("string")
    } else {
        has(&["minimum", "maximum", "multipleOf"]).then_some("number")
    }
}

/// The names of the properties that the parts list, each once.
fn names<'a>(parts: &[Part<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (name, _) in parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    names
}

/// The schemas of a property.
fn property<'a>(parts: &[Part<'a>], name: &str) -> Vec<&'a Value> {
    let listed = |part: &Part<'a>| part.get("properties").and_then(|all| all.get(name));
    // A part that does not list the property can still restrict it.
    parts.iter().filter_map(|part| listed(part).or_else(|| part.get("additionalProperties"))).collect()
}

fn additional<'a>(parts: &[Part<'a>]) -> Vec<&'a Value> {
    parts.iter().filter_map(|part| part.get("additionalProperties")).collect()
}

fn greatest(parts: &[Part<'_>], key: &str) -> usize {
    bounds(parts, key).max().unwrap_or_default()
}

fn smallest(parts: &[Part<'_>], key: &str) -> usize {
    bounds(parts, key).min().unwrap_or(usize::MAX)
}

fn bounds(parts: &[Part<'_>], key: &str) -> impl Iterator<Item = usize> {
    parts.iter().filter_map(move |part| usize::try_from(part.get(key)?.as_u64()?).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{judge, translate};

    /// How many of a thousand values are valid.
    fn valid(schemas: &Value) -> usize {
        let document = translate::document(&json!({"openapi": "3.1.0", "components": {"schemas": schemas}}));
        let registry = judge::registry(&document).unwrap();
        let validator = judge::compile(&registry, "A").unwrap();
        let mut sampler = Sampler::new(&document, 1);
        (0..1000).filter_map(|_| sampler.component("A")).filter(|value| validator.is_valid(value)).count()
    }

    #[test]
    fn values_are_valid() {
        for schema in [
            json!({"type": "integer", "minimum": 3, "exclusiveMaximum": 9, "multipleOf": 2}),
            json!({"type": "number", "exclusiveMinimum": 0, "maximum": 0.5}),
            json!({"type": ["string", "null"], "minLength": 2, "maxLength": 3}),
            json!({"type": "string", "pattern": "^[a-c]{2}\\d+(x|yz)?$"}),
            json!({"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2, "uniqueItems": true}),
            json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a", "b"], "minProperties": 3, "additionalProperties": {"type": "string"}}),
            json!({"allOf": [{"properties": {"a": {"enum": [1, 2]}}, "required": ["a"]}, {"properties": {"a": {"enum": [2, 3]}}}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/A"}}}]}),
            json!({"type": "object", "propertyNames": {"pattern": "^x-"}, "additionalProperties": true}),
            json!({}),
        ] {
            let valid = valid(&json!({"A": schema}));
            assert!(valid > 990, "{valid} of 1000 for {schema}");
        }
    }

    #[test]
    fn the_judge_finds_invalid_values() {
        assert_eq!(valid(&json!({"A": {"type": "string", "not": {}}})), 0);
    }

    #[test]
    fn endless_schemas_have_no_value() {
        let schema =
            json!({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}, "required": ["a"]});
        let document = translate::document(&json!({"openapi": "3.1.0", "components": {"schemas": {"A": schema}}}));
        assert_eq!(Sampler::new(&document, 1).component("A"), None);
    }
}
