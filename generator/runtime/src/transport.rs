//! Sending one request and getting the head of one reply. It alone knows the errors of the HTTP library.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Request, Response, Url};

use super::error::{BoxError, Error};
use super::error_kind::{BodyFailure, ErrorKind, TimeoutKind};

/// How long an unused connection is kept. Less than the minute after which usual load balancers close it: a request
/// that meets the closing is lost, and must not be sent again if it starts something.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// What carries requests, for tests that need none of the network.
#[doc(hidden)]
pub trait Exchange: Send + Sync {
    /// One request, one reply.
    fn execute(&self, request: Request) -> Exchanged;
}

/// The reply of what carries requests, to come.
#[doc(hidden)]
pub type Exchanged = Pin<Box<dyn Future<Output = Result<Response, ExchangeFailure>> + Send>>;

/// Why no reply began.
#[doc(hidden)]
#[derive(Debug)]
pub struct ExchangeFailure {
    /// What is known of it.
    pub kind: FailureKind,
    /// The cause; it names no address.
    pub source: BoxError,
}

/// What is known of a request that got no reply.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection was made.
    Connect,
    /// No connection was made in time.
    ConnectTimeout,
    /// A limit of the HTTP client passed.
    Timeout,
    /// The HTTP client gave up following redirects.
    Redirect,
    /// The HTTP client refused the request.
    Refused,
    /// Anything else: the request may have been sent.
    Broken,
}

/// Which proxy our own client uses.
#[derive(Clone, Copy)]
pub(super) enum Proxy {
    /// The one the environment names, if any.
    FromEnvironment,
    /// None: what stays on this machine in plain text is not carried elsewhere.
    None,
}

#[derive(Clone)]
pub(super) enum Transport {
    /// Our own client, which follows no redirects.
    Own(Client),
    /// One from the user, which may.
    Supplied(Client),
    /// A stand-in.
    Exchange(Arc<dyn Exchange>),
}

impl Transport {
    /// Our own client: no redirects, no resending, no cookies.
    pub(super) fn own(connect_timeout: Duration, proxy: Proxy) -> Result<Self, Error> {
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Without this number it would keep a copy of every request for a second sending that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(POOL_IDLE);
        let builder = match proxy {
            Proxy::FromEnvironment => builder,
            Proxy::None => builder.no_proxy(),
        };
        let client = builder.build().map_err(|error| {
            Error::configuration("http_client", "it cannot be set up").with_source(error.without_url())
        })?;
        Ok(Self::Own(client))
    }

    /// Takes a request; over HTTP nothing is sent before the reply is waited for.
    pub(super) fn send(&self, request: Request) -> Sending<impl Future<Output = reqwest::Result<Response>>> {
        match self {
            Self::Own(client) => Sending::Http { pending: client.execute(request), asked: None },
            Self::Supplied(client) => {
                let asked = Some(Box::new(request.url().clone()));
                Sending::Http { pending: client.execute(request), asked }
            }
            Self::Exchange(exchange) => Sending::Exchange(exchange.execute(request)),
        }
    }
}

/// A request under way.
pub(super) enum Sending<F> {
    Http {
        pending: F,
        /// The address, if it is to be that of the reply: redirects of a client that is not our own cannot be switched
        /// off, but they can be seen.
        asked: Option<Box<Url>>,
    },
    Exchange(Exchanged),
}

impl<F: Future<Output = reqwest::Result<Response>>> Sending<F> {
    /// The begin of the reply.
    pub(super) async fn reply(self) -> Result<Response, Error> {
        match self {
            Self::Http { pending, asked } => {
                let response = pending.await.map_err(|error| failed(classify(error)))?;
                if asked.is_none_or(|asked| *asked == *response.url()) { Ok(response) } else { Err(followed()) }
            }
            Self::Exchange(exchanged) => exchanged.await.map_err(failed),
        }
    }
}

fn followed() -> Error {
    let message = "the supplied HTTP client followed a redirect; build it with redirect::Policy::none()";
    Error::new(ErrorKind::Redirect, message).with_maybe_sent(true)
}

/// A timeout while connecting is both a timeout and a failure to connect, so connecting is asked first.
fn classify(error: reqwest::Error) -> ExchangeFailure {
    let kind = match () {
        () if error.is_connect() && error.is_timeout() => FailureKind::ConnectTimeout,
        () if error.is_connect() => FailureKind::Connect,
        () if error.is_timeout() => FailureKind::Timeout,
        () if error.is_redirect() => FailureKind::Redirect,
        () if error.is_builder() => FailureKind::Refused,
        () => FailureKind::Broken,
    };
    ExchangeFailure { kind, source: error.without_url().into() }
}

fn failed(failure: ExchangeFailure) -> Error {
    let (kind, message, maybe_sent) = match failure.kind {
        FailureKind::Connect => (ErrorKind::Connection, "no connection", false),
        FailureKind::ConnectTimeout => (ErrorKind::Timeout(TimeoutKind::Connect), "connecting took too long", false),
        FailureKind::Timeout => (ErrorKind::Timeout(TimeoutKind::Attempt), "the HTTP client's time limit passed", true),
        FailureKind::Redirect => (ErrorKind::Redirect, "the supplied HTTP client followed redirects", true),
        FailureKind::Refused => (ErrorKind::InvalidArgument, "the HTTP client refused the request", false),
        FailureKind::Broken => (ErrorKind::Connection, "the connection broke before a reply", true),
    };
    let unconnected = matches!(failure.kind, FailureKind::Connect | FailureKind::ConnectTimeout);
    Error::new(kind, message).with_maybe_sent(maybe_sent).with_unconnected(unconnected).with_source(failure.source)
}

/// The next part of a body; none at its end.
pub(super) async fn next_chunk(response: &mut Response) -> Result<Option<bytes::Bytes>, (BodyFailure, BoxError)> {
    response.chunk().await.map_err(|error| (BodyFailure::Truncated, error.without_url().into()))
}
