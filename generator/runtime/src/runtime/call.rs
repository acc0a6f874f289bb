//! A call as its user sees it: set options, then `.await` it.

pub(crate) mod attempt;
pub(crate) mod config;
pub(crate) mod core;
pub mod functions;
pub(crate) mod hooks;
pub(crate) mod maybe_owned;
pub(crate) mod operation;
pub(crate) mod options;
pub(crate) mod plan;
pub(crate) mod preview;
pub(crate) mod raw_request;
pub(crate) mod response;
pub(crate) mod retry_loop;
pub(crate) mod unfold;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use http::HeaderValue;

use self::core::Core;
use self::operation::Operation;
use self::options::{CallOptions, Echoes};
use self::plan::{Completed, Encode, Plan};
use self::preview::RequestPreview;
use self::response::Response;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, StopReason};
use crate::runtime::error::mask::Mask;
use crate::runtime::retry::codes::RetryCode;
use crate::runtime::retry::config::{RetryConfig, RetryStrategy};

/// A call of an operation. Set options on it, then `.await` it.
///
/// Nothing is sent or checked before the call is awaited. Awaiting it returns the [`Output`](Operation::Output) of the
/// operation, or an [`Error`]. It needs a tokio runtime whose time and I/O are enabled.
///
/// Dropping the future cancels the call: its connection is closed, and nothing is repeated. Whether the service has
/// processed the request is then unknown.
///
/// A call borrows its client and its arguments. To send it in a task of its own, clone the client into the task and create
/// the call there.
#[doc = include_str!("../doc_examples/call.md")]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<'a, O: Operation> {
    core: &'a Core,
    operation: O,
    /// Boxed, because most calls have none.
    options: Option<Box<CallOptions>>,
}

/// Sending.
impl<O: Operation> Call<'_, O> {
    /// Sends the request and returns the decoded response. The same as `.await`.
    ///
    /// # Errors
    ///
    /// Fails if an option or an argument is invalid, no connection was made, a time limit passed, or the response is an error
    /// or cannot be decoded. [`Error::kind`] returns which of them it is.
    pub async fn send(self) -> Result<O::Output, Error> {
        self.await
    }

    /// Sends the request and returns the decoded value together with the status, headers and body of the response.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_with_response(self) -> Result<Response<O::Output>, Error> {
        let (value, Completed { mut response, attempts, deadline, .. }) = self.complete().await?;
        let (status, omitted, elapsed) = (response.status, response.take_omitted(), deadline.elapsed());
        Ok(Response { value, status, headers: response.headers, body: response.body, omitted, attempts, elapsed })
    }

    /// Returns the request as it would be sent, without sending it.
    ///
    /// It contains the placeholder `[redacted]` instead of the credential, and no credential provider is called. Hooks are
    /// not called either, so their changes are missing.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), if it would fail before anything is sent.
    pub fn preview(&self) -> Result<RequestPreview, Error> {
        let plan = self.prepare(&self.operation)?;
        let of_operation = |error: Error| error.for_operation(plan.meta.id);
        let mut request = self.core.shared.write(&plan).map_err(of_operation)?;
        self.core.shared.auth.preview(plan.meta.security, &mut request).map_err(of_operation)?;
        let url = request.settled_url(&plan.server).map_err(of_operation)?;
        Ok(RequestPreview {
            method: plan.method.clone().into_owned(),
            url: url.into(),
            headers: request.headers().clone(),
            body: request.body().cloned(),
        })
    }
}

