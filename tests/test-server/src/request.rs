//! Requests as they arrived.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A request, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// All lines before the body.
    pub head: String,
    /// The headers in order, with the names as they arrived.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The next request of a connection. `None` at its end. Bytes after the request stay in the buffer.
    pub(crate) async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Self> {
        loop {
            if let Some((request, length)) = Self::parse(buffer) {
                buffer.drain(..length);
                return Some(request);
            }
            if stream.read_buf(buffer).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }

    /// A complete request at the start of the buffer, and its length.
    fn parse(buffer: &[u8]) -> Option<(Self, usize)> {
        let head_length = buffer.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&buffer[..head_length]).into_owned();
        let mut lines = head.split("\r\n");
        let mut start = lines.next()?.splitn(3, ' ');
        let (method, target) = (start.next()?.to_owned(), start.next()?.to_owned());
        assert_eq!(start.next(), Some("HTTP/1.1"), "a request of HTTP/1.1: {head}");
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").expect("a header has a name and a value"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let is_chunked =
            headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked");
        if is_chunked {
            let (body, length) = chunks(&buffer[head_length + 4..])?;
            return Some((Self { method, target, head, headers, body }, head_length + 4 + length));
        }
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length is a number"));
        let end = head_length + 4 + length;
        let body = buffer.get(head_length + 4..end)?.to_vec();
        Some((Self { method, target, head, headers, body }, end))
    }

    /// The request line.
    #[must_use]
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).into_iter().next()
    }

    /// All values of a header.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a header. Panics unless it occurs exactly once.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "`{name}` came {} times: {:?}", all.len(), self.headers);
        all[0]
    }

    /// The body, which must be JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The body, which must be UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }
}

/// The content of a body in chunks without trailers, and the length of all chunks. `None` if the last one is missing.
fn chunks(buffer: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut position) = (Vec::new(), 0);
    loop {
        let line = buffer[position..].windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&buffer[position..position + line]).expect("a size is ASCII");
        let size = usize::from_str_radix(size, 16).expect("a size is a number");
        let start = position + line + 2;
        let content = buffer.get(start..start + size + 2)?;
        body.extend_from_slice(&content[..size]);
        position = start + size + 2;
        if size == 0 {
            return Some((body, position));
        }
    }
}
