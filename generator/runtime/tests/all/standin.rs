//! A stand-in for the network that uses tokio's clock, so that a test can pause it.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use sdk_runtime::{Exchange, ExchangeFailure, FailureKind};
use tokio::time::{Instant, Sleep};

/// What happens to one request.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// The wait before the head of the response, or the failure.
    pub delay: Duration,
    pub failure: Option<FailureKind>,
    pub status: u16,
    pub retry_after: Option<String>,
    /// The content type. `None` means JSON.
    pub content_type: Option<&'static str>,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// Each part of the body, with the wait before it.
    pub body: Vec<(Duration, Bytes)>,
    /// Whether the body breaks off after its parts.
    pub broken: bool,
}

impl Turn {
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body.push((Duration::ZERO, body.into()));
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn failure(failure: FailureKind) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}

type Script = dyn Fn(usize, &reqwest::Request) -> Turn + Send + Sync;

/// The stand-in and the requests that it has seen. Clones share them.
#[derive(Clone)]
pub struct Standin {
    script: Arc<Script>,
    sent: Arc<AtomicUsize>,
    /// Requests, including their bodies, that have neither ended nor been dropped.
    pub alive: Arc<AtomicUsize>,
    pub times: Arc<Mutex<Vec<Instant>>>,
}

impl Standin {
    pub fn new(script: impl Fn(usize, &reqwest::Request) -> Turn + Send + Sync + 'static) -> Self {
        Self { script: Arc::new(script), sent: Arc::default(), alive: Arc::default(), times: Arc::default() }
    }

    pub fn always(turn: Turn) -> Self {
        Self::new(move |_, _| turn.clone())
    }

    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }
}

impl Exchange for Standin {
    fn execute(
        &self,
        request: reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = Result<reqwest::Response, ExchangeFailure>> + Send>> {
        let turn = (self.script)(self.sent.fetch_add(1, Ordering::SeqCst), &request);
        self.times.lock().expect("no test panics while it holds this").push(Instant::now());
        let alive = Alive::new(&self.alive);
        Box::pin(async move {
            if !turn.delay.is_zero() {
                tokio::time::sleep(turn.delay).await;
            }
            match turn.failure {
                Some(kind) => Err(ExchangeFailure { kind, source: "injected failure".into() }),
                None => Ok(response(turn, alive)),
            }
        })
    }
}

fn response(turn: Turn, alive: Alive) -> reqwest::Response {
    let mut response = http::Response::builder()
        .status(turn.status)
        .header("content-type", turn.content_type.unwrap_or("application/json"));
    if let Some(wait) = &turn.retry_after {
        response = response.header("retry-after", wait);
    }
    for (name, value) in &turn.headers {
        response = response.header(*name, value);
    }
    let body = Parts { left: turn.body.into(), sleeping: None, broken: turn.broken, _alive: alive };
    response.body(reqwest::Body::wrap(body)).expect("a status and headers that make sense").into()
}

struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Parts {
    left: VecDeque<(Duration, Bytes)>,
    sleeping: Option<Pin<Box<Sleep>>>,
    broken: bool,
    _alive: Alive,
}

impl http_body::Body for Parts {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some((delay, _)) = self.left.front() else {
            let broken = std::mem::take(&mut self.broken);
            return Poll::Ready(broken.then(|| Err(std::io::ErrorKind::ConnectionReset.into())));
        };
        let delay = *delay;
        if !delay.is_zero() {
            let sleeping = self.sleeping.get_or_insert_with(|| Box::pin(tokio::time::sleep(delay)));
            if sleeping.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        self.sleeping = None;
        Poll::Ready(self.left.pop_front().map(|(_, part)| Ok(Frame::data(part))))
    }
}