/// Options. An invalid value is an error of the call, before anything is sent.
impl<O: Operation> Call<'_, O> {
    /// Limits the whole call: all attempts and the waits between them, connecting and reading. 60 s by default.
    ///
    /// Zero is invalid. If the call starts a job, this limits the start only, not the wait for the end of the job.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change_options(|options| options.timeout(timeout))
    }

    /// Limits each attempt: credential, connecting, sending and reading. 15 s by default.
    ///
    /// Zero is invalid.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.change_options(|options| options.attempt_timeout(timeout))
    }

    /// Adds a header, or replaces the value of one that the operation or the client sets.
    ///
    /// Errors mask the value if the service repeats it, within the limits that [`Error::server_message`] describes. A name or a value with invalid characters is an error, and so is a header of the
    /// connection such as `host` or `content-length`.
    pub fn header(self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        self.change_options(|options| options.header(name, value))
    }

    /// Adds a query parameter that the API does not describe.
    ///
    /// Name and value are percent-encoded. Parameters of the same name are all sent, except that one set here replaces a
    /// default of the client. Errors mask the value like that of a header.
    pub fn extra_query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change_options(|options| options.extra_query(name, value))
    }

    /// Sets when and how often the call is retried. Settings missing in `retry` are taken from the client.
    pub fn retry_config(self, retry: RetryConfig) -> Self {
        self.change_options(|options| options.retry_config(retry))
    }

    /// Sets which statuses are retried, such as `429` or `5XX`. The default is the client's setting, or else the API's
    /// description, or else 408, 429, 500, 502, 503 and 504. With an empty list no status is retried.
    ///
    /// A value is an error if it is neither a status from 400 to 599 nor a pattern such as `5XX` or `50X`.
    pub fn retry_codes<I>(self, codes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<RetryCode>,
    {
        self.change_options(|options| options.retry_codes(codes))
    }

    /// Sends the call to another server, which also receives the credential.
    ///
    /// The URL may have a path, to which the paths of operations are appended. It is an error if it has a query, a fragment, a
    /// user or a password, or if it is `http` to another machine and the client does not allow that.
    pub fn server_url(self, url: impl Into<String>) -> Self {
        self.change_options(|options| options.server_url(url))
    }

    /// Sets whether the service may process the request twice. The default is what the API's description states.
    ///
    /// With `true` the call is retried even if the service may have processed the request: what it starts may be started
    /// more than once. With `false` it is retried only if the service has certainly not processed it.
    pub fn idempotent(self, idempotent: bool) -> Self {
        self.change_options(|options| options.idempotent(idempotent))
    }

    /// Limits the body of a successful response, in bytes after decompression. 32 MiB by default.
    ///
    /// A longer body fails with [`BodyFailure::TooLarge`](crate::runtime::BodyFailure::TooLarge). Zero is invalid.
    pub fn max_response_bytes(self, bytes: usize) -> Self {
        self.change_options(|options| options.max_response_bytes(bytes))
    }

    /// Limits the number of JSON values in a successful response, at any depth. 1,000,000 by default.
    ///
    /// A response with more fails with [`BodyFailure::TooManyValues`](crate::runtime::BodyFailure::TooManyValues). Zero is
    /// invalid.
    pub fn max_response_values(self, values: usize) -> Self {
        self.change_options(|options| options.max_response_values(values))
    }

    /// Sets all options that are set in `options`.
    ///
    /// They replace options that were set on this call before; others keep their values. Headers and query parameters are
    /// added. A header replaces an earlier one of the same name.
    pub fn options(mut self, options: CallOptions) -> Self {
        let earlier = self.options.take().map(|options| *options).unwrap_or_default();
        let (echoes, is_poll) = (earlier.echoes.clone(), earlier.is_poll);
        self.options = Some(Box::new(CallOptions { echoes, is_poll, ..options.or(earlier) }));
        self
    }
}

impl<'a, O: Operation> Call<'a, O> {
    /// Creates a call without options.
    #[doc(hidden)]
    pub fn new(core: &'a Core, operation: O) -> Self {
        Self { core, operation, options: None }
    }

    /// Returns the arguments of the operation.
    #[doc(hidden)]
    pub fn operation_mut(&mut self) -> &mut O {
        &mut self.operation
    }

