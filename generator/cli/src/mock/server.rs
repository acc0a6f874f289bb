//! Serves the mock over HTTP/1 on the loopback address.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedSender};

use super::request::Request;
use super::service::{Response, Service};

/// The maximum size of a request body, in bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// A service with a listening socket.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

struct Shared {
    service: Mutex<Service>,
    started: Instant,
}

impl Server {
    /// Listens on the loopback address. Port 0 picks a free port.
    ///
    /// # Errors
    ///
    /// The port is in use or not allowed.
    pub async fn bind(service: Service, port: u16) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; choose another port with `--port N`"))?;
        Ok(Self { listener, shared: Arc::new(Shared { service: Mutex::new(service), started: Instant::now() }) })
    }

    /// The address of the socket.
    ///
    /// # Errors
    ///
    /// The system does not report the address.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().context("cannot determine the address")
    }

    /// Serves until `until` completes. Calls `log` with one line for every request.
    pub async fn serve(self, until: impl Future, mut log: impl FnMut(&str)) {
        let (sender, mut lines) = mpsc::unbounded_channel::<String>();
        let mut until = pin!(until);
        loop {
            tokio::select! {
                _ = &mut until => break,
                Some(line) = lines.recv() => log(&line),
                connection = self.listener.accept() => {
                    // The client may have closed the connection before it was accepted.
                    if let Ok((stream, _)) = connection {
                        tokio::spawn(handle_connection(stream, self.shared.clone(), sender.clone()));
                    }
                }
            }
        }
        while let Ok(line) = lines.try_recv() {
            log(&line);
        }
    }
}

async fn handle_connection(stream: TcpStream, shared: Arc<Shared>, log: UnboundedSender<String>) {
    let service = service_fn(|request| handle(request, &shared, &log));
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    // A client may close the connection at any time.
    let _ = connection.await;
}

async fn handle(
    request: hyper::Request<Incoming>,
    shared: &Shared,
    log: &UnboundedSender<String>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let line = format!("{} {}", head.method, head.uri.path());
    let response = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => {
            let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
            let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers: Vec<(&str, String)> =
                head.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let request = Request::new(head.method.as_str(), target, &headers, &body.to_bytes());
            let mut service = shared.service.lock().unwrap_or_else(PoisonError::into_inner);
            service.respond(&request, shared.started.elapsed())
        }
        Err(_) => Response::too_large(),
    };
    let reason = response.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    // The receiver is gone once the server stops.
    let _ = log.send(format!("{line} -> {}{reason}", response.status));
    Ok(into_hyper(response))
}

fn into_hyper(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut converted = hyper::Response::new(Full::from(response.body));
    *converted.status_mut() = hyper::StatusCode::from_u16(response.status).unwrap_or_default();
    let content_type = response.content_type.map(|name| (CONTENT_TYPE, name));
    let headers = response.headers.into_iter();
    let headers = headers.filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value)));
    for (name, value) in content_type.into_iter().chain(headers) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            converted.headers_mut().insert(name, value);
        }
    }
    converted
}
