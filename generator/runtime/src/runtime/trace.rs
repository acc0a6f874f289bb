//! Spans and events, with the names OpenTelemetry gives them; nothing at all without the `tracing` feature. No value of
//! an argument, header, query or body is ever recorded.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::{attempt_span, call_span, decided, omitted, record, wait_span, within};
#[cfg(feature = "tracing")]
pub(crate) use self::on::{attempt_span, call_span, decided, omitted, record, wait_span, within};

#[cfg(feature = "tracing")]
mod on {
    use std::future::{Future, poll_fn};
    use std::pin::Pin;

    pub(crate) use tracing::Span;
    use tracing::field::Empty;

    use crate::runtime::error::Error;
    use crate::runtime::error::kind::{ErrorKind, StopReason};
    use crate::runtime::request::server::ServerUrl;
    use crate::runtime::retry::Verdict;
    use reqwest::Method;

    /// Around a whole call.
    pub(crate) fn call_span(id: &str, method: &Method, path: &str, server: &ServerUrl) -> Span {
        tracing::info_span!(
            "call",
            otel.name = id,
            otel.kind = "client",
            http.request.method = method.as_str(),
            url.template = path,
            server.address = server.host(),
            server.port = server.port(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
        )
    }

    /// Around one attempt.
    pub(crate) fn attempt_span(method: &Method, path: &str, number: u32) -> Span {
        tracing::debug_span!(
            "attempt",
            http.request.method = method.as_str(),
            url.template = path,
            http.request.resend_count = number - 1,
            http.response.status_code = Empty,
            error.type = Empty,
        )
    }

    /// Around the wait for the next poll of a job, after this many polls.
    pub(crate) fn wait_span(polls: u32) -> Span {
        tracing::debug_span!("poll wait", polls)
    }

    /// How an attempt or a call ended.
    pub(crate) fn record(span: &Span, resent: u32, outcome: Result<u16, &Error>) {
        let status = outcome.map_or_else(Error::status, Some);
        if let Some(status) = status {
            span.record("http.response.status_code", status);
        }
        span.record("http.request.resend_count", resent);
        if let Err(error) = outcome {
            match (error.kind(), error.status()) {
                (ErrorKind::Status, Some(status)) => span.record("error.type", status.to_string()),
                (kind, _) => span.record("error.type", kind.name()),
            };
        }
    }

    /// Says why a failed attempt is or is not followed by another.
    pub(crate) fn decided(error: &Error, attempt: u32, verdict: &Verdict) {
        let kind = error.failure().name();
        let status = error.status();
        match verdict {
            Verdict::Retry(wait) => {
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(retry = true, attempt, error.type = kind, status, wait_ms, "the attempt failed and is repeated");
            }
            Verdict::Stop { reason, .. } => {
                let reason = StopReason::reason(*reason);
                tracing::info!(retry = false, attempt, error.type = kind, status, reason, "the attempt failed and is not repeated");
            }
        }
    }

    /// Warns that decoding left out fields which the API does not describe, and no JSON value can hold. Their names are the
    /// service's, so only their number is recorded.
    pub(crate) fn omitted(operation_id: &'static str, status: u16, fields: usize) {
        tracing::warn!(
            otel.name = operation_id,
            http.response.status_code = status,
            fields,
            "fields of the response could not be read and were left out"
        );
    }

    pub(crate) fn within<'a, F: Future>(
        span: &'a Span,
        mut future: Pin<&'a mut F>,
    ) -> impl Future<Output = F::Output> + use<'a, F> {
        poll_fn(move |context| span.in_scope(|| future.as_mut().poll(context)))
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;
    use std::pin::Pin;

    use crate::runtime::error::Error;
    use crate::runtime::request::server::ServerUrl;
    use crate::runtime::retry::Verdict;
    use reqwest::Method;

    /// Nothing.
    pub(crate) struct Span;

    pub(crate) fn call_span(_id: &str, _method: &Method, _path: &str, _server: &ServerUrl) -> Span {
        Span
    }

    pub(crate) fn attempt_span(_method: &Method, _path: &str, _number: u32) -> Span {
        Span
    }

    pub(crate) fn wait_span(_polls: u32) -> Span {
        Span
    }

    pub(crate) fn record(_span: &Span, _resent: u32, _outcome: Result<u16, &Error>) {}

    pub(crate) fn decided(_error: &Error, _attempt: u32, _verdict: &Verdict) {}

    pub(crate) fn omitted(_operation_id: &'static str, _status: u16, _fields: usize) {}

    pub(crate) fn within<'a, F: Future>(
        _span: &Span,
        future: Pin<&'a mut F>,
    ) -> impl Future<Output = F::Output> + use<'a, F> {
        future
    }
}
