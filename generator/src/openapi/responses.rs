//! Responses: which are successes, and which are errors.

use crate::document::Node;

/// Whether the key of a response is a status, such as `200`, or a range, such as `2XX`.
pub(crate) fn is_status(key: &str) -> bool {
    matches!(key.as_bytes(), [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [b'1'..=b'5', b'x' | b'X', b'x' | b'X'])
}

/// Returns the successful responses: those with 2xx statuses, or else the default response.
pub(crate) fn success_responses<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    let good: Vec<_> = all.iter().filter(|(status, _)| status.starts_with('2') && is_status(status)).cloned().collect();
    if good.is_empty() { all.into_iter().filter(|(status, _)| *status == "default").collect() } else { good }
}

/// Returns the headers of the successful responses, with their names, without `Content-Type`, which is ignored (OpenAPI 3.0,
/// "Response Object").
pub(crate) fn success_headers<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let responses = success_responses(operation).into_iter().filter_map(|(_, response)| response.resolve());
    let headers = responses.filter_map(|response| response.get("headers"));
    let headers = headers.flat_map(|headers| headers.entries().collect::<Vec<_>>());
    let described = headers.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    described.filter_map(|(name, header)| Some((name, header.resolve()?))).collect()
}

/// Returns the described error responses, in document order.
pub(crate) fn error_responses<'a>(operation: &Node<'a>) -> Vec<(&'a str, Node<'a>)> {
    let all: Vec<_> = operation.get("responses").iter().flat_map(Node::entries).collect();
    // The default response is the successful one if it is alone, or only beside 1xx responses.
    let is_for_failures = all.iter().any(|(status, _)| status.starts_with(['2', '3', '4', '5']));
    let is_failure = |status: &str| {
        !status.starts_with('2') && (status != "default" || is_for_failures) && !status.starts_with("x-")
    };
    all.into_iter().filter(|(status, _)| is_failure(status)).collect()
}
