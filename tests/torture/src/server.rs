//! The server: accepts connections, draws a fault for every request, and sometimes restarts, closing all connections.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

use crate::fault::{Fault, RetryAfter};
use crate::garbage;
use crate::id::Kind;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::request::{Request, Requests};
use crate::wire::{Step, play};
use crate::work;

/// The downtime of a restart.
const AWAY: Duration = Duration::from_millis(30);

/// How long it keeps reading from a connection that it has closed.
const LINGER: Duration = Duration::from_secs(1);

/// Below the ephemeral ports of the system, so that no client can take the port during a restart.
const PORTS: std::ops::Range<u16> = 18_000..32_000;

/// A local server in a separate thread.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    plan: Plan,
    script: Script,
    ledger: Arc<Ledger>,
    accepted: AtomicU64,
    open: AtomicUsize,
    restarts: AtomicU32,
    goes_away: Notify,
}

/// Determines the fault of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Faults drawn by the plan, including faults of connections and of the server itself.
    Drawn,
    /// The same fault for every request.
    Always(Fault),
    /// A fault for the second poll of every job.
    Once(Fault),
}

impl Server {
    /// Starts a server with the faults drawn by the plan.
    ///
    /// # Errors
    /// A port or a thread is not available.
    pub fn start(plan: Plan, ledger: Arc<Ledger>) -> Result<Self> {
        Self::with(plan, ledger, Script::Drawn)
    }

    /// The same fault for every request.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn always(fault: Fault, plan: Plan, ledger: Arc<Ledger>) -> Result<Self> {
        Self::with(plan, ledger, Script::Always(fault))
    }

    /// A fault for the second poll of every job, and none for other requests.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn once(fault: Fault, plan: Plan, ledger: Arc<Ledger>) -> Result<Self> {
        Self::with(plan, ledger, Script::Once(fault))
    }

    fn with(plan: Plan, ledger: Arc<Ledger>, script: Script) -> Result<Self> {
        let shared = Arc::new(Shared {
            plan,
            script,
            ledger,
            accepted: AtomicU64::default(),
            open: AtomicUsize::default(),
            restarts: AtomicU32::default(),
            goes_away: Notify::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let listener = bind_any()?;
        let address = listener.local_addr().context("a bound socket has an address")?;
        // Done in advance, so that no request has to wait for it.
        garbage::bomb();
        let (stop, stopped) = oneshot::channel();
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || runtime.block_on(serve(listener, address, &own, stopped)));
        Ok(Self { address, shared, stop, thread })
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of open connections.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// The total number of connections.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// The number of restarts.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.shared.restarts.load(Ordering::SeqCst)
    }

    /// Stops the server.
    pub fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

fn bind_any() -> Result<std::net::TcpListener> {
    let bound = (0..200).find_map(|_| std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, fastrand::u16(PORTS))).ok());
    let listener = bound.context("no port is free")?;
    listener.set_nonblocking(true).context("the socket cannot be used")?;
    Ok(listener)
}

async fn serve(
    listener: std::net::TcpListener,
    address: SocketAddr,
    shared: &Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(mut listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, Arc::clone(shared)));
                }
                while connections.try_join_next().is_some() {}
            }
            () = shared.goes_away.notified() => {
                drop(listener);
                connections.shutdown().await;
                shared.restarts.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(AWAY).await;
                listener = match TcpListener::bind(address).await {
                    Ok(listener) => listener,
                    // The remaining calls report the failure as errors.
                    Err(_) => return,
                };
            }
            _ = &mut stopped => return,
        }
    }
}

/// Counts an open connection until it is dropped.
struct Open<'a>(&'a Shared);

impl<'a> Open<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(shared)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn connection(mut stream: TcpStream, shared: Arc<Shared>) {
    let _open = Open::new(&shared);
    let number = shared.accepted.fetch_add(1, Ordering::SeqCst);
    let _ = stream.set_nodelay(true);
    if !play(&mut stream, &shared.greeting(number)).await {
        return;
    }
    let mut requests = Requests::default();
    loop {
        match tokio::time::timeout(shared.plan.keep_alive, requests.next(&mut stream)).await {
            Ok(Some(request)) if play(&mut stream, &shared.answer(request)).await => {}
            Ok(_) => return,
            Err(_) => return shared.close_idle(&mut stream, &mut requests).await,
        }
    }
}

impl Shared {
    /// Closes a connection that was idle for too long. A request already on the wire is read but not processed.
    async fn close_idle(&self, stream: &mut TcpStream, requests: &mut Requests) {
        self.ledger.idle().note_closed();
        let _ = stream.shutdown().await;
        if let Ok(Some(Request { is_start: true, .. })) = tokio::time::timeout(LINGER, requests.next(stream)).await {
            self.ledger.idle().note_crossed();
        }
    }

    /// The fault of a connection before any request is read.
    fn greeting(&self, number: u64) -> Vec<Step> {
        let mut random = self.plan.random(number ^ (1 << 60));
        match random.u8(0..200) {
            _ if self.script != Script::Drawn => Vec::new(),
            0 => vec![Step::Reset],
            1 => vec![Step::Hang],
            2 => vec![Step::Send(garbage::bytes(&mut random, 50)), Step::Close],
            3 => vec![Step::Pause(Duration::from_millis(20))],
            _ => Vec::new(),
        }
    }

    /// The response to a request.
    fn answer(&self, request: Request) -> Vec<Step> {
        let Request { id, is_start } = request;
        let Some(entry) = self.ledger.entry(id) else { return vec![Step::Close] };
        let before = if is_start { entry.note_start() } else { entry.note_look() };
        let arrivals = self.ledger.note_arrival();
        self.count(arrivals + 1);
        let is_down = self.script == Script::Drawn && self.plan.is_down(arrivals);
        if is_down && id.kind != Kind::Operation {
            self.ledger.outage().note(before);
        }
        let what = id.key() ^ (u64::from(before) << 40) ^ (u64::from(is_start) << 39);
        let mut random = self.plan.random(what);
        let calm = match (id.kind, is_start) {
            (Kind::Operation, true) => 85,
            (Kind::Operation, false) => 70,
            (Kind::Look | Kind::Start, _) => 60,
        };
        let fault = match self.script {
            Script::Always(fault) => fault,
            Script::Once(fault) if !is_start && before == 1 => fault,
            Script::Once(_) => Fault::None,
            Script::Drawn if is_down => Fault::Status(503, RetryAfter::Unsaid),
            Script::Drawn => Fault::draw(&mut random, calm),
        };
        if is_start && fault.acts() {
            entry.note_acted();
        }
        let good = if is_start { work::started(id) } else { work::result(&self.plan, id, before) };
        fault.steps(id, &good, &mut random)
    }

    /// Restarts at even intervals of the run.
    fn count(&self, arrivals: u64) {
        let part = u64::from(self.plan.calls + self.plan.operations) / (u64::from(self.plan.restarts) + 1);
        let is_due = part > 0 && arrivals.is_multiple_of(part) && arrivals / part <= u64::from(self.plan.restarts);
        if is_due && self.script == Script::Drawn {
            self.goes_away.notify_one();
        }
    }
}
