//! Waiting for the end of a job: set options, then `.await`.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::time::Instant;

use super::error::JobError;
use super::meta::{Job, Progress, StartsJob};
use super::options::{WaitOptions, of_client};
use super::poll::{Poller, job_span};
use super::poll_loop::PollLoop;
use crate::runtime::call::Call;
use crate::runtime::error::Error;
use crate::runtime::trace;

/// The future of a handle. It is boxed, because the compiler cannot prove that the unboxed one is `Send`, which a spawned task
/// needs.
type Starting<'a, H> = Pin<Box<dyn Future<Output = Result<H, Error>> + Send + 'a>>;
type StartListener<'a, T> = Box<dyn FnOnce(&T) + Send + 'a>;
type Listener<'a, T> = Box<dyn FnMut(&T) + Send + 'a>;

/// Waits for the end of a job that was started. Set options on it, then `.await` it.
///
/// Nothing is sent before it is awaited. Awaiting it polls the job until it ends, and returns the result of the job.
/// [`WaitOptions`] describes the defaults and which failures of polls are tolerated. Clones of a handle that use the same
/// client share their polls: any number of waits sends no more polls than one. Only a wait that also starts the job, with
/// options of the call, polls on its own, because those options apply to its polls.
///
/// Dropping the future loses nothing: the job goes on, and the handle can be waited for again.
///
/// # Errors
///
/// Returns a [`JobError`], which contains the handle, if the job fails, a poll fails permanently, polls fail for too long,
/// the service requires a longer pause than the client's `max_retry_after`, the timeout passes, or the options are invalid.
/// [`JobError::server_message`] describes which messages of the service it shows.
#[must_use = "nothing is waited for until this is awaited"]
pub struct Wait<'a, H: Job> {
    handle: &'a H,
    client: &'a H::Client,
    options: WaitOptions,
    on_state: Option<Listener<'a, H::State>>,
}

impl<H: Job> fmt::Debug for Wait<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait").field("job", self.handle).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'a, H: Job> Wait<'a, H> {
    /// Creates a wait without options.
    #[doc(hidden)]
    pub fn new(handle: &'a H, client: &'a H::Client) -> Self {
        Self { handle, client, options: WaitOptions::default(), on_state: None }
    }

    /// Returns the handle of the job.
    #[must_use]
    pub fn job(&self) -> &'a H {
        self.handle
    }

    /// Sets all options that are set in `options`. They replace options that were set before; others keep their values.
    pub fn options(mut self, options: WaitOptions) -> Self {
        self.options = self.options.with(options);
        self
    }

    /// Sets the time after which waiting ends even if the job is still running. Zero is invalid.
    ///
    /// The time starts when the wait is awaited. See [`WaitOptions::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Sets a function that is called with every state of the running job, but not with the last state.
    ///
    /// It must not block. It replaces a function that was set before.
    pub fn on_state(mut self, listener: impl FnMut(&H::State) + Send + 'a) -> Self {
        self.on_state = Some(Box::new(listener));
        self
    }

    async fn run(self) -> Result<H::Done, JobError<H>> {
        let poller = Poller { handle: self.handle, client: self.client, options: None };
        run(PollLoop::new(poller, self.options)?, self.on_state).await
    }
}

async fn run<H: Job>(
    mut polls: PollLoop<'_, H>,
    mut on_state: Option<Listener<'_, H::State>>,
) -> Result<H::Done, JobError<H>> {
    loop {
        match polls.next().await? {
            Progress::Done(done) => return Ok(done),
            // The loop reports a failed job as an error, so this is a running one.
            Progress::Running(state) | Progress::Failed(state) => {
                if let Some(listener) = &mut on_state {
                    listener(&state);
                }
            }
        }
    }
}

impl<'a, H: Job> IntoFuture for Wait<'a, H> {
    type Output = Result<H::Done, JobError<H>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { trace::within(&job_span(self.handle), pin!(self.run())).await })
    }
}

/// Starts a job and waits for its end. Set options on it, then `.await` it.
///
/// Nothing is sent before it is awaited. Awaiting it starts the job, polls it until it ends, and returns its result. The
/// first poll follows the response to the start after `first_delay`, or after its `Retry-After` if that is longer.
///
/// Dropping the future after the job was started leaves the job running. To keep its handle in this case, use
/// [`on_start`](Self::on_start).
///
/// # Errors
///
/// Returns a [`JobError`] if the start fails, and for the same reasons as [`Wait`]. Invalid options are reported as a failed
/// start, and nothing is sent.
#[doc = include_str!("../../doc_examples/wait.md")]
#[must_use = "nothing is started until this is awaited"]
pub struct StartAndWait<'a, O: StartsJob<'a>> {
    call: Call<'a, O>,
    options: WaitOptions,
    on_start: Option<StartListener<'a, O::Job>>,
    on_state: Option<Listener<'a, <O::Job as Job>::State>>,
}

