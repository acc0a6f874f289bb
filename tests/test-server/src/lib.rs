//! A scripted HTTP/1.1 server on loopback, for tests. It follows its script exactly, byte by byte, and records every
//! request as it arrived.
//!
//! It does not know any API: the script decides what is sent, and the test checks the requests. The server ends
//! with its runtime.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking, also where a helper of it finds the fault"
)]

pub mod long;
mod request;
mod response;

pub use request::Request;
pub use response::{JSON, Response, json, response, response_with_length};

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a connection or a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes, and waits for the next request on the same connection.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection.
    SendAndClose(Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Sends these bytes and then nothing, until the client closes the connection.
    Hang(Vec<u8>),
    /// Sends the first bytes, then the second ones repeatedly until the client closes the connection.
    Endless(Vec<u8>, Vec<u8>),
}

type Script = dyn Fn(usize) -> Act + Send + Sync;

/// A server that follows a script.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    connections: AtomicUsize,
    ended: AtomicUsize,
    received: Mutex<Vec<Request>>,
    on_connect: Option<Act>,
    script: Box<Script>,
}

impl Server {
    /// Starts a server whose script decides the action for each request by its number, from 0.
    pub async fn start(script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        Self::with(None, script).await
    }

    /// Starts a server that handles all requests the same way.
    pub async fn always(act: impl Into<Act>) -> Self {
        let act = act.into();
        Self::start(move |_| act.clone()).await
    }

    /// Starts a server that performs the actions in order, and repeats the last one.
    pub async fn replay(acts: impl IntoIterator<Item = impl Into<Act>>) -> Self {
        let acts: Vec<Act> = acts.into_iter().map(Into::into).collect();
        assert!(!acts.is_empty(), "a script has at least one act");
        Self::start(move |number| acts[number.min(acts.len() - 1)].clone()).await
    }

    /// Starts a server that acts on a connection before it reads anything.
    pub async fn on_connect(act: Act) -> Self {
        Self::with(Some(act), |_| Act::Reset).await
    }

    async fn with(on_connect: Option<Act>, script: impl Fn(usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = Arc::new(State {
            connections: AtomicUsize::default(),
            ended: AtomicUsize::default(),
            received: Mutex::default(),
            on_connect,
            script: Box::new(script),
        });
        tokio::spawn(accept(listener, state.clone()));
        Self { address, state }
    }

    /// The URL of the server, without a path.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The socket address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Host and port, as in the header `host`.
    #[must_use]
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// All complete requests so far, in the order of arrival.
    #[must_use]
    pub fn received(&self) -> Vec<Request> {
        self.state.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number of complete requests so far.
    #[must_use]
    pub fn arrivals(&self) -> usize {
        self.state.received.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The only request. Panics unless exactly one has arrived.
    #[must_use]
    pub fn only(&self) -> Request {
        let mut all = self.received();
        assert_eq!(all.len(), 1, "one request was expected: {all:#?}");
        all.remove(0)
    }

    /// The number of connections so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The number of connections that have ended.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.state.ended.load(Ordering::SeqCst)
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
    let mut buffer = Vec::new();
    while let Some(request) = Request::read(&mut stream, &mut buffer).await {
        let number = {
            let mut received = state.received.lock().unwrap_or_else(PoisonError::into_inner);
            received.push(request);
            received.len() - 1
        };
        if !perform(&mut stream, &(state.script)(number)).await {
            return;
        }
    }
}

/// Performs the action, and returns whether the connection stays open.
async fn perform(stream: &mut TcpStream, act: &Act) -> bool {
    match act {
        Act::Send(bytes) => stream.write_all(bytes).await.is_ok(),
        Act::SendAndClose(bytes) => {
            // The client may close the connection first.
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
