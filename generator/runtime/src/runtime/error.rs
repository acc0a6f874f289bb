//! The one error type: what is known of a failed call, and the questions it answers.
//!
//! It holds no address and no secret; it decides nothing about retries.

pub(crate) mod api_error;
pub(crate) mod kind;
pub(crate) mod mask;
pub(crate) mod occurrences;
pub(crate) mod problems;
pub(crate) mod server_message;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::api_error::ApiError;
use self::kind::{ErrorKind, StopReason};
use self::mask::Mask;
use http::StatusCode;

/// Any error, as a cause.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
///
/// `Display` is one line: operation, status, the service's own message, attempts. The cause is in
/// [`source`](std::error::Error::source). Neither it nor `Debug` ever holds a credential, an address or a body.
#[doc = include_str!("../doc_examples/error.md")]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation_id: Option<&'static str>,
    reply: Option<ApiError>,
    json_path: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    shown: Shown,
    unconnected: bool,
    maybe_sent: bool,
    attempts: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    retryable: bool,
    stop: Option<StopReason>,
}

/// What is shown of what the peer has sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// All of it, once it is masked.
    Masked,
    /// Nothing: nobody knows here what to mask.
    Withheld,
}

impl Error {
    /// A setting that makes no sense. The message must not hold the setting's value if that is secret.
    pub fn configuration(setting: &'static str, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("invalid setting `{setting}`: {message}"))
    }

    /// A required setting that is not set. The message says how to set it.
    pub(crate) fn missing(setting: &'static str, help: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, format!("missing setting `{setting}`: {help}"))
    }

    /// An argument that cannot be sent. The message must not hold the argument's value.
    pub fn invalid_argument(name: &str, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::InvalidArgument, format!("invalid argument `{name}`: {message}"))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.inner.stop {
            Some(StopReason::BudgetExhausted) => ErrorKind::BudgetExhausted,
            _ => self.inner.kind,
        }
    }

    /// The status of the reply, whenever one began: also where its body could not be read or decoded.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.reply.as_ref().map(ApiError::status)
    }

    /// The reply, whenever one began: status, headers, content type and body.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        self.inner.reply.as_ref()
    }

    /// The service's own message, if the body has one in a usual place: one line in which credentials and what the call
    /// has sent are masked.
    ///
    /// The response to a poll may also echo what the start of the job has sent. That is masked too if the job was
    /// started in this process, by the handle or one of its clones. For a handle that was deserialized or made from its
    /// ids nobody knows what to mask: there is no message then, neither here nor in `Display` and `Debug`, except in
    /// [`unmasked_server_message`](Self::unmasked_server_message).
    pub fn server_message(&self) -> Option<&str> {
        self.inner.reply.as_ref().and_then(ApiError::message)
    }

    /// The service's own message as one line, read from the body as the service sent it. Nothing is masked: it may
    /// contain whatever the service echoes, passwords and keys included. Do not log it.
    #[must_use]
    pub fn unmasked_server_message(&self) -> Option<String> {
        self.inner.reply.as_ref().and_then(ApiError::unmasked_server_message)
    }

    /// The text of the reply's body, as far as it was kept (64 KiB).
    pub fn text(&self) -> Option<Cow<'_, str>> {
        self.inner.reply.as_ref().map(ApiError::text)
    }

    /// The path of the field that did not decode, such as `reason.type`; `.` is the whole body. It may contain names
    /// that the service has sent.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// Whether the same call, made again later, may succeed without the risk of being carried out twice. True for
    /// transient failures, whether the policy retries them or not, also those whose attempts are
    /// [exhausted](Self::is_exhausted); false for permanent ones, and where [`maybe_sent`](Self::maybe_sent) forbids it.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }

    /// Whether a transient failure was tried again as far as the policy allows: attempts, time or retry budget are
    /// used up. A permanent failure is not.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        use StopReason::{AttemptsExhausted, BudgetExhausted, OutOfTime, RetryAfterTooLong};
        matches!(self.inner.stop, Some(AttemptsExhausted | BudgetExhausted | OutOfTime | RetryAfterTooLong))
    }

    /// Why the call was not tried again; none if nothing was sent.
    #[must_use]
    pub fn stop_reason(&self) -> Option<StopReason> {
        self.inner.stop
    }

    /// Whether a time limit passed, that of connecting included.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, ErrorKind::Timeout(_))
    }

    /// Whether no connection was made, so that nothing was sent by the last attempt.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.unconnected
    }

    /// Whether the service may have acted on the request, in this attempt or an earlier one.
    ///
    /// False only where it surely has not: the request was refused before sending, no connection was made, or the
    /// service refused it (4xx other than 408). True after a timeout, a broken connection, a 5xx or a reply that could
    /// not be read: look before starting again.
    #[must_use]
    pub fn maybe_sent(&self) -> bool {
        self.inner.maybe_sent
    }

    /// How often the request was attempted; 0 if it was refused before sending.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// From the begin of the call to its end, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.inner.elapsed
    }

    /// How long the service asks to wait, if it said so in `Retry-After`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The operation's name in the API's description, if the error is that of a call.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.inner.operation_id
    }
}

