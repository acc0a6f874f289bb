//! What generated code states about jobs, and how a response is read as their progress.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::limiter::PollLimiter;
use crate::runtime::call::Call;
use crate::runtime::call::operation::Operation;
use crate::runtime::encoding::json_pointer::at;

/// The handle of a job: the ids with which the job is polled.
///
/// Generated code implements this trait for the handle of each kind of job. It is the bound of the types that contain
/// handles, such as [`JobError`](crate::runtime::jobs::JobError) and [`Progress`](crate::runtime::jobs::Progress). The
/// trait is sealed: its hidden methods use types that no other crate can name.
pub trait Job: Clone + fmt::Debug + Send + Sync + 'static {
    /// The client that polls the job.
    #[doc(hidden)]
    type Client: Send + Sync + 'static;
    /// The operation that polls the job.
    #[doc(hidden)]
    type Poll<'a>: Operation<Output = Self::State> + 'a;
    /// The decoded response to a poll.
    type State: Clone + fmt::Debug + Send + Sync + 'static;
    /// What the job returns when it succeeds.
    type Done: Clone + fmt::Debug + Send + Sync + 'static;

    /// What the API's description states about jobs of this kind.
    #[doc(hidden)]
    const META: JobMeta;

    /// Returns the call that polls the job.
    #[doc(hidden)]
    fn poll_call<'a>(&'a self, client: &'a Self::Client) -> Call<'a, Self::Poll<'a>>;

    /// Returns the ids of the job, for logs.
    #[doc(hidden)]
    fn id(&self) -> String;

    /// Returns the state that this handle shares with its clones.
    #[doc(hidden)]
    fn limiter(&self) -> &PollLimiter;

    /// Extracts the result of the job from a state of success.
    ///
    /// # Errors
    ///
    /// Returns the state if it is not one of success.
    #[doc(hidden)]
    fn done(state: Self::State) -> Result<Self::Done, Self::State>;
}

/// An operation that starts a job.
///
/// Generated code implements this trait for the arguments of such operations. It is sealed, like [`Operation`].
pub trait StartsJob<'a>: Operation {
    /// The handle of the job.
    type Job: Job;

    /// Returns the client that polls the job.
    #[doc(hidden)]
    fn client(&self) -> &'a <Self::Job as Job>::Client;

    /// Creates a handle from the body of the response. `None` if the response lacks an id.
    #[doc(hidden)]
    fn job(&self, response: &Value) -> Option<Self::Job>;
}

/// What the API's description states about a kind of job.
#[derive(Clone, Copy, Debug)]
pub struct JobMeta {
    /// The name of the operation that starts the job, in the API's description.
    pub operation_id: &'static str,
    /// The wait before the first poll, in milliseconds.
    pub first_delay_ms: u64,
    /// The wait between the first two polls, in milliseconds.
    pub interval_ms: u64,
    /// The time after which waiting ends, in milliseconds.
    pub timeout_ms: u64,
    /// A response that meets all of these criteria means that the job has succeeded.
    pub success: &'static [Criterion],
    /// A response that meets all of these criteria means that the job has failed. If there are none, no response does.
    pub failure: &'static [Criterion],
}

impl JobMeta {
    /// Whether this is one of the strings that the criteria compare with.
    pub(crate) fn names(&self, status: &str) -> bool {
        self.success.iter().chain(self.failure).any(|criterion| match criterion {
            Criterion::BodyIn { values, .. } => values.contains(&status),
            Criterion::Status(_) => false,
        })
    }

    /// Returns the string that the criteria compare: the service's name of the state.
    pub(crate) fn status_in(&self, body: &Value) -> Option<String> {
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
    /// The HTTP status is this one.
    Status(u16),
    /// The string at a JSON pointer of the body is one of these.
    BodyIn {
        /// The JSON pointer.
        pointer: &'static str,
        /// The strings, one of which it must be.
        values: &'static [&'static str],
    },
}

impl Criterion {
    pub(crate) fn is_met(&self, status: u16, body: &Value) -> bool {
        match self {
            Self::Status(expected) => status == *expected,
            Self::BodyIn { pointer, values } => {
                let string = at(body, pointer).and_then(Value::as_str);
                string.is_some_and(|string| values.contains(&string))
            }
        }
    }
}

/// The progress of a job, as the response to a poll reports it.
///
/// Can be compared if the state and the result of the job can.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress<H: Job> {
    /// The job is running, in this state.
    Running(H::State),
    /// The job has succeeded, with this result.
    Done(H::Done),
    /// The job has failed, with this last state. [`Wait`](crate::runtime::jobs::Wait) and
    /// [`States`](crate::runtime::jobs::States) report it as an error instead.
    Failed(H::State),
}

/// Not derived, because that would require that the handle can be compared instead of the state and the result.
impl<H: Job<State: PartialEq, Done: PartialEq>> PartialEq for Progress<H> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Running(own), Self::Running(other)) | (Self::Failed(own), Self::Failed(other)) => own == other,
            (Self::Done(own), Self::Done(other)) => own == other,
            _ => false,
        }
    }
}

impl<H: Job<State: Eq, Done: Eq>> Eq for Progress<H> {}

/// Returns the string or number at a JSON pointer, as a string. In the pointer `-1` is the last item of an array. `None` if
/// there is neither, or if the string is empty.
#[must_use]
pub fn text_at(response: &Value, pointer: &str) -> Option<String> {
    match at(response, pointer)? {
        Value::String(string) => (!string.is_empty()).then(|| string.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the value at a JSON pointer, in which `-1` is the last item of an array. Numbers and strings convert into each other.
/// `None` if there is no value of the type.
#[must_use]
pub fn value_at<T: DeserializeOwned>(response: &Value, pointer: &str) -> Option<T> {
    convert(at(response, pointer)?)
}

/// Returns an argument of another type. Numbers and strings convert into each other. `None` if it is not a value of the type.
#[must_use]
pub fn value_of<T: DeserializeOwned>(argument: &impl Serialize) -> Option<T> {
    convert(&serde_json::to_value(argument).ok()?)
}

fn convert<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let converted = || match value {
        Value::String(text) => T::deserialize(text.parse::<serde_json::Number>().ok()?).ok(),
        Value::Number(number) => T::deserialize(Value::String(number.to_string())).ok(),
        _ => None,
    };
    T::deserialize(value).ok().or_else(converted)
}
