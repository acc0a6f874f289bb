//! The error type of the runtime: what is known about a failed call, and the methods that return it.
//!
//! It contains no address and no secret, and does not decide about retries.

pub(crate) mod api_error;
pub(crate) mod kind;
pub(crate) mod mask;
pub(crate) mod occurrences;
pub(crate) mod problems;
mod sent_body;
pub(crate) mod server_message;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::api_error::ApiError;
use self::kind::{ErrorKind, StopReason};
use self::server_message::Shown;
use http::StatusCode;

/// The cause of an error, of any type.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call, or building a client, failed.
///
/// [`kind`](Self::kind) returns what went wrong. Use [`is_retryable`](Self::is_retryable) and
/// [`maybe_sent`](Self::maybe_sent) to decide whether to repeat the call, and [`api`](Self::api) for the response of
/// the service.
///
/// `Display` is one line: the operation, the status, the error message of the service (if any) and the number of
/// attempts. The cause is in [`source`](std::error::Error::source), and is not repeated in `Display`. `Display` and `Debug`
/// contain no credential and no address, and of a response only the message of the service, masked.
#[doc = include_str!("../doc_examples/error.md")]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation_id: Option<&'static str>,
    response: Option<ApiError>,
    json_path: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// The error that this one was converted from. Both have the same message and the same cause.
    original: Option<Arc<dyn std::error::Error + Send + Sync>>,
    shown: Shown,
    unconnected: bool,
    maybe_sent: bool,
    attempts: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    retryable: bool,
    stop: Option<StopReason>,
}

impl Error {
    /// Creates the error for an invalid setting. `message` must not contain the value of the setting if that may be
    /// secret.
    #[doc(hidden)]
    pub fn configuration(setting: &'static str, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("invalid setting `{setting}`: {message}"))
    }

    /// Creates the error for a required setting that is not set. `help` describes how to set it.
    pub(crate) fn missing(setting: &'static str, help: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("missing setting `{setting}`: {help}"))
    }

    /// Creates the error for an argument that cannot be sent. `message` must not contain the value of the argument.
    #[doc(hidden)]
    pub fn invalid_argument(name: &str, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidArgument, format!("invalid argument `{name}`: {message}"))
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.inner.stop {
            Some(StopReason::BudgetExhausted) => ErrorKind::BudgetExhausted,
            _ => self.inner.kind,
        }
    }

    /// Returns the status of the response, if one was received, even if its body could not be read or decoded.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.response.as_ref().map(ApiError::status)
    }

    /// Returns the response (status, headers and the start of the body), if one was received.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        self.inner.response.as_ref()
    }

    /// Returns the error message of the service, if the body has one in a common place, such as `message` or
    /// `error.message`.
    ///
    /// It is one line of at most 300 characters, plus `…` if it is cut off. Credentials, and values of the headers, the
    /// query, the cookies and the body that the call has sent, are masked. Not masked are values that the service has
    /// changed, for example shortened or encoded, and values of fewer than four bytes that are not credentials. Such a short
    /// credential is masked only as a word.
    ///
    /// Bodies in memory of at most 4 MiB are searched in any format. A placeholder replaces the message if a longer body is JSON, a
    /// form, text or XML, or if a body that is marked as sensitive is longer, is read while it is sent, or has another format.
    ///
    /// A response to a poll may also echo values that the start of the job has sent. They are masked too if the job was
    /// started in this process by the handle or one of its clones. For a handle that was deserialized or created from
    /// ids, these values are not known. The message is then `None`, and missing in `Display` and `Debug`; only
    /// [`unmasked_server_message`](Self::unmasked_server_message) returns it.
    pub fn server_message(&self) -> Option<&str> {
        self.inner.response.as_ref().and_then(ApiError::server_message)
    }

    /// Returns the error message of the service as one line of at most 300 characters, without masking. It may contain
    /// anything that the service echoes, including passwords and keys. Do not log it.
    #[must_use]
    pub fn unmasked_server_message(&self) -> Option<String> {
        self.inner.response.as_ref().and_then(ApiError::unmasked_server_message)
    }

    /// Returns the body of the response as a string, at most its first 64 KiB. Invalid UTF-8 is replaced.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        self.inner.response.as_ref().map(ApiError::text)
    }

    /// Returns the path of the field that could not be decoded, such as `reason.type`, or `.` for the whole body. The
    /// path may contain names that the service has sent.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// Returns whether repeating the call later may succeed, without the risk that the service processes it twice.
    ///
    /// It is true for transient failures, even if they are not retried or all attempts are
    /// [exhausted](Self::is_exhausted). It is false for permanent failures, and if the service may have processed a
    /// request that is not idempotent.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Returns whether the call ended with a transient failure because its attempts, its time or the retry budget are
    /// used up, or because the service requested too long a wait. It is false for permanent failures.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        use StopReason::{AttemptsExhausted, BudgetExhausted, OutOfTime, RetryAfterTooLong};
        matches!(self.inner.stop, Some(AttemptsExhausted | BudgetExhausted | OutOfTime | RetryAfterTooLong))
    }

    /// Returns why there was no further attempt. `None` if the request could not be created, for example because of an
    /// invalid argument or a credential that could not be obtained.
    #[must_use]
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.inner.stop
    }

    /// Returns whether a time limit passed. [`kind`](Self::kind) returns which one, unless the kind is
    /// [`BudgetExhausted`](ErrorKind::BudgetExhausted), because the retry was refused.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, ErrorKind::Timeout(_))
    }

    /// Returns whether no connection was made, so that the last attempt has sent nothing.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.unconnected
    }

    /// Returns whether the service may have processed the request, in this attempt or an earlier one.
    ///
    /// It is false only if the service has certainly not processed it: the request was rejected before it was sent, no
    /// connection was made, or the service rejected it (4xx other than 408). It is true after a timeout, a broken
    /// connection, a 3xx, a 5xx or a response that cannot be read. Check the state of the service before you repeat
    /// such a request.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.inner.maybe_sent
    }

    /// Returns the number of attempts to send the request. 0 if the call failed before the first one.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Returns the time from the start of the call to its end, including waits.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.inner.elapsed
    }

    /// Returns the wait that the service requests with `Retry-After`, at most one year.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Returns the id of the operation in the API description, if the error belongs to a call.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.inner.operation_id
    }
}

