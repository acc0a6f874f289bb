//! Responses: which are successes, and which are errors.

use crate::document::Node;

/// Whether the key of a reply is a status, such as `200`, or a range, such as `2XX`.
pub(crate) fn is_status(key: &str) -> bool {
    matches!(key.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'x' | b'X', b'x' | b'X'])
}

/// The successful replies: those in the 200s, else the one for all statuses.
pub(crate) fn success_responses<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let good: Vec<_> = all.iter().filter(|(status, _)| status.starts_with('2') && is_status(status)).cloned().collect();
    if good.is_empty() { all.into_iter().filter(|(status, _)| *status == "default").collect() } else { good }
}

/// The replies that are described as failures, in the order of the document.
pub(crate) fn error_responses<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    // Where it is the only reply, or stands beside those in the 100s, it is the successful one.
    let is_for_failures = all.iter().any(|(status, _)| status.starts_with(['2', '3', '4', '5']));
    let is_failure = |status: &str| {
        !status.starts_with('2') && (status != "default" || is_for_failures) && !status.starts_with("x-")
    };
    all.into_iter().filter(|(status, _)| is_failure(status)).collect()
}
