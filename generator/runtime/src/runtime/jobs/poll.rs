//! A single poll of a job, and what its response means.

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
use crate::runtime::call::plan::Completed;
use crate::runtime::error::Error;
use crate::runtime::error::kind::{ErrorKind, StopReason, TimeoutKind};
use crate::runtime::retry::config::RetryConfig;
use crate::runtime::retry::deadline::FAR;
use crate::runtime::trace;

/// A response to a poll, and what it means. The strings are as the service sent them.
#[derive(Clone)]
pub(crate) struct Polled<H: Job> {
    pub(crate) progress: Progress<H>,
    pub(crate) retry_after: Option<Duration>,
    /// The string that tells the states apart. Not looked for in a state of success.
    pub(crate) status: Option<String>,
    /// The service's own message, which is masked before it is shortened. Only looked for in a state of failure.
    pub(crate) message: Option<String>,
    /// Credentials that were asked for, to be masked.
    pub(crate) secrets: Vec<String>,
}

impl<H: Job> Polled<H> {
    /// Polls once: one request, which is not repeated.
    async fn to(call: Call<'_, H::Poll<'_>>) -> Result<Self, Error> {
        let (state, Completed { reply, secrets, .. }) = call.complete().await?;
        let body = reply.value().map(|(body, _)| body).unwrap_or_default();
        let progress = progress::<H>(state, reply.status().as_u16(), &body);
        let status = match &progress {
            Progress::Done(_) => None,
            Progress::Running(_) | Progress::Failed(_) => H::META.status_in(&body),
        };
        let message = match &progress {
            Progress::Failed(_) => crate::runtime::error::server_message::find(&reply.body, None),
            Progress::Running(_) | Progress::Done(_) => None,
        };
        Ok(Self {
            progress,
            retry_after: crate::runtime::retry::retry_after::of(&reply.headers),
            status,
            message,
            secrets,
        })
    }

    fn is_end(&self) -> bool {
        matches!(self.progress, Progress::Done(_) | Progress::Failed(_))
    }
}

/// A response that meets the criteria of success and of failure is a success; one that meets neither is no end.
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

/// Polls a job once. A poll that another caller makes meanwhile with the same client, through this handle or a clone of
/// it, counts for this one too.
///
/// It is one request. After a transient failure poll again, or use `wait`, which does. The first poll is sent at once,
/// or when the start's `Retry-After` is over; the next ones not sooner than the description's interval less a fifth
/// after the one before, and not before the service's `Retry-After` is over.
///
/// # Errors
/// If the poll fails; the job may go on. Also, without polling, if the service has asked for a longer pause than the
/// client's `max_retry_after` (60 s by default): [`Error::retry_after`] is then what is left of it. The job can be
/// polled again when `max_retry_after` has passed since the response that asked for the pause, whichever client
/// received it.
///
/// [`Error::server_message`] says whose messages are shown: what the start of the job has sent can only be masked where
/// it is known.
pub async fn poll<H: Job>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    trace::within(&job_span(handle), pin!(poll_once(handle, client))).await
}

/// The span around all that is done for a job.
pub(crate) fn job_span<H: Job>(handle: &H) -> trace::Span {
    let span = trace::job_span(H::Poll::META.id);
    trace::record_job(&span, &handle.id());
    span
}

async fn poll_once<H: Job>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    let now = Instant::now();
    let schedule = Schedule::of(&H::META);
    let longest = longest_pause(handle, client, &schedule);
    let window = Window { earliest: now, end: now + FAR, minimum: schedule.minimum(), longest };
    let answer = next_answer(handle, client, &window, &mut 0).await;
    // None of the pauses that are waited for is as long as the window.
    answer.unwrap_or_else(|| Err(too_soon::<H>(Duration::ZERO))).map(|answer| answer.progress)
}

/// The longest pause that is waited for.
pub(crate) fn longest_pause<H: Job>(handle: &H, client: &H::Client, schedule: &Schedule) -> Duration {
    let policy = &handle.poll_call(client).core().shared.policy;
    policy.max_retry_after.clamp(schedule.minimum(), FAR)
}

/// The call that polls.
pub(crate) fn polling<'a, H: Job>(handle: &'a H, client: &'a H::Client) -> Call<'a, H::Poll<'a>> {
    handle.poll_call(client).retry_config(RetryConfig::none()).polling(handle.limiter().echoes())
}

/// The answer to the next poll, by this caller or another, which is counted. `None` at the end of the window.
pub(crate) async fn next_answer<H: Job>(
    handle: &H,
    client: &H::Client,
    window: &Window,
    polls: &mut u32,
) -> Option<Result<Polled<H>, Error>> {
    let call = polling(handle, client);
    let client = Arc::as_ptr(&call.core().shared).addr();
    let mut listener = handle.limiter().listen(client);
    let turn = trace::within(&trace::wait_span(*polls), pin!(listener.turn(window))).await;
    if let Turn::Own | Turn::Heard(_) = turn {
        *polls = polls.saturating_add(1);
    }
    match turn {
        Turn::Own => {}
        Turn::Heard(outcome) => return heard(&outcome),
        Turn::TooLong(left) => return Some(Err(too_soon::<H>(left))),
        Turn::Over => return None,
    }
    let answer = match timeout_at(window.end, listener.unless_over(Polled::<H>::to(call))).await.ok()? {
        Ok(answer) => answer,
        Err(outcome) => return heard(&outcome),
    };
    listener.answered(asked_pause(&answer), window, || outcome(&answer));
    Some(answer)
}

/// A poll's outcome, for the callers with the same client.
fn outcome<H: Job>(answer: &Result<Polled<H>, Error>) -> Outcome {
    Outcome { is_end: answer.as_ref().is_ok_and(Polled::is_end), value: Arc::new(copy(answer)) }
}

/// The clones of a handle are of one type.
fn heard<H: Job>(outcome: &Outcome) -> Option<Result<Polled<H>, Error>> {
    outcome.value.downcast_ref().map(copy)
}

fn copy<H: Job>(answer: &Result<Polled<H>, Error>) -> Result<Polled<H>, Error> {
    match answer {
        Ok(answer) => Ok(answer.clone()),
        Err(error) => Err(error.share()),
    }
}

/// What the service asks to wait for before the next poll. None after the end of the job.
fn asked_pause<H: Job>(answer: &Result<Polled<H>, Error>) -> Duration {
    let asked = match answer {
        Ok(answer) if answer.is_end() => None,
        Ok(answer) => answer.retry_after,
        Err(error) => error.retry_after(),
    };
    asked.unwrap_or_default()
}

fn too_soon<H: Job>(left: Duration) -> Error {
    let message = format!("the service asks to wait for {} s more", left.as_secs_f64().ceil());
    Error::new(ErrorKind::Timeout(TimeoutKind::Total), message)
        .with_retry_after(Some(left))
        .stopped(StopReason::RetryAfterTooLong, true)
        .for_operation(H::Poll::META.id)
}
