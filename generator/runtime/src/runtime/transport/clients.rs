//! The HTTP clients behind a client of an API, one for each kind of connection that a request may use. Each is built when
//! it is first needed.

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

/// How long an unused connection is kept for requests that may be repeated. Load balancers usually close after a minute.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// How often an HTTP/2 connection is pinged, and how long it may take to answer. Without a ping, a connection that fell
/// silent looks the same as one whose server takes its time.
#[cfg(feature = "http2")]
const PING: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(10));

/// What a user adds to the settings of the HTTP client.
pub(crate) type Customize = Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

/// The settings of every HTTP client.
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    /// How long a connection may have been idle before a request that must not be repeated.
    pub(crate) non_idempotent_idle: Duration,
    pub(crate) customize: Option<Customize>,
}

/// What a request needs of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) network: Network,
    pub(crate) reuse: Reuse,
}

/// Which connections a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// Any that is kept.
    Kept,
    /// One that was in use just now: a server that closes an idle connection cannot meet the request on its way.
    Recent,
    /// As `Recent`, and the attempt notes whether it was still connecting when its time was up.
    Noted,
}

/// The HTTP clients.
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

/// The connections of one client. `None` before the first request, and after they were given up.
#[derive(Default)]
struct Pool {
    current: RwLock<Option<Arc<Built>>>,
}

/// A client, as long as its connections are in use.
pub(crate) struct Built {
    client: Client,
    /// The servers whose latest response came over HTTP/1.
    http_1: RwLock<BTreeSet<String>>,
}

impl Built {
    /// Notes the protocol that a server has answered with.
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
    /// Builds the first client already, so that settings that the HTTP library refuses are an error at once.
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

    /// Hands a request to the client of a route.
    ///
    /// # Errors
    /// If that client was not built yet and cannot be.
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

    /// Whether several requests to a server may use one connection at a time. That is HTTP/2, and without TLS there is none,
    /// unless custom settings ask for it.
    pub(crate) fn may_share_connections(&self, server: &ServerUrl) -> bool {
        server.is_https() || self.settings.customize.is_some()
    }

    /// Leaves the connections of a client alone from now on, unless those to this server are of HTTP/1, which are closed with
    /// the attempt: over HTTP/2 the next request would use the one that may have fallen silent. Requests under way are not
    /// disturbed.
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

    /// A client without redirects and without resending, whatever the user's settings say.
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
            // Without this number it would keep a copy of every request for a second sending that never comes.
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
            Error::configuration("http_client", "the HTTP client cannot be built").with_source(error.without_url())
        })
    }
}

/// Without the certificates that are trusted, and with the library that starts faster if there are two.
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

    /// Keeps a client, unless another request has built one meanwhile, and returns the one that is kept.
    fn put(&self, client: Client) -> Arc<Built> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.get_or_insert_with(|| Arc::new(Built { client, http_1: RwLock::default() })).clone()
    }

    /// Drops a client. Another may have taken its place already: it stays.
    fn give_up(&self, built: &Arc<Built>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, built)) {
            *current = None;
        }
    }
}
