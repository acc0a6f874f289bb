//! Spans and events, which are emitted only with the feature `tracing`.
//!
//! Fields about HTTP have the names of OpenTelemetry's semantic conventions. `url.full` is left out, because it contains
//! arguments.
//!
//! Values of arguments, headers, queries and bodies are never recorded, except the ids of jobs.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::*;
#[cfg(feature = "tracing")]
pub(crate) use self::on::*;

#[cfg(feature = "tracing")]
mod on {
    use std::future::{Future, poll_fn};
    use std::pin::Pin;
    use std::time::Duration;

    use reqwest::{Method, StatusCode};
    pub(crate) use tracing::Span;
    use tracing::field::Empty;

    use crate::runtime::error::Error;
    use crate::runtime::error::kind::{ErrorKind, StopReason};
    use crate::runtime::request::server::ServerUrl;
    use crate::runtime::retry::Verdict;

    /// The target of all spans and events: the name of the crate.
    const TARGET: &str = env!("CARGO_CRATE_NAME");

    /// Creates the span around the start of a job and its polls. The operation is the one that starts the job.
    pub(crate) fn job_span(operation_id: &str) -> Span {
        tracing::info_span!(target: TARGET, "job", job.operation = operation_id, job.id = Empty)
    }

    /// Records the id of a job once it is known.
    pub(crate) fn record_job(span: &Span, id: &str) {
        span.record("job.id", id);
    }

    /// Creates the span around a call.
    pub(crate) fn call_span(operation_id: &str, method: &Method, path: &str, server: &ServerUrl) -> Span {
        tracing::info_span!(
            target: TARGET,
            "call",
            otel.name = operation_id,
            otel.kind = "client",
            http.request.method = method.as_str(),
            url.template = (!path.is_empty()).then_some(path),
            server.address = server.host(),
            server.port = server.port(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
        )
    }

    /// Creates the span around an attempt. Fields that are the same for all attempts are in the span of the call.
    pub(crate) fn attempt_span(number: u32) -> Span {
        tracing::debug_span!(
            target: TARGET,
            "attempt",
            http.request.resend_count = number - 1,
            http.response.status_code = Empty,
            error.type = Empty,
        )
    }

    /// Creates the span around the wait for the next poll of a job, after this many polls.
    pub(crate) fn wait_span(polls: u32) -> Span {
        tracing::debug_span!(target: TARGET, "poll wait", polls)
    }

    /// Records how an attempt ended.
    pub(crate) fn attempt_ended(span: &Span, outcome: Result<StatusCode, &Error>) {
        let status = outcome.map_or_else(Error::status, Some);
        if let Some(status) = status {
            span.record("http.response.status_code", status.as_u16());
        }
        if let Err(error) = outcome {
            match (error.kind(), error.status()) {
                (ErrorKind::Status, Some(status)) => span.record("error.type", status.as_str()),
                (kind, _) => span.record("error.type", kind.name()),
            };
        }
    }

    /// Reports and records how a call ended. The event comes first, so that no field is twice in its line.
    pub(crate) fn call_ended(span: &Span, outcome: Result<StatusCode, &Error>, attempts: u32, elapsed: Duration) {
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        span.in_scope(|| match outcome {
            Ok(status) => {
                let status = status.as_u16();
                tracing::debug!(target: TARGET, status, attempts, elapsed_ms, "the call succeeded");
            }
            Err(error) => {
                let status = error.status().map(|status| status.as_u16());
                let kind = error.kind().name();
                tracing::debug!(target: TARGET, kind, status, attempts, elapsed_ms, "the call failed");
            }
        });
        span.record("http.request.resend_count", attempts.saturating_sub(1));
        attempt_ended(span, outcome);
    }

    /// Reports that an attempt failed, and when it is retried or why not. Not used for polls, which are never retried: see
    /// [`poll_failed`].
    pub(crate) fn attempt_failed(error: &Error, attempt: u32, verdict: &Verdict) {
        let kind = error.failure().name();
        let status = error.status().map(|status| status.as_u16());
        match verdict {
            Verdict::Retry(wait) => {
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(target: TARGET, kind, status, attempt, wait_ms, "the attempt failed and is retried");
            }
            Verdict::Stop { reason, .. } => {
                let reason = StopReason::reason(*reason);
                tracing::info!(target: TARGET, kind, status, attempt, reason, "the attempt failed and is not retried");
            }
        }
    }

    /// Reports that a poll of a job failed, and whether waiting continues.
    pub(crate) fn poll_failed(error: &Error, continues: bool) {
        let kind = error.failure().name();
        let status = error.status().map(|status| status.as_u16());
        if continues {
            tracing::info!(target: TARGET, kind, status, "the poll failed; waiting continues");
        } else {
            tracing::info!(target: TARGET, kind, status, "the poll failed; waiting ends");
        }
    }

    /// Reports that a job was started. Its id is in the span.
    pub(crate) fn job_started() {
        tracing::info!(target: TARGET, "the job was started");
    }

    /// Reports how the wait for a job ended: the outcome, and the last state if the API's description names it.
    pub(crate) fn job_ended(outcome: &str, status: Option<&str>, polls: u32, elapsed: Duration) {
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(target: TARGET, outcome, status, polls, elapsed_ms, "the wait for the job ended");
    }

    /// Warns that decoding left out fields that `serde_json::Value` cannot represent. Only their number is recorded, because
    /// their names come from the service.
    pub(crate) fn omitted(operation_id: &'static str, status: StatusCode, fields: usize) {
        let status = status.as_u16();
        tracing::warn!(target: TARGET, operation_id, status, fields, "fields of the response could not be decoded and were left out");
    }

    /// Polls a future within a span.
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
    use std::time::Duration;

    use reqwest::{Method, StatusCode};

    use crate::runtime::error::Error;
    use crate::runtime::request::server::ServerUrl;
    use crate::runtime::retry::Verdict;

    /// A span that records nothing.
    pub(crate) struct Span;

    pub(crate) fn job_span(_operation_id: &str) -> Span {
        Span
    }

    pub(crate) fn record_job(_span: &Span, _id: &str) {}

    pub(crate) fn call_span(_operation_id: &str, _method: &Method, _path: &str, _server: &ServerUrl) -> Span {
        Span
    }

    pub(crate) fn attempt_span(_number: u32) -> Span {
        Span
    }

    pub(crate) fn wait_span(_polls: u32) -> Span {
        Span
    }

    pub(crate) fn attempt_ended(_span: &Span, _outcome: Result<StatusCode, &Error>) {}

    pub(crate) fn call_ended(_span: &Span, _outcome: Result<StatusCode, &Error>, _attempts: u32, _elapsed: Duration) {}

    pub(crate) fn attempt_failed(_error: &Error, _attempt: u32, _verdict: &Verdict) {}

    pub(crate) fn poll_failed(_error: &Error, _continues: bool) {}

    pub(crate) fn job_started() {}

    pub(crate) fn job_ended(_outcome: &str, _status: Option<&str>, _polls: u32, _elapsed: Duration) {}

    pub(crate) fn omitted(_operation_id: &'static str, _status: StatusCode, _fields: usize) {}

    pub(crate) fn within<'a, F: Future>(
        _span: &Span,
        future: Pin<&'a mut F>,
    ) -> impl Future<Output = F::Output> + use<'a, F> {
        future
    }
}
