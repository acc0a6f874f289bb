//! Sending one request and getting the head of one response.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, Response};

use super::clients::{Built, Clients, Reuse, Route};
use super::connecting::Connecting;
use super::deadline::Limit;
use super::error::{BoxError, Error};
use super::error_kind::{BodyFailure, ErrorKind, TimeoutKind};
use super::failure::{ExchangeFailure, FailureKind, classify, failed};
use super::server::ServerUrl;

/// How much less than the connect timeout may be left of an attempt before the connect timeout can no longer be relied on
/// to pass first.
const MARGIN: Duration = Duration::from_secs(1);

/// What carries requests, for tests that need none of the network.
#[doc(hidden)]
pub trait Exchange: Send + Sync {
    /// One request, one response.
    fn execute(&self, request: Request) -> Exchanged;
}

/// The response of an [`Exchange`], to come.
#[doc(hidden)]
pub type Exchanged = Pin<Box<dyn Future<Output = Result<Response, ExchangeFailure>> + Send>>;

/// How requests are carried.
pub(super) enum Transport {
    Http(Box<Clients>),
    Exchange(Arc<dyn Exchange>),
}

impl Transport {
    /// Takes a request. Nothing is sent before the response is awaited.
    ///
    /// # Errors
    /// If the HTTP client for it cannot be built.
    pub(super) fn send<'a>(
        &'a self,
        request: Request,
        server: &'a ServerUrl,
        is_idempotent: bool,
        limit: &Limit,
    ) -> Result<Sending<'a, impl Future<Output = reqwest::Result<Response>> + Unpin + use<>>, Error> {
        match self {
            Self::Http(clients) => {
                let reuse = match () {
                    () if limit.left() < clients.connect_timeout().saturating_add(MARGIN) => Reuse::Noted,
                    () if is_idempotent => Reuse::Kept,
                    () => Reuse::Recent,
                };
                let route = Route { network: server.network(), reuse };
                let (pending, built) = clients.execute(route, request)?;
                let pending = match reuse {
                    Reuse::Noted => Pending::Noted(Connecting::new(pending)),
                    Reuse::Kept | Reuse::Recent => Pending::Plain(pending),
                };
                Ok(Sending::Http {
                    pending,
                    connection: Connection { clients, route, server: server.authority(), built },
                })
            }
            Self::Exchange(exchange) => Ok(Sending::Exchange(exchange.execute(request))),
        }
    }
}

/// A request under way.
pub(super) enum Sending<'a, F> {
    Http { pending: Pending<F>, connection: Connection<'a> },
    Exchange(Exchanged),
}

pub(super) enum Pending<F> {
    Plain(F),
    Noted(Connecting<F>),
}

impl<F: Future> Pending<F> {
    /// Whether it is known that there was no connection yet.
    fn is_connecting(&self) -> bool {
        matches!(self, Self::Noted(pending) if pending.is_connecting())
    }
}

/// The connections that a request may be using.
pub(super) struct Connection<'a> {
    clients: &'a Clients,
    route: Route,
    server: &'a str,
    built: Arc<Built>,
}

impl Connection<'_> {
    /// Makes later requests use other connections, as this one may have fallen silent.
    fn give_up(&self) {
        self.clients.give_up(self.route, self.server, &self.built);
    }
}

impl<F: Future<Output = reqwest::Result<Response>> + Unpin> Sending<'_, F> {
    /// The start of the response.
    pub(super) async fn response(&mut self) -> Result<Response, Error> {
        match self {
            Self::Http { pending, connection } => {
                let outcome = match pending {
                    Pending::Plain(pending) => pending.await,
                    Pending::Noted(pending) => pending.await,
                };
                let response = outcome.map_err(|error| {
                    let failure = classify(error, connection.server.starts_with("https:"));
                    // A limit that custom settings have put on requests. The future did not poll the connection before it
                    // failed, so nobody knows whether there was one.
                    if failure.kind == FailureKind::Timeout {
                        connection.give_up();
                    }
                    failed(failure)
                })?;
                connection.built.note(connection.server, response.version());
                Ok(response)
            }
            Self::Exchange(exchanged) => exchanged.await.map_err(failed),
        }
    }

    /// The error of an attempt whose time was up before a response started.
    pub(super) fn out_of_time(&self, kind: TimeoutKind) -> Error {
        if let Self::Http { pending, .. } = self
            && pending.is_connecting()
        {
            return Error::new(ErrorKind::Timeout(kind), "no connection was made in time").with_unconnected(true);
        }
        self.give_up();
        too_slow(kind).with_maybe_sent(true)
    }

    /// Makes later requests use other connections, as this one may have fallen silent.
    pub(super) fn give_up(&self) {
        if let Self::Http { connection, .. } = self {
            connection.give_up();
        }
    }
}

/// The error of an attempt whose time is up.
pub(super) fn too_slow(kind: TimeoutKind) -> Error {
    let message = match kind {
        TimeoutKind::Total => "the call took too long",
        TimeoutKind::Attempt | TimeoutKind::Connect | TimeoutKind::Idle => "the attempt took too long",
    };
    Error::new(ErrorKind::Timeout(kind), message)
}

/// The next part of a body; none at its end.
pub(super) async fn next_chunk(response: &mut Response) -> Result<Option<bytes::Bytes>, (BodyFailure, BoxError)> {
    response.chunk().await.map_err(|error| (BodyFailure::Truncated, error.without_url().into()))
}
