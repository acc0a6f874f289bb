//! Sends one request and receives the head of its response.

pub(crate) mod body;
pub(crate) mod clients;
pub(crate) mod connecting;
pub(crate) mod failure;
pub(crate) mod proxy_env;
pub(crate) mod response;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, Response};

use self::clients::{Built, Clients, Reuse, Route};
use self::connecting::Connecting;
use self::failure::{ExchangeFailure, FailureKind, classify, failed};
use crate::runtime::error::kind::{BodyFailure, ErrorKind, TimeoutKind};
use crate::runtime::error::{BoxError, Error};
use crate::runtime::request::server::ServerUrl;

/// How much longer than the connect timeout an attempt must be able to last, so that the connect timeout certainly passes
/// first.
const MARGIN: Duration = Duration::from_secs(1);

/// A replacement for the network, for tests.
#[doc(hidden)]
pub trait Exchange: Send + Sync {
    /// Sends one request and returns its response.
    fn execute(&self, request: Request) -> Exchanged;
}

/// The future response of an [`Exchange`].
#[doc(hidden)]
pub type Exchanged = Pin<Box<dyn Future<Output = Result<Response, ExchangeFailure>> + Send>>;

/// How requests are sent.
pub(crate) enum Transport {
    Http(Box<Clients>),
    Exchange(Arc<dyn Exchange>),
}

impl Transport {
    /// Prepares to send a request. Nothing is sent before the response is awaited.
    ///
    /// # Errors
    ///
    /// Fails if the HTTP client for the request cannot be built.
    pub(crate) fn send<'a>(
        &'a self,
        request: Request,
        server: &'a ServerUrl,
        is_idempotent: bool,
        left: Duration,
    ) -> Result<Sending<'a, impl Future<Output = reqwest::Result<Response>> + Unpin + use<>>, Error> {
        match self {
            Self::Http(clients) => {
                let reuse = match () {
                    () if left < clients.connect_timeout().saturating_add(MARGIN) => Reuse::Noted,
                    () if is_idempotent => Reuse::Kept,
                    () => Reuse::Recent,
                };
                let route = Route { network: server.network(), reuse };
                let (pending, built) = clients.execute(route, request)?;
                let pending = match reuse {
                    Reuse::Noted => Pending::Noted(Connecting::new(pending)),
                    Reuse::Kept | Reuse::Recent => Pending::Plain(pending),
                };
                let connection =
                    clients.may_share_connections(server).then_some(Connection { clients, route, server, built });
                Ok(Sending::Http { pending, is_https: server.is_https(), connection })
            }
            Self::Exchange(exchange) => Ok(Sending::Exchange(exchange.execute(request))),
        }
    }
}

/// A request that is being sent.
pub(crate) enum Sending<'a, F> {
    Http {
        pending: Pending<F>,
        is_https: bool,
        /// Set only if the connection may be shared with other requests.
        connection: Option<Connection<'a>>,
    },
    Exchange(Exchanged),
}

pub(crate) enum Pending<F> {
    Plain(F),
    Noted(Connecting<F>),
}

impl<F: Future> Pending<F> {
    /// Whether there is certainly no connection yet.
    fn is_connecting(&self) -> bool {
        matches!(self, Self::Noted(pending) if pending.is_connecting())
    }
}

/// The connection of a request, which other requests may share.
pub(crate) struct Connection<'a> {
    clients: &'a Clients,
    route: Route,
    server: &'a ServerUrl,
    built: Arc<Built>,
}

impl Connection<'_> {
    /// Makes later requests use other connections, because this one may no longer respond.
    pub(crate) fn give_up(&self) {
        self.clients.give_up(self.route, self.server.authority(), &self.built);
    }
}

impl<'a, F: Future<Output = reqwest::Result<Response>> + Unpin> Sending<'a, F> {
    /// Sends the request and returns the head of the response.
    pub(crate) async fn response(&mut self) -> Result<Response, Error> {
        match self {
            Self::Http { pending, is_https, connection } => {
                let outcome = match pending {
                    Pending::Plain(pending) => pending.await,
                    Pending::Noted(pending) => pending.await,
                };
                let response = outcome.map_err(|error| {
                    let failure = classify(error, *is_https);
                    // This is a time limit of custom settings. The future fails before it polls the connection, so it is
                    // unknown whether there was one.
                    if let (FailureKind::Timeout, Some(connection)) = (failure.kind, &connection) {
                        connection.give_up();
                    }
                    failed(failure)
                })?;
                if let Some(Connection { server, built, .. }) = connection {
                    built.note(server.authority(), response.version());
                }
                Ok(response)
            }
            Self::Exchange(exchanged) => exchanged.await.map_err(failed),
        }
    }

    /// Returns the error of an attempt whose time limit passed before a response started.
    pub(crate) fn out_of_time(&self, kind: TimeoutKind) -> Error {
        if let Self::Http { pending, .. } = self
            && pending.is_connecting()
        {
            return Error::new(ErrorKind::Timeout(kind), "no connection was made in time").with_unconnected(true);
        }
        if let Self::Http { connection: Some(connection), .. } = self {
            connection.give_up();
        }
        too_slow(kind).with_maybe_sent(true)
    }

    /// Returns the connection, after the response has started.
    pub(crate) fn into_connection(self) -> Option<Connection<'a>> {
        match self {
            Self::Http { connection, .. } => connection,
            Self::Exchange(_) => None,
        }
    }
}

/// Returns the error of an attempt whose time limit has passed.
pub(crate) fn too_slow(kind: TimeoutKind) -> Error {
    let message = match kind {
        TimeoutKind::Total => "the call took too long",
        TimeoutKind::Attempt | TimeoutKind::Connect | TimeoutKind::Idle | TimeoutKind::Job => {
            "the attempt took too long"
        }
    };
    Error::new(ErrorKind::Timeout(kind), message)
}

/// Returns the next part of a body, or `None` at its end.
pub(crate) async fn next_chunk(response: &mut Response) -> Result<Option<bytes::Bytes>, (BodyFailure, BoxError)> {
    response.chunk().await.map_err(|error| (BodyFailure::Truncated, error.without_url().into()))
}
