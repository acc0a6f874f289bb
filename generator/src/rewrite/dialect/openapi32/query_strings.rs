//! Writes a parameter that is the whole query as an object whose properties are parameters.
//!
//! `{in: querystring, content: {application/x-www-form-urlencoded: {schema: S}}}` →
//! `{in: query, style: form, explode: true, schema: S}`

use serde_json::Value;

use super::each_part;
use crate::diagnostics::catalogue::NEEDS_MODERN;
use crate::rewrite::Log;

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each_part(document, &mut |part, place| {
        if part.get("in").is_none_or(|location| location != "querystring") {
            return;
        }
        let schema = part.get("content").and_then(|content| content.get(FORM)?.get("schema")).cloned();
        let Some(schema) = schema else {
            let message = format!("the whole query as one parameter is supported as `{FORM}` with a schema only");
            part.insert("in".to_owned(), Value::from("query"));
            return log.report(&NEEDS_MODERN, place.clone(), message);
        };
        log.moved(place.join("content").join(FORM).join("schema"), place.join("schema"));
        part.shift_remove("content");
        part.insert("in".to_owned(), Value::from("query"));
        part.insert("style".to_owned(), Value::from("form"));
        part.insert("explode".to_owned(), Value::from(true));
        part.insert("schema".to_owned(), schema);
    });
}
