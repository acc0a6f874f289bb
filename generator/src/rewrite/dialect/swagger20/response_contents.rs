//! Describes the bodies of responses under the media types that the operation produces.
//!
//! `produces: [text/csv], responses: {200: {schema: …, examples: {text/csv: a}}}` →
//! `responses: {200: {content: {text/csv: {schema: …, example: a}}}}`

use serde_json::Value;

use super::media_types::{file_as_bytes, is_file, or_json, take};
use super::{Object, each_operation, entries, strings};
use crate::document::Pointer;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let of_document = strings(document.get("produces"));
    let shared = document.get("responses").cloned().unwrap_or_default();
    each_operation(document, |operation, place| {
        let produced = take(operation, "produces", &of_document);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        for (status, response) in responses {
            let place = place.join("responses").join(status);
            if produced != of_document {
                inline(response, &shared, &place, log);
            }
            describe(response, &produced, &place, log);
        }
    });
    let place = Pointer::root().join("responses");
    for (name, response) in entries(document, "responses") {
        describe(response, &of_document, &place.join(name), log);
    }
    if let Value::Object(root) = document {
        root.shift_remove("produces");
    }
}

/// Replaces a reference to a shared response by a copy, because the shared one has the media types of the document.
fn inline(response: &mut Value, shared: &Value, place: &Pointer, log: &mut Log) {
    let target = response.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
    let Some(target) = target.filter(|target| target.parent() == Some(Pointer::root().join("responses"))) else {
        return;
    };
    let copy = target.last().and_then(|name| shared.get(&name).cloned());
    if let Some(copy) = copy.filter(|copy| copy.get("schema").is_some()) {
        log.copied(target, place.clone());
        *response = copy;
    }
}

fn describe(response: &mut Value, produced: &[String], place: &Pointer, log: &mut Log) {
    let Value::Object(response) = response else { return };
    let examples = response.shift_remove("examples");
    let Some(mut schema) = response.shift_remove("schema") else { return };
    let media_types = if is_file(&schema) && produced.is_empty() {
        vec!["application/octet-stream".to_owned()]
    } else {
        or_json(produced.to_vec())
    };
    file_as_bytes(&mut schema);
    let content: Object = media_types
        .into_iter()
        .map(|media_type| {
            log.copied(place.join("schema"), place.join("content").join(&media_type).join("schema"));
            let mut media = Object::new();
            media.insert("schema".to_owned(), schema.clone());
            if let Some(example) = examples.as_ref().and_then(|examples| examples.get(&media_type)) {
                media.insert("example".to_owned(), example.clone());
            }
            (media_type, Value::Object(media))
        })
        .collect();
    response.insert("content".to_owned(), Value::Object(content));
}
