//! Jobs: work that goes on after the response that started it. What generated code states about a job, what a response
//! means for it, and the single poll.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::call::Call;
use super::core::Completed;
use super::deadline::FAR;
use super::error::Error;
use super::error_kind::{ErrorKind, StopReason, TimeoutKind};
use super::operation::Operation;
use super::pace::{Outcome, Pace, Turn, Window};
use super::pointer::at;
use super::retry_config::RetryConfig;
use super::trace;
use super::wait_options::Schedule;

/// A job that was started, known by its ids. Implemented by generated handles.
pub trait LongRunning: Clone + fmt::Debug + Send + Sync + 'static {
    /// The client that polls it.
    type Client: Send + Sync + 'static;
    /// The operation that polls.
    type Ask<'a>: Operation<Output = Self::State> + 'a;
    /// The value of a poll.
    type State: Clone + fmt::Debug + Send + Sync + 'static;
    /// The value of a job that succeeds.
    type Done: Clone + fmt::Debug + Send + Sync + 'static;

    /// What the API's description says of such jobs.
    const META: LongRunningMeta;

    /// The call that polls.
    fn ask<'a>(&'a self, client: &'a Self::Client) -> Call<'a, Self::Ask<'a>>;

    /// What this handle and its clones share.
    fn pace(&self) -> &Pace;

    /// The value in a state of success.
    ///
    /// # Errors
    /// The state, if it is not one of success.
    fn done(state: Self::State) -> Result<Self::Done, Self::State>;
}

/// An operation that starts a job.
pub trait Starts<'a>: Operation {
    /// The handle of the job.
    type Handle: LongRunning;

    /// The client that polls the job.
    fn client(&self) -> &'a <Self::Handle as LongRunning>::Client;

    /// A new handle, from the body of the start's response. `None` if the response lacks an id.
    fn handle(&self, reply: &Value) -> Option<Self::Handle>;
}

/// What the API's description says of a kind of job.
#[derive(Clone, Copy, Debug)]
pub struct LongRunningMeta {
    /// Milliseconds before the first poll.
    pub first_delay_ms: u64,
    /// Milliseconds between the first two polls.
    pub interval_ms: u64,
    /// Milliseconds after which waiting ends.
    pub timeout_ms: u64,
    /// A response that meets all of these is the end of a job that succeeded.
    pub success: &'static [Criterion],
    /// A response that meets all of these is the end of a job that failed. If empty, no response is.
    pub failure: &'static [Criterion],
}

impl LongRunningMeta {
    /// Whether this is one of the strings that the criteria look for.
    pub(super) fn names(&self, status: &str) -> bool {
        self.success.iter().chain(self.failure).any(|criterion| match criterion {
            Criterion::BodyIn { values, .. } => values.contains(&status),
            Criterion::Status(_) => false,
        })
    }

    /// The string that the criteria look at: how the service calls the state.
    fn status_in(&self, body: &Value) -> Option<String> {
        let pointers = self.success.iter().chain(self.failure).filter_map(|criterion| match criterion {
            Criterion::BodyIn { pointer, .. } => Some(*pointer),
            Criterion::Status(_) => None,
        });
        pointers.into_iter().find_map(|pointer| at(body, pointer)?.as_str()).map(str::to_owned)
    }
}

/// A condition on a response.
#[derive(Clone, Copy, Debug)]
pub enum Criterion {
    /// The status is this one.
    Status(u16),
    /// The string at a JSON pointer of the body is one of these.
    BodyIn {
        /// The pointer.
        pointer: &'static str,
        /// The strings.
        values: &'static [&'static str],
    },
}

impl Criterion {
    fn is_met(&self, status: u16, body: &Value) -> bool {
        match self {
            Self::Status(wanted) => status == *wanted,
            Self::BodyIn { pointer, values } => {
                let text = at(body, pointer).and_then(Value::as_str);
                text.is_some_and(|text| values.contains(&text))
            }
        }
    }
}

/// How far a job has come.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress<H: LongRunning> {
    /// It is running, in this state.
    Running(H::State),
    /// It has succeeded, with this value.
    Done(H::Done),
    /// It has failed, with this last state.
    Failed(H::State),
}

/// A response to a poll, and what it means. The strings are as the service sent them.
#[derive(Clone)]
pub(super) struct Answer<H: LongRunning> {
    pub(super) progress: Progress<H>,
    pub(super) retry_after: Option<Duration>,
    /// The string that tells the states apart. Not looked for in a state of success.
    pub(super) status: Option<String>,
    /// The service's own message, which is masked before it is shortened. Only looked for in a state of failure.
    pub(super) message: Option<String>,
    /// Credentials that were asked for, to be masked.
    pub(super) secrets: Vec<String>,
}

