//! Replaces the style `cookie`, with a warning: values are then percent-encoded.
//!
//! `{in: cookie, style: cookie}` → `{in: cookie, style: form}`

use serde_json::Value;

use super::each_part;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each_part(document, &mut |part, place| {
        if part.get("style").is_some_and(|style| style == "cookie") {
            let message = "the style `cookie` is written as `form`, which percent-encodes values";
            log.report(&KEYWORD_DROPPED, place.join("style"), message);
            part.insert("style".to_owned(), Value::from("form"));
        }
    });
}
