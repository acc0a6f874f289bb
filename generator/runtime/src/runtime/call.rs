//! A call about to be made, as its user sees it: options, then `.await`.

pub(crate) mod attempt;
pub(crate) mod config;
pub(crate) mod core;
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

use self::core::Core;
use self::operation::Operation;
use self::options::{CallOptions, Echoes};
use self::plan::{Completed, Encode, Plan};
use self::preview::RequestPreview;
use self::response::Response;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, StopReason};
use crate::runtime::error::mask::Mask;
use crate::runtime::retry::config::RetryConfig;

/// A call of an operation. Set options on it, then `.await` it.
///
/// Nothing is sent before the call is awaited or [sent](Self::send), and the options are checked then too. Awaiting it
/// returns the [`Output`](Operation::Output) of the operation, or an [`Error`]. It needs a tokio runtime whose time and I/O
/// are enabled.
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
    /// Most calls have none, and are the smaller for it.
    options: Option<Box<CallOptions>>,
}

/// Sending.
impl<O: Operation> Call<'_, O> {
    /// Sends the request and returns the decoded response. The same as `.await`.
    ///
    /// # Errors
    ///
    /// [`Error::kind`] says what failed: an option or an argument is invalid, no connection was made, a time limit passed,
    /// or the response is an error or cannot be decoded.
    pub async fn send(self) -> Result<O::Output, Error> {
        self.await
    }

    /// Sends the request and returns the decoded value together with the status, headers and body of the response.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_with_response(self) -> Result<Response<O::Output>, Error> {
        let (value, Completed { mut reply, attempts, deadline, .. }) = self.complete().await?;
        let (status, omitted, elapsed) = (reply.status, reply.take_omitted(), deadline.elapsed());
        Ok(Response { value, status, headers: reply.headers, body: reply.body, omitted, attempts, elapsed })
    }

    /// Returns the request as it would be sent, without sending it. Hooks are not called, and no credential is requested:
    /// a placeholder is in its place.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), if it would fail before anything is sent.
    pub fn preview(&self) -> Result<RequestPreview, Error> {
        let plan = self.prepare(&self.operation)?;
        let named = |error: Error| error.for_operation(plan.meta.id);
        let mut request = self.core.shared.write(&plan).map_err(named)?;
        self.core.shared.auth.preview(plan.meta.security, &mut request).map_err(named)?;
        let url = request.settled_url(&plan.server).map_err(named)?;
        Ok(RequestPreview {
            method: plan.meta.method.clone(),
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
    /// Zero is invalid.
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
    /// Errors do not show the value. A name or a value with invalid characters is an error, as is a header of the connection
    /// such as `host` or `content-length`.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.change_options(|options| options.header(name, value))
    }

    /// Adds a parameter to the query, for one that the API does not describe. Name and value are percent-encoded, and errors
    /// do not show the value.
    pub fn extra_query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change_options(|options| options.extra_query(name, value))
    }

    /// Sets when and how often the call is retried. What `retry` leaves out is as the client has it.
    pub fn retry_config(self, retry: RetryConfig) -> Self {
        self.change_options(|options| options.retry_config(retry))
    }

    /// Sets which statuses are retried, such as `429` or `5XX`. The default is what the API says, or else 408, 429, 500,
    /// 502, 503 and 504.
    ///
    /// A value is an error if it is neither a status from 400 to 599 nor a pattern such as `5XX`.
    pub fn retry_codes<I>(self, codes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.change_options(|options| options.retry_codes(codes))
    }

    /// Sends the call to another server, which also receives the credential.
    ///
    /// The URL may have a path, below which the operations are. It is an error if it has a query, a fragment, or a user, or
    /// if it is `http` to another machine and the client does not allow that.
    pub fn server_url(self, url: impl Into<String>) -> Self {
        self.change_options(|options| options.server_url(url))
    }

    /// Sets whether the service may process the request twice, instead of what the API says about the operation.
    ///
    /// With `true` the call is retried also if the service may have processed the request: what it starts may be started
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

    /// Sets all options that `options` has. Options that are set before are replaced; headers and query parameters are added.
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

    /// The arguments of the operation.
    #[doc(hidden)]
    pub fn operation_mut(&mut self) -> &mut O {
        &mut self.operation
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

    /// Returns the call as one that polls a job, whose response may also echo what the start of the job has sent.
    pub(crate) fn polling(self, echoes: Echoes) -> Self {
        self.change_options(|options| CallOptions { echoes, is_poll: true, ..options })
    }

    /// What a response may echo. `None` if not all of it is known.
    pub(crate) fn echoes(&self, secrets: &[String]) -> Option<Mask> {
        self.core.echoes(&self.prepare(&self.operation).ok()?, secrets)
    }

    /// The client that the call belongs to.
    pub(crate) fn core(&self) -> &'a Core {
        self.core
    }

    pub(crate) fn arguments(&self) -> &O {
        &self.operation
    }

    /// Decides every setting of a call whose request is written by `request`, which is the operation itself or changes
    /// what it writes.
    pub(crate) fn prepare<'p>(&'p self, request: &'p dyn Encode) -> Result<Plan<'p>, Error> {
        let meta = self.operation.meta();
        if let Some(refused) = &self.own_options().refused {
            return Err(refused.repeated().for_operation(meta.id));
        }
        self.core.plan(meta, request, self.own_options()).map_err(|error| error.for_operation(meta.id))
    }

    /// Sends the request of a plan of this call, and decodes nothing.
    pub(crate) fn execute<'p>(
        &'p self,
        plan: &'p Plan<'p>,
    ) -> impl Future<Output = Result<Completed, Error>> + Send + use<'p, O> {
        retry_loop::run(self.core, plan)
    }

    /// The value, and the response it was decoded from.
    pub(crate) async fn complete(&self) -> Result<(O::Output, Completed), Error> {
        let plan = self.prepare(&self.operation)?;
        let completed = self.execute(&plan).await?;
        match O::decode(&completed.reply).and_then(|value| completed.in_time(value)) {
            Ok(value) => Ok((value, completed)),
            Err(error) => Err(self.undecodable(&plan, error, &completed)),
        }
    }

    /// Whether the request of a call that was made is idempotent: it is written once more for its headers.
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
        self.core.shared.tell(&plan.attempt(completed.attempts), &error, None);
        error
    }

    /// The error for a response that decodes, but cannot be used.
    pub(crate) fn unusable(&self, error: Error, completed: &Completed) -> Error {
        match self.prepare(&self.operation) {
            Ok(plan) => self.undecodable(&plan, error, completed),
            // It was planned before, and nothing has changed since.
            Err(error) => error,
        }
    }
}

impl<'a, O: Operation + 'a> IntoFuture for Call<'a, O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        // `send` would take the call as an argument, and keep it twice.
        Box::pin(async move { self.complete().await.map(|(value, _)| value) })
    }
}

/// The operation and its server; of the arguments nothing, as any of them may be a secret.
impl<O: Operation> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &O::META.id).field("core", self.core).finish_non_exhaustive()
    }
}
