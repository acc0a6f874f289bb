//! A loopback server that answers requests with the responses of a scenario, in order, and records the requests.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::scenarios::{Body, Response, text};

/// The servers whose address the absolute links of the suite have.
const ORIGINALS: [&str; 2] = ["http://localhost:3000", "PLACEHOLDER_BASE_URL"];

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A running server. It ends when it is dropped.
pub(crate) struct Server {
    url: String,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    responses: Vec<Response>,
    received: Mutex<Vec<Received>>,
    url: String,
}

impl Server {
    /// Starts a server.
    pub(crate) async fn start(responses: Vec<Response>) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen on the loopback address")?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(State { responses, received: Mutex::default(), url: url.clone() });
        let task = tokio::spawn(accept(listener, state.clone()));
        Ok(Self { url, state, task })
    }

    /// The URL, without a path.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| handle(request, &state));
            // The client may close the connection at any time.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn handle(request: hyper::Request<Incoming>, state: &State) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let value = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let received = Received {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers.iter().map(|(name, text)| (name.as_str().to_owned(), value(text))).collect(),
        body,
    };
    let mut all = state.received.lock().unwrap_or_else(PoisonError::into_inner);
    let response = state.responses.get(all.len());
    all.push(received);
    Ok(response.map_or_else(unexpected, |response| answer(response, &state.url)))
}

/// The response to a request after the last one of the scenario.
fn unexpected() -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::default());
    *response.status_mut() = hyper::StatusCode::IM_A_TEAPOT;
    response
}

fn answer(response: &Response, url: &str) -> hyper::Response<Full<Bytes>> {
    let body = body(response.body.as_ref(), url);
    let mut answer = hyper::Response::new(Full::from(body));
    *answer.status_mut() = hyper::StatusCode::from_u16(response.status).unwrap_or_default();
    if let Some(Body::Content(content)) = &response.body
        && let Ok(value) = HeaderValue::from_str(&content.media_type)
    {
        answer.headers_mut().insert(CONTENT_TYPE, value);
    }
    for (name, value) in &response.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name), HeaderValue::from_str(&with_links(&text(value), url)))
        {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// The bytes of a body, with absolute links to this server.
pub(crate) fn body(body: Option<&Body>, url: &str) -> Vec<u8> {
    let Some(Body::Content(content)) = body else { return Vec::new() };
    match std::str::from_utf8(&content.bytes) {
        Ok(text) => with_links(text, url).into_bytes(),
        Err(_) => content.bytes.clone(),
    }
}

/// Text with absolute links to this server.
pub(crate) fn with_links(text: &str, url: &str) -> String {
    ORIGINALS.iter().fold(text.to_owned(), |text, original| text.replace(original, url))
}