impl<H: LongRunning> Answer<H> {
    /// Polls once: one request, which is not repeated.
    async fn to(mut call: Call<'_, H::Ask<'_>>) -> Result<Self, Error> {
        let (state, Completed { reply, secrets, .. }) = call.complete().await?;
        let body = reply.value().map(|(body, _)| body).unwrap_or_default();
        let progress = progress::<H>(state, reply.status(), &body);
        let status = match &progress {
            Progress::Done(_) => None,
            Progress::Running(_) | Progress::Failed(_) => H::META.status_in(&body),
        };
        let message = match &progress {
            Progress::Failed(_) => super::server_message::find(&reply.body, None),
            Progress::Running(_) | Progress::Done(_) => None,
        };
        Ok(Self { progress, retry_after: super::retry_after::of(&reply.headers), status, message, secrets })
    }

    fn is_end(&self) -> bool {
        matches!(self.progress, Progress::Done(_) | Progress::Failed(_))
    }
}

/// A response that meets the criteria of success and of failure is a success; one that meets neither is no end.
fn progress<H: LongRunning>(state: H::State, status: u16, body: &Value) -> Progress<H> {
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
pub async fn poll<H: LongRunning>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    let now = Instant::now();
    let schedule = Schedule::of(&H::META);
    let longest = longest_pause(handle, client, &schedule);
    let window = Window { earliest: now, end: now + FAR, minimum: schedule.minimum(), longest };
    let answer = next_answer(handle, client, &window, &mut 0).await;
    // None of the pauses that are waited for is as long as the window.
    answer.unwrap_or_else(|| Err(too_soon::<H>(Duration::ZERO))).map(|answer| answer.progress)
}

/// The longest pause that is waited for.
pub(super) fn longest_pause<H: LongRunning>(handle: &H, client: &H::Client, schedule: &Schedule) -> Duration {
    let policy = &handle.ask(client).core().shared.policy;
    policy.max_retry_after.clamp(schedule.minimum(), FAR)
}

/// The call that polls.
pub(super) fn polling<'a, H: LongRunning>(handle: &'a H, client: &'a H::Client) -> Call<'a, H::Ask<'a>> {
    handle.ask(client).retry_config(RetryConfig::none()).echoing(handle.pace().echoes())
}

/// The answer to the next poll, by this caller or another, which is counted. `None` at the end of the window.
pub(super) async fn next_answer<H: LongRunning>(
    handle: &H,
    client: &H::Client,
    window: &Window,
    polls: &mut u32,
) -> Option<Result<Answer<H>, Error>> {
    let call = polling(handle, client);
    let client = Arc::as_ptr(&call.core().shared).addr();
    let mut listener = handle.pace().listen(client);
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
    let answer = match timeout_at(window.end, listener.unless_over(Answer::<H>::to(call))).await.ok()? {
        Ok(answer) => answer,
        Err(outcome) => return heard(&outcome),
    };
    listener.answered(asked_pause(&answer), window, || outcome(&answer));
    Some(answer)
}

/// A poll's outcome, for the callers with the same client.
fn outcome<H: LongRunning>(answer: &Result<Answer<H>, Error>) -> Outcome {
    Outcome { is_end: answer.as_ref().is_ok_and(Answer::is_end), value: Arc::new(copy(answer)) }
}

/// The clones of a handle are of one type.
fn heard<H: LongRunning>(outcome: &Outcome) -> Option<Result<Answer<H>, Error>> {
    outcome.value.downcast_ref().map(copy)
}

fn copy<H: LongRunning>(answer: &Result<Answer<H>, Error>) -> Result<Answer<H>, Error> {
    match answer {
        Ok(answer) => Ok(answer.clone()),
        Err(error) => Err(error.share()),
    }
}

/// What the service asks to wait for before the next poll. None after the end of the job.
fn asked_pause<H: LongRunning>(answer: &Result<Answer<H>, Error>) -> Duration {
    let asked = match answer {
        Ok(answer) if answer.is_end() => None,
        Ok(answer) => answer.retry_after,
        Err(error) => error.retry_after(),
    };
    asked.unwrap_or_default()
}

fn too_soon<H: LongRunning>(left: Duration) -> Error {
    let message = format!("the service asks to wait for {} s more", left.as_secs_f64().ceil());
    Error::new(ErrorKind::Timeout(TimeoutKind::Total), message)
        .with_retry_after(Some(left))
        .stopped(StopReason::RetryAfterTooLong, true)
        .for_operation(H::Ask::META.id)
}

/// The string at a JSON pointer, where `-1` is the last item of an array; a number counts as its digits. `None` if there
/// is neither, or if the string is empty.
#[must_use]
pub fn text_at(reply: &Value, pointer: &str) -> Option<String> {
    match at(reply, pointer)? {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The value at a JSON pointer, where `-1` is the last item of an array. `None` if there is no value of the type.
#[must_use]
pub fn value_at<T: serde::de::DeserializeOwned>(reply: &Value, pointer: &str) -> Option<T> {
    T::deserialize(at(reply, pointer)?).ok()
}
