//! A stub HTTP exchange that always returns the same response, and an operation to call it with.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::Frame;
use sdk_runtime::{
    ClientSpec, Config, Core, Error, Exchange, ExchangeFailure, HttpMethod, Method, Operation, OperationMeta,
    Placement, RawResponse, RequestWriter, RetryConfig, RetryDefaults, RetryStrategy, SecurityScheme,
};
use tokio::runtime::Runtime;

/// The credential, which no error may contain.
pub(crate) const KEY: &str = "key-that-nobody-may-see";

static SPEC: ClientSpec = ClientSpec {
    security: &[],
    user_agent: "fuzz/1",
    server_url: Some("https://example.invalid/"),
    retry: RetryDefaults {
        strategy: RetryStrategy::None,
        initial_interval_ms: 1,
        max_interval_ms: 1,
        exponent: 1.0,
        max_elapsed_time_ms: 1,
        codes: &[],
        retry_connection_errors: false,
    },
    schemes: &[SecurityScheme { name: "key", setting: "key", placement: Placement::Header("x-api-key") }],
};

/// The response to every request.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body in pieces, as it arrives.
    pub(crate) pieces: Vec<Bytes>,
    /// Whether the connection breaks after the pieces.
    pub(crate) breaks: bool,
}

impl Exchange for Canned {
    fn execute(
        &self,
        _request: sdk_runtime::reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = Result<sdk_runtime::reqwest::Response, ExchangeFailure>> + Send>> {
        let body = Pieces { left: self.pieces.clone().into(), breaks: self.breaks };
        let mut response = http::Response::new(sdk_runtime::reqwest::Body::wrap(body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        Box::pin(async move { Ok(response.into()) })
    }
}

struct Pieces {
    left: VecDeque<Bytes>,
    breaks: bool,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let piece = self.left.pop_front().map(|piece| Ok(Frame::data(piece)));
        let breaks = piece.is_none() && std::mem::take(&mut self.breaks);
        Poll::Ready(if breaks { Some(Err(std::io::ErrorKind::ConnectionReset.into())) } else { piece })
    }
}

/// A client that receives this response and does not retry.
pub(crate) fn client(response: Canned) -> Result<Core, Error> {
    let mut config = Config::new(&SPEC);
    config.credential("key", KEY.into());
    config.retry_config(RetryConfig::none());
    config.exchange(response);
    config.build()
}

/// The runtime for calls. Shared by all inputs, as creating one dominates the cost of a call.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap_or_else(|error| unreachable!("cannot start the async runtime: {error}"))
    });
    &RUNTIME
}

/// An operation whose response is any JSON.
pub(crate) struct Look;

pub(crate) const META: OperationMeta = OperationMeta {
    id: "look",
    method: HttpMethod::Known(Method::GET),
    path: "/things",
    accept: Some("application/json"),
    idempotent: true,
    idempotency_key: None,
    retry: None,
    security: &[&["key"]],
    server: None,
};

impl Operation for Look {
    type Output = serde_json::Value;

    const META: OperationMeta = META;

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/things");
        Ok(())
    }

    fn decode(response: &RawResponse) -> Result<serde_json::Value, Error> {
        response.json()
    }
}
