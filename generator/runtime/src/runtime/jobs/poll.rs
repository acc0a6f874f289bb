//! A single poll of a job, and how its response is read.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::limiter::{Outcome, Turn, Window};
use super::meta::{Criterion, Job, Progress};
use super::options::Schedule;
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::call::options::CallOptions;
use crate::runtime::call::plan::Completed;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, StopReason, TimeoutKind};
use crate::runtime::retry::deadline::FAR;
use crate::runtime::trace;

/// The response to a poll, as the progress of the job. The strings are not masked.
#[derive(Clone)]
pub(crate) struct Polled<H: Job> {
    pub(crate) progress: Progress<H>,
    pub(crate) retry_after: Option<Duration>,
    /// The service's name of the state. `None` if the job has succeeded.
    pub(crate) status: Option<String>,
    /// The service's own message. `None` unless the job has failed. It must be masked before it is shortened, so that no part
    /// of a secret remains.
    pub(crate) message: Option<String>,
    /// Credentials that were provided, and values of hooks, to be masked.
    pub(crate) secrets: Vec<String>,
}

impl<H: Job> Polled<H> {
    /// Sends the request of a poll.
    async fn send(call: Call<'_, H::Poll<'_>>) -> Result<Self, Error> {
        let (state, Completed { response, secrets, .. }) = call.complete().await?;
        let body = response.value().map(|(body, _)| body).unwrap_or_default();
        let progress = progress::<H>(state, response.status().as_u16(), &body);
        let status = match &progress {
            Progress::Done(_) => None,
            Progress::Running(_) | Progress::Failed(_) => H::META.status_in(&body),
        };
        let message = match &progress {
            Progress::Failed(_) => crate::runtime::error::server_message::find(&response.body, None),
            Progress::Running(_) | Progress::Done(_) => None,
        };
        Ok(Self {
            progress,
            retry_after: crate::runtime::retry::retry_after::of(&response.headers),
            status,
            message,
            secrets,
        })
    }

    fn is_end(&self) -> bool {
        matches!(self.progress, Progress::Done(_) | Progress::Failed(_))
    }
}

/// Returns what a response means. One that meets the criteria of both success and failure means success. One that meets
/// neither means that the job is running.
fn progress<H: Job>(state: H::State, status: u16, body: &Value) -> Progress<H> {
    let meets = |criteria: &[Criterion]| {
        !criteria.is_empty() && criteria.iter().all(|criterion| criterion.is_met(status, body))
    };
    if meets(H::META.success) {
        H::done(state).map_or_else(Progress::Running, Progress::Done)
    } else if meets(H::META.failure) {
        Progress::Failed(state)
    } else {
        Progress::Running(state)
    }
}

/// Polls a job once, and returns its progress.
///
/// This sends one request, which is not retried. After a transient failure poll again, or use `wait`, which does so. If
/// another caller polls with the same client through this handle or a clone of it in the meantime, the outcome of that poll
/// is returned instead.
///
/// The first poll is sent at once, or when the `Retry-After` of the start has passed. A later poll is sent when at least 80 %
/// of the interval in the API's description have passed since the one before, and not before the service's `Retry-After`
/// has passed.
///
/// # Errors
///
/// Fails if the poll fails. The job may still be running.
///
/// Also fails, without polling, if the service requires a longer pause than the client's `max_retry_after` (60 s by
/// default). [`Error::retry_after`] is then the rest of the pause. The job can be polled again once `max_retry_after` has
/// passed since the response that required the pause, whichever client received it.
///
/// The service's message in the error ([`Error::server_message`]) is shown only if it is known what the start of the job has
/// sent, because that is masked in it.
pub async fn poll<H: Job>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    trace::within(&job_span(handle), pin!(poll_once(handle, client))).await
}

/// Returns the span around all polls of a job.
pub(crate) fn job_span<H: Job>(handle: &H) -> trace::Span {
    let span = trace::job_span(H::META.operation_id);
    trace::record_job(&span, &handle.id());
    span
}

async fn poll_once<H: Job>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    let now = Instant::now();
    let schedule = Schedule::of(&H::META);
    let job = Poller { handle, client, options: None };
    let longest = job.longest_pause(&schedule);
    let window = Window { earliest: now, end: now + FAR, minimum: schedule.minimum(), longest };
    let polled = job.next_poll(&window, &mut 0).await;
    // Always `Some`, because the window is longer than any pause that is waited for.
    polled.unwrap_or_else(|| Err(too_soon::<H>(Duration::ZERO))).map(|polled| polled.progress)
}

