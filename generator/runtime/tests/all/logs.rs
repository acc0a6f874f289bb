//! Log lines as a program with the default configuration sees them.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sdk_runtime::{RetryConfig, WaitOptions};
use tracing::Level;
use tracing::subscriber::DefaultGuard;

use crate::long_running::{done, exact, script_of_start, start_job, start_job_with, state, status};
use crate::operations::{standin_client, standin_config};
use crate::standin::{Standin, Turn};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no thread panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Collects the lines of this thread up to a level, until the guard is dropped.
    fn install(level: Level) -> (Self, DefaultGuard) {
        crate::traces::Collected::prepare();
        let lines = Self::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone());
        (lines, tracing::subscriber::set_default(subscriber.finish()))
    }

    /// The lines of this crate.
    fn own(&self) -> Vec<String> {
        let bytes = self.0.lock().expect("no thread panicked").clone();
        let text = String::from_utf8(bytes).expect("lines are UTF-8");
        text.lines().filter(|line| line.contains("sdk_runtime:")).map(str::to_owned).collect()
    }
}

/// A service for any number of jobs: each is in progress, then unavailable once, then done.
fn service() -> Standin {
    let polls = Mutex::new(std::collections::HashMap::<String, usize>::new());
    Standin::new(move |_, request| {
        let Some(id) = request.url().path().split("/jobs/").nth(1) else {
            let body = request.body().and_then(reqwest::Body::as_bytes).expect("the start has a body");
            let body: serde_json::Value = serde_json::from_slice(body).expect("it is JSON");
            return Turn::status(201).body(serde_json::json!({"job": {"id": body["name"]}}).to_string());
        };
        let mut polls = polls.lock().expect("no thread panicked");
        let count = polls.entry(id.to_owned()).or_default();
        *count += 1;
        match *count {
            1 => state("pending"),
            2 => status(503),
            _ => done(),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn the_lines_of_concurrent_jobs_can_be_distinguished() {
    let core = standin_client(&service());
    let (lines, guard) = Lines::install(Level::DEBUG);
    let jobs = (0..8).map(|number| {
        let core = core.clone();
        async move {
            let name = format!("job-{number}");
            start_job_with(&core, serde_json::json!({"name": name})).wait().options(exact()).await.expect("it ends")
        }
    });
    for done in futures(jobs).await {
        assert_eq!(done, "it");
    }
    drop(guard);
    let lines = lines.own();
    for number in 0..8 {
        let of_job: Vec<_> = lines.iter().filter(|line| line.contains(&format!("job.id=\"job-{number}\""))).collect();
        let ends = |text: &str| of_job.iter().filter(|line| line.contains(text)).count();
        assert_eq!((ends("the call succeeded"), ends("the call failed")), (2, 1), "{of_job:#?}");
        assert_eq!(ends("the poll failed; waiting continues"), 1, "{of_job:#?}");
    }
    let starts =
        lines.iter().filter(|line| line.contains("otel.name=\"beginJob\"") && line.contains("the call succeeded"));
    assert_eq!(starts.count(), 8);
    assert!(lines.iter().all(|line| line.contains("job{job.operation=")), "{lines:#?}");
}

/// Runs futures concurrently in this task.
async fn futures<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut all: Vec<_> = all.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut is_pending = false;
        for (future, output) in all.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => *output = Some(value),
                std::task::Poll::Pending => is_pending = true,
            }
        }
        if is_pending { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    all.into_iter().filter_map(|(_, output)| output).collect()
}

#[tokio::test(start_paused = true)]
async fn no_line_repeats_a_field() {
    let (_, core) = script_of_start(vec![status(503), state("pending"), status(429), done()]);
    let (lines, guard) = Lines::install(Level::TRACE);
    start_job(&core).wait().options(exact()).await.expect("it ends");
    let mut config = standin_config(&Standin::always(status(503)));
    config.retry_config(RetryConfig::new().max_attempts(2));
    start_job(&config.build().expect("settings")).idempotent(true).await.expect_err("503");
    drop(guard);
    let lines = lines.own();
    assert!(lines.len() > 5, "{lines:#?}");
    for line in lines {
        let words = line.split([' ', '{', '}', ':']).filter_map(|word| word.split_once('='));
        let mut names: Vec<_> = words.map(|(name, _)| name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_tolerated_failure_is_not_reported_as_final() {
    let (_, core) = crate::long_running::script(vec![status(503), done()]);
    let (lines, guard) = Lines::install(Level::INFO);
    crate::long_running::job().wait(&core).options(exact()).await.expect("it ends");
    drop(guard);
    let lines = lines.own();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].contains("the poll failed; waiting continues") && !lines[0].contains("not retried"), "{lines:#?}");
    assert!(lines[1].contains("the wait for the job ended"), "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn one_line_reports_the_end_of_a_job() {
    let cases = [
        (vec![state("pending"), done()], "outcome=\"succeeded\" polls=2 elapsed_ms=1000"),
        (vec![state("canceled")], "outcome=\"failed\" status=\"canceled\" polls=1 elapsed_ms=0"),
        (vec![status(401)], "outcome=\"poll failed\" polls=1 elapsed_ms=0"),
        (vec![state("failing"), status(503)], "outcome=\"timed out\" polls=3 elapsed_ms=3000"),
    ];
    for (turns, expected) in cases {
        let (_, core) = script_of_start(turns);
        let options = exact().timeout(Duration::from_secs(3));
        let (lines, guard) = Lines::install(Level::INFO);
        let _ended = start_job(&core).wait().options(options).await;
        drop(guard);
        let at_once = lines.own();
        let ends: Vec<_> = at_once.iter().filter(|line| line.contains("the wait for the job ended")).collect();
        assert_eq!(ends.len(), 1, "{at_once:#?}");
        assert!(ends[0].contains(expected), "{expected} is not in {}", ends[0]);
        assert!(ends[0].contains("job{job.operation=\"beginJob\" job.id=\"one\"}"), "{}", ends[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_stream_of_states_is_reported_once() {
    let (_, core) = crate::long_running::script(vec![state("pending"), done()]);
    let handle = crate::long_running::job();
    let (lines, guard) = Lines::install(Level::INFO);
    let mut states = handle.states(&core, exact());
    while states.next().await.is_some() {}
    drop(guard);
    let lines = lines.own();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("outcome=\"succeeded\" polls=2"), "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn the_span_of_a_job_names_the_start_before_the_id_is_known() {
    let (_, core) = crate::long_running::script(vec![status(503)]);
    let (lines, guard) = Lines::install(Level::INFO);
    start_job(&core).wait().await.expect_err("it is not started");
    drop(guard);
    let lines = lines.own();
    assert!(lines[0].contains("job{job.operation=\"beginJob\"}"), "{lines:#?}");
    let end = lines.last().expect("there are lines");
    assert!(end.contains("the wait for the job ended outcome=\"not started\" polls=0"), "{lines:#?}");
}

#[tokio::test(start_paused = true)]
async fn the_starts_of_concurrent_jobs_can_be_distinguished() {
    let core = standin_client(&service());
    let (lines, guard) = Lines::install(Level::DEBUG);
    let starts = (0..8).map(|number| {
        let core = core.clone();
        async move {
            let name = format!("job-{number}");
            start_job_with(&core, serde_json::json!({"name": name})).job().await.expect("it starts")
        }
    });
    assert_eq!(futures(starts).await.len(), 8);
    drop(guard);
    let lines = lines.own();
    assert!(lines.iter().all(|line| line.contains("job{job.operation=\"beginJob\"")), "{lines:#?}");
    let started: Vec<_> = lines.iter().filter(|line| line.contains("the job was started")).collect();
    assert_eq!(started.len(), 8, "{lines:#?}");
    for number in 0..8 {
        let id = format!("job.id=\"job-{number}\"}}");
        assert_eq!(started.iter().filter(|line| line.contains(&id)).count(), 1, "{started:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn unset_wait_options_come_from_the_client() {
    let standin = Standin::always(state("pending"));
    let mut config = standin_config(&standin);
    config.wait_options(exact().interval(Duration::from_secs(7)).timeout(Duration::from_secs(20)));
    let core = config.build().expect("settings");
    let handle = crate::long_running::job();
    handle.wait(&core).await.expect_err("it never ends");
    assert_eq!(standin.sent(), 3, "at 0, 7 and 17.5 s");
    let handle = crate::long_running::job();
    handle.wait(&core).timeout(Duration::from_secs(5)).await.expect_err("it never ends");
    assert_eq!(standin.sent(), 4);
    let mut config = standin_config(&standin);
    config.wait_options(WaitOptions::new().factor(0.5));
    let error = config.build().expect_err("waits cannot become shorter");
    assert!(error.to_string().contains("invalid setting `WaitOptions::factor`"), "{error}");
}
