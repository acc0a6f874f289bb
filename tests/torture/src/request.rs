//! Reads requests from a connection: only the parts of HTTP/1.1 that the client uses.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::id::Id;

/// The relevant parts of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: Id,
    /// Whether it is a start rather than a look at a result.
    pub(crate) is_start: bool,
}

/// The requests of a connection, in order.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    buffer: Vec<u8>,
}

impl Requests {
    /// The next request. `None` if the client closed the connection or sent an unexpected request.
    pub(crate) async fn next(&mut self, stream: &mut TcpStream) -> Option<Request> {
        loop {
            if let Some((request, length)) = parse(&self.buffer) {
                self.buffer.drain(..length);
                return Some(request);
            }
            if stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }
}

/// A complete request at the start of the input, and its length.
fn parse(text: &[u8]) -> Option<(Request, usize)> {
    let end = text.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&text[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let (method, rest) = lines.next()?.split_once(' ')?;
    // /{workspace}/projects/{project}/auth-sessions/{id}/update…
    let id = rest.split('/').nth(5).and_then(Id::parse)?;
    let length =
        lines.filter_map(|line| line.split_once(": ")).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = end + 4 + length.map_or(0, |(_, value)| value.parse().unwrap_or(0));
    (text.len() >= length).then_some((Request { id, is_start: method == "POST" }, length))
}
