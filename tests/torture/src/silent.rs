//! An HTTP/2 server whose connections fall silent: each answers a number of requests, then stays open but answers nothing, not
//! even pings.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use h2::server::SendResponse;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::id::Id;
use crate::plan::Plan;
use crate::work::{self, Good};

/// The number of requests that a connection answers, by its index.
type Answers = Box<dyn Fn(u64) -> u64 + Send + Sync>;

/// A local server in a separate thread.
#[derive(Debug)]
pub struct SilentServer {
    address: SocketAddr,
    counts: Arc<Counts>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Counts {
    connections: AtomicU64,
    silent: AtomicU64,
}

impl SilentServer {
    /// Starts a server whose connections answer the number of requests given by `answers`.
    ///
    /// # Errors
    /// A port or a thread is not available.
    pub fn start(plan: Plan, answers: impl Fn(u64) -> u64 + Send + Sync + 'static) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
        listener.set_nonblocking(true).context("the socket cannot be used")?;
        let address = listener.local_addr().context("a bound socket has an address")?;
        let (stop, stopped) = oneshot::channel();
        let counts = Arc::new(Counts::default());
        let own = Arc::clone(&counts);
        let thread = std::thread::spawn(move || {
            let service = Arc::new(Service { plan, answers: Box::new(answers), counts: own });
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, service) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { address, counts, stop, thread })
    }

    /// The URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of connections, and of those that fell silent.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.counts.connections.load(Ordering::SeqCst), self.counts.silent.load(Ordering::SeqCst))
    }

    /// Stops the server and closes all connections.
    pub fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

struct Service {
    plan: Plan,
    answers: Answers,
    counts: Arc<Counts>,
}

async fn accept(listener: std::net::TcpListener, service: Arc<Service>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = service.counts.connections.fetch_add(1, Ordering::SeqCst);
        connections.spawn(connection(stream, number, Arc::clone(&service)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, number: u64, service: Arc<Service>) {
    let _ = stream.set_nodelay(true);
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let mut answers = (service.answers)(number);
    while let Some(Ok((request, respond))) = connection.accept().await {
        if answers == 0 {
            service.counts.silent.fetch_add(1, Ordering::SeqCst);
            // A connection that is not polled neither reads nor answers.
            return std::future::pending().await;
        }
        answers -= 1;
        // If the client has disconnected, the next iteration notices.
        let _ = answer(&service.plan, &request, respond);
    }
}

fn answer(plan: &Plan, request: &http::Request<h2::RecvStream>, mut respond: SendResponse<Bytes>) -> Result<()> {
    let id = request.uri().path().split('/').nth(5).and_then(Id::parse).context("no path of the API")?;
    let is_start = request.method() == http::Method::POST;
    let Good { status, body } = if is_start { work::started(id) } else { work::result(plan, id, 0) };
    let head = http::Response::builder().status(status).header("content-type", "application/json").body(())?;
    respond.send_response(head, false)?.send_data(body.into(), true)?;
    Ok(())
}
