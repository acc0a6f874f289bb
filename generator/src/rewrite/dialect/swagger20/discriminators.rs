//! Writes discriminators as OpenAPI 3.0 does. The value of the property is the name of a definition, unless that has an
//! `x-discriminator-value` or `x-ms-discriminator-value`.
//!
//! `discriminator: kind` → `discriminator: {propertyName: kind}`

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::document::Pointer;
use crate::rewrite::Log;
use crate::rewrite::dialect::schemas::each;

/// Extensions that state the value of the property for a definition.
const VALUES: [&str; 2] = ["x-discriminator-value", "x-ms-discriminator-value"];

pub(super) fn run(document: &mut Value, _: &mut Log) {
    let (values, parents) = (stated_values(document), parents(document));
    each(document, |schema, place| {
        let Some(Value::String(property)) = schema.get("discriminator") else { return };
        let mut discriminator = Map::new();
        discriminator.insert("propertyName".to_owned(), Value::from(property.as_str()));
        let base = format!("#{place}");
        let of_children =
            values.iter().filter(|(_, child)| **child == base || bases(&parents, child).contains(&base.as_str()));
        let mapping: Map<_, _> =
            of_children.map(|(value, child)| (value.clone(), Value::from(child.as_str()))).collect();
        if !mapping.is_empty() {
            discriminator.insert("mapping".to_owned(), Value::Object(mapping));
        }
        schema.insert("discriminator".to_owned(), Value::Object(discriminator));
    });
}

/// Returns the references to the parts of each definition's `allOf`, by the reference to the definition.
fn parents(document: &Value) -> BTreeMap<String, Vec<String>> {
    let all = schemas(document).map(|(reference, schema)| {
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        (reference, parts.filter_map(|part| part.get("$ref")?.as_str()).map(str::to_owned).collect())
    });
    all.collect()
}

/// Returns the references to everything that a definition is composed of, at any depth.
fn bases<'a>(parents: &'a BTreeMap<String, Vec<String>>, child: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![child];
    while let Some(next) = open.pop() {
        let direct = parents.get(next).into_iter().flatten().map(String::as_str);
        open.extend(direct.filter(|parent| found.insert(*parent)));
    }
    found
}

/// Returns the values that definitions state, each with the reference to its definition.
fn stated_values(document: &Value) -> Vec<(String, String)> {
    let stated = schemas(document).filter_map(|(reference, schema)| {
        let value = VALUES.iter().find_map(|key| schema.get(*key)?.as_str())?;
        Some((value.to_owned(), reference))
    });
    stated.collect()
}

/// Returns the definitions, each with the reference to it.
fn schemas(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let place = Pointer::root().join("components").join("schemas");
    let schemas = document.pointer(place.as_str()).and_then(Value::as_object).into_iter().flatten();
    schemas.map(move |(name, schema)| (format!("#{}", place.join(name)), schema))
}
