//! The HTTP clients behind a client of an API, one for each kind of connection that a request may use. Each is built when
//! it is first needed.

use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Request, Response, Version};

use super::connecting::NoteConnects;
use super::error::Error;
use super::proxy_env;

/// How long an unused connection is kept for requests that may be repeated. Load balancers usually close after a minute.
const POOL_IDLE: Duration = Duration::from_secs(50);

/// How often an HTTP/2 connection is pinged, and how long it may take to answer. Without a ping, a connection that fell
/// silent looks the same as one whose server takes its time.
#[cfg(feature = "http2")]
const PING: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(10));

/// What a user adds to the settings of the HTTP client.
pub(super) type Customize = Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

/// The settings of every HTTP client.
pub(super) struct Settings {
    pub(super) connect_timeout: Duration,
    /// How long a connection may have been idle before a request that must not be repeated.
    pub(super) non_idempotent_idle: Duration,
    pub(super) customize: Option<Customize>,
}

/// What a request needs of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) network: Network,
    pub(super) reuse: Reuse,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// To another machine, through a proxy if there is one.
    Remote,
    /// To this machine: never through a proxy.
    Loopback,
    /// As `Loopback`, without TLS: no certificates are needed, which take milliseconds to load.
    PlainLoopback,
}

/// Which connections a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reuse {
    /// Any that is kept.
    Kept,
    /// One that was in use just now: a server that closes an idle connection cannot meet the request on its way.
    Recent,
    /// As `Recent`, and the attempt notes whether it was still connecting when its time was up.
    Noted,
}

/// The HTTP clients.
pub(super) struct Clients {
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
    current: RwLock<Option<(Client, Protocol)>>,
}

/// The protocol of the connections of one client, shared with the requests that use them.
#[derive(Clone, Default)]
pub(super) struct Protocol(Arc<AtomicU8>);

impl Protocol {
    const HTTP_1: u8 = 1;
    const HTTP_2: u8 = 2;

    /// Notes the version of a response. One connection of HTTP/2 is enough to make the pool one of HTTP/2.
    pub(super) fn note(&self, version: Version) {
        let seen = if version == Version::HTTP_2 { Self::HTTP_2 } else { Self::HTTP_1 };
        if self.0.load(Ordering::Relaxed) < seen {
            self.0.fetch_max(seen, Ordering::Relaxed);
        }
    }

    /// Whether a connection may outlive an attempt that was dropped. Of HTTP/1 none does.
    fn may_multiplex(&self) -> bool {
        self.0.load(Ordering::Relaxed) != Self::HTTP_1
    }
}

impl Clients {
    /// Builds the first client already, so that settings that the HTTP library refuses are an error at once.
    pub(super) fn new(settings: Settings, network: Network) -> Result<Self, Error> {
        let [remote, loopback, plain_loopback] = [(); 3].map(|()| Pools::default());
        let clients = Self { settings, remote, loopback, plain_loopback };
        let route = Route { network, reuse: Reuse::Kept };
        clients.pool(route).put(clients.build(route)?);
        Ok(clients)
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        self.settings.connect_timeout
    }

    /// Hands a request to the client of a route.
    ///
    /// # Errors
    /// If that client was not built yet and cannot be.
    pub(super) fn execute(
        &self,
        route: Route,
        request: Request,
    ) -> Result<(impl Future<Output = reqwest::Result<Response>> + use<>, Protocol), Error> {
        let pool = self.pool(route);
        let (client, protocol) = match pool.current() {
            Some(current) => current,
            None => pool.put(self.build(route)?),
        };
        Ok((client.execute(request), protocol))
    }

    /// Leaves connections alone from now on, unless they are known to be of HTTP/1: the attempt that was dropped may have
    /// used one that is silent, and HTTP/2 would give it to the next request, too. Requests under way are not disturbed.
    pub(super) fn give_up(&self, route: Route, protocol: &Protocol) {
        if protocol.may_multiplex() {
            self.pool(route).give_up(protocol);
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
        if route.network == Network::Remote && customize.is_none() {
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
    fn current(&self) -> Option<(Client, Protocol)> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a client, unless another request has built one meanwhile, and returns the one that is kept.
    fn put(&self, client: Client) -> (Client, Protocol) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.get_or_insert_with(|| (client, Protocol::default())).clone()
    }

    /// Drops the client whose connections these are. Another may have taken its place already: it stays.
    fn give_up(&self, protocol: &Protocol) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|(_, own)| Arc::ptr_eq(&own.0, &protocol.0)) {
            *current = None;
        }
    }
}
