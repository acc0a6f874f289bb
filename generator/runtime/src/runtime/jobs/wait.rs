//! Waiting for the end of a job, as its user writes it: options, then `.await`.

use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::time::Duration;

use super::error::JobError;
use super::meta::{Job, Progress, StartsJob};
use super::options::{WaitOptions, of_client};
use super::poll::job_span;
use super::poll_loop::PollLoop;
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::error::Error;
use crate::runtime::trace;

/// The future of a handle. It is boxed, so that it can be awaited in a task of its own: the compiler cannot tell that of
/// the plain one.
type Starting<'a, H> = Pin<Box<dyn Future<Output = Result<H, Error>> + Send + 'a>>;
type StartListener<'a, T> = Box<dyn FnOnce(&T) + Send + 'a>;
type Listener<'a, T> = Box<dyn FnMut(&T) + Send + 'a>;

/// Waits for the end of a job that was started: options first, then `.await`. Nothing is sent before.
///
/// The defaults, and the failures of polls that are tolerated, are those of [`WaitOptions`]. Clones of a handle share
/// their polls: any number of waits sends no more of them than one.
///
/// Dropping the future loses nothing: the handle can be waited for again.
///
/// # Errors
/// [`JobError`] if the job fails, a poll fails in a way that does not pass, polls fail for too long, the service
/// asks for a longer pause than the client's `max_retry_after`, the time is over, or the options are invalid. It has the
/// handle. [`JobError::server_message`] says which messages of the service it shows.
#[must_use = "nothing is waited for until this is awaited"]
pub struct Wait<'a, H: Job> {
    handle: &'a H,
    client: &'a H::Client,
    options: WaitOptions,
    on_state: Option<Listener<'a, H::State>>,
}

impl<'a, H: Job> Wait<'a, H> {
    /// A wait without options.
    #[doc(hidden)]
    pub fn new(handle: &'a H, client: &'a H::Client) -> Self {
        Self { handle, client, options: WaitOptions::default(), on_state: None }
    }

    /// The job that is waited for.
    #[must_use]
    pub fn handle(&self) -> &'a H {
        self.handle
    }

    /// All options together.
    pub fn options(mut self, options: WaitOptions) -> Self {
        self.options = options;
        self
    }

    /// The time after which waiting ends.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Called with every state on the way to the end, which is not one of them.
    pub fn on_state(mut self, listener: impl FnMut(&H::State) + Send + 'a) -> Self {
        self.on_state = Some(Box::new(listener));
        self
    }

    async fn run(mut self) -> Result<H::Done, JobError<H>> {
        let mut watch = PollLoop::new(self.handle, self.client, self.options)?;
        loop {
            match watch.next().await? {
                Progress::Done(done) => return Ok(done),
                // A watch reports failure as an error.
                Progress::Running(state) | Progress::Failed(state) => {
                    if let Some(listener) = &mut self.on_state {
                        listener(&state);
                    }
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

/// Starts a job and waits for its end: options first, then `.await`. Nothing is sent before.
///
/// The first poll follows the start's response after `first_delay`, or after its `Retry-After` if that is longer.
///
/// Dropping the future once the job is started leaves it running: with [`on_start`](Self::on_start) the handle is known
/// by then.
///
/// # Errors
/// [`JobError`] if the start fails, and as [`Wait`]. Invalid options are a failure to start: nothing is sent.
#[doc = include_str!("../../doc_examples/wait.md")]
#[must_use = "nothing is started until this is awaited"]
pub struct StartAndWait<'a, O: StartsJob<'a>> {
    call: Call<'a, O>,
    options: WaitOptions,
    on_start: Option<StartListener<'a, O::Job>>,
    on_state: Option<Listener<'a, <O::Job as Job>::State>>,
}

impl<'a, O: StartsJob<'a> + 'a> StartAndWait<'a, O> {
    /// All options together.
    pub fn options(mut self, options: WaitOptions) -> Self {
        self.options = options;
        self
    }

    /// The time after which waiting ends, counted from the start's response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Called with the handle as soon as there is one, to keep it safe.
    pub fn on_start(mut self, listener: impl FnOnce(&O::Job) + Send + 'a) -> Self {
        self.on_start = Some(Box::new(listener));
        self
    }

    /// Called with every state on the way to the end, which is not one of them.
    pub fn on_state(mut self, listener: impl FnMut(&<O::Job as Job>::State) + Send + 'a) -> Self {
        self.on_state = Some(Box::new(listener));
        self
    }

    async fn run(self, span: &trace::Span) -> Result<<O::Job as Job>::Done, JobError<O::Job>> {
        of_client(self.options, self.call.core()).settle(&O::Job::META).map_err(JobError::start)?;
        let client = self.call.arguments().client();
        let handle = self.call.start().await.map_err(JobError::start)?;
        trace::record_job(span, &handle.id());
        if let Some(listener) = self.on_start {
            listener(&handle);
        }
        let wait = Wait { handle: &handle, client, options: self.options, on_state: self.on_state };
        wait.run().await
    }
}

impl<'a, O: StartsJob<'a> + 'a> IntoFuture for StartAndWait<'a, O> {
    type Output = Result<<O::Job as Job>::Done, JobError<O::Job>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let span = trace::job_span(<O::Job as Job>::Poll::<'_>::META.id);
        Box::pin(async move { trace::within(&span, pin!(self.run(&span))).await })
    }
}

impl<'a, O: StartsJob<'a> + 'a> Call<'a, O> {
    /// Starts the job and returns its handle, to poll it or to wait for it, now or in another process. Nothing is sent
    /// before the future is awaited.
    ///
    /// # Errors
    /// As [`send`](Self::send), and if the response lacks an id that polls need: the job is running then, but cannot be
    /// polled.
    pub fn job(self) -> Starting<'a, O::Job> {
        Box::pin(self.start())
    }

    /// Starts the job and waits for its end.
    pub fn wait(self) -> StartAndWait<'a, O> {
        StartAndWait { call: self, options: WaitOptions::default(), on_start: None, on_state: None }
    }

    async fn start(self) -> Result<O::Job, Error> {
        let (_, completed) = self.complete().await?;
        let body = completed.reply.value().map(|(body, _)| body).unwrap_or_default();
        let Some(handle) = self.arguments().job(&body) else {
            return Err(self.unusable(completed.reply.lacks_id(), &completed));
        };
        if let Some(echoes) = self.echoes(&completed.secrets) {
            let asked = crate::runtime::retry::retry_after::of(&completed.reply.headers).unwrap_or_default();
            handle.limiter().started(asked, echoes);
        }
        Ok(handle)
    }
}
