//! A local server that accepts two requests and rejects all others, so that all clients are measured with the same requests.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::exchange::{DONE, KEY, PROXY, STARTED, parameters, result_path, start_path};

/// Serves until the future is dropped.
///
/// # Errors
///
/// The system cannot accept more connections.
pub async fn serve(listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(stream));
    }
}

async fn connection(stream: TcpStream) {
    let known = Known { start: start_path(), result: result_path(), body: expected_body() };
    let answer = service_fn(async |request| Ok::<_, Infallible>(known.answer(request).await));
    // If a client aborts, it reports the error itself.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

/// The two requests.
struct Known {
    start: String,
    result: String,
    body: Value,
}

impl Known {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if !is_authentic(&request) {
            response(StatusCode::UNAUTHORIZED, "{}")
        } else if *request.method() == Method::GET && path == self.result {
            response(StatusCode::OK, DONE)
        } else if *request.method() == Method::POST && path == self.start && sends(request, &self.body).await {
            response(StatusCode::CREATED, STARTED)
        } else {
            response(StatusCode::BAD_REQUEST, "{}")
        }
    }
}

fn is_authentic(request: &Request<Incoming>) -> bool {
    let header = |name: &str| request.headers().get(name).map(HeaderValue::as_bytes);
    header("x-api-key") == Some(KEY.as_bytes()) && header(ACCEPT.as_str()) == Some(b"application/json")
}

async fn sends(request: Request<Incoming>, expected: &Value) -> bool {
    let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    serde_json::from_slice::<Value>(&body).is_ok_and(|body| body == *expected)
}

fn expected_body() -> Value {
    json!({"parameters": parameters(), "proxy": PROXY, "createAttempts": 3, "checkAttempts": 3, "saveTrace": true})
}

fn response(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
