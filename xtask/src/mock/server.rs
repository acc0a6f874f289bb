//! The service over HTTP/1 on this machine.

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
use super::service::{Reply, Service};

/// The longest body of a request, in bytes.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// A service that listens.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

struct Shared {
    service: Mutex<Service>,
    begun: Instant,
}

impl Server {
    /// Listens on the loopback address; on any free port, if that is 0.
    ///
    /// # Errors
    ///
    /// The port is taken, or not allowed.
    pub async fn bind(service: Service, port: u16) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address} (`--port N` takes another)"))?;
        Ok(Self { listener, shared: Arc::new(Shared { service: Mutex::new(service), begun: Instant::now() }) })
    }

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// The system does not say.
    pub fn address(&self) -> Result<SocketAddr> {
        self.listener.local_addr().context("the address is not known")
    }

    /// Serves until something has come to pass. `log` is told of every request, in a line.
    pub async fn serve(self, until: impl Future, mut log: impl FnMut(&str)) {
        let (sender, mut lines) = mpsc::unbounded_channel::<String>();
        let mut until = pin!(until);
        loop {
            tokio::select! {
                _ = &mut until => break,
                Some(line) = lines.recv() => log(&line),
                connection = self.listener.accept() => {
                    // A connection that is gone before it is taken concerns nobody.
                    if let Ok((stream, _)) = connection {
                        tokio::spawn(converse(stream, self.shared.clone(), sender.clone()));
                    }
                }
            }
        }
        while let Ok(line) = lines.try_recv() {
            log(&line);
        }
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>, log: UnboundedSender<String>) {
    let answer = service_fn(|request| answer(request, &shared, &log));
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer);
    // How a client leaves is its own affair.
    let _ = connection.await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    shared: &Shared,
    log: &UnboundedSender<String>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let line = format!("{} {}", head.method, head.uri.path());
    let reply = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => {
            let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
            let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers: Vec<(&str, String)> =
                head.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect();
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let request = Request::new(head.method.as_str(), target, &headers, &body.to_bytes());
            let mut service = shared.service.lock().unwrap_or_else(PoisonError::into_inner);
            service.answer(&request, shared.begun.elapsed())
        }
        Err(_) => Reply::too_large(),
    };
    let remark = reply.remark.as_ref().map(|remark| format!(" ({remark})")).unwrap_or_default();
    // Nobody reads the log once the server stops.
    let _ = log.send(format!("{line} -> {}{remark}", reply.status));
    Ok(response(reply))
}

fn response(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut response = hyper::Response::new(Full::from(reply.body));
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap_or_default();
    let content_type = reply.content_type.map(|name| (CONTENT_TYPE, name));
    let headers = reply.headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value));
    for (name, value) in content_type.into_iter().chain(headers) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
