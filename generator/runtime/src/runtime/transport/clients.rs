//! The HTTP clients that a client of an API uses, one for each kind of connection. Each is built when it is first needed.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Request, Response, Version};

use super::connecting::NoteConnects;
use super::proxy_env;
use crate::runtime::error::Error;
use crate::runtime::request::server::Network;
use crate::runtime::request::server::ServerUrl;

/// How long an idle connection is kept for idempotent requests. Load balancers usually close one after a minute.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// The interval of pings on an HTTP/2 connection, and how long each may remain unanswered. Without pings, a connection that is
/// lost looks the same as one whose server is slow.
#[cfg(feature = "http2")]
const PING: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(10));

/// A function of the user that changes the settings of the HTTP client.
pub(crate) type Customize = Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

/// The settings of every HTTP client.
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    /// How long a connection may have been idle before a non-idempotent request uses it.
    pub(crate) non_idempotent_idle: Duration,
    pub(crate) customize: Option<Customize>,
}

/// The kind of connection that a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) network: Network,
    pub(crate) reuse: Reuse,
}

/// Which connections a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// Any connection in the pool.
    Kept,
    /// A connection that was in use a short time ago, so that the server is not closing it as idle while the request is sent.
    Recent,
    /// As `Recent`. In addition it is recorded whether the attempt is still connecting, in case its time limit passes.
    Noted,
}

/// The HTTP clients, for each kind of connection.
pub(crate) struct Clients {
    settings: Settings,
    remote: Pools,
    loopback: Pools,
    plain_loopback: Pools,
}

#[derive(Default)]
struct Pools {
    kept: Pool,
    recent: Pool,
    noted: Pool,
}

/// The current HTTP client of one kind. `None` before the first request, and after the client was given up.
#[derive(Default)]
struct Pool {
    current: RwLock<Option<Arc<Built>>>,
}

/// An HTTP client, with its connections.
pub(crate) struct Built {
    client: Client,
    /// The servers whose latest response used HTTP/1.
    http_1: RwLock<BTreeSet<String>>,
}

impl Built {
    /// Records the protocol of a server's response.
    pub(crate) fn note(&self, server: &str, version: Version) {
        let is_http_1 = version != Version::HTTP_2;
        if self.has_http_1(server) == is_http_1 {
            return;
        }
        let mut http_1 = self.http_1.write().unwrap_or_else(PoisonError::into_inner);
        if is_http_1 {
            http_1.insert(server.to_owned());
        } else {
            http_1.remove(server);
        }
    }

    fn has_http_1(&self, server: &str) -> bool {
        self.http_1.read().unwrap_or_else(PoisonError::into_inner).contains(server)
    }
}

impl Clients {
    /// Builds the first HTTP client at once, so that settings that the HTTP library rejects are reported early.
    pub(crate) fn new(settings: Settings, network: Network) -> Result<Self, Error> {
        let [remote, loopback, plain_loopback] = [(); 3].map(|()| Pools::default());
        let clients = Self { settings, remote, loopback, plain_loopback };
        let route = Route { network, reuse: Reuse::Kept };
        clients.pool(route).put(clients.build(route)?);
        Ok(clients)
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        self.settings.connect_timeout
    }

    /// Sends a request with the HTTP client of a route.
    ///
    /// # Errors
    ///
    /// Fails if that HTTP client is needed for the first time and cannot be built.
    pub(crate) fn execute(
        &self,
        route: Route,
        request: Request,
    ) -> Result<(impl Future<Output = reqwest::Result<Response>> + Unpin + use<>, Arc<Built>), Error> {
        let pool = self.pool(route);
        let built = match pool.current() {
            Some(current) => current,
            None => pool.put(self.build(route)?),
        };
        Ok((built.client.execute(request), built))
    }

    /// Whether several requests to a server may share one connection. Only HTTP/2 does that, which is not used without TLS,
    /// unless custom settings enable it.
    pub(crate) fn may_share_connections(&self, server: &ServerUrl) -> bool {
        server.is_https() || self.settings.customize.is_some()
    }

    /// Makes later requests use new connections, because over HTTP/2 they would share the one that may no longer respond.
    ///
    /// Connections to a server that uses HTTP/1 are kept: that of the attempt is closed with the attempt. Requests that are
    /// being sent are not affected.
    pub(crate) fn give_up(&self, route: Route, server: &str, built: &Arc<Built>) {
        if !built.has_http_1(server) {
            self.pool(route).give_up(built);
        }
    }

    fn pool(&self, route: Route) -> &Pool {
        let pools = match route.network {
            Network::Remote => &self.remote,
            Network::Loopback => &self.loopback,
            Network::PlainLoopback => &self.plain_loopback,
        };
        match route.reuse {
            Reuse::Kept => &pools.kept,
            Reuse::Recent => &pools.recent,
            Reuse::Noted => &pools.noted,
        }
    }

    /// Builds an HTTP client that neither follows redirects nor resends requests. Custom settings cannot change that.
    fn build(&self, route: Route) -> Result<Client, Error> {
        let Settings { connect_timeout, non_idempotent_idle, customize } = &self.settings;
        if route.network == Network::Remote {
            proxy_env::check()?;
        }
        let builder = Client::builder().pool_idle_timeout(POOL_IDLE);
        #[cfg(feature = "http2")]
        let builder = builder
            .http2_keep_alive_interval(PING.0)
            .http2_keep_alive_timeout(PING.1)
            .http2_keep_alive_while_idle(true);
        let builder = match customize {
            Some(customize) => customize(builder),
            None => builder,
        };
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            // Without this the HTTP library would keep a copy of every request to resend it, although it never does.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .connect_timeout(*connect_timeout);
        let builder = match route.network {
            Network::Remote => builder,
            Network::PlainLoopback if customize.is_none() => without_certificates(builder).no_proxy(),
            Network::Loopback | Network::PlainLoopback => builder.no_proxy(),
        };
        let builder = match route.reuse {
            Reuse::Kept => builder,
            Reuse::Recent => builder.pool_idle_timeout(*non_idempotent_idle),
            Reuse::Noted => builder.pool_idle_timeout(*non_idempotent_idle).connector_layer(NoteConnects),
        };
        builder.build().map_err(|error| {
            Error::configuration("http_client", "the HTTP client cannot be built with these settings")
                .with_source(error.without_url())
        })
    }
}

/// Skips loading the trusted certificates, and selects the TLS library that starts faster if there are two.
fn without_certificates(builder: ClientBuilder) -> ClientBuilder {
    #[cfg(any(feature = "rustls-tls", feature = "native-tls"))]
    let builder = builder.tls_certs_only([]);
    #[cfg(feature = "rustls-tls")]
    let builder = builder.tls_backend_rustls();
    builder
}

impl Pool {
    fn current(&self) -> Option<Arc<Built>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stores an HTTP client, unless another request has stored one in the meantime. Returns the one that is stored.
    fn put(&self, client: Client) -> Arc<Built> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.get_or_insert_with(|| Arc::new(Built { client, http_1: RwLock::default() })).clone()
    }

    /// Drops this HTTP client. One that has replaced it already is kept.
    fn give_up(&self, built: &Arc<Built>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, built)) {
            *current = None;
        }
    }
}
