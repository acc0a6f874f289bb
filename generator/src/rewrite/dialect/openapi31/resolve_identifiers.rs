//! Replaces references by identifier by references by location.
//!
//! `Tree: {$anchor: tree, properties: {left: {$ref: '#tree'}}}` → `… {$ref: '#/components/schemas/Tree'}`
//!
//! `#/$defs/Leaf` resolves to the definition of the nearest enclosing schema, which is what authors mean by it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Log;
use super::schemas::each;
use crate::diagnostics::catalogue::DYNAMIC_REFERENCE;
use crate::document::Pointer;

/// Keywords that identify a schema or its dialect, and do not constrain its values.
const DROPPED: [&str; 7] =
    ["$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$schema", "$comment", "$vocabulary"];

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let known = Identifiers::of(document);
    let before = document.clone();
    each(document, |schema, place| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(target) = known.target(reference, place, &before)
        {
            *reference = target;
        }
        for keyword in ["$dynamicRef", "$recursiveRef"] {
            let Some(reference) = schema.shift_remove(keyword) else { continue };
            let target = reference.as_str().and_then(|reference| {
                if reference == "#" { anchored(place, &before) } else { known.target(reference, place, &before) }
            });
            match target {
                Some(target) => {
                    schema.insert("$ref".to_owned(), Value::String(target));
                }
                None => {
                    let message = format!("`{keyword}` points to a schema that is only known at run time");
                    log.report(&DYNAMIC_REFERENCE, place.join(keyword), message);
                }
            }
        }
        schema.retain(|keyword, _| !DROPPED.contains(&keyword.as_str()));
    });
}

/// The identifiers that schemas declare. An identifier that several schemas declare resolves to none of them.
#[derive(Default)]
struct Identifiers {
    anchors: BTreeMap<String, Vec<Pointer>>,
    ids: BTreeMap<String, Vec<Pointer>>,
}

impl Identifiers {
    fn of(document: &mut Value) -> Self {
        let mut known = Self::default();
        each(document, |schema, place| {
            let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str).map(str::to_owned);
            for anchor in [text("$anchor"), text("$dynamicAnchor")].into_iter().flatten() {
                known.anchors.entry(anchor).or_default().push(place.clone());
            }
            if let Some(id) = text("$id") {
                known.ids.entry(id.trim_end_matches('#').to_owned()).or_default().push(place.clone());
            }
        });
        known
    }

    /// Returns the reference by location to the same schema.
    ///
    /// `None` if it already is one, or has no target.
    fn target(&self, reference: &str, from: &Pointer, document: &Value) -> Option<String> {
        if let Some(place) = Pointer::from_reference(reference) {
            if document.pointer(place.as_str()).is_some() {
                return None;
            }
            return nearest(&place, from, document).map(|place| format!("#{place}"));
        }
        if let Some(anchor) = reference.strip_prefix('#') {
            return only(&self.anchors, anchor).map(|place| format!("#{place}"));
        }
        let (id, rest) = reference.split_once('#').unwrap_or((reference, ""));
        let base = only(&self.ids, id)?;
        if rest.is_empty() || rest.starts_with('/') {
            return Some(format!("#{base}{rest}"));
        }
        self.target(&format!("#{rest}"), from, document)
    }
}

fn only<'a>(names: &'a BTreeMap<String, Vec<Pointer>>, name: &str) -> Option<&'a Pointer> {
    match names.get(name)?.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Returns the reference to the closest schema around a place that is the target of recursive references (JSON Schema
/// 2019-09, section 8.2.4.2). Without such a schema, that is the component around the place.
fn anchored(from: &Pointer, document: &Value) -> Option<String> {
    let mut outermost = None;
    let mut around = Some(from.clone());
    while let Some(place) = around {
        let schema = document.pointer(place.as_str())?;
        if schema.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
            return Some(format!("#{place}"));
        }
        around = place.parent();
        if around.as_ref().is_some_and(|parent| parent.as_str() == "/components/schemas") {
            outermost = Some(format!("#{place}"));
        }
    }
    outermost
}

fn nearest(definition: &Pointer, from: &Pointer, document: &Value) -> Option<Pointer> {
    let is_definition = ["/$defs/", "/definitions/"].iter().any(|start| definition.as_str().starts_with(start));
    let mut around = Some(from.clone()).filter(|_| is_definition);
    while let Some(place) = around {
        let candidate = format!("{place}{definition}");
        if document.pointer(&candidate).is_some() {
            return Some(Pointer::at(&candidate));
        }
        around = place.parent();
    }
    None
}
