//! The server: accepts, draws a fault for every request, and now and then goes away with all its connections.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
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

/// How long it is away.
const AWAY: Duration = Duration::from_millis(30);

/// Below the ports that systems give to those who connect: none of them can take it while the server is away.
const PORTS: std::ops::Range<u16> = 18_000..32_000;

/// A server on this machine, in a thread of its own.
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
    /// The same for every request, and none for connections.
    always: Option<Fault>,
    ledger: Arc<Ledger>,
    accepted: AtomicU64,
    open: AtomicUsize,
    restarts: AtomicU32,
    goes_away: Notify,
}

impl Server {
    /// Faults as the plan draws them.
    ///
    /// # Errors
    /// If there is no port or no thread for it.
    pub fn start(plan: Plan, ledger: Arc<Ledger>) -> Result<Self> {
        Self::with(plan, ledger, None)
    }

    /// The same fault for every request.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn always(fault: Fault, plan: Plan, ledger: Arc<Ledger>) -> Result<Self> {
        Self::with(plan, ledger, Some(fault))
    }

    fn with(plan: Plan, ledger: Arc<Ledger>, always: Option<Fault>) -> Result<Self> {
        let shared = Arc::new(Shared {
            plan,
            always,
            ledger,
            accepted: AtomicU64::default(),
            open: AtomicUsize::default(),
            restarts: AtomicU32::default(),
            goes_away: Notify::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let listener = bind_any()?;
        let address = listener.local_addr().context("a bound socket has an address")?;
        // It takes a moment, which no request should have to wait for.
        garbage::bomb();
        let (stop, stopped) = oneshot::channel();
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || runtime.block_on(serve(listener, address, &own, stopped)));
        Ok(Self { address, shared, stop, thread })
    }

    /// Where clients come.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// How often it went away.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.shared.restarts.load(Ordering::SeqCst)
    }

    /// Ends it.
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
                    // The calls that are left say so, each with its error.
                    Err(_) => return,
                };
            }
            _ = &mut stopped => return,
        }
    }
}

/// Counts a connection as long as it is there.
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
    while let Some(request) = requests.next(&mut stream).await {
        if !play(&mut stream, &shared.answer(request)).await {
            return;
        }
    }
}

impl Shared {
    /// What a connection is met with before anything is read.
    fn greeting(&self, number: u64) -> Vec<Step> {
        let mut random = self.plan.random(number ^ (1 << 60));
        match random.u8(0..200) {
            _ if self.always.is_some() => Vec::new(),
            0 => vec![Step::Reset],
            1 => vec![Step::Hang],
            2 => vec![Step::Send(garbage::bytes(&mut random, 50)), Step::Close],
            3 => vec![Step::Pause(Duration::from_millis(20))],
            _ => Vec::new(),
        }
    }

    /// What a request is answered with.
    fn answer(&self, request: Request) -> Vec<Step> {
        let Request { id, is_start } = request;
        let Some(entry) = self.ledger.entry(id) else { return vec![Step::Close] };
        let before = if is_start { entry.note_start() } else { entry.note_look() };
        let arrivals = self.ledger.note_arrival();
        self.count(arrivals + 1);
        let is_down = self.always.is_none() && self.plan.is_down(arrivals);
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
        let fault = match self.always {
            Some(fault) => fault,
            None if is_down => Fault::Status(503, RetryAfter::Unsaid),
            None => Fault::draw(&mut random, calm),
        };
        if is_start && fault.acts() {
            entry.note_acted();
        }
        let good = if is_start { work::started(id) } else { work::result(&self.plan, id, before) };
        fault.steps(&good, &mut random)
    }

    /// Goes away at even parts of the whole.
    fn count(&self, arrivals: u64) {
        let part = u64::from(self.plan.calls + self.plan.operations) / (u64::from(self.plan.restarts) + 1);
        let is_due = part > 0 && arrivals.is_multiple_of(part) && arrivals / part <= u64::from(self.plan.restarts);
        if is_due && self.always.is_none() {
            self.goes_away.notify_one();
        }
    }
}
