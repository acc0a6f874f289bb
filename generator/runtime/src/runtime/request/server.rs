//! Checking of server addresses: what is wrong with one is said before anything is sent to it.

use std::net::IpAddr;

use reqwest::Url;

use crate::runtime::error::Error;

/// Which schemes an address may have beyond `http` to this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schemes {
    /// `http` to any host.
    pub(crate) plain_http: bool,
    /// `https`: not without a TLS library.
    pub(crate) https: bool,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// To another machine, through a proxy if there is one.
    Remote,
    /// To this machine: never through a proxy.
    Loopback,
    /// As `Loopback`, without TLS: no certificates are needed, which take milliseconds to load.
    PlainLoopback,
}

/// A checked address.
#[derive(Clone, Debug)]
pub(crate) struct ServerUrl {
    url: Url,
    /// How long the part before the path is, in bytes.
    authority: usize,
    network: Network,
}

impl ServerUrl {
    /// Refuses addresses that would leak a credential or lead nowhere.
    pub(crate) fn parse(text: &str, schemes: Schemes) -> Result<Self, Error> {
        let url = Url::parse(text).map_err(|error| {
            let is_whole = text.contains("://");
            if is_whole { refused(error) } else { refused("it begins with neither https:// nor http://") }
        })?;
        if text.contains(['{', '}']) {
            return Err(refused("it has a variable in braces; write its value instead"));
        }
        let host = url.host_str().unwrap_or_default();
        if let Some(reason) = refusal(&url, host, schemes) {
            return Err(refused(reason));
        }
        let network = match (is_loopback(host), url.scheme()) {
            (false, _) => Network::Remote,
            (true, "http") => Network::PlainLoopback,
            (true, _) => Network::Loopback,
        };
        let authority = url.as_str().len() - url.path().len();
        Ok(Self { url, authority, network })
    }

    /// Scheme, host, port and base path, without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// The address with another path and query, if it is written as `text` once it is parsed. The server's name is not parsed
    /// again.
    pub(crate) fn join(&self, text: &str) -> Option<Url> {
        let path = text.get(self.authority..).filter(|path| path.starts_with('/'))?;
        self.url.join(path).ok().filter(|url| url.as_str() == text)
    }

    /// Where it is.
    pub(crate) fn network(&self) -> Network {
        self.network
    }

    /// Whether connections to it use TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Scheme, host and port, as far as they are written.
    pub(crate) fn authority(&self) -> &str {
        self.url.as_str().get(..self.authority).unwrap_or_default()
    }

    /// The length of the part before the path, in bytes.
    pub(crate) fn authority_len(&self) -> usize {
        self.authority
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn port(&self) -> Option<u16> {
        self.url.port_or_known_default()
    }
}

fn refused(reason: impl std::fmt::Display) -> Error {
    Error::configuration("server_url", reason)
}

fn refusal(url: &Url, host: &str, schemes: Schemes) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some("the scheme must be https or http");
    }
    if host.is_empty() {
        return Some("it names no host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it must not contain a user or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some("it must not contain a query or a fragment");
    }
    if url.scheme() == "https" && !schemes.https {
        return Some("https needs a TLS library; enable the feature `rustls-tls` or `native-tls`");
    }
    if url.scheme() == "http" && !schemes.plain_http && !is_loopback(host) {
        return Some("plain http would send the credential readable for anyone; use https, or set `allow_plain_http`");
    }
    None
}

/// Whether a host is this machine. Names below `localhost` do not count: many resolvers ask the network for them.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}
