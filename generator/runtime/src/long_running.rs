//! Work that goes on after the reply that started it: what generated code says of it, and what a reply means for it.

use std::fmt;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::call::Call;
use super::core::Completed;
use super::deadline::{FAR, TICK};
use super::error::Error;
use super::error_kind::{ErrorKind, StopReason, TimeoutKind};
use super::operation::Operation;
use super::pace::Pace;
use super::pointer::at;
use super::retry_config::RetryConfig;
use super::wait_options::Schedule;

/// Work that was started, known by its ids. Implemented by generated handles.
pub trait LongRunning: Clone + fmt::Debug + Send + Sync + 'static {
    /// The client that can ask for its state.
    type Client: Send + Sync + 'static;
    /// The operation that asks.
    type Ask<'a>: Operation<Output = Self::State> + 'a;
    /// What is answered.
    type State: Clone + fmt::Debug + Send + Sync + 'static;
    /// What the work gives in the end.
    type Done: Clone + fmt::Debug + Send + Sync + 'static;

    /// What is known of such work before there is any.
    const META: LongRunningMeta;

    /// The call that asks for the state.
    fn ask<'a>(&'a self, client: &'a Self::Client) -> Call<'a, Self::Ask<'a>>;

    /// When it was asked for, by this handle and its clones.
    fn pace(&self) -> &Pace;

    /// The value in a state of success.
    ///
    /// # Errors
    /// The state, if it is not one of success.
    fn done(state: Self::State) -> Result<Self::Done, Self::State>;
}

/// An operation that starts such work.
pub trait Starts<'a>: Operation {
    /// The handle of the work.
    type Handle: LongRunning;

    /// The client that asks for the state.
    fn client(&self) -> &'a <Self::Handle as LongRunning>::Client;

    /// The handle that the reply of the start gives. `None` if the reply lacks an id.
    fn handle(&self, reply: &Value) -> Option<Self::Handle>;
}

/// What is known of work before there is any, from the API's description.
#[derive(Clone, Copy, Debug)]
pub struct LongRunningMeta {
    /// Milliseconds before the first question.
    pub first_delay_ms: u64,
    /// Milliseconds between the first two questions.
    pub interval_ms: u64,
    /// Milliseconds after which waiting ends.
    pub timeout_ms: u64,
    /// A reply that meets all of these is the end, and good.
    pub success: &'static [Criterion],
    /// A reply that meets all of these is the end, and bad. If empty, no reply is.
    pub failure: &'static [Criterion],
}

impl LongRunningMeta {
    /// The text that the criteria look at: how the service calls the state.
    fn status_in(&self, body: &Value) -> Option<String> {
        let pointers = self.success.iter().chain(self.failure).filter_map(|criterion| match criterion {
            Criterion::BodyIn { pointer, .. } => Some(*pointer),
            Criterion::Status(_) => None,
        });
        pointers.into_iter().find_map(|pointer| at(body, pointer)?.as_str()).map(str::to_owned)
    }
}

/// A condition on a reply.
#[derive(Clone, Copy, Debug)]
pub enum Criterion {
    /// The status is this one.
    Status(u16),
    /// The text at a JSON pointer of the body is one of these.
    BodyIn {
        /// The pointer.
        pointer: &'static str,
        /// The texts.
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

/// How far the work has come.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress<H: LongRunning> {
    /// It goes on, in this state.
    Running(H::State),
    /// It is over, and this is its value.
    Done(H::Done),
    /// It is over and has failed: its last state.
    Failed(H::State),
}

/// A reply to the question, and what it means.
pub(super) struct Answer<H: LongRunning> {
    pub(super) progress: Progress<H>,
    pub(super) retry_after: Option<Duration>,
    /// The text that tells the states apart, masked. Not looked for in a state of success.
    pub(super) status: Option<String>,
    /// The service's own message, masked. Only looked for in a state of failure.
    pub(super) message: Option<String>,
}

impl<H: LongRunning> Answer<H> {
    /// Asks once: one request, which is not repeated.
    pub(super) async fn to(call: Call<'_, H::Ask<'_>>) -> Result<Self, Error> {
        let mut call = call.retry_config(RetryConfig::none());
        let core = call.core();
        let (state, Completed { reply, secrets, .. }) = call.complete().await?;
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let masked = |text: String| core.mask_text(&text, &secrets);
        let progress = progress::<H>(state, reply.status(), &body);
        let status = match &progress {
            Progress::Done(_) => None,
            Progress::Running(_) | Progress::Failed(_) => H::META.status_in(&body).map(masked),
        };
        let message = match &progress {
            Progress::Failed(_) => super::server_message::find(&reply.body, None).map(masked),
            Progress::Running(_) | Progress::Done(_) => None,
        };
        Ok(Self { progress, retry_after: super::retry_after::of(&reply.headers), status, message })
    }
}

/// A reply that meets the criteria of both ends is the good one; one that meets none is no end.
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

/// One question, not closer to the one before than the interval allows, and not sooner than the service asks for in
/// `Retry-After`. It is one request: what fails is not tried again, but the next poll may succeed.
///
/// # Errors
/// If asking fails; also, without asking, if the service has asked for a longer wait than the client's
/// `max_retry_after`: [`Error::retry_after`] is what is left of it.
pub async fn poll<H: LongRunning>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    let (pace, minimum) = (handle.pace(), Schedule::of(&H::META).minimum());
    let call = handle.ask(client);
    let longest = call.core().shared.policy.max_retry_after.clamp(minimum, FAR);
    let now = Instant::now();
    // A pause that is longer is not waited for in part.
    if pace.left() > longest || !pace.turn(now, now + longest + TICK, minimum).await {
        return Err(too_soon(pace.left()).for_operation(H::Ask::META.id));
    }
    let answer = Answer::<H>::to(call).await;
    pace.answered(asked_pause(&answer).max(minimum));
    Ok(answer?.progress)
}

/// What the service asks to wait for before the next question.
pub(super) fn asked_pause<H: LongRunning>(answer: &Result<Answer<H>, Error>) -> Duration {
    let asked = match answer {
        Ok(answer) => answer.retry_after,
        Err(error) => error.retry_after(),
    };
    asked.unwrap_or_default()
}

fn too_soon(left: Duration) -> Error {
    let message = format!("the service asks to wait for {} s more", left.as_secs_f64().ceil());
    Error::new(ErrorKind::Timeout(TimeoutKind::Total), message)
        .with_retry_after(Some(left))
        .stopped(StopReason::RetryAfterTooLong, true)
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
