//! Reads requests off a connection: as much of HTTP/1.1 as our own client speaks.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::id::Id;

/// What matters of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: Id,
    /// Whether it is a start, rather than the question for a result.
    pub(crate) is_start: bool,
}

/// The requests of a connection, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    buffer: Vec<u8>,
}

impl Requests {
    /// The next one; `None` once the client has closed, or says what no client of ours says.
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

/// A whole request at the begin of a text, and its length.
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
