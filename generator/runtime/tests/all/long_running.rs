//! Jobs: a small handwritten API, and servers for it on the paused clock.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use sdk_runtime::{
    Call, Core, Criterion, Error, FailureKind, HttpMethod, Job, JobError, JobMeta, Method, Operation, OperationMeta,
    PollLimiter, Progress, RawResponse, RequestWriter, StartsJob, States, Wait, WaitOptions,
};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::operations::standin_client;
use crate::standin::{Standin, Turn};

/// Starts a job.
#[derive(Clone)]
pub(crate) struct Begin<'a> {
    client: &'a Core,
    place: &'a str,
    body: Option<serde_json::Value>,
}

/// Polls the state of a job.
pub(crate) struct Ask<'a> {
    place: &'a str,
    id: &'a str,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) status: String,
    #[serde(flatten)]
    pub(crate) more: BTreeMap<String, serde_json::Value>,
}

/// A handle like the generated ones.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct TestJob {
    place: String,
    id: String,
    #[serde(skip)]
    limiter: PollLimiter,
}

#[expect(clippy::missing_fields_in_debug, reason = "the limiter is not part of the value")]
impl std::fmt::Debug for TestJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestJob").field("place", &self.place).field("id", &self.id).finish()
    }
}

impl TestJob {
    pub(crate) fn new(place: &str, id: &str) -> Self {
        Self { place: place.to_owned(), id: id.to_owned(), limiter: PollLimiter::default() }
    }

    /// The handle as another process restores it from its serialized form.
    pub(crate) fn elsewhere(&self) -> Self {
        let text = serde_json::to_string(self).expect("a handle can be written");
        serde_json::from_str(&text).expect("a handle can be read")
    }

    pub(crate) async fn poll(&self, client: &Core) -> Result<Progress<Self>, Error> {
        sdk_runtime::poll(self, client).await
    }

    pub(crate) fn wait<'a>(&'a self, client: &'a Core) -> Wait<'a, Self> {
        Wait::new(self, client)
    }

    pub(crate) fn states<'a>(&'a self, client: &'a Core, options: WaitOptions) -> States<'a, Self> {
        States::new(self, client, options)
    }
}

const META: OperationMeta = OperationMeta {
    id: "beginJob",
    method: HttpMethod::Known(Method::POST),
    path: "/{place}/jobs",
    accept: Some("application/json"),
    idempotent: false,
    idempotency_key: None,
    retry: None,
    security: &[&["apiKey"]],
    server: None,
};

impl Operation for Begin<'_> {
    type Output = serde_json::Value;

    const META: OperationMeta = META;

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/");
        request.path_value("place", &self.place)?;
        request.path("/jobs");
        match &self.body {
            Some(body) => request.json(body),
            None => Ok(()),
        }
    }

    fn decode(response: &RawResponse) -> Result<serde_json::Value, Error> {
        response.expect_status(&[201])?;
        response.json()
    }
}

impl Operation for Ask<'_> {
    type Output = State;

    const META: OperationMeta = OperationMeta {
        id: "askJob",
        method: HttpMethod::Known(Method::GET),
        path: "/{place}/jobs/{id}",
        idempotent: true,
        ..META
    };

    fn encode(&self, request: &mut RequestWriter) -> Result<(), Error> {
        request.path("/");
        request.path_value("place", &self.place)?;
        request.path("/jobs/");
        request.path_value("id", &self.id)
    }

    fn decode(response: &RawResponse) -> Result<State, Error> {
        response.expect_status(&[200])?;
        response.json()
    }
}

impl<'a> StartsJob<'a> for Begin<'a> {
    type Job = TestJob;

    fn client(&self) -> &'a Core {
        self.client
    }

    fn job(&self, response: &serde_json::Value) -> Option<TestJob> {
        Some(TestJob::new(self.place, &sdk_runtime::text_at(response, "/job/id")?))
    }
}

impl Job for TestJob {
    type Client = Core;
    type Poll<'a> = Ask<'a>;
    type State = State;
    type Done = String;

    const META: JobMeta = JobMeta {
        operation_id: "beginJob",
        first_delay_ms: 0,
        interval_ms: 1_000,
        timeout_ms: 3_600_000,
        success: &[Criterion::Status(200), Criterion::BodyIn { pointer: "/status", values: &["done", "both"] }],
        failure: &[
            Criterion::Status(200),
            Criterion::BodyIn { pointer: "/status", values: &["failed", "canceled", "both"] },
        ],
    };

    fn poll_call<'a>(&'a self, client: &'a Core) -> Call<'a, Ask<'a>> {
        Call::new(client, Ask { place: &self.place, id: &self.id })
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn limiter(&self) -> &PollLimiter {
        &self.limiter
    }

    fn done(state: State) -> Result<String, State> {
        match state.more.get("value").and_then(serde_json::Value::as_str) {
            Some(value) => Ok(value.to_owned()),
            None => Err(state),
        }
    }
}

