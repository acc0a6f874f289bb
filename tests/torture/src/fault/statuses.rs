//! Error statuses.

use super::RetryAfter;
use crate::wire::Step;

/// The statuses to draw faults from. Those with which servers ask clients to wait are repeated to make them more likely; 520 to
/// 530 come from a CDN in front of the service.
pub const STATUSES: [u16; 26] = [
    429, 429, 429, 503, 503, 503, 500, 502, 504, 408, 400, 401, 404, 409, 501, 599, 520, 521, 522, 523, 524, 525, 526,
    527, 529, 530,
];

/// A response with the status and the message of the service.
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
