//! Responses as bytes.

use crate::wire::Step;
use crate::work::Good;

const JSON: &str = "content-type: application/json\r\n";

/// The whole response in one write.
pub(super) fn whole(good: &Good) -> Step {
    Step::Send(bytes(good))
}

/// The whole response.
pub(super) fn bytes(good: &Good) -> Vec<u8> {
    with_length(good, "")
}

/// The whole response with additional headers.
pub(super) fn with_length(good: &Good, headers: &str) -> Vec<u8> {
    with_body(good, headers, good.body.as_bytes())
}

/// The head with another body and its length.
pub(super) fn with_body(good: &Good, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = format!("content-length: {}\r\n", body.len());
    [head(good, &format!("{JSON}{length}{headers}")).as_slice(), body].concat()
}

/// The whole response with only these headers and the content type.
pub(super) fn with_headers(good: &Good, headers: &str) -> Vec<u8> {
    [head(good, &format!("{JSON}{headers}")).as_slice(), good.body.as_bytes()].concat()
}

/// The body in two chunks.
pub(super) fn chunked(good: &Good) -> Vec<u8> {
    let (first, second) = good.body.split_at(good.body.len() / 2);
    let head = head(good, &format!("{JSON}transfer-encoding: chunked\r\n"));
    let body = format!("{:x}\r\n{first}\r\n{:x};x=y\r\n{second}\r\n0\r\n\r\n", first.len(), second.len());
    [head.as_slice(), body.as_bytes()].concat()
}

/// The head and the body.
pub(super) fn halves(good: &Good) -> (Vec<u8>, Vec<u8>) {
    let mut whole = bytes(good);
    let body = whole.split_off(whole.len() - good.body.len());
    (whole, body)
}

pub(super) fn html(good: &Good) -> Vec<u8> {
    let text = "<html><body>Bad Gateway</body></html>";
    let head = head(good, &format!("content-type: text/html\r\ncontent-length: {}\r\n", text.len()));
    [head.as_slice(), text.as_bytes()].concat()
}

pub(super) fn untyped(good: &Good) -> Vec<u8> {
    let head = head(good, &format!("content-length: {}\r\n", good.body.len()));
    [head.as_slice(), good.body.as_bytes()].concat()
}

fn head(good: &Good, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {} Whatever\r\n{headers}\r\n", good.status).into_bytes()
}
