//! Uses the summary of a response or a tag as its description if it has none.
//!
//! `{summary: The users.}` → `{description: The users.}`

use serde_json::Value;

use super::{Object, each_part};
use crate::document::Pointer;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each_part(document, &mut |part, place| {
        if let Some(Value::Object(responses)) = part.get_mut("responses") {
            for (status, response) in responses {
                describe(response.as_object_mut(), &place.join("responses").join(status), log);
            }
        }
        // What groups tags, and how tools show them, has no meaning for a client.
        if let Some(Value::Array(tags)) = part.get_mut("tags") {
            for (index, tag) in tags.iter_mut().enumerate() {
                describe(tag.as_object_mut(), &place.join("tags").join(index), log);
            }
        }
    });
}

fn describe(part: Option<&mut Object>, place: &Pointer, log: &mut Log) {
    let Some(part) = part else { return };
    if let Some(summary) = part.shift_remove("summary")
        && !part.contains_key("description")
    {
        log.moved(place.join("summary"), place.join("description"));
        part.insert("description".to_owned(), summary);
    }
}