/// Constructors and setters for the rest of the runtime.
impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                operation_id: None,
                response: None,
                json_path: None,
                source: None,
                original: None,
                shown: Shown::Masked,
                unconnected: false,
                maybe_sent: false,
                attempts: 0,
                elapsed: Duration::ZERO,
                retry_after: None,
                retryable: false,
                stop: None,
            }),
        }
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        let source: BoxError = source.into();
        self.inner.source = Some(source.into());
        self
    }

    /// Keeps the error that this one was converted from.
    pub(crate) fn converted_from(mut self, error: BoxError) -> Self {
        self.inner.original = Some(error.into());
        self
    }

    /// Returns the error that this one was converted from.
    pub(crate) fn converted(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.original.as_deref().map(|original| original as _)
    }

    pub(crate) fn with_reply(mut self, response: ApiError) -> Self {
        self.inner.response = Some(response);
        self
    }

    pub(crate) fn with_json_path(mut self, path: String) -> Self {
        self.inner.json_path = Some(path);
        self
    }

    /// Adds a clause to the message.
    pub(crate) fn with_note(mut self, note: impl fmt::Display) -> Self {
        self.inner.message = format!("{}, {note}", self.inner.message).into();
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner.retry_after = wait;
        self
    }

    pub(crate) fn with_unconnected(mut self, unconnected: bool) -> Self {
        self.inner.unconnected = unconnected;
        self
    }

    /// Never resets the flag: that a later attempt was not sent says nothing about an earlier one.
    pub(crate) fn with_maybe_sent(mut self, maybe_sent: bool) -> Self {
        self.inner.maybe_sent |= maybe_sent;
        self
    }

    pub(crate) fn for_operation(mut self, id: &'static str) -> Self {
        self.inner.operation_id = Some(id);
        self
    }

    pub(crate) fn after(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.inner.attempts = attempts;
        self.inner.elapsed = elapsed;
        self
    }

    pub(crate) fn stopped(mut self, stop: StopReason, retryable: bool) -> Self {
        self.inner.stop = Some(stop);
        self.inner.retryable = retryable;
        self
    }

    /// Returns a copy for another caller.
    pub(crate) fn share(&self) -> Self {
        Self { inner: self.inner.clone() }
    }

    /// Returns a copy with the kind and the message only: an invalid option is reported by each call that uses it.
    pub(crate) fn repeated(&self) -> Self {
        Self::new(self.inner.kind, self.inner.message.clone())
    }

    /// Returns the kind of the last failure, which [`kind`](Self::kind) hides if the retry budget is used up.
    pub(crate) fn failure(&self) -> ErrorKind {
        self.inner.kind
    }

    fn attempts_clause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { attempts, elapsed, stop, .. } = &*self.inner;
        if *attempts == 0 {
            return Ok(());
        }
        let plural = if *attempts == 1 { "" } else { "s" };
        write!(f, " ({attempts} attempt{plural} in {:.1} s", elapsed.as_secs_f64())?;
        match stop {
            Some(StopReason::Permanent) | None => {}
            Some(stop) => write!(f, ", {}", stop.reason())?,
        }
        f.write_str(")")
    }
}

/// Returns the status with its standard reason phrase. The phrase that the service sends is not used, as it may be
/// anything.
pub(crate) fn describe(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.inner.operation_id {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.inner.message)?;
        if let Some(message) = self.server_message() {
            write!(f, ": {message}")?;
        }
        self.attempts_clause(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind: _, message, operation_id, response, json_path, .. } = &*self.inner;
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.kind()).field("message", message);
        let json_path = json_path.as_ref().filter(|_| self.inner.shown == Shown::Masked);
        out.field("operation_id", operation_id).field("response", response).field("json_path", &json_path);
        out.field("maybe_sent", &self.inner.maybe_sent).field("retryable", &self.inner.retryable);
        out.field("stop_reason", &self.inner.stop).field("attempts", &self.inner.attempts);
        out.field("elapsed", &self.inner.elapsed).field("retry_after", &self.inner.retry_after);
        let source = self.inner.original.as_ref().or(self.inner.source.as_ref());
        out.field("source", &source.map(|source| Causes(&**source))).finish()
    }
}

/// Shows an error and its causes as their messages. The `Debug` output of an HTTP client's errors contains addresses.
struct Causes<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Debug for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = std::iter::successors(Some(self.0), |error| error.source());
        f.debug_list().entries(causes.map(ToString::to_string)).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.converted() {
            Some(error) => error.source(),
            None => self.inner.source.as_deref().map(|source| source as _),
        }
    }
}
