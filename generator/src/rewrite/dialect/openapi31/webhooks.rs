//! Drops webhooks, with a warning: they are requests to the user's server, which a client does not receive.

use serde_json::Value;

use super::Log;
use crate::diagnostics::catalogue::WEBHOOKS_LEFT_OUT;
use crate::document::Pointer;

pub(super) fn run(document: &mut Value, log: &mut Log) {
    let Value::Object(root) = document else { return };
    if let Some(webhooks) = root.shift_remove("webhooks") {
        let number = webhooks.as_object().map_or(0, serde_json::Map::len);
        let message = format!("the client does not support the webhooks of the document ({number})");
        log.report(&WEBHOOKS_LEFT_OUT, Pointer::root().join("webhooks"), message);
    }
}
