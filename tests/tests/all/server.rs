//! A scripted HTTP/1.1 server on loopback that records the bytes of every request.
//!
//! It is independent of the API: the script determines the responses, and the tests check the requests.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Sends a response.
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// Closes the connection without a response.
    HangUp,
    /// Keeps the connection open without a response.
    Silence,
}

impl Reply {
    /// A status without a body.
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer { status, headers: Vec::new(), body: Vec::new() }
    }

    /// A status with a JSON body.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("content-type", "application/json").body(body)
    }

    /// A status with an HTML body.
    pub(crate) fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::status(status).header("content-type", "text/html; charset=utf-8").body(body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(crate) fn body(mut self, text: impl Into<Vec<u8>>) -> Self {
        if let Self::Answer { body, .. } = &mut self {
            *body = text.into();
        }
        self
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        let Self::Answer { status, headers, body } = self else { return None };
        let mut head = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        Some([head.into_bytes(), body.clone()].concat())
    }
}

/// A recorded request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query, byte for byte.
    pub(crate) target: String,
    /// In the order and letter case in which they were received.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a header that must occur once.
    pub(crate) fn one(&self, name: &str) -> &str {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "`{name}` came {} times: {:?}", all.len(), self.headers);
        all[0]
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }
}

/// A server that follows a script until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Sends the responses in order, and repeats the last one.
    pub(crate) async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let script: Arc<[Reply]> = script.into_iter().collect();
        assert!(!script.is_empty(), "a script has at least one reply");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let received = Arc::default();
        let accepting = tokio::spawn(accept(listener, script, Arc::clone(&received)));
        Self { address, received, accepting }
    }

    pub(crate) async fn always(reply: Reply) -> Self {
        Self::start([reply]).await
    }

    /// The URL of the server, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Host and port, as in the header `host`.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// All requests so far, in order.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number of requests so far.
    pub(crate) fn arrivals(&self) -> usize {
        self.received().len()
    }

    /// The only request; panics if there is not exactly one.
    pub(crate) fn only(&self) -> Received {
        let mut all = self.received();
        assert_eq!(all.len(), 1, "one request was expected: {all:#?}");
        all.remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, script: Arc<[Reply]>, received: Arc<Mutex<Vec<Received>>>) {
    loop {
        let (stream, _) = listener.accept().await.expect("loopback accepts");
        tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&received)));
    }
}

/// Serves one connection until either side closes it.
async fn serve(mut stream: TcpStream, script: Arc<[Reply]>, received: Arc<Mutex<Vec<Received>>>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let number = {
            let mut all = received.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(request);
            all.len()
        };
        let reply = &script[(number - 1).min(script.len() - 1)];
        match (reply, reply.bytes()) {
            (_, Some(bytes)) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            (Reply::Silence, _) => std::future::pending().await,
            _ => return,
        }
    }
}

/// The next request of a connection, or `None` at its end. Excess bytes stay in the buffer.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    loop {
        if let Some((request, length)) = parse(buffer) {
            buffer.drain(..length);
            return Some(request);
        }
        if stream.read_buf(buffer).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

/// A complete request at the start of the buffer, and its length.
fn parse(buffer: &[u8]) -> Option<(Received, usize)> {
    let head_length = buffer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&buffer[..head_length]).expect("the head of a request is ASCII");
    let mut lines = head.split("\r\n");
    let mut start = lines.next()?.splitn(3, ' ');
    let (method, target) = (start.next()?.to_owned(), start.next()?.to_owned());
    assert_eq!(start.next(), Some("HTTP/1.1"), "an HTTP/1.1 request: {head}");
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").expect("a header has a name and a value"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length is a number"));
    let end = head_length + 4 + length;
    let body = buffer.get(head_length + 4..end)?.to_vec();
    Some((Received { method, target, headers, body }, end))
}