    /// Returns the call of another operation, made of the arguments of this one, with the options of this call.
    #[doc(hidden)]
    pub fn with_operation<P: Operation>(self, make: impl FnOnce(O) -> P) -> Call<'a, P> {
        Call { core: self.core, operation: make(self.operation), options: self.options }
    }

    fn change_options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        let mut options = self.options.take().unwrap_or_default();
        *options = change(std::mem::take(&mut *options));
        self.options = Some(options);
        self
    }

    fn own_options(&self) -> &CallOptions {
        self.options.as_deref().unwrap_or(const { &CallOptions::NONE })
    }

    /// Makes the call the poll of a job, with the options of its start. It is not retried. Its response may also echo what
    /// the start of the job has sent.
    pub(crate) fn polling(self, start: Option<&CallOptions>, echoes: Echoes) -> Self {
        let options = start.cloned().unwrap_or_default();
        let retry = RetryConfig { strategy: Some(RetryStrategy::None), ..options.retry.clone().unwrap_or_default() };
        self.change_options(|_| CallOptions { retry: Some(retry), echoes, is_poll: true, ..options })
    }

    /// Returns the options of the polls, if the call starts a job. `None` if no option is set.
    pub(crate) fn options_of_polls(&self) -> Option<CallOptions> {
        self.options.as_ref().map(|options| options.for_polls(self.operation.meta().idempotency_key))
    }

    /// Returns what a response may echo. `None` if not all of it is known.
    pub(crate) fn echoes(&self, secrets: &[String]) -> Option<Mask> {
        self.core.echoes(&self.prepare(&self.operation).ok()?, secrets)
    }

    /// Returns the client that the call belongs to.
    pub(crate) fn core(&self) -> &'a Core {
        self.core
    }

    pub(crate) fn arguments(&self) -> &O {
        &self.operation
    }

    /// Decides every setting of the call. `request` writes the request: it is the operation itself, or edits what the
    /// operation writes.
    pub(crate) fn prepare<'p>(&'p self, request: &'p dyn Encode) -> Result<Plan<'p>, Error> {
        let meta = self.operation.meta();
        if let Some(invalid) = &self.own_options().invalid {
            return Err(invalid.repeated().for_operation(meta.id));
        }
        self.core.plan(meta, request, self.own_options()).map_err(|error| error.for_operation(meta.id))
    }

    /// Sends the request of a plan of this call, without decoding the response.
    pub(crate) fn execute<'p>(
        &'p self,
        plan: &'p Plan<'p>,
    ) -> impl Future<Output = Result<Completed, Error>> + Send + use<'p, O> {
        retry_loop::run(self.core, plan)
    }

    /// Sends the request, and returns the decoded value and the response.
    pub(crate) async fn complete(&self) -> Result<(O::Output, Completed), Error> {
        let plan = self.prepare(&self.operation)?;
        let completed = self.execute(&plan).await?;
        match O::decode(&completed.response).and_then(|value| completed.in_time(value)) {
            Ok(value) => Ok((value, completed)),
            Err(error) => Err(self.undecodable(&plan, error, &completed)),
        }
    }

    /// Whether the request that was sent is idempotent. It is written again, because that depends on its headers.
    fn is_idempotent(&self, plan: &Plan<'_>) -> bool {
        self.core.shared.write(plan).is_ok_and(|request| plan.is_idempotent(request.headers()))
    }

    fn undecodable(&self, plan: &Plan<'_>, error: Error, completed: &Completed) -> Error {
        let error = self.core.mask(plan, &completed.secrets, error);
        let error = error.for_operation(plan.meta.id).after(completed.attempts, completed.deadline.elapsed());
        let error = match error.failure() {
            ErrorKind::Timeout(_) if self.is_idempotent(plan) => error.stopped(StopReason::OutOfTime, true),
            ErrorKind::Timeout(_) => error.stopped(StopReason::MaybeSent, false),
            _ => error.stopped(StopReason::Permanent, false),
        };
        self.core.shared.report(&plan.attempt(completed.attempts), &error, None);
        error
    }

    /// Returns the error for a response that was decoded, but cannot be used.
    pub(crate) fn unusable(&self, error: Error, completed: &Completed) -> Error {
        match self.prepare(&self.operation) {
            Ok(plan) => self.undecodable(&plan, error, completed),
            // Does not happen: the same plan was made before the request was sent.
            Err(error) => error,
        }
    }
}

impl<'a, O: Operation + 'a> IntoFuture for Call<'a, O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        // Not `self.send()`, whose future would store the call twice.
        Box::pin(async move { self.complete().await.map(|(value, _)| value) })
    }
}

/// Shows the operation and the client. Arguments are not shown, because any of them may be secret.
impl<O: Operation> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &O::META.id).field("core", self.core).finish_non_exhaustive()
    }
}
