//! The words errors are told apart by. It holds no data of a failure and decides nothing.

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client or of the call makes no sense; nothing was sent.
    Configuration,
    /// An argument of the call was refused; nothing was sent.
    InvalidArgument,
    /// The credential could not be obtained; nothing was sent.
    Credential,
    /// No connection, or one that broke before a response started.
    /// [`Error::maybe_sent`](crate::runtime::Error::maybe_sent) distinguishes the two.
    Connection,
    /// The TLS handshake failed, such as with a certificate that is not trusted; nothing was sent. Not retried.
    Tls,
    /// The proxy refused to connect without another credential (407); nothing was sent. Not retried.
    Proxy,
    /// The head of the response is larger than the HTTP library reads: more than 100 headers, or about 400 KiB. Not
    /// retried.
    HeadTooLarge,
    /// A time limit passed.
    Timeout(TimeoutKind),
    /// The reply's body could not be read.
    Body(BodyFailure),
    /// The reply's body is not what the API describes. [`Error::json_path`](crate::runtime::Error::json_path) says where.
    Decode,
    /// A reply of success with a status or a content type that the API does not describe.
    UnexpectedResponse,
    /// The next page cannot be asked for.
    NextPage(NextPageFailure),
    /// The service answered with an error status: 4xx, 5xx, or a 3xx that is not a redirect, such as
    /// 304 Not Modified.
    Status,
    /// The service answered with a redirect (301, 302, 303, 307 or 308). Redirects are not followed, because they would
    /// carry the credential along.
    Redirect,
    /// A transient failure that was not retried, because too many calls of this client fail.
    BudgetExhausted,
    /// The service reports that a job failed. Only if the error of a wait is converted to [`Error`](crate::runtime::Error).
    JobFailed,
}

/// Which time limit passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// Connecting took too long; nothing was sent.
    Connect,
    /// One attempt took too long.
    Attempt,
    /// The whole call took too long.
    Total,
    /// A stream was silent for too long after it had started.
    Idle,
    /// A job did not end within the time that it was waited for. Only if the error of a wait is converted to
    /// [`Error`](crate::runtime::Error).
    Job,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyFailure {
    /// The connection ended, or the compression broke, before the body was complete.
    Truncated,
    /// The body is longer than `max_response_bytes`.
    TooLarge,
    /// The body is JSON with more values than `max_response_values`.
    TooManyValues,
    /// The body has a content encoding that this client cannot decode.
    UnsupportedEncoding,
}

/// Why the next page of a result cannot be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextPageFailure {
    /// The reply leads to a page that was there before, so that there would be no end.
    Repeated,
    /// The reply leads to another server, which must not be sent the credential.
    OtherServer,
    /// What stands in the reply where the next page should be named is of no use.
    Unreadable,
}

/// Why a failed call was not tried (again).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// The failure would not go away by itself.
    Permanent,
    /// The service may have acted on the request, and the operation must not be carried out twice.
    MaybeSent,
    /// Retrying is switched off, or the policy does not name the failure.
    Disabled,
    /// Every attempt the policy allows was made.
    AttemptsExhausted,
    /// The next attempt would begin after the time allowed.
    OutOfTime,
    /// The service asks to wait longer than the policy allows.
    RetryAfterTooLong,
    /// Too many calls of this client fail.
    BudgetExhausted,
}

impl ErrorKind {
    /// A short name for logs and metrics, the one used in traces as `error.type`.
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
            Self::Body(BodyFailure::UnsupportedEncoding) => "body.unsupported_encoding",
            Self::Decode => "decode",
            Self::UnexpectedResponse => "unexpected_response",
            Self::NextPage(NextPageFailure::Repeated) => "next_page.repeated",
            Self::NextPage(NextPageFailure::OtherServer) => "next_page.other_server",
            Self::NextPage(NextPageFailure::Unreadable) => "next_page.unreadable",
            Self::Status => "status",
            Self::Redirect => "redirect",
            Self::BudgetExhausted => "budget_exhausted",
            Self::JobFailed => "job_failed",
        }
    }
}

impl StopReason {
    /// One clause for a reader.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Permanent => "not a transient failure",
            Self::MaybeSent => "it may have been processed, and the operation is not idempotent",
            Self::Disabled => "the policy does not retry it",
            Self::AttemptsExhausted => "no attempts left",
            Self::OutOfTime => "no time left for another attempt",
            Self::RetryAfterTooLong => "the service asks to wait too long",
            Self::BudgetExhausted => "the retry budget is used up",
        }
    }
}
