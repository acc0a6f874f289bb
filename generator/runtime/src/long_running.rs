//! Work that goes on after the reply that started it: what generated code says of it, and what a reply means for it.

use std::fmt;
use std::future::Future;

use serde_json::Value;

use super::call::Call;
use super::error::Error;
use super::operation::Operation;
use super::pace::Pace;
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
                let text = body.pointer(pointer).and_then(Value::as_str);
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
    pub(super) retry_after: Option<std::time::Duration>,
    /// The service's own message, masked. Only looked for in a state of failure.
    pub(super) message: Option<String>,
}

impl<H: LongRunning> Answer<H> {
    /// Asks once.
    pub(super) async fn to(mut call: Call<'_, H::Ask<'_>>) -> Result<Self, Error> {
        let core = call.core().clone();
        let (state, completed) = call.complete().await?;
        let reply = completed.reply;
        let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let meets = |criteria: &[Criterion]| {
            !criteria.is_empty() && criteria.iter().all(|criterion| criterion.is_met(reply.status(), &body))
        };
        let retry_after = super::retry_after::of(&reply.headers);
        let (progress, message) = if meets(H::META.success) {
            (H::done(state).map_or_else(Progress::Running, Progress::Done), None)
        } else if meets(H::META.failure) {
            let message = super::server_message::find(&reply.body, None);
            (Progress::Failed(state), message.map(|text| core.mask_text(&text)))
        } else {
            (Progress::Running(state), None)
        };
        Ok(Self { progress, retry_after, message })
    }
}

/// One question, not closer to the one before than the interval allows.
///
/// # Errors
/// If asking fails.
pub async fn poll<H: LongRunning>(handle: &H, client: &H::Client) -> Result<Progress<H>, Error> {
    let minimum = Schedule::of(&H::META).minimum();
    let answer = handle.pace().keep(minimum, Answer::<H>::to(handle.ask(client))).await?;
    Ok(answer.progress)
}

/// The text at a JSON pointer; a number counts as its digits. `None` if there is neither.
#[must_use]
pub fn text_at(reply: &Value, pointer: &str) -> Option<String> {
    match reply.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The value at a JSON pointer. `None` if there is none of the type.
#[must_use]
pub fn value_at<T: serde::de::DeserializeOwned>(reply: &Value, pointer: &str) -> Option<T> {
    serde_json::from_value(reply.pointer(pointer)?.clone()).ok()
}

impl Pace {
    /// Asks when it is time, and notes when it will be time again.
    async fn keep<H: LongRunning>(
        &self,
        minimum: std::time::Duration,
        asking: impl Future<Output = Result<Answer<H>, Error>>,
    ) -> Result<Answer<H>, Error> {
        tokio::time::sleep_until(self.due()).await;
        self.asked(minimum);
        let answer = asking.await;
        let wait = match &answer {
            Ok(answer) => answer.retry_after,
            Err(error) => error.retry_after(),
        };
        self.asked(wait.unwrap_or_default().max(minimum));
        answer
    }
}
