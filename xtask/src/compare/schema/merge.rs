//! Merges the parts of a schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Members, Part, Schema, Schemas, tag_of};
use crate::compare::place::Place;

/// A schema while it is merged.
pub(super) struct Merge<'s, 'a> {
    schemas: &'s Schemas<'a>,
    schema: Schema<'a>,
    /// Whether each part with a type is nullable.
    nullable: Vec<bool>,
    /// Whether a schema around the parts says that the value can be null.
    stated: bool,
    /// Whether the schema is a part of one whose values cannot be null.
    is_extended: bool,
}

impl<'s, 'a> Merge<'s, 'a> {
    pub(super) fn new(schemas: &'s Schemas<'a>) -> Self {
        Self { schemas, schema: Schema::empty(), nullable: Vec::new(), stated: false, is_extended: false }
    }

    /// Adds a schema; `is_part` if it is one of several parts.
    pub(super) fn add(&mut self, part: &Part<'a>, is_part: bool) {
        let place = &part.place;
        if self.schema.places.contains(&place.pointer) {
            return;
        }
        self.schema.places.push(place.pointer.clone());
        if let Some(name) =
            place.pointer.as_str().strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))
        {
            self.schema.names.push(name.replace("~1", "/").replace("~0", "~"));
        }
        let reference = ["$ref", "$dynamicRef", "$recursiveRef"].iter().find_map(|keyword| place.text(keyword));
        if let Some(reference) = reference {
            let is_first = self.schema.places.len() == self.schema.references + 1;
            self.schema.references += usize::from(is_first);
            match place.target(reference) {
                Some(target) => self.add(&Part { place: target, ..part.clone() }, is_part),
                None => self.schema.is_unknown = true,
            }
            // Before 3.1, keywords beside a reference are ignored. Authors write these there nevertheless, and mean them.
            if !self.schemas.is_modern {
                self.stated |= place.is_true("nullable");
                self.schema.is_read_only |= place.is_true("readOnly");
                self.schema.is_write_only |= place.is_true("writeOnly");
                return;
            }
        }
        // A type of another crate may have any form.
        self.schema.is_unknown |= place.has("x-rust-type");
        self.add_flags(place);
        self.add_types(part);
        self.add_object(place);
        self.add_array(place);
        let is_extended = self.is_extended;
        self.is_extended |= place.text("type").is_some() && !place.is_true("nullable");
        self.add_parts(part, is_part);
        self.is_extended = is_extended;
        self.add_unions(part, is_part);
    }

    fn add_flags(&mut self, place: &Place<'a>) {
        self.schema.is_read_only |= place.is_true("readOnly");
        self.schema.is_write_only |= place.is_true("writeOnly");
        self.schema.has_default |= place.has("default");
        self.schema.is_binary |= place.text("format") == Some("binary");
    }

    fn add_types(&mut self, part: &Part<'a>) {
        let place = &part.place;
        let mut types: Vec<&'a str> = match place.value.get("type") {
            Some(Value::String(ty)) => vec![ty.as_str()],
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let constant = place.value.get("const").filter(|_| self.schemas.is_modern);
        let values: Option<Vec<&'a Value>> = match (place.value.get("enum"), constant) {
            (_, Some(value)) => Some(vec![value]),
            (Some(Value::Array(values)), None) => Some(values.iter().collect()),
            _ => None,
        };
        let has_null_value = values.as_ref().is_some_and(|values| values.iter().any(|value| value.is_null()));
        let is_null = types.contains(&"null");
        let is_nullable = place.is_true("nullable") || is_null || (types.is_empty() && has_null_value);
        // A schema around the type, or beside it, states that the value can be null, unless it is extended by one that cannot.
        let is_around = ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|keyword| place.has(keyword));
        let is_alone = is_around || types.iter().all(|ty| *ty == "null");
        self.stated |= is_nullable && is_alone && !self.is_extended && !place.has("properties");
        types.retain(|ty| *ty != "null");
        if let Some(values) = values {
            let values: Vec<_> = values.into_iter().filter(|value| !value.is_null()).collect();
            if types.is_empty() {
                types = kinds(&values);
            }
            self.restrict_values(values);
        }
        if !types.is_empty() || is_nullable || place.has("nullable") {
            self.nullable.push(is_nullable);
        }
        if let Some(only) = part.only_type {
            types.retain(|ty| *ty == only);
        }
        self.restrict_types(types);
    }

    fn restrict_types(&mut self, types: Vec<&'a str>) {
        if types.is_empty() {
            return;
        }
        if self.schema.types.is_empty() {
            self.schema.types = types;
            return;
        }
        let both: Vec<_> = self.schema.types.iter().copied().filter(|ty| types.contains(ty)).collect();
        let integer = || types.contains(&"integer").then(|| vec!["integer"]);
        self.schema.types = if both.is_empty() { integer().unwrap_or(types) } else { both };
    }

    fn restrict_values(&mut self, values: Vec<&'a Value>) {
        self.schema.listed.extend(&values);
        let both = self.schema.values.as_ref().map(|known| {
            let both: Vec<&'a Value> = known.iter().copied().filter(|value| values.contains(value)).collect();
            if both.is_empty() { values.clone() } else { both }
        });
        self.schema.values = Some(both.unwrap_or(values));
    }

    fn add_object(&mut self, place: &Place<'a>) {
        for (name, property) in place.get("properties").into_iter().flat_map(|properties| properties.entries()) {
            match self.schema.properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, parts)) => parts.push(Part::new(property)),
                None => self.schema.properties.push((name, vec![Part::new(property)])),
            }
        }
        let required = place.value.get("required").and_then(Value::as_array);
        self.schema.required.extend(required.into_iter().flatten().filter_map(Value::as_str));
        let unevaluated = || place.get("unevaluatedProperties");
        let additional =
            place.get("additionalProperties").or_else(unevaluated).filter(|schema| schema.value.is_object());
        self.schema.additional.extend(additional.map(Part::new));
        if self.schema.types.is_empty() && (place.has("properties") || place.has("additionalProperties")) {
            self.schema.types = vec!["object"];
        }
    }

    fn add_array(&mut self, place: &Place<'a>) {
        self.schema.is_tuple |= place.has("prefixItems");
        self.schema.items.extend(place.get("items").filter(|items| items.value.is_object()).map(Part::new));
        if self.schema.types.is_empty() && place.has("items") {
            self.schema.types = vec!["array"];
        }
    }

    fn add_parts(&mut self, part: &Part<'a>, is_part: bool) {
        let Some(all) = part.place.get("allOf") else { return };
        // One reference, with nothing else that determines the type, stands for its target. A component extends it.
        let is_component = part.place.pointer.parent().is_some_and(|list| list.as_str() == "/components/schemas");
        let is_alone = !is_component && all.items().filter(has_shape).count() == 1 && !part.place.has("properties");
        for place in all.items() {
            self.add(&Part { place, ..part.clone() }, is_part || !is_alone);
        }
    }

    fn add_unions(&mut self, part: &Part<'a>, is_part: bool) {
        for keyword in ["oneOf", "anyOf"] {
            let Some(members) = part.place.get(keyword) else { continue };
            let all: Vec<_> = members.items().filter(|member| !is_null(member)).collect();
            if all.len() < members.items().count() {
                self.nullable.push(true);
                self.stated = true;
            }
            match all.as_slice() {
                [] => {}
                [only] if !part.place.has("discriminator") => {
                    self.add(&Part { place: only.clone(), ..part.clone() }, is_part);
                }
                // Members that only annotate or restrict values.
                _ if !part.has_unions => {}
                all if !all.iter().any(has_shape) => {}
                all => self.schema.unions.push(Members {
                    parts: all.iter().map(|member| vec![Part::new(member.clone())]).collect(),
                    discriminator: part.place.get("discriminator"),
                    is_extension: false,
                }),
            }
        }
        let has_union = part.place.has("oneOf") || part.place.has("anyOf");
        if part.has_unions && !is_part && !has_union {
            self.schema.unions.extend(self.extended_union(&part.place));
        }
    }

    /// The union of the schemas that extend a component with a discriminator.
    fn extended_union(&self, place: &Place<'a>) -> Option<Members<'a>> {
        let discriminator = place.get("discriminator")?;
        let name = place.pointer.as_str().strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
        let property = discriminator.text("propertyName")?;
        let mut members: Vec<_> = self.schemas.extensions(name, property);
        let mapping = discriminator.get("mapping");
        for (_, target) in mapping.iter().flat_map(Place::entries) {
            let target = target.value.as_str().and_then(|target| self.schemas.component(target));
            members.extend(target.filter(|(name, _)| members.iter().all(|(known, _)| known != name)));
        }
        // A member that is a base of others with the same tag is only itself here: the others are members too.
        let has_unions = |place: &Place<'a>| tag_of(place) != Some(property);
        let part = |place: Place<'a>| vec![Part { has_unions: has_unions(&place), ..Part::new(place) }];
        let parts: Vec<_> = members.into_iter().map(|(_, place)| part(place)).collect();
        (!parts.is_empty()).then_some(Members { parts, discriminator: Some(discriminator), is_extension: true })
    }

    pub(super) fn finish(mut self, parts: &[Part<'a>]) -> Schema<'a> {
        self.schema.is_nullable =
            self.stated || (!self.nullable.is_empty() && self.nullable.iter().all(|is_nullable| *is_nullable));
        if self.schema.types.len() > 1 && self.schema.unions.is_empty() && self.schema.values.is_none() {
            let of_type = |ty: &&'a str| {
                let only = |part: &Part<'a>| Part { only_type: Some(ty), ..part.clone() };
                parts.iter().map(only).collect::<Vec<_>>()
            };
            let members = self.schema.types.iter().map(of_type).collect();
            self.schema.unions.push(Members { parts: members, discriminator: None, is_extension: false });
        }
        self.schema
    }
}

/// Whether a schema allows only `null`.
fn is_null(place: &Place<'_>) -> bool {
    let value = place.value;
    let is_null = |values: Option<&Value>| {
        values.and_then(Value::as_array).is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
    };
    // Some generators of documents write `{nullable: true}` for the type `null`, which 3.0 does not have.
    let is_annotated = place.is_true("nullable") && !has_shape(place);
    is_annotated
        || place.text("type") == Some("null")
        || value.get("const").is_some_and(Value::is_null)
        || is_null(value.get("enum"))
}

/// Whether a schema has a keyword that determines the type of values.
fn has_shape(place: &Place<'_>) -> bool {
    const KEYWORDS: [&str; 11] = [
        "$ref",
        "type",
        "properties",
        "additionalProperties",
        "items",
        "prefixItems",
        "enum",
        "const",
        "allOf",
        "oneOf",
        "anyOf",
    ];
    KEYWORDS.iter().any(|keyword| place.has(keyword))
}

/// The JSON types of values.
fn kinds(values: &[&Value]) -> Vec<&'static str> {
    let kinds: BTreeSet<_> = values.iter().copied().map(kind).collect();
    kinds.into_iter().collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