impl<'a, O: StartsJob<'a>> fmt::Debug for StartAndWait<'a, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("StartAndWait");
        out.field("call", &self.call).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<'a, O: StartsJob<'a> + 'a> StartAndWait<'a, O> {
    /// Sets all options that are set in `options`. They replace options that were set before; others keep their values.
    pub fn options(mut self, options: WaitOptions) -> Self {
        self.options = self.options.with(options);
        self
    }

    /// Sets the time after which waiting ends even if the job is still running. Zero is invalid.
    ///
    /// The time starts when the response to the start has arrived. See [`WaitOptions::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Sets a function that is called with the handle when the job was started, for example to save it.
    ///
    /// It must not block. It replaces a function that was set before.
    pub fn on_start(mut self, listener: impl FnOnce(&O::Job) + Send + 'a) -> Self {
        self.on_start = Some(Box::new(listener));
        self
    }

    /// Sets a function that is called with every state of the running job, but not with the last state.
    ///
    /// It must not block. It replaces a function that was set before.
    pub fn on_state(mut self, listener: impl FnMut(&<O::Job as Job>::State) + Send + 'a) -> Self {
        self.on_state = Some(Box::new(listener));
        self
    }

    async fn run(self, span: &trace::Span) -> Result<<O::Job as Job>::Done, JobError<O::Job>> {
        let start = Instant::now();
        let not_started = |error| not_started(error, start.elapsed());
        of_client(self.options, self.call.core()).settle(&O::Job::META).map_err(not_started)?;
        let client = self.call.arguments().client();
        let options = self.call.options_of_polls().map(Box::new);
        let handle = self.call.start(span).await.map_err(not_started)?;
        if let Some(listener) = self.on_start {
            listener(&handle);
        }
        let poller = Poller { handle: &handle, client, options };
        run(PollLoop::new(poller, self.options)?, self.on_state).await
    }
}

/// Returns and reports the error of a start.
fn not_started<H: Job>(error: Error, elapsed: Duration) -> JobError<H> {
    let error = JobError::start(error);
    trace::job_ended(error.outcome(), None, 0, elapsed);
    error
}

impl<'a, O: StartsJob<'a> + 'a> IntoFuture for StartAndWait<'a, O> {
    type Output = Result<<O::Job as Job>::Done, JobError<O::Job>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let span = trace::job_span(<O::Job as Job>::META.operation_id);
        Box::pin(async move { trace::within(&span, pin!(self.run(&span))).await })
    }
}

impl<'a, O: StartsJob<'a> + 'a> Call<'a, O> {
    /// Starts the job and returns its handle, to poll it or to wait for it, now or in another process. Nothing is sent
    /// before the future is awaited.
    ///
    /// The options of this call apply to the start only. Polls by the handle have the client's settings.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and if the response lacks an id that polls need. The job is then running, but cannot be
    /// polled.
    pub fn job(self) -> Starting<'a, O::Job> {
        let span = trace::job_span(<O::Job as Job>::META.operation_id);
        Box::pin(async move { trace::within(&span, pin!(self.start(&span))).await })
    }

    /// Starts the job and waits for its end. Nothing is sent before the returned value is awaited.
    ///
    /// Options of this call apply to the start, and these also to the polls: headers, extra query parameters, the server
    /// URL, the time limit of an attempt, the limits of a response, and which failures are transient and how long a
    /// `Retry-After` is waited for. Not sent with polls are `content-type`, `content-encoding` and the idempotency key.
    /// [`timeout`](Self::timeout) limits the start only: use [`StartAndWait::timeout`] to limit the wait.
    ///
    /// Polls by the handle that [`on_start`](StartAndWait::on_start) or an error returns have the client's settings.
    pub fn wait(self) -> StartAndWait<'a, O> {
        StartAndWait { call: self, options: WaitOptions::default(), on_start: None, on_state: None }
    }

    /// Starts the job, and records its id in the span.
    async fn start(self, span: &trace::Span) -> Result<O::Job, Error> {
        let (_, completed) = self.complete().await?;
        let body = completed.response.value().map(|(body, _)| body).unwrap_or_default();
        let Some(handle) = self.arguments().job(&body) else {
            return Err(self.unusable(completed.response.lacks_id(), &completed));
        };
        if let Some(echoes) = self.echoes(&completed.secrets) {
            let pause = crate::runtime::retry::retry_after::of(&completed.response.headers).unwrap_or_default();
            handle.limiter().started(pause, echoes);
        }
        trace::record_job(span, &handle.id());
        trace::job_started();
        Ok(handle)
    }
}
