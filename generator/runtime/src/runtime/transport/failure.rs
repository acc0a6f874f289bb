//! Why a request got no response. Only this file depends on the errors of the HTTP library and of its dependencies.

use std::error::Error as StdError;
use std::io;

use crate::runtime::error::kind::{ErrorKind, TimeoutKind};
use crate::runtime::error::{BoxError, Error};

/// Why no response started.
#[doc(hidden)]
#[derive(Debug)]
pub struct ExchangeFailure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// The cause, without the URL.
    pub source: BoxError,
}

/// The kind of failure of a request that got no response.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection was made.
    Connect,
    /// No connection was made in time.
    ConnectTimeout,
    /// The TLS handshake failed.
    Tls,
    /// The proxy requires another credential.
    ProxyCredential,
    /// The proxy did not connect to the server.
    Proxy,
    /// The server reports that it has not processed the request.
    NotProcessed,
    /// The head of the response exceeds the limits of the HTTP library.
    HeadTooLarge,
    /// The response is not HTTP.
    NotHttp,
    /// A time limit of the HTTP client passed.
    Timeout,
    /// The HTTP client rejected the request.
    Refused,
    /// Anything else: the request may have been sent.
    Broken,
}

/// Returns the kind of an error. Connecting is checked first, because a timeout of it is both a timeout and a failure to
/// connect.
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
    let proxy_failure = causes(error).find_map(|cause| match cause.to_string().as_str() {
        // The type of these errors is private to hyper-util. A test with a real proxy fails if the messages change.
        "tunnel error: proxy authorization required" => Some(FailureKind::ProxyCredential),
        message if message.starts_with("tunnel error: ") && cause.source().is_none() => Some(FailureKind::Proxy),
        _ => None,
    });
    match proxy_failure {
        Some(kind) => kind,
        None if error.is_timeout() => FailureKind::ConnectTimeout,
        None if is_https && is_tls(error) => FailureKind::Tls,
        None => FailureKind::Connect,
    }
}

/// Whether the TLS handshake failed, and not the network or a step before it. rustls reports invalid data, and OpenSSL its own
/// error. The errors of other TLS libraries cannot be distinguished from those of the network.
fn is_tls(error: &reqwest::Error) -> bool {
    let Some(mut error) = find::<io::Error>(error) else {
        return cfg!(feature = "native-tls") && causes(error).any(|cause| cause.to_string().contains("SSL"));
    };
    // `source` skips an I/O error that is inside another one.
    while let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        error = inner;
    }
    error.kind() == io::ErrorKind::InvalidData
}

/// hyper has a predicate for this only in servers. A test with such a head fails if the message changes.
fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string() == "message head is too large"
}

/// Whether the server has refused the stream, or closes the connection and reports an earlier request as the last one that
/// it has processed (RFC 9113, sections 6.8 and 8.7).
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

/// Returns the first cause of a type.
fn find<T: StdError + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Returns the error of a request that got no response.
pub(crate) fn failed(failure: ExchangeFailure) -> Error {
    use FailureKind::{
        Broken, Connect, ConnectTimeout, HeadTooLarge, NotHttp, NotProcessed, Proxy, ProxyCredential, Refused, Timeout,
        Tls,
    };
    let (kind, message) = match failure.kind {
        Connect => (ErrorKind::Connection, "no connection could be made"),
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
        Timeout => (ErrorKind::Timeout(TimeoutKind::Attempt), "a time limit of the HTTP client passed"),
        Refused => (ErrorKind::InvalidArgument, "the HTTP client rejected the request"),
        Broken => (ErrorKind::Connection, "the connection broke before a response started"),
    };
    let unconnected = matches!(failure.kind, Connect | ConnectTimeout | Tls | Proxy | ProxyCredential);
    let unsent = unconnected || matches!(failure.kind, NotProcessed | Refused);
    Error::new(kind, message).with_maybe_sent(!unsent).with_unconnected(unconnected).with_source(failure.source)
}
