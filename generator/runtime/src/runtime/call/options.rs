//! The options of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

use crate::runtime::error::Error;
use crate::runtime::error::mask::Mask;
use crate::runtime::request::user_header;
use crate::runtime::retry::codes::{RetryCode, RetryCodes};
use crate::runtime::retry::config::RetryConfig;

/// Options of calls that can be reused: set them once, then pass clones to [`Call::options`].
///
/// For an option that is not set, the client's setting applies. Each option has a method of the same name on [`Call`], which
/// describes it in detail. An invalid value is an error of the calls that use the options, before anything is sent. If
/// several values are invalid, the error is about the first one.
///
/// `Debug` does not show the values of headers and query parameters.
///
/// [`Call`]: crate::runtime::Call
/// [`Call::options`]: crate::runtime::Call::options
#[doc = include_str!("../../doc_examples/call_options.md")]
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    /// A later header replaces an earlier one of the same name.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) retry: Option<RetryConfig>,
    pub(crate) codes: Option<RetryCodes>,
    pub(crate) server: Option<String>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) max_response_bytes: Option<usize>,
    pub(crate) max_response_values: Option<usize>,
    pub(crate) echoes: Echoes,
    /// Whether the call polls a job. Its failures are then logged by the poll loop, which decides what follows.
    pub(crate) is_poll: bool,
    /// The first invalid value.
    pub(crate) invalid: Option<Arc<Error>>,
}

/// What a response may echo besides what its own call sends.
#[derive(Clone, Default)]
pub(crate) enum Echoes {
    /// Nothing.
    #[default]
    Nothing,
    /// What the start of a job has sent.
    Start(Arc<Mask>),
    /// Anything, because it is not known what the start of the job has sent.
    Unknown,
}

impl CallOptions {
    /// Options of which none is set. A constant, so that it can be borrowed for calls without options.
    pub(crate) const NONE: Self = Self {
        timeout: None,
        attempt_timeout: None,
        headers: Vec::new(),
        query: Vec::new(),
        retry: None,
        codes: None,
        server: None,
        idempotent: None,
        max_response_bytes: None,
        max_response_values: None,
        echoes: Echoes::Nothing,
        is_poll: false,
        invalid: None,
    };

    /// Creates options of which none is set.
    #[must_use]
    pub fn new() -> Self {
        Self::NONE
    }

