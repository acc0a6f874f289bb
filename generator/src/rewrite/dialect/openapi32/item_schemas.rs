//! Describes the items of a stream where earlier versions do: in the schema of its media type.
//!
//! `{application/jsonl: {itemSchema: S}}` → `{application/jsonl: {schema: S}}`
//! `{text/event-stream: {itemSchema: {properties: {data: {contentSchema: S}}}}}` → `{text/event-stream: {schema: S}}`

use serde_json::Value;

use super::{Object, each_part};
use crate::document::Pointer;
use crate::openapi::media::is_event_stream;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each_part(document, &mut |part, place| {
        let Some(Value::Object(content)) = part.get_mut("content") else { return };
        for (name, media) in content {
            if let Value::Object(media) = media {
                replace(name, media, &place.join("content").join(name), log);
            }
        }
    });
}

fn replace(name: &str, media: &mut Object, place: &Pointer, log: &mut Log) {
    let Some(schema) = media.shift_remove("itemSchema") else { return };
    let from = place.join("itemSchema");
    let data = is_event_stream(name).then(|| data_of_event(&schema)).flatten();
    let (from, schema) = match data {
        Some((keys, data)) => (keys.iter().fold(from, |place, key| place.join(key)), data),
        None => (from, schema),
    };
    log.moved(from, place.join("schema"));
    media.insert("schema".to_owned(), schema);
}

/// Returns the schema of the data of an event, and the keys that lead to it. `None` if the schema is not that of an event, which
/// has a property `data`.
fn data_of_event(event: &Value) -> Option<(Vec<&'static str>, Value)> {
    let data = event.get("properties")?.get("data")?;
    Some(match data.get("contentSchema") {
        Some(schema) => (vec!["properties", "data", "contentSchema"], schema.clone()),
        None => (vec!["properties", "data"], data.clone()),
    })
}
