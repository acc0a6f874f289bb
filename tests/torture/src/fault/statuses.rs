//! Statuses of failure.

use super::RetryAfter;
use crate::wire::Step;

/// The statuses that are drawn from; those that a client waits for more often than others.
pub const STATUSES: [u16; 16] = [429, 429, 429, 503, 503, 503, 500, 502, 504, 408, 400, 401, 404, 409, 501, 599];

/// A reply with the status, and the service's words.
pub(super) fn refusal(status: u16, retry_after: RetryAfter) -> Step {
    let body = format!(r#"{{"message":"it is {status}"}}"#);
    let mut head =
        format!("HTTP/1.1 {status} No\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    head.push_str(&retry_after.headers());
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(retry_after.raw());
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body.as_bytes());
    Step::Send(bytes)
}