    /// Limits the whole call, all attempts and waits included. Zero is invalid.
    ///
    /// See [`Call::timeout`](crate::runtime::Call::timeout).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = self.accept(checked_timeout("timeout", timeout));
        self
    }

    /// Limits each attempt. Zero is invalid.
    ///
    /// See [`Call::attempt_timeout`](crate::runtime::Call::attempt_timeout).
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = self.accept(checked_timeout("attempt_timeout", timeout));
        self
    }

    /// Adds a header, or replaces the value of one that is set already. Invalid characters are an error, and so is a header of
    /// the connection.
    ///
    /// See [`Call::header`](crate::runtime::Call::header).
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        let header = self.accept(user_header(name.as_ref(), value));
        self.headers.extend(header);
        self
    }

    /// Adds a parameter to the query. Name and value are percent-encoded.
    ///
    /// See [`Call::extra_query`](crate::runtime::Call::extra_query).
    #[must_use]
    pub fn extra_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets when and how often the call is retried.
    ///
    /// See [`Call::retry_config`](crate::runtime::Call::retry_config).
    #[must_use]
    pub fn retry_config(mut self, retry: RetryConfig) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Sets which statuses are retried, such as `429` or `5XX`. Other values are an error.
    ///
    /// See [`Call::retry_codes`](crate::runtime::Call::retry_codes).
    #[must_use]
    pub fn retry_codes<I>(mut self, codes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<RetryCode>,
    {
        self.codes = self.accept(RetryCodes::parse(codes.into_iter().map(Into::<RetryCode>::into)));
        self
    }

    /// Sends the call to another server, which also receives the credential.
    ///
    /// See [`Call::server_url`](crate::runtime::Call::server_url).
    #[must_use]
    pub fn server_url(mut self, url: impl Into<String>) -> Self {
        self.server = Some(url.into());
        self
    }

    /// Sets whether the service may process the request twice.
    ///
    /// See [`Call::idempotent`](crate::runtime::Call::idempotent).
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Limits the body of a successful response, in bytes after decompression. Zero is invalid.
    ///
    /// See [`Call::max_response_bytes`](crate::runtime::Call::max_response_bytes).
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = self.accept(checked_size("max_response_bytes", bytes));
        self
    }

    /// Limits the number of JSON values in a successful response. Zero is invalid.
    ///
    /// See [`Call::max_response_values`](crate::runtime::Call::max_response_values).
    #[must_use]
    pub fn max_response_values(mut self, values: usize) -> Self {
        self.max_response_values = self.accept(checked_size("max_response_values", values));
        self
    }

    /// Returns these options, completed by those of `other`. Headers and query parameters of `other` come first, so that
    /// headers of `self` replace those of the same name.
    pub(crate) fn or(self, other: Self) -> Self {
        let headers = other.headers.into_iter().chain(self.headers).collect();
        let query = other.query.into_iter().chain(self.query).collect();
        Self {
            timeout: self.timeout.or(other.timeout),
            attempt_timeout: self.attempt_timeout.or(other.attempt_timeout),
            headers,
            query,
            retry: self.retry.or(other.retry),
            codes: self.codes.or(other.codes),
            server: self.server.or(other.server),
            idempotent: self.idempotent.or(other.idempotent),
            max_response_bytes: self.max_response_bytes.or(other.max_response_bytes),
            max_response_values: self.max_response_values.or(other.max_response_values),
            echoes: self.echoes,
            is_poll: self.is_poll,
            invalid: self.invalid.or(other.invalid),
        }
    }

    /// Returns what applies to the polls of a job that a call with these options starts: the client's settings for the rest.
    /// Headers that describe the body of the start are left out, and so is its idempotency key.
    pub(crate) fn for_polls(&self, idempotency_key: Option<&str>) -> Self {
        let is_of_start = |name: &HeaderName| {
            [CONTENT_TYPE, CONTENT_ENCODING].contains(name)
                || idempotency_key.is_some_and(|key| key.eq_ignore_ascii_case(name.as_str()))
        };
        let headers = self.headers.iter().filter(|(name, _)| !is_of_start(name));
        Self {
            attempt_timeout: self.attempt_timeout,
            headers: headers.cloned().collect(),
            query: self.query.clone(),
            retry: self.retry.clone(),
            codes: self.codes,
            server: self.server.clone(),
            max_response_bytes: self.max_response_bytes,
            max_response_values: self.max_response_values,
            ..Self::NONE
        }
    }

    /// Returns the value if it is valid. Otherwise keeps the error for the call.
    fn accept<T>(&mut self, value: Result<T, Error>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.invalid.get_or_insert_with(|| Arc::new(error));
                None
            }
        }
    }
}

/// Does not show the values of headers and query parameters, because they may be secret.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        let mut out = f.debug_struct("CallOptions");
        out.field("timeout", &self.timeout).field("attempt_timeout", &self.attempt_timeout);
        out.field("headers", &headers).field("extra_query", &query);
        out.field("retry_config", &self.retry).field("retry_codes", &self.codes);
        out.field("server_url", &self.server).field("idempotent", &self.idempotent);
        out.field("max_response_bytes", &self.max_response_bytes);
        out.field("max_response_values", &self.max_response_values).finish_non_exhaustive()
    }
}

/// Checks that a time limit is not zero.
pub(crate) fn checked_timeout(setting: &'static str, timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() { Err(Error::configuration(setting, "must be greater than zero")) } else { Ok(timeout) }
}

/// Checks that a limit on a size or a number is not zero.
pub(crate) fn checked_size(setting: &'static str, size: usize) -> Result<usize, Error> {
    if size == 0 { Err(Error::configuration(setting, "must be greater than zero")) } else { Ok(size) }
}
