//! A server in the test's own process: answers as scripted, remembers what it received, and keeps to tokio's clock.
//!
//! It stands where the HTTP library would and so needs no port and no network. It knows operations by what generated
//! code says of them, and nothing of any API.

mod answer;
mod received;
mod route;
mod script;

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use self::answer::Answer;
pub use self::received::ReceivedRequest;
pub use self::script::{NoBody, Script, Step};
use crate::runtime::call::operation::OperationMeta;
use crate::runtime::transport::Exchange;
use crate::runtime::transport::failure::ExchangeFailure;

/// Where the clients of a server believe it to be: a name that never leaves this machine.
pub const SERVER_URL: &str = "http://localhost";

/// A scripted server. Clones are the same one.
#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<State>>,
}

struct State {
    operations: Vec<Scripted>,
    received: Vec<ReceivedRequest>,
    /// What went wrong besides answers that are left over.
    problems: Vec<String>,
    begun: Instant,
    /// Answers so far, which numbers the next.
    answers: u64,
}

struct Scripted {
    meta: OperationMeta,
    answers: VecDeque<Answer>,
}

impl Server {
    /// A server of these operations, without answers.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = OperationMeta>) -> Self {
        let scripted = |meta| Scripted { meta, answers: VecDeque::new() };
        let state = State {
            operations: operations.into_iter().map(scripted).collect(),
            received: Vec::new(),
            problems: Vec::new(),
            begun: Instant::now(),
            answers: 0,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// The script of an operation, by its place among those the server was made with. A reply has this status unless
    /// the script says another.
    #[must_use]
    pub fn script<O, B>(&self, operation: usize, status: u16) -> Script<O, B> {
        Script::new(self.clone(), operation, status)
    }

    /// All requests so far, in the order in which they came in.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.state().received.clone()
    }

    /// What did not go as scripted: calls without an answer, answers without a call. A sentence each.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let state = self.state();
        let left = state.operations.iter().filter_map(Scripted::left_over);
        state.problems.iter().cloned().chain(left).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes a request in, and decides its answer.
    fn receive(&mut self, request: &reqwest::Request) -> Answer {
        let route = route::find(&self.operations, request.method(), request.url().path());
        let (index, values) = match route {
            Some((index, values)) => (Some(index), values),
            None => (None, Vec::new()),
        };
        let id = index.and_then(|index| self.operations.get(index)).map(|operation| operation.meta.id);
        self.received.push(ReceivedRequest::new(request, id, values, self.begun.elapsed()));
        let answer = index.and_then(|index| self.operations.get_mut(index)?.next());
        answer.unwrap_or_else(|| {
            let problem = match id {
                Some(id) => format!("`{id}` was called, but has no scripted answer left"),
                None => format!("no operation of the API is `{} {}`", request.method(), request.url().path()),
            };
            self.problems.push(problem.clone());
            Answer::unscripted(&problem)
        })
    }
}

impl Scripted {
    fn next(&mut self) -> Option<Answer> {
        let repeats = self.answers.front()?.repeats;
        if repeats { self.answers.front().cloned() } else { self.answers.pop_front() }
    }

    fn left_over(&self) -> Option<String> {
        let left = self.answers.iter().filter(|answer| !answer.repeats).count();
        (left > 0).then(|| format!("`{}` was called less often than scripted: answers left over: {left}", self.meta.id))
    }
}

impl Exchange for Server {
    fn execute(
        &self,
        request: reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = Result<reqwest::Response, ExchangeFailure>> + Send>> {
        let answer = self.state().receive(&request);
        Box::pin(answer.play())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        let left: usize = state.operations.iter().map(|scripted| scripted.answers.len()).sum();
        f.debug_struct("Server")
            .field("received", &state.received)
            .field("answers_left", &left)
            .field("problems", &state.problems)
            .finish_non_exhaustive()
    }
}
