//! Replaces references to shared media types by copies.
//!
//! `content: {application/json: {$ref: '#/components/mediaTypes/User'}}` → `content: {application/json: {schema: …}}`

use serde_json::Value;

use super::each_part;
use crate::document::Pointer;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let shared = document.pointer("/components/mediaTypes").cloned().unwrap_or_default();
    let from = Pointer::root().join("components").join("mediaTypes");
    each_part(document, &mut |part, place| {
        let Some(Value::Object(content)) = part.get_mut("content") else { return };
        for (name, media) in content {
            let target = media.get("$ref").and_then(Value::as_str).and_then(Pointer::from_reference);
            let target = target.filter(|target| target.parent().as_ref() == Some(&from));
            if let Some(copy) = target.as_ref().and_then(|target| shared.get(target.last()?)) {
                log.copied(
                    from.join(target.and_then(|target| target.last()).unwrap_or_default()),
                    place.join("content").join(name),
                );
                *media = copy.clone();
            }
        }
    });
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.shift_remove("mediaTypes");
    }
}
