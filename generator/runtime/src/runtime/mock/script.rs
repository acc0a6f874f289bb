//! What a test says to the server about one operation: answers, in the order in which they will be asked for.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue, RETRY_AFTER};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Server;
use super::answer::{Answer, Outcome, Reply};
use super::received::ReceivedRequest;
use crate::runtime::transport::failure::FailureKind;

/// The body of requests that have none.
#[derive(Clone, Copy, Debug)]
pub enum NoBody {}

/// The answers to one operation whose replies are an `O` and whose requests carry a `B`.
///
/// Each method adds an answer behind those that are there already, and gives the [`Step`] with which that answer can be
/// changed. Each answer is for one attempt. A call that finds none left gets status 400 and a message that names the
/// operation.
#[doc = include_str!("../../doc_examples/script.md")]
pub struct Script<O, B = NoBody> {
    server: Server,
    operation: usize,
    status: u16,
    types: PhantomData<fn(O) -> B>,
}

/// The answer that was added last; the script goes on behind it.
///
/// ```text
/// script.status(503).retry_after(Duration::from_secs(2)).reply(value).delay(Duration::from_secs(1));
/// ```
pub struct Step<O, B = NoBody> {
    script: Script<O, B>,
    number: u64,
}

#[expect(clippy::must_use_candidate, reason = "the answer is in the script by then, whatever becomes of the value")]
impl<O, B> Script<O, B> {
    /// Replies with a value, as the API's description has it.
    pub fn respond(&self, value: impl Into<O>) -> Step<O, B>
    where
        O: Serialize,
    {
        match serde_json::to_value(value.into()) {
            Ok(value) => self.json(value),
            Err(error) => {
                self.complain(&format!("a reply cannot be written: {error}"));
                self.status(500)
            }
        }
    }

    /// Replies with JSON that the types may know nothing of.
    pub fn json(&self, value: Value) -> Step<O, B> {
        let status = self.checked(self.status);
        let reply = match (self.accept(), value) {
            (None, _) => Reply::empty(status),
            (Some("text/plain"), Value::String(text)) => {
                Reply::empty(status).with_body(HeaderValue::from_static("text/plain; charset=utf-8"), text.into())
            }
            (Some(_), value) => Reply::json(status, &value),
        };
        self.push(Outcome::Reply(reply))
    }

    /// Replies with a status and an empty body.
    pub fn status(&self, status: u16) -> Step<O, B> {
        self.push(Outcome::Reply(Reply::empty(self.checked(status))))
    }

    /// Replies with a status and a body of JSON, as services do that say what went wrong.
    pub fn error(&self, status: u16, body: &Value) -> Step<O, B> {
        self.push(Outcome::Reply(Reply::json(self.checked(status), body)))
    }

    /// Breaks the connection once the request has been sent: whether it was acted on stays unknown.
    pub fn disconnect(&self) -> Step<O, B> {
        self.push(Outcome::Failure(FailureKind::Broken))
    }

    /// Refuses the connection: the request surely was not acted on.
    pub fn refuse(&self) -> Step<O, B> {
        self.push(Outcome::Failure(FailureKind::Connect))
    }

    /// Never replies.
    pub fn hang(&self) -> Step<O, B> {
        self.push(Outcome::Silence)
    }
}

impl<O, B> Script<O, B> {
    pub(crate) fn new(server: Server, operation: usize, status: u16) -> Self {
        Self { server, operation, status, types: PhantomData }
    }

    /// The requests for this operation so far, in the order in which they came in. Every attempt of a call is one.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        let id = self.id();
        let mut requests = self.server.requests();
        requests.retain(|request| request.operation_id() == Some(id));
        requests
    }

    /// The bodies of [`requests`](Self::requests).
    ///
    /// # Errors
    /// If one of them is not of the type, which a hook or a header may have brought about.
    pub fn bodies(&self) -> Result<Vec<B>, serde_json::Error>
    where
        B: DeserializeOwned,
    {
        self.requests().iter().map(|request| serde_json::from_slice(request.body())).collect()
    }

    /// Asserts how many requests for this operation have come in; every attempt of a call is one.
    ///
    /// # Panics
    /// If there were more or less.
    #[track_caller]
    pub fn assert_received(&self, requests: usize) {
        assert_eq!(self.requests().len(), requests, "requests for `{}`", self.id());
    }

    fn push(&self, outcome: Outcome) -> Step<O, B> {
        let mut state = self.server.state();
        state.answers += 1;
        let number = state.answers;
        let answer = Answer { number, ..Answer::new(outcome) };
        if let Some(scripted) = state.operations.get_mut(self.operation) {
            scripted.answers.push_back(answer);
        }
        drop(state);
        Step { script: self.clone(), number }
    }

    /// A status that is none is complained of rather than sent.
    fn checked(&self, status: u16) -> StatusCode {
        StatusCode::from_u16(status).unwrap_or_else(|_| {
            self.complain(&format!("{status} is no status"));
            StatusCode::INTERNAL_SERVER_ERROR
        })
    }

    fn complain(&self, problem: &str) {
        let problem = format!("`{}`: {problem}", self.id());
        self.server.state().problems.push(problem);
    }

    fn id(&self) -> &'static str {
        self.server.state().operations.get(self.operation).map_or("", |scripted| scripted.meta.id)
    }

    fn accept(&self) -> Option<&'static str> {
        self.server.state().operations.get(self.operation)?.meta.accept
    }
}

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the answer is in the script by then, whatever becomes of the value"
)]
impl<O, B> Step<O, B> {
    /// Lets some time pass before the answer. With tokio's clock paused, none passes in truth.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|answer| answer.delay = delay)
    }

    /// Adds `Retry-After`, in whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.change_reply(|reply| {
            reply.headers.insert(RETRY_AFTER, seconds.into());
        })
    }

    /// Adds a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => self.change_reply(|reply| {
                reply.headers.append(name, value);
            }),
            _ => {
                self.script.complain(&format!("`{name}` with its value is no header"));
                self
            }
        }
    }

    /// Sets the body, whatever it is.
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let Ok(content_type) = HeaderValue::from_str(content_type) else {
            self.script.complain("the content type is no header");
            return self;
        };
        let body = body.into();
        self.change_reply(|reply| *reply = reply.clone().with_body(content_type, body))
    }

    /// Keeps the answer for all requests that follow, however many.
    pub fn repeat(self) -> Self {
        self.change(|answer| answer.repeats = true)
    }

    fn change_reply(self, edit: impl FnOnce(&mut Reply)) -> Self {
        self.change(|answer| {
            if let Outcome::Reply(reply) = &mut answer.outcome {
                edit(reply);
            }
        })
    }

    /// Does nothing to an answer that was given already.
    fn change(self, edit: impl FnOnce(&mut Answer)) -> Self {
        let mut state = self.script.server.state();
        let answers = state.operations.get_mut(self.script.operation).map(|scripted| &mut scripted.answers);
        if let Some(answer) = answers.into_iter().flatten().find(|answer| answer.number == self.number) {
            edit(answer);
        }
        drop(state);
        self
    }
}

impl<O, B> Deref for Step<O, B> {
    type Target = Script<O, B>;

    fn deref(&self) -> &Script<O, B> {
        &self.script
    }
}

impl<O, B> Clone for Script<O, B> {
    fn clone(&self) -> Self {
        Self::new(self.server.clone(), self.operation, self.status)
    }
}

impl<O, B> fmt::Debug for Script<O, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("operation_id", &self.id()).finish_non_exhaustive()
    }
}

impl<O, B> fmt::Debug for Step<O, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step").field("operation_id", &self.id()).finish_non_exhaustive()
    }
}
