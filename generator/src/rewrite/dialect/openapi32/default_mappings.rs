//! Drops the default of a discriminator, with a warning: values without a known tag are kept as `Unknown`.
//!
//! `{propertyName: kind, defaultMapping: Other}` → `{propertyName: kind}`

use serde_json::Value;

use super::schemas::each;
use crate::diagnostics::catalogue::KEYWORD_DROPPED;
use crate::rewrite::Log;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    each(document, |schema, place| {
        let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else { return };
        if discriminator.shift_remove("defaultMapping").is_some() {
            let message = "values without a known discriminator are kept as unknown";
            log.report(&KEYWORD_DROPPED, place.join("discriminator").join("defaultMapping"), message);
        }
    });
}
