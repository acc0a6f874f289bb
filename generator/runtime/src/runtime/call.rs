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
pub(crate) mod response;
pub(crate) mod retry_loop;
pub(crate) mod unfold;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use self::core::Core;
use self::operation::{Operation, OperationMeta};
use self::options::{CallOptions, Echoes, checked_size, checked_timeout};
use self::plan::{Completed, Encode, Plan};
use self::preview::RequestPreview;
use self::response::Response;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, StopReason};
use crate::runtime::error::mask::Mask;
use crate::runtime::request::server::ServerUrl;
use crate::runtime::request::user_header;
use crate::runtime::retry::codes::RetryCodes;
use crate::runtime::retry::config::RetryConfig;

/// A call about to be made: options first, then `.await` or [`send`](Self::send). Nothing happens before.
///
/// Dropping the future of a call at any point ends it, and leaves nothing behind; whether the service has carried the
/// operation out is then unknown.
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<'a, O: Operation> {
    core: &'a Core,
    operation: O,
    /// Most calls have none, and are the smaller for it.
    options: Option<Box<CallOptions>>,
}

impl<'a, O: Operation> Call<'a, O> {
    /// A call without options.
    #[doc(hidden)]
    pub fn new(core: &'a Core, operation: O) -> Self {
        Self { core, operation, options: None }
    }

    /// The operation's arguments.
    #[doc(hidden)]
    pub fn operation_mut(&mut self) -> &mut O {
        &mut self.operation
    }

    /// The limit of the whole call: attempts, waits, connecting and reading.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        let options = self.options_mut();
        options.timeout = options.accept(checked_timeout("timeout", timeout));
        self
    }

    /// The limit of one attempt.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        let options = self.options_mut();
        options.attempt_timeout = options.accept(checked_timeout("attempt_timeout", timeout));
        self
    }

    /// A header more, or another value for one. A name that is no name, a value with control characters, or a header
    /// that belongs to the connection is an error of the call.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let options = self.options_mut();
        let header = options.accept(user_header(name.as_ref(), value.as_ref()));
        options.headers.extend(header);
        self
    }

    /// When and how often this call is tried again; what it leaves out is as the client has it.
    pub fn retry_config(mut self, retry: RetryConfig) -> Self {
        self.options_mut().retry = Some(retry);
        self
    }

    /// The statuses that are retried, such as `429` or `5XX`.
    pub fn retry_codes<I>(mut self, codes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let codes = RetryCodes::parse(codes.into_iter().map(Into::into));
        let options = self.options_mut();
        options.codes = options.accept(codes);
        self
    }

    /// Another server for this call. It is sent the credential.
    pub fn server_url(mut self, url: impl AsRef<str>) -> Self {
        let server = ServerUrl::parse(url.as_ref(), self.core.shared.schemes);
        let options = self.options_mut();
        options.server = options.accept(server);
        self
    }

    /// Whether the call may be carried out twice, instead of what the API's description says.
    ///
    /// With `true` it is sent again also after failures where the service may have acted on it: what it starts may then
    /// be started more than once. With `false` it is sent again only where it surely was not carried out.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options_mut().idempotent = Some(idempotent);
        self
    }

    /// The longest response that is read, in bytes after decompression.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        let options = self.options_mut();
        options.max_response_bytes = options.accept(checked_size("max_response_bytes", bytes));
        self
    }

    /// Limits how many JSON values the response may have, instead of the client's limit. See
    /// `max_response_values` of the client for what counts as a value.
    ///
    /// A response with more fails as [`BodyFailure::TooManyValues`](crate::runtime::BodyFailure::TooManyValues). Zero is an error of
    /// the call.
    pub fn max_response_values(mut self, values: usize) -> Self {
        let options = self.options_mut();
        options.max_response_values = options.accept(checked_size("max_response_values", values));
        self
    }

    /// Makes the call. It needs a tokio runtime with time and I/O enabled.
    ///
    /// # Errors
    /// [`Error`] of every [kind](crate::runtime::ErrorKind).
    pub async fn send(self) -> Result<O::Output, Error> {
        self.await
    }

    /// Makes the call, and returns the status, the headers and the body together with the value, and which fields had to be
    /// [left out](Response::omitted_fields).
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_response(self) -> Result<Response<O::Output>, Error> {
        let (value, Completed { mut reply, attempts, deadline, .. }) = self.complete().await?;
        let (status, omitted, elapsed) = (reply.status(), reply.take_omitted(), deadline.elapsed());
        Ok(Response { value, status, headers: reply.headers, body: reply.body, omitted, attempts, elapsed })
    }

    /// The request as it would be sent, without sending it. Hooks are not called, and no credential is asked for.
    ///
    /// # Errors
    /// As the call would fail before anything is sent.
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

    fn meta() -> &'static OperationMeta {
        const { &O::META }
    }

    fn options(&self) -> &CallOptions {
        self.options.as_deref().unwrap_or(const { &CallOptions::NONE })
    }

    fn options_mut(&mut self) -> &mut CallOptions {
        self.options.get_or_insert_with(|| Box::new(CallOptions::NONE))
    }

    /// The call, whose response may echo more than what it sends itself.
    pub(crate) fn echoing(mut self, echoes: Echoes) -> Self {
        self.options_mut().echoes = echoes;
        self
    }

    /// What a response may echo. `None` if not all of it is known.
    pub(crate) fn echoes(&self, secrets: &[String]) -> Option<Mask> {
        self.core.echoes(&self.prepare(&self.operation).ok()?, secrets)
    }

    /// What the call is made with.
    pub(crate) fn core(&self) -> &'a Core {
        self.core
    }

    pub(crate) fn arguments(&self) -> &O {
        &self.operation
    }

    /// Decides every setting of a call whose request is written by `request`, which is the operation itself or changes
    /// what it writes.
    pub(crate) fn prepare<'p>(&'p self, request: &'p dyn Encode) -> Result<Plan<'p>, Error> {
        let meta = Self::meta();
        if let Some(refused) = &self.options().refused {
            return Err(refused.repeated().for_operation(meta.id));
        }
        self.core.plan(meta, request, self.options()).map_err(|error| error.for_operation(meta.id))
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
