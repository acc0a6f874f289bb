//! The requests of a download: the first one, and those that continue it.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use reqwest::{Method, StatusCode};

use super::range::ResumePoint;
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::call::plan::{Completed, Encode, Plan};
use crate::runtime::error::Error;
use crate::runtime::error::kind::{BodyFailure, ErrorKind};
use crate::runtime::request::RequestWriter;
use crate::runtime::retry::deadline::Deadline;
use crate::runtime::retry::policy::Policy;
use crate::runtime::retry::{Circumstances, Verdict};
use crate::runtime::trace;

/// The call of a download, whatever its operation is.
pub(crate) trait Source: Send + Sync {
    /// Sends the request, for the whole resource or for the rest of it, and checks the head of the response.
    fn send<'s>(
        &'s self,
        from: Option<&'s ResumePoint>,
    ) -> Pin<Box<dyn Future<Output = Result<Completed, Error>> + Send + 's>>;

    /// Returns how the body is read.
    fn limits(&self) -> Result<Limits, Error>;

    /// Decides whether the download continues after a failure.
    fn judge(&self, error: &Error, resumes: Resumes) -> Verdict;

    /// Completes the error of a failed body, and reports it with what follows.
    fn failed(&self, error: Error, completed: &Completed, verdict: &Verdict) -> Error;
}

/// How the body of a download is read.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) idle: Duration,
    /// The limit that is set on the call itself: that of the client is for bodies in memory.
    pub(crate) max_bytes: Option<u64>,
    /// How often the download continues after a failure.
    pub(crate) resumes: u32,
    /// Whether the request may be sent again.
    pub(crate) is_repeatable: bool,
}

/// How often a download has continued, and how often it may.
#[derive(Clone, Copy)]
pub(crate) struct Resumes {
    pub(crate) made: u32,
    pub(crate) most: u32,
}

impl Resumes {
    /// Returns why a download does not continue once it has done so as often as it may.
    pub(crate) fn reason(self) -> String {
        match self.most {
            0 => "and `max_resumes` is 0".to_owned(),
            most => format!("and `max_resumes` ({most}) is reached"),
        }
    }
}

/// A call whose response is bytes.
pub(crate) struct Requested<'a, O: Operation>(pub(crate) Call<'a, O>);

impl<O: Operation<Output = Bytes>> Source for Requested<'_, O> {
    fn send<'s>(
        &'s self,
        from: Option<&'s ResumePoint>,
    ) -> Pin<Box<dyn Future<Output = Result<Completed, Error>> + Send + 's>> {
        Box::pin(async move {
            if from.is_some_and(|from| !from.is_valid()) {
                let reason = "the validator must be a strong `ETag` with its quotes, or an HTTP date";
                return Err(Error::invalid_argument("resume_from", reason).for_operation(self.0.arguments().meta().id));
            }
            let request = DownloadRequest { operation: self.0.arguments(), from };
            let plan = Plan { streams: true, ..self.0.prepare(&request)? };
            let completed = self.0.execute(&plan).await?;
            match check::<O>(&completed, from) {
                Ok(()) => Ok(completed),
                Err(error) => Err(self.0.unusable(error, &completed)),
            }
        })
    }

    fn limits(&self) -> Result<Limits, Error> {
        let plan = self.0.prepare(self.0.arguments())?;
        let request = self.0.core().shared.write(&plan)?;
        Ok(Limits {
            idle: plan.attempt_timeout,
            max_bytes: plan.options.max_response_bytes.and_then(|bytes| u64::try_from(bytes).ok()),
            resumes: plan.policy.max_attempts.saturating_sub(1),
            // Ranges are defined for GET only (RFC 9110, section 14.2).
            is_repeatable: *plan.method == Method::GET && plan.is_idempotent(request.headers()),
        })
    }

    fn judge(&self, error: &Error, resumes: Resumes) -> Verdict {
        let core = self.0.core();
        // The same plan was made before the first request was sent.
        let Ok(plan) = self.0.prepare(self.0.arguments()) else { return super::NOT_RESUMED };
        let policy = Policy { max_attempts: resumes.most.saturating_add(1), ..*plan.policy };
        let circumstances = Circumstances {
            policy: &policy,
            idempotent: true,
            is_whole: true,
            attempts: resumes.made.saturating_add(1),
            // The request for the rest has its own time limit.
            deadline: &Deadline::start(plan.options.timeout.unwrap_or(core.shared.timeout)),
            budget: &core.shared.budget,
        };
        circumstances.judge(error, &mut core.random())
    }

    fn failed(&self, error: Error, completed: &Completed, verdict: &Verdict) -> Error {
        let Ok(plan) = self.0.prepare(self.0.arguments()) else { return error };
        let error = self.0.core().mask(&plan, &completed.secrets, error);
        let error = error.for_operation(plan.meta.id).after(completed.attempts, completed.deadline.elapsed());
        trace::attempt_failed(&error, completed.attempts, verdict);
        let (error, retry_in) = match *verdict {
            Verdict::Retry(wait) => (error, Some(wait)),
            Verdict::Stop { reason, retryable } => (error.stopped(reason, retryable), None),
        };
        self.0.core().shared.report(&plan.attempt(completed.attempts), &error, retry_in);
        error
    }
}

/// Checks the status of a response, and that a partial one is the requested rest.
fn check<O: Operation<Output = Bytes>>(completed: &Completed, from: Option<&ResumePoint>) -> Result<(), Error> {
    let head = &completed.response;
    let Some(from) = from else { return O::decode(head).map(drop) };
    let changed = |reason: &str| {
        let message = format!("the download cannot continue at byte {}: {reason}", from.offset());
        Err(head.refused(ErrorKind::Body(BodyFailure::Changed), message))
    };
    match head.status {
        StatusCode::PARTIAL_CONTENT => from.rest(&head.headers).map(drop).or_else(changed),
        StatusCode::OK if !from.is_of(&head.headers) => changed("the resource has changed"),
        status => changed(&format!("the service responded with {} instead of the rest", status.as_u16())),
    }
}

/// The request of an operation, without compression: ranges and lengths count the bytes of the resource.
struct DownloadRequest<'a, O> {
    operation: &'a O,
    from: Option<&'a ResumePoint>,
}

impl<O: Operation> Encode for DownloadRequest<'_, O> {
    fn encode_into(&self, request: &mut RequestWriter) -> Result<(), Error> {
        self.operation.encode(request)?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(from) = self.from {
            let range = HeaderValue::try_from(format!("bytes={}-", from.offset()));
            for (name, value) in [(RANGE, range), (IF_RANGE, HeaderValue::try_from(from.validator()))] {
                let value = value.map_err(|error| {
                    Error::invalid_argument("resume_from", "has characters that are not allowed in headers")
                        .with_source(error)
                })?;
                headers.insert(name, value);
            }
        }
        Ok(())
    }
}
