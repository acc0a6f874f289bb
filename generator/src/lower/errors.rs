//! Lowers error responses, and the names of their bodies in the client.

use std::collections::BTreeSet;

use super::Lowering;
use crate::document::Node;
use crate::ir::{ErrorBody, ErrorResponse, SlotRole};
use crate::naming::unique;
use crate::openapi::{error_responses, json_media};

impl Lowering<'_> {
    /// Returns the described error responses, in document order.
    pub(super) fn errors(&mut self, operation: &Node<'_>) -> Vec<ErrorResponse> {
        let mut taken = BTreeSet::new();
        let failures = error_responses(operation).into_iter().map(|(status, response)| {
            let content = response.get("content");
            let schema = content.as_ref().and_then(json_media).and_then(|(_, media)| media.get("schema"));
            let is_typed = range(status).is_some();
            let slot = match schema {
                Some(schema) if is_typed => Some(self.slot(operation, SlotRole::Response, Some(&schema))),
                None if is_typed => content
                    .iter()
                    .flat_map(Node::entries)
                    .find_map(|(name, media)| self.xml_slot(operation, SlotRole::Response, name, &media)),
                _ => None,
            };
            ErrorResponse {
                status: status.to_owned(),
                media_types: content.iter().flat_map(Node::entries).map(|(name, _)| name.to_owned()).collect(),
                body: slot.map(|slot| ErrorBody { ident: unique(variant(status), &mut taken), slot }),
                description: response.words("description"),
            }
        });
        failures.collect()
    }
}

/// Checks that a key of `responses` is a status, a range such as `4XX`, or `default`.
fn range(status: &str) -> Option<()> {
    let is_hundred = matches!(status.as_bytes(), [b'1'..=b'5', b'X' | b'x', b'X' | b'x']);
    (status == "default" || is_hundred || status.parse::<u16>().is_ok()).then_some(())
}

/// Returns the variant name of a status, such as `NotFound` for `404`.
fn variant(status: &str) -> String {
    let name = match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "405" => "MethodNotAllowed",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "PreconditionFailed",
        "413" => "ContentTooLarge",
        "415" => "UnsupportedMediaType",
        "422" => "UnprocessableContent",
        "429" => "TooManyRequests",
        "500" => "InternalServerError",
        "501" => "NotImplemented",
        "502" => "BadGateway",
        "503" => "ServiceUnavailable",
        "504" => "GatewayTimeout",
        "default" => "Other",
        _ if status.eq_ignore_ascii_case("4XX") => "ClientError",
        _ if status.eq_ignore_ascii_case("5XX") => "ServerError",
        other => return format!("Status{}", other.to_uppercase()),
    };
    name.to_owned()
}
