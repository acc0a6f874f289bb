//! Drops the content of responses to `HEAD`, which never have a body (RFC 9110, section 9.3.2).
//!
//! `head: {responses: {'200': {content: …}}}` → `head: {responses: {'200': {}}}`

use std::borrow::Cow;

use serde_json::Value;

use super::Log;
use crate::document::Document;
use crate::openapi::operations;

pub(super) fn run(document: &Document, value: &mut Cow<'_, Value>, _: &mut Log) {
    for site in operations(document).iter().filter(|site| site.method == "head") {
        let place = site.node.pointer().join("responses");
        let responses = value.to_mut().pointer_mut(place.as_str()).and_then(Value::as_object_mut);
        for response in
            responses.into_iter().flat_map(|responses| responses.values_mut()).filter_map(Value::as_object_mut)
        {
            response.shift_remove("content");
        }
    }
}