/// What is polled, and how.
pub(crate) struct Poller<'a, H: Job> {
    pub(crate) handle: &'a H,
    pub(crate) client: &'a H::Client,
    /// The options of the call that has started the job, as far as they apply to polls.
    pub(crate) options: Option<Box<CallOptions>>,
}

impl<'a, H: Job> Poller<'a, H> {
    /// Returns the longest pause that is waited for.
    pub(crate) fn longest_pause(&self, schedule: &Schedule) -> Duration {
        let own = self.options.as_ref().and_then(|options| options.retry.as_ref()?.max_retry_after);
        let policy = &self.handle.poll_call(self.client).core().shared.policy;
        own.unwrap_or(policy.max_retry_after).clamp(schedule.minimum(), FAR)
    }

    /// Returns the call that polls, without retries.
    pub(crate) fn call(&self) -> Call<'a, H::Poll<'a>> {
        self.handle.poll_call(self.client).polling(self.options.as_deref(), self.handle.limiter().echoes())
    }

    /// Returns whose outcomes are shared: the address of the client, or that of the options, because polls with other
    /// options may have other outcomes. The caller borrows or owns it for as long as it listens.
    fn source(&self, call: &Call<'a, H::Poll<'a>>) -> usize {
        match &self.options {
            Some(options) => std::ptr::from_ref(&**options).addr(),
            None => Arc::as_ptr(&call.core().shared).addr(),
        }
    }

    /// Returns the outcome of the next poll by this caller or another one, and counts it. `None` if the window ends before.
    pub(crate) async fn next_poll(&self, window: &Window, polls: &mut u32) -> Option<Result<Polled<H>, Error>> {
        let call = self.call();
        let mut listener = self.handle.limiter().listen(self.source(&call));
        let turn = trace::within(&trace::wait_span(*polls), pin!(listener.turn(window))).await;
        if let Turn::Own | Turn::Shared(_) = turn {
            *polls = polls.saturating_add(1);
        }
        match turn {
            Turn::Own => {}
            Turn::Shared(outcome) => return shared(&outcome),
            Turn::TooLong(left) => return Some(Err(too_soon::<H>(left))),
            Turn::Over => return None,
        }
        let polled = match timeout_at(window.end, listener.unless_ended(Polled::<H>::send(call))).await.ok()? {
            Ok(polled) => polled,
            Err(outcome) => return shared(&outcome),
        };
        listener.finish(required_pause(&polled), window, || outcome(&polled));
        Some(polled)
    }
}

/// Returns the outcome of a poll, for the other callers with the same client.
fn outcome<H: Job>(polled: &Result<Polled<H>, Error>) -> Outcome {
    Outcome { is_end: polled.as_ref().is_ok_and(Polled::is_end), value: Arc::new(copy(polled)) }
}

/// Returns what another caller has polled. Always `Some`, because all clones of a handle have the same type.
fn shared<H: Job>(outcome: &Outcome) -> Option<Result<Polled<H>, Error>> {
    outcome.value.downcast_ref().map(copy)
}

fn copy<H: Job>(polled: &Result<Polled<H>, Error>) -> Result<Polled<H>, Error> {
    match polled {
        Ok(polled) => Ok(polled.clone()),
        Err(error) => Err(error.share()),
    }
}

/// Returns the pause that the service requires before the next poll. Zero if the job has ended.
fn required_pause<H: Job>(polled: &Result<Polled<H>, Error>) -> Duration {
    let pause = match polled {
        Ok(polled) if polled.is_end() => None,
        Ok(polled) => polled.retry_after,
        Err(error) => error.retry_after(),
    };
    pause.unwrap_or_default()
}

fn too_soon<H: Job>(left: Duration) -> Error {
    let message =
        format!("the service requires a pause of another {} s before the next poll", left.as_secs_f64().ceil());
    Error::new(ErrorKind::Timeout(TimeoutKind::Total), message)
        .with_retry_after(Some(left))
        .stopped(StopReason::RetryAfterTooLong, true)
        .for_operation(H::Poll::META.id)
}