/// How the rest of the runtime writes an error.
impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                operation_id: None,
                reply: None,
                json_path: None,
                source: None,
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

    pub(crate) fn with_reply(mut self, reply: ApiError) -> Self {
        self.inner.reply = Some(reply);
        self
    }

    pub(crate) fn with_json_path(mut self, path: String) -> Self {
        self.inner.json_path = Some(path);
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

    /// Ambiguity does not go away: a later attempt that surely was not sent leaves an earlier one as it was.
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

    /// Whether a peer may have had a word in it.
    pub(crate) fn may_echo(&self) -> bool {
        self.inner.reply.is_some()
    }

    /// Masks what the peer may have echoed.
    pub(crate) fn masked(mut self, mask: &Mask) -> Self {
        let inner = &mut *self.inner;
        if let Cow::Owned(message) = &inner.message {
            inner.message = Cow::Owned(mask.line(message));
        }
        if let Some(path) = &inner.json_path {
            inner.json_path = Some(mask.line(path));
        }
        if let Some(reply) = &mut inner.reply {
            reply.take_message(mask);
        }
        self
    }

    /// Shows nothing that the peer may have echoed. What is needed to tell failures apart stays.
    pub(crate) fn withheld(mut self) -> Self {
        let status = self.status();
        let inner = &mut *self.inner;
        inner.shown = Shown::Withheld;
        let reason = match inner.kind {
            ErrorKind::Decode => "the body is not what the API describes",
            ErrorKind::UnexpectedResponse => "the API does not describe such a response",
            _ => return self,
        };
        inner.message = Cow::Owned(format!("{}: {reason}", status.map(describe).unwrap_or_default()));
        self
    }

    /// The same error, for another caller.
    pub(crate) fn share(&self) -> Self {
        Self { inner: self.inner.clone() }
    }

    /// The same refusal once more, for a call that is looked at before it is made.
    pub(crate) fn repeated(&self) -> Self {
        Self::new(self.inner.kind, self.inner.message.clone())
    }

    /// The failure itself, also where the retry budget has the last word.
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

/// The status with its usual phrase; the service's own phrase is not repeated.
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
        let Inner { kind: _, message, operation_id, reply, json_path, .. } = &*self.inner;
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.kind()).field("message", message);
        let json_path = json_path.as_ref().filter(|_| self.inner.shown == Shown::Masked);
        out.field("operation_id", operation_id).field("reply", reply).field("json_path", &json_path);
        out.field("maybe_sent", &self.inner.maybe_sent).field("retryable", &self.inner.retryable);
        out.field("stop_reason", &self.inner.stop).field("attempts", &self.inner.attempts);
        out.field("elapsed", &self.inner.elapsed).field("retry_after", &self.inner.retry_after);
        out.field("source", &self.inner.source).finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}
