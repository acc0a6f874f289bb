//! A server on this machine that does exactly what a test says, byte by byte, and counts what arrives.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a connection or a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes, and waits for the next request on the same connection.
    Send(Vec<u8>),
    /// Sends these bytes and closes.
    SendAndClose(Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Sends these bytes, and then nothing, without closing.
    Hang(Vec<u8>),
    /// Sends the first bytes, and then the others again and again until the client closes.
    Endless(Vec<u8>, Vec<u8>),
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub head: String,
    pub body: Vec<u8>,
}

impl Arrived {
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &'_ str| line.split_once(": ").is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        self.head.lines().find(|line| named(line)).and_then(|line| line.split_once(": ")).map(|(_, value)| value)
    }
}

type Script = dyn Fn(usize) -> Act + Send + Sync;

/// The server; it ends with the test's runtime.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    connections: AtomicUsize,
    ended: AtomicUsize,
    arrived: Mutex<Vec<Arrived>>,
    on_connect: Option<Act>,
    script: Box<Script>,
}

impl Server {
    /// Acts on the n-th request (from 0) as the script says.
    pub async fn start(script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        Self::with(None, script).await
    }

    /// Always the same.
    pub async fn always(act: Act) -> Self {
        Self::start(move |_| act.clone()).await
    }

    /// Acts before anything is read.
    pub async fn on_connect(act: Act) -> Self {
        Self::with(Some(act), |_| Act::Reset).await
    }

    async fn with(on_connect: Option<Act>, script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = State {
            connections: AtomicUsize::default(),
            ended: AtomicUsize::default(),
            arrived: Mutex::default(),
            on_connect,
            script: Box::new(script),
        };
        let state = Arc::new(state);
        tokio::spawn(accept(listener, state.clone()));
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests arrived whole.
    pub fn arrivals(&self) -> usize {
        self.state.arrived.lock().expect("no test panics while it holds this").len()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many connections have ended.
    pub fn ended(&self) -> usize {
        self.state.ended.load(Ordering::SeqCst)
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.state.arrived.lock().expect("no test panics while it holds this").clone()
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        state.connections.fetch_add(1, Ordering::SeqCst);
        let state = state.clone();
        tokio::spawn(async move {
            serve(stream, &state).await;
            state.ended.fetch_add(1, Ordering::SeqCst);
        });
    }
}

async fn serve(mut stream: TcpStream, state: &State) {
    if let Some(act) = &state.on_connect {
        perform(&mut stream, act).await;
        return;
    }
    while let Some(request) = read_request(&mut stream).await {
        let number = {
            let mut arrived = state.arrived.lock().expect("no test panics while it holds this");
            arrived.push(request);
            arrived.len() - 1
        };
        if !perform(&mut stream, &(state.script)(number)).await {
            return;
        }
    }
}

/// Whether the connection goes on.
async fn perform(stream: &mut TcpStream, act: &Act) -> bool {
    match act {
        Act::Send(bytes) => stream.write_all(bytes).await.is_ok(),
        Act::SendAndClose(bytes) => {
            // The client may close first; that is its right.
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            false
        }
        Act::Reset => {
            stream.set_zero_linger().expect("the socket is open");
            false
        }
        Act::Hang(bytes) => {
            let _ = stream.write_all(bytes).await;
            // Until the client closes, as it must.
            let _ = stream.read(&mut [0]).await;
            false
        }
        Act::Endless(first, again) => {
            let mut is_open = stream.write_all(first).await.is_ok();
            while is_open {
                is_open = stream.write_all(again).await.is_ok();
            }
            false
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Arrived> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut request = Arrived { head, body: bytes.split_off(end + 4) };
            let length = request.header("content-length").map_or(0, |length| length.parse().expect("a number"));
            while request.body.len() < length {
                match stream.read(&mut buffer).await {
                    Ok(count) if count > 0 => request.body.extend_from_slice(&buffer[..count]),
                    _ => return None,
                }
            }
            return Some(request);
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

/// A whole reply.
pub fn reply(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    reply_with_length(status, headers, body, body.len())
}

/// A reply that promises another length than it has.
pub fn reply_with_length(status: &str, headers: &[(&str, &str)], body: &[u8], length: usize) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

pub const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

pub fn json(status: &str, body: &str) -> Vec<u8> {
    reply(status, &[JSON], body.as_bytes())
}

pub fn started() -> Act {
    Act::Send(json("201 Created", r#"{"status":"started","operationId":"op-1"}"#))
}

pub fn seen() -> Act {
    Act::Send(json("200 OK", r#"{"status":"done"}"#))
}

/// Certificates take longer to load than most tests take in all; none is needed for servers without TLS.
pub fn without_certificates(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "rustls-tls")]
    let http = http.tls_backend_rustls().tls_certs_only([]);
    http
}