pub(crate) fn start_job(client: &Core) -> Call<'_, Begin<'_>> {
    Call::new(client, Begin { client, place: "here", body: None })
}

pub(crate) fn start_job_with(client: &Core, body: serde_json::Value) -> Call<'_, Begin<'_>> {
    Call::new(client, Begin { client, place: "here", body: Some(body) })
}

pub(crate) fn job() -> TestJob {
    TestJob::new("here", "one")
}

/// A response with this state.
pub(crate) fn state(status: &str) -> Turn {
    Turn::status(200).body(format!("{{\"status\":\"{status}\"}}"))
}

pub(crate) fn done() -> Turn {
    Turn::status(200).body("{\"status\":\"done\",\"value\":\"it\"}")
}

pub(crate) fn started() -> Turn {
    Turn::status(201).body("{\"job\":{\"id\":\"one\"}}")
}

pub(crate) fn status(status: u16) -> Turn {
    Turn::status(status).body("{\"message\":\"so it is\"}")
}

pub(crate) fn unreachable() -> Turn {
    Turn::failure(FailureKind::Connect)
}

pub(crate) fn retry_after(turn: Turn, value: &str) -> Turn {
    Turn { retry_after: Some(value.to_owned()), ..turn }
}

/// The script of a start, then these turns.
pub(crate) fn script_of_start(turns: Vec<Turn>) -> (Standin, Core) {
    script([vec![started()], turns].concat())
}

/// Sends the responses in order, and repeats the last one.
pub(crate) fn script(turns: Vec<Turn>) -> (Standin, Core) {
    let standin = Standin::new(move |number, _| turns[number.min(turns.len() - 1)].clone());
    let core = standin_client(&standin);
    (standin, core)
}

/// The times of the requests, in milliseconds since the paused clock started.
pub(crate) fn times(standin: &Standin, before: Instant) -> Vec<u64> {
    let times = standin.times.lock().expect("no thread panicked");
    times.iter().map(|time| millis(time.duration_since(before))).collect()
}

/// Whole milliseconds, the resolution of the paused clock.
pub(crate) fn millis(duration: Duration) -> u64 {
    assert_eq!(duration.subsec_nanos() % 1_000_000, 0, "{duration:?}");
    u64::try_from(duration.as_millis()).expect("a short time")
}

/// The shortest time between two requests, in milliseconds.
pub(crate) fn closest(standin: &Standin, before: Instant) -> u64 {
    let times = times(standin, before);
    times.windows(2).map(|pair| pair[1] - pair[0]).min().expect("there were two requests")
}

pub(crate) fn exact() -> WaitOptions {
    WaitOptions::new().jitter(0.0)
}

/// Runs on a paused clock, which advances only when all tasks wait.
pub(crate) fn paused<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// Polls a future at most this often, each time it wakes, and drops it. Returns its output if it completed.
pub(crate) async fn poll_times<F: Future>(future: F, times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = times;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A service that runs a job: pending, unavailable, in progress, then done. Each step of a response takes time.
pub(crate) struct Service {
    pub(crate) standin: Standin,
    pub(crate) core: Core,
    pub(crate) starts: Arc<AtomicUsize>,
}

impl Service {
    pub(crate) fn new() -> Self {
        let starts = Arc::new(AtomicUsize::new(0));
        let counted = starts.clone();
        let requested = Arc::new(Mutex::new(0_usize));
        let standin = Standin::new(move |_, request| {
            if request.method() == Method::POST {
                counted.fetch_add(1, Ordering::SeqCst);
                return slowly(201, "{\"job\":{\"id\":", "\"one\"}}");
            }
            let mut requested = requested.lock().expect("no thread panicked");
            *requested += 1;
            match *requested {
                1 => slowly(200, "{\"status\":", "\"pending\"}"),
                2 => slowly(503, "{\"message\":", "\"later\"}"),
                3 => slowly(200, "{\"status\":", "\"in_progress\"}"),
                _ => slowly(200, "{\"status\":\"done\",", "\"value\":\"it\"}"),
            }
        });
        let mut config = crate::operations::standin_config(&standin);
        let provider = || async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Ok::<_, sdk_runtime::BoxError>("key".to_owned())
        };
        config.credential("apiKey", sdk_runtime::Credential::provider(provider));
        let core = config.build().expect("the settings are valid");
        Self { standin, core, starts }
    }

    /// Checks that nothing of what was dropped keeps running.
    pub(crate) async fn check_quiet(&self) {
        assert_eq!(self.standin.alive.load(Ordering::SeqCst), 0, "a request is alive");
        let sent = self.standin.sent();
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(self.standin.sent(), sent, "nothing keeps running");
        assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0, "a task is left");
    }
}

fn slowly(status: u16, first: &'static str, second: &'static str) -> Turn {
    let part = |text: &'static str| (Duration::from_millis(5), bytes::Bytes::from_static(text.as_bytes()));
    Turn { delay: Duration::from_millis(20), body: vec![part(first), part(second)], ..Turn::status(status) }
}

pub(crate) type Failure = JobError<TestJob>;
