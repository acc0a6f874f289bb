//! A server of files that can be requested in part, with a fault for every request: transfers that are cut, slow or silent, and
//! resources that change meanwhile.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::plan::Plan;
use crate::wire::{Step, play};

/// The maximum length of a file.
const LONGEST: usize = 64 << 10;

/// What happens to a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing.
    None,
    /// The connection is closed in the body.
    Cut,
    /// The connection is reset in the body.
    Reset,
    /// The body is sent in pieces, with pauses.
    Slow,
    /// Nothing follows a part of the body.
    Silent,
    /// The service is busy.
    Busy,
    /// The file changes before the rest is requested.
    Changed,
    /// The request for the rest is answered with the whole file.
    Ignored,
    /// The request for the rest is answered with another part.
    Shifted,
}

impl Fault {
    /// Whether the download has to continue with another request, or this one is repeated.
    #[must_use]
    pub fn is_retried(self) -> bool {
        matches!(self, Self::Cut | Self::Reset | Self::Silent | Self::Busy)
    }

    /// Whether the response is not the rest of what was received before.
    #[must_use]
    pub fn is_mismatch(self) -> bool {
        matches!(self, Self::Changed | Self::Ignored | Self::Shifted)
    }

    fn draw(random: &mut fastrand::Rng, is_rest: bool) -> Self {
        match random.u8(0..20) {
            0..5 => Self::Cut,
            5..8 => Self::Reset,
            8 => Self::Silent,
            9..11 => Self::Busy,
            11..13 => Self::Slow,
            13 if is_rest => *random.choice(&[Self::Changed, Self::Ignored, Self::Shifted]).unwrap_or(&Self::None),
            _ => Self::None,
        }
    }
}

/// The content of the file with this number, as it is at first.
#[must_use]
pub fn content(plan: &Plan, number: u32) -> Vec<u8> {
    content_of(plan, number, 0)
}

fn content_of(plan: &Plan, number: u32, version: u32) -> Vec<u8> {
    let mut random = plan.random(u64::from(number) | 1 << 58);
    let length = random.usize(0..LONGEST);
    let mut random = plan.random(u64::from(number) | u64::from(version) << 32 | 1 << 57);
    (0..length).map(|_| random.u8(..)).collect()
}

/// A file during its download.
#[derive(Debug, Default)]
struct File {
    version: u32,
    faults: Vec<Fault>,
}

type Files = Arc<Mutex<HashMap<u32, File>>>;

/// A local server in a separate thread.
#[derive(Debug)]
pub struct FileServer {
    address: SocketAddr,
    files: Files,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl FileServer {
    /// Starts a server with the faults drawn by the plan.
    ///
    /// # Errors
    /// A port or a thread is not available.
    pub fn start(plan: Plan) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
        listener.set_nonblocking(true).context("the socket cannot be used")?;
        let address = listener.local_addr().context("a bound socket has an address")?;
        let (stop, stopped) = oneshot::channel();
        let files = Files::default();
        let own = Arc::clone(&files);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, Arc::new(plan), own) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { address, files, stop, thread })
    }

    /// The URL for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The faults of the requests for a file, in order.
    #[must_use]
    pub fn faults(&self, number: u32) -> Vec<Fault> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(&number).map(|file| file.faults.clone()).unwrap_or_default()
    }

    /// Stops the server and closes all connections.
    pub fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

async fn accept(listener: std::net::TcpListener, plan: Arc<Plan>, files: Files) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, Arc::clone(&plan), Arc::clone(&files)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(mut stream: TcpStream, plan: Arc<Plan>, files: Files) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    while let Some(request) = next(&mut stream, &mut buffer).await {
        let steps = respond(&request, &plan, &files);
        if !play(&mut stream, &steps).await {
            return;
        }
    }
}

/// A request for a file.
struct Request {
    number: u32,
    offset: Option<usize>,
    validator: Option<String>,
}

/// The next request, which has no body. `None` if the client closed the connection.
async fn next(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(buffer.drain(..end + 4).collect()).ok()?;
            return request(&head);
        }
        if stream.read_buf(buffer).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

fn request(head: &str) -> Option<Request> {
    let number = head.strip_prefix("GET /files/")?.split(' ').next()?.parse().ok()?;
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let offset = header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    Some(Request { number, offset, validator: header("if-range") })
}

fn respond(request: &Request, plan: &Plan, files: &Files) -> Vec<Step> {
    let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
    let file = files.entry(request.number).or_default();
    let what = u64::from(request.number) | (file.faults.len() as u64) << 32 | 1 << 59;
    let mut random = plan.random(what);
    let fault = Fault::draw(&mut random, request.offset.is_some());
    file.faults.push(fault);
    file.version += u32::from(fault == Fault::Changed);
    let content = content_of(plan, request.number, file.version);
    let tag = format!("\"{}\"", file.version);
    let is_current = request.validator.as_deref() == Some(&tag) && fault != Fault::Ignored;
    let rest = request.offset.filter(|offset| is_current && *offset < content.len());
    let (head, body) = match rest {
        Some(offset) => {
            // A part that starts one byte late.
            let start = (offset + usize::from(fault == Fault::Shifted)).min(content.len() - 1);
            let range = format!("content-range: bytes {start}-{}/{}\r\n", content.len() - 1, content.len());
            (format!("HTTP/1.1 206 Partial Content\r\n{range}"), &content[start..])
        }
        None => ("HTTP/1.1 200 OK\r\naccept-ranges: bytes\r\n".to_owned(), content.as_slice()),
    };
    let head = format!("{head}etag: {tag}\r\ncontent-length: {}\r\n\r\n", body.len());
    steps(fault, head.into_bytes(), body, &mut random)
}

fn steps(fault: Fault, head: Vec<u8>, body: &[u8], random: &mut fastrand::Rng) -> Vec<Step> {
    let part = random.usize(0..body.len().max(1));
    let partly = |end: Step| vec![Step::Send([&head, &body[..part]].concat()), end];
    match fault {
        // A body that is sent completely ends the response, whatever follows.
        Fault::Cut if part < body.len() => partly(Step::Close),
        // A reset discards what the client has not read yet.
        Fault::Reset if part < body.len() => partly(Step::Reset),
        Fault::Silent if part < body.len() => partly(Step::Hang),
        Fault::Busy => vec![Step::Send(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_vec())],
        Fault::Slow => {
            let pieces = body.chunks(body.len().div_ceil(4).max(1));
            let pieces = pieces.flat_map(|piece| [Step::Pause(Duration::from_millis(5)), Step::Send(piece.to_vec())]);
            [Step::Send(head)].into_iter().chain(pieces).collect()
        }
        _ => vec![Step::Send([&head, body].concat())],
    }
}
