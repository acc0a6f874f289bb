//! Why a request got no response. Only this file knows the errors of the HTTP library and of what is below it.

use std::error::Error as StdError;
use std::io;

use crate::runtime::error::kind::{ErrorKind, TimeoutKind};
use crate::runtime::error::{BoxError, Error};

/// Why no response started.
#[doc(hidden)]
#[derive(Debug)]
pub struct ExchangeFailure {
    /// What is known of it.
    pub kind: FailureKind,
    /// The cause; it names no address.
    pub source: BoxError,
}

/// What is known of a request that got no response.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection was made.
    Connect,
    /// No connection was made in time.
    ConnectTimeout,
    /// The TLS handshake failed.
    Tls,
    /// The proxy wants another credential.
    ProxyCredential,
    /// The proxy did not connect to the server.
    Proxy,
    /// The server says that it has not processed the request.
    NotProcessed,
    /// The head of the response is larger than the HTTP library reads.
    HeadTooLarge,
    /// The response is not HTTP.
    NotHttp,
    /// A limit of the HTTP client passed.
    Timeout,
    /// The HTTP client refused the request.
    Refused,
    /// Anything else: the request may have been sent.
    Broken,
}

/// A timeout while connecting is both a timeout and a failure to connect, so connecting is looked at first.
pub(crate) fn classify(error: reqwest::Error, is_https: bool) -> ExchangeFailure {
    let kind = match () {
        () if error.is_connect() => connect_failure(&error, is_https),
        () if is_unprocessed(&error) => FailureKind::NotProcessed,
        () if find::<hyper::Error>(&error).is_some_and(is_head_too_large) => FailureKind::HeadTooLarge,
        () if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) => FailureKind::NotHttp,
        () if error.is_timeout() => FailureKind::Timeout,
        () if error.is_builder() => FailureKind::Refused,
        () => FailureKind::Broken,
    };
    ExchangeFailure { kind, source: error.without_url().into() }
}

fn connect_failure(error: &reqwest::Error, is_https: bool) -> FailureKind {
    let refused_by_proxy = causes(error).find_map(|cause| match cause.to_string().as_str() {
        // The type of these errors is private to hyper-util; a test with a real proxy notices other words.
        "tunnel error: proxy authorization required" => Some(FailureKind::ProxyCredential),
        text if text.starts_with("tunnel error: ") && cause.source().is_none() => Some(FailureKind::Proxy),
        _ => None,
    });
    match refused_by_proxy {
        Some(kind) => kind,
        None if error.is_timeout() => FailureKind::ConnectTimeout,
        None if is_https && is_tls(error) => FailureKind::Tls,
        None => FailureKind::Connect,
    }
}

/// Whether it is the handshake that failed, rather than the network below it or what comes before it: rustls reports invalid
/// data, and OpenSSL an error of its own. The libraries of other systems are not told apart from the network.
fn is_tls(error: &reqwest::Error) -> bool {
    let Some(mut error) = find::<io::Error>(error) else {
        return cfg!(feature = "native-tls") && causes(error).any(|cause| cause.to_string().contains("SSL"));
    };
    // An I/O error inside another does not show in `source`.
    while let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    error.kind() == io::ErrorKind::InvalidData
}

/// hyper has a predicate for it, but only in servers; a test with such a head notices another message.
fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string() == "message head is too large"
}

/// Whether the server has refused the stream, or closes the connection and names an earlier request as the last that it
/// looked at (RFC 9113, sections 6.8 and 8.7).
#[cfg(feature = "http2")]
fn is_unprocessed(error: &reqwest::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let closing = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (refused || closing)
    })
}

#[cfg(not(feature = "http2"))]
fn is_unprocessed(_: &reqwest::Error) -> bool {
    false
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| (*error).source())
}

/// The first cause of a type.
fn find<T: StdError + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The error for a request that got no response.
pub(crate) fn failed(failure: ExchangeFailure) -> Error {
    use FailureKind::{
        Broken, Connect, ConnectTimeout, HeadTooLarge, NotHttp, NotProcessed, Proxy, ProxyCredential, Refused, Timeout,
        Tls,
    };
    let (kind, message) = match failure.kind {
        Connect => (ErrorKind::Connection, "no connection"),
        ConnectTimeout => (ErrorKind::Timeout(TimeoutKind::Connect), "connecting took too long"),
        Tls => (
            ErrorKind::Tls,
            "the TLS handshake failed: the certificate is not trusted, or the server does not speak TLS",
        ),
        ProxyCredential => (ErrorKind::Proxy, "the proxy requires a credential: 407 Proxy Authentication Required"),
        Proxy => (ErrorKind::Connection, "the proxy did not connect to the server"),
        NotProcessed => (ErrorKind::Connection, "the server closed the stream before it processed the request"),
        HeadTooLarge => (
            ErrorKind::HeadTooLarge,
            "the head of the response is too large: it has more than 100 headers or about 400 KiB",
        ),
        NotHttp => (ErrorKind::Connection, "the response is not valid HTTP"),
        Timeout => (ErrorKind::Timeout(TimeoutKind::Attempt), "the HTTP client's time limit passed"),
        Refused => (ErrorKind::InvalidArgument, "the HTTP client refused the request"),
        Broken => (ErrorKind::Connection, "the connection broke before a response"),
    };
    let unconnected = matches!(failure.kind, Connect | ConnectTimeout | Tls | Proxy | ProxyCredential);
    let unsent = unconnected || matches!(failure.kind, NotProcessed | Refused);
    Error::new(kind, message).with_maybe_sent(!unsent).with_unconnected(unconnected).with_source(failure.source)
}
