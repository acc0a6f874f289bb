//! Successful replies: which statuses they have and what is read out of them.
//!
//! Replies of other statuses are not the operation's value: the runtime hands them over whole, as errors.

use super::Lowering;
use crate::diagnostics::catalogue::{NO_SUCCESS, SEVERAL_RESPONSES, UNSUPPORTED_RESPONSE};
use crate::document::Node;
use crate::ir::{FailureReply, ResponseType, Success};
use crate::media::is_json;

impl Lowering<'_> {
    pub(super) fn success(&mut self, operation: &Node<'_>) -> Success {
        let responses: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
        let mut good: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        if good.is_empty() {
            good = responses.iter().filter(|(status, _)| *status == "default").collect();
        }
        let Some((_, first)) = good.first() else {
            if !responses.is_empty() {
                let message = "the operation states no reply in the 200s";
                self.found.report(self.document, &NO_SUCCESS, operation.pointer(), message);
            }
            return Success { statuses: Vec::new(), content: ResponseType::Empty, description: None };
        };
        let content = self.content(first);
        for (status, other) in &good[1..] {
            if content_schema(other).map(|node| node.value()) != content_schema(first).map(|node| node.value()) {
                let message = format!("the reply `{status}` carries something else than the first one in the 200s");
                self.found.report(self.document, &SEVERAL_RESPONSES, other.pointer(), message);
            }
        }
        let statuses: Option<Vec<u16>> = good.iter().map(|(status, _)| status.parse().ok()).collect();
        Success {
            statuses: statuses.unwrap_or_default(),
            content,
            description: first.text("description").map(|text| text.trim().to_owned()),
        }
    }

    fn content(&mut self, response: &Node<'_>) -> ResponseType {
        let names: Vec<_> = response.get("content").iter().flat_map(Node::entries).map(|(name, _)| name).collect();
        if names.is_empty() {
            ResponseType::Empty
        } else if names.iter().any(|name| is_json(name)) {
            ResponseType::Json
        } else if names.iter().any(|name| name.starts_with("text/")) {
            ResponseType::Text
        } else {
            let message = format!("the reply is `{}`, which is neither JSON nor text", names.join("`, `"));
            self.found.report(self.document, &UNSUPPORTED_RESPONSE, response.pointer(), message);
            ResponseType::Empty
        }
    }
}

/// The replies that are described as failures, in the order of the document.
pub(super) fn failures(operation: &Node<'_>) -> Vec<FailureReply> {
    let responses: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let has_success = responses.iter().any(|(status, _)| status.starts_with('2'));
    let is_failure =
        |status: &str| !status.starts_with('2') && (status != "default" || has_success) && !status.starts_with("x-");
    let failures = responses.iter().filter(|(status, _)| is_failure(status));
    let media_types = |reply: &Node<'_>| {
        reply.get("content").iter().flat_map(Node::entries).map(|(name, _)| name.to_owned()).collect()
    };
    failures
        .map(|(status, reply)| FailureReply { status: (*status).to_owned(), media_types: media_types(reply) })
        .collect()
}

/// The name of the type that a successful reply is read into, if it has one.
pub(super) fn type_name(operation: &Node<'_>) -> Option<String> {
    let responses = operation.get("responses")?;
    let (_, good) = responses.entries().find(|(status, _)| status.starts_with('2'))?;
    let reference = content_schema(&good)?.text("$ref")?.rsplit('/').next()?.to_owned();
    Some(reference)
}

/// The schema of what is read out of a reply.
fn content_schema<'a>(response: &Node<'a>) -> Option<Node<'a>> {
    let content = response.get("content")?;
    let json = content.entries().find(|(name, _)| is_json(name));
    json.or_else(|| content.entries().next())?.1.get("schema")
}
