//! The kinds of errors. They hold no data of a failure.

use std::fmt;

/// What went wrong. [`name`](Self::name) returns a short name for logs and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client or of the call is missing or invalid. Nothing was sent.
    Configuration,
    /// An argument of the call is invalid, or cannot be written into the request. Nothing was sent.
    InvalidArgument,
    /// The credential could not be obtained, or is invalid. This attempt has sent nothing.
    Credential,
    /// No connection was made, or it failed before a valid response started.
    /// [`Error::maybe_sent`](crate::runtime::Error::maybe_sent) returns whether the service may have received the
    /// request.
    Connection,
    /// The TLS handshake failed, for example because the certificate is not trusted. Nothing was sent. Not retried.
    Tls,
    /// The proxy requires a different credential (407). Nothing was sent. Not retried.
    Proxy,
    /// The status line and headers of the response are larger than the HTTP library accepts: more than 100 headers, or
    /// about 400 KiB. Not retried.
    HeadTooLarge,
    /// A time limit passed.
    Timeout(TimeoutKind),
    /// The body of a successful response could not be read, or exceeds a limit.
    Body(BodyFailure),
    /// The body of a successful response, or a header that is read from it, does not match the API description.
    /// [`Error::json_path`](crate::runtime::Error::json_path) returns the path of the field that does not match.
    Decode,
    /// The response is successful, but the API does not describe its status or content type, or it lacks the id of the
    /// job that was started.
    UnexpectedResponse,
    /// The next page cannot be requested.
    NextPage(NextPageFailure),
    /// The body of the request cannot be read to its end, or has another length than stated. The cause is in
    /// [`source`](std::error::Error::source). Not retried.
    RequestBody,
    /// The bytes of a download cannot be written to their destination, such as a file.
    Destination,
    /// The service responded with an error status: 4xx, 5xx, or a 3xx that is not a redirect, such as 304 Not Modified.
    Status,
    /// The service responded with a redirect (301, 302, 303, 307 or 308). Redirects are not followed, because the
    /// credential would be sent to the new address.
    Redirect,
    /// A transient failure was not retried because too many calls of this client fail, see
    /// [`RetryBudget`](crate::runtime::RetryBudget).
    BudgetExhausted,
    /// The service reports that a job failed. Occurs only if the error of a job is converted to
    /// [`Error`](crate::runtime::Error).
    JobFailed,
}

/// Which time limit passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// The time limit for connecting (name resolution, TCP and TLS; 10 s by default). Nothing was sent.
    Connect,
    /// The time limit of one attempt (15 s by default).
    Attempt,
    /// The time limit of the whole call (60 s by default).
    Total,
    /// The idle time limit of a stream or a download: nothing was received for too long after the response had started.
    Idle,
    /// The time limit for waiting for a job, which may still be running. Occurs only if the error of a wait is
    /// converted to [`Error`](crate::runtime::Error).
    Job,
}

/// Why the body of a response could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFailure {
    /// The connection broke, or the compressed data was invalid, before the body was complete. Retried if the operation
    /// is idempotent, except for streams.
    Truncated,
    /// The body, or one part of a stream, is longer than `max_response_bytes` (32 MiB by default).
    TooLarge,
    /// The body, or one part of a stream, has more JSON values than `max_response_values` (1,000,000 by default).
    TooManyValues,
    /// The body has a content encoding that this client cannot decode, such as `br`, or `gzip` without the feature
    /// `gzip`.
    UnsupportedEncoding,
    /// A response is not the requested rest of a download: the resource has changed, the service does not send parts of it, or
    /// the response does not show which part it is.
    Changed,
}

/// Why the next page cannot be requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextPageFailure {
    /// The response leads to a page that was returned before, so the pages would never end.
    Repeated,
    /// The URL of the next page is on another server, or contains a user or password. The credential must not be sent
    /// there.
    OtherServer,
    /// The field of the response that leads to the next page has the wrong type, or its URL is invalid.
    Unreadable,
}

/// Why there was no further attempt after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// The failure is permanent: a retry would fail in the same way.
    Permanent,
    /// The service may have processed the request, and the operation is not idempotent.
    MaybeSent,
    /// The body of the request is a stream or a reader, which can be read only once, and at least a part of it was read.
    BodyConsumed,
    /// Retries are disabled, or the retry settings do not include this failure.
    Disabled,
    /// `max_attempts` attempts were made (4 by default), or a download has continued `max_resumes` times (3 by default).
    AttemptsExhausted,
    /// The rest of a download cannot be requested. The message of the error contains why.
    NotResumable,
    /// The next attempt would start after the time limit of the call or after `max_elapsed_time`.
    OutOfTime,
    /// The service requests a longer wait than `max_retry_after` (60 s by default).
    RetryAfterTooLong,
    /// The retry budget is used up, because too many calls of this client fail.
    BudgetExhausted,
}

/// Writes [`name`](ErrorKind::name).
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ErrorKind {
    /// Returns a short name for logs and metrics, such as `timeout.connect`. Traces contain it as `error.type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidArgument => "invalid_argument",
            Self::Credential => "credential",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::HeadTooLarge => "head_too_large",
            Self::Timeout(TimeoutKind::Connect) => "timeout.connect",
            Self::Timeout(TimeoutKind::Attempt) => "timeout.attempt",
            Self::Timeout(TimeoutKind::Total) => "timeout.total",
            Self::Timeout(TimeoutKind::Idle) => "timeout.idle",
            Self::Timeout(TimeoutKind::Job) => "timeout.job",
            Self::Body(BodyFailure::Truncated) => "body.truncated",
            Self::Body(BodyFailure::TooLarge) => "body.too_large",
            Self::Body(BodyFailure::TooManyValues) => "body.too_many_values",
            Self::Body(BodyFailure::Changed) => "body.changed",
            Self::Body(BodyFailure::UnsupportedEncoding) => "body.unsupported_encoding",
            Self::Decode => "decode",
            Self::UnexpectedResponse => "unexpected_response",
            Self::NextPage(NextPageFailure::Repeated) => "next_page.repeated",
            Self::NextPage(NextPageFailure::OtherServer) => "next_page.other_server",
            Self::NextPage(NextPageFailure::Unreadable) => "next_page.unreadable",
            Self::RequestBody => "request_body",
            Self::Destination => "destination",
            Self::Status => "status",
            Self::Redirect => "redirect",
            Self::BudgetExhausted => "budget_exhausted",
            Self::JobFailed => "job_failed",
        }
    }
}

impl StopReason {
    /// Returns the reason as a clause of an error message.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Permanent => "not a transient failure",
            Self::MaybeSent => "the service may have processed the request, and the operation is not idempotent",
            Self::BodyConsumed => "the body of the request can be read only once",
            Self::Disabled => "the retry settings exclude this failure",
            Self::AttemptsExhausted => "no attempts left",
            Self::NotResumable => "the rest cannot be requested",
            Self::OutOfTime => "no time left for another attempt",
            Self::RetryAfterTooLong => "the service requests a longer wait than `max_retry_after`",
            Self::BudgetExhausted => "the retry budget is used up",
        }
    }
}
