//! Checks server URLs, so that an invalid one is reported before anything is sent to it.

use std::net::IpAddr;

use reqwest::Url;

use crate::runtime::error::Error;

/// Which schemes a URL may have, besides `http` to this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schemes {
    /// `http` to any host.
    pub(crate) plain_http: bool,
    /// `https`, which needs a TLS library.
    pub(crate) https: bool,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// To another machine, through a proxy if there is one.
    Remote,
    /// To this machine, never through a proxy.
    Loopback,
    /// Like `Loopback`, but without TLS. No certificates are needed, which take milliseconds to load.
    PlainLoopback,
}

/// A checked server URL.
#[derive(Clone, Debug)]
pub(crate) struct ServerUrl {
    url: Url,
    /// The length of the part before the path, in bytes.
    authority: usize,
    network: Network,
}

impl ServerUrl {
    /// Parses a URL. One that could expose a credential or has no host is an error.
    pub(crate) fn parse(text: &str, schemes: Schemes) -> Result<Self, Error> {
        let url = Url::parse(text).map_err(|error| {
            let has_scheme = text.contains("://");
            if has_scheme { refused(error) } else { refused("must start with https:// or http://") }
        })?;
        if text.contains(['{', '}']) {
            return Err(refused("must not contain a variable in braces; replace it with its value"));
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

    /// Returns the scheme, host, port and base path, without a slash at the end.
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Returns the URL `text`, which starts with this server, if parsing does not change it. The part before the path
    /// is not parsed again.
    pub(crate) fn join(&self, text: &str) -> Option<Url> {
        let path = text.get(self.authority..).filter(|path| path.starts_with('/'))?;
        self.url.join(path).ok().filter(|url| url.as_str() == text)
    }

    /// Returns where requests to this server go.
    pub(crate) fn network(&self) -> Network {
        self.network
    }

    /// Returns whether connections to the server use TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns the scheme, host and port, without a default port.
    pub(crate) fn authority(&self) -> &str {
        self.url.as_str().get(..self.authority).unwrap_or_default()
    }

    /// Returns the length of the part before the path, in bytes.
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
        return Some("must have a host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("must not contain a user or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some("must not contain a query or a fragment");
    }
    if url.scheme() == "https" && !schemes.https {
        return Some("https needs a TLS library; enable the feature `rustls-tls` or `native-tls`");
    }
    if url.scheme() == "http" && !schemes.plain_http && !is_loopback(host) {
        return Some("plain http would send the credential unencrypted; use https, or set `allow_plain_http`");
    }
    None
}

/// Returns whether a host is this machine. Names below `localhost` do not count, because many resolvers query the
/// network for them.
fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}
