//! Moves definitions inside a schema to the schemas of the document.
//!
//! `User: {$defs: {Address: …}, properties: {home: {$ref: '#/components/schemas/User/$defs/Address'}}}` →
//! `User: {properties: {home: {$ref: '#/components/schemas/Address'}}}, Address: …`

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Log;
use super::schemas::each;
use crate::document::Pointer;
use crate::naming::{pascal, unique};

/// Keywords that hold definitions. Older drafts of JSON Schema use the second.
const KEYWORDS: [&str; 2] = ["$defs", "definitions"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let mut hoisted: Vec<(Pointer, Value)> = Vec::new();
    each(document, |schema, place| take(schema, place, &mut hoisted));
    if let Value::Object(root) = document {
        take(root, &Pointer::root(), &mut hoisted);
    }
    if hoisted.is_empty() {
        return;
    }
    let Some(schemas) = schemas(document) else { return };
    let mut taken: BTreeSet<String> = schemas.keys().map(|name| pascal(name)).collect();
    let mut names = BTreeMap::new();
    for (from, schema) in hoisted {
        let name = unique(pascal(&from.last().unwrap_or_default()), &mut taken);
        let to = Pointer::root().join("components").join("schemas").join(&name);
        names.insert(from.as_str().to_owned(), to.clone());
        log.moved(from, to);
        schemas.insert(name, schema);
    }
    each(document, |schema, _| {
        if let Some(reference) = schema.get_mut("$ref") {
            redirect(reference, &names);
        }
        if let Some(Value::Object(mapping)) = schema.get_mut("discriminator").and_then(|tag| tag.get_mut("mapping")) {
            mapping.values_mut().for_each(|reference| redirect(reference, &names));
        }
    });
}

fn take(schema: &mut Map<String, Value>, place: &Pointer, hoisted: &mut Vec<(Pointer, Value)>) {
    for keyword in KEYWORDS {
        if let Some(Value::Object(_)) = schema.get(keyword)
            && let Some(Value::Object(definitions)) = schema.shift_remove(keyword)
        {
            let below = place.join(keyword);
            hoisted.extend(definitions.into_iter().map(|(name, definition)| (below.join(name), definition)));
        }
    }
}

fn schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = document.as_object_mut()?.entry("components").or_insert_with(|| Value::Object(Map::new()));
    components.as_object_mut()?.entry("schemas").or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// Points a reference at the new location of the innermost definition that it leads through.
fn redirect(reference: &mut Value, names: &BTreeMap<String, Pointer>) {
    let Some(target) = reference.as_str().and_then(Pointer::from_reference) else { return };
    let mut around = Some(target.clone());
    while let Some(place) = around {
        if let Some(to) = names.get(place.as_str()) {
            let rest = target.as_str().strip_prefix(place.as_str()).unwrap_or_default();
            *reference = Value::String(format!("#{to}{rest}"));
            return;
        }
        around = place.parent();
    }
}
