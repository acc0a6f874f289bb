//! A scripted server in the process of a test. It sends the responses of its scripts and records the requests.
//!
//! It replaces the HTTP library, so it needs neither a port nor a network. Its time is that of tokio's clock. It knows only
//! the operations that generated code passes to it.

mod answer;
mod received;
mod route;
mod script;

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::time::Instant;

use self::answer::ScriptedResponse;
pub use self::received::ReceivedRequest;
pub use self::script::{NoBody, Script, Step};
use crate::runtime::call::operation::OperationMeta;
use crate::runtime::transport::Exchange;
use crate::runtime::transport::failure::ExchangeFailure;

/// The server URL of its clients. The name is that of this machine, so nothing would leave it.
pub const SERVER_URL: &str = "http://localhost";

/// A scripted server. Clones share their scripts and the requests that were received.
#[derive(Clone)]
pub struct Server {
    state: Arc<Mutex<State>>,
}

struct State {
    operations: Vec<Scripted>,
    received: Vec<ReceivedRequest>,
    /// The problems so far, except unused responses.
    problems: Vec<String>,
    created: Instant,
    /// How many responses were added to scripts, which is the number of the latest.
    added: u64,
}

struct Scripted {
    meta: OperationMeta,
    responses: VecDeque<ScriptedResponse>,
}

impl Server {
    /// Creates a server for these operations, without any responses.
    #[must_use]
    pub fn new(operations: impl IntoIterator<Item = OperationMeta>) -> Self {
        let scripted = |meta| Scripted { meta, responses: VecDeque::new() };
        let state = State {
            operations: operations.into_iter().map(scripted).collect(),
            received: Vec::new(),
            problems: Vec::new(),
            created: Instant::now(),
            added: 0,
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// Returns the script of the operation with this id. `status` is the status of a successful response.
    #[must_use]
    pub fn script<O, B>(&self, id: &str, status: u16) -> Script<O, B> {
        let operation = self.state().operations.iter().position(|scripted| scripted.meta.id == id);
        Script::new(self.clone(), operation.unwrap_or(usize::MAX), status)
    }

    /// Returns all requests so far, in the order in which they were received. Every attempt of a call is one.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.state().received.clone()
    }

    /// Returns what did not go as scripted, one sentence each: requests without a scripted response, responses that were not
    /// used, and invalid values in scripts.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let state = self.state();
        let unused = state.operations.iter().filter_map(Scripted::unused);
        state.problems.iter().cloned().chain(unused).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Records a request and returns the response to it.
    fn receive(&mut self, request: &reqwest::Request, body: Bytes) -> ScriptedResponse {
        let route = route::find(&self.operations, request.method(), request.url().path());
        let (index, values) = match route {
            Some((index, values)) => (Some(index), values),
            None => (None, Vec::new()),
        };
        let id = index.and_then(|index| self.operations.get(index)).map(|operation| operation.meta.id);
        self.received.push(ReceivedRequest::new(request, body, id, (values, self.created.elapsed())));
        let response = index.and_then(|index| self.operations.get_mut(index)?.next());
        response.unwrap_or_else(|| {
            let problem = match id {
                Some(id) => format!("`{id}` was called, but has no scripted response left"),
                None => format!("the API has no operation `{} {}`", request.method(), request.url().path()),
            };
            self.problems.push(problem.clone());
            ScriptedResponse::unscripted(&problem)
        })
    }
}

impl Scripted {
    fn next(&mut self) -> Option<ScriptedResponse> {
        let repeats = self.responses.front()?.repeats;
        if repeats { self.responses.front().cloned() } else { self.responses.pop_front() }
    }

    fn unused(&self) -> Option<String> {
        let unused = self.responses.iter().filter(|response| !response.repeats).count();
        (unused > 0)
            .then(|| format!("`{}` was called less often than scripted: unused responses: {unused}", self.meta.id))
    }
}

impl Exchange for Server {
    fn execute(
        &self,
        mut request: reqwest::Request,
    ) -> Pin<Box<dyn Future<Output = Result<reqwest::Response, ExchangeFailure>> + Send>> {
        let server = self.clone();
        Box::pin(async move {
            let body = received::read(request.body_mut().take()).await?;
            let response = server.state().receive(&request, body);
            response.play().await
        })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        let left: usize = state.operations.iter().map(|scripted| scripted.responses.len()).sum();
        f.debug_struct("Server")
            .field("received", &state.received)
            .field("responses_left", &left)
            .field("problems", &state.problems)
            .finish_non_exhaustive()
    }
}
