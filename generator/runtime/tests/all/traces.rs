//! Guarantee 12: spans and events, with OpenTelemetry names.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use sdk_runtime::Call;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

use crate::operations::{client, config, look, start};
use crate::service::{api, seen};
use test_server::{Act, Server, json};

/// Records every span and event of every level as a line.
#[derive(Clone, Default)]
pub struct Collected {
    lines: Arc<Mutex<Vec<String>>>,
    spans: Arc<AtomicU64>,
}

/// A second subscriber that lives as long as the tests. With a single one, callsites that other threads reach first,
/// without a subscriber, are disabled for all threads.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Collected::default()));

impl Collected {
    /// Keeps callsites enabled that other threads reached without a subscriber.
    pub fn prepare() {
        LazyLock::force(&SECOND);
    }

    /// Records on this thread until the guard is dropped.
    pub fn install() -> (Self, DefaultGuard) {
        Self::prepare();
        let collected = Self::default();
        let guard = tracing::subscriber::set_default(collected.clone());
        (collected, guard)
    }

    pub fn text(&self) -> String {
        self.lines.lock().expect("no thread panicked").join("\n")
    }

    /// The lines of this crate, which start with this prefix.
    fn lines(&self, prefix: &str) -> Vec<String> {
        let lines = self.lines.lock().expect("no thread panicked");
        lines.iter().filter(|line| line.contains("sdk_runtime") && line.starts_with(prefix)).cloned().collect()
    }

    fn push(&self, line: String) {
        self.lines.lock().expect("no thread panicked").push(line);
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Collected {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.spans.fetch_add(1, Ordering::SeqCst) + 1;
        let mut line = format!("span {} {} {id}", span.metadata().name(), span.metadata().target());
        span.record(&mut Fields(&mut line));
        self.push(line);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut line = format!("record sdk_runtime {}", span.into_u64());
        values.record(&mut Fields(&mut line));
        self.push(line);
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = format!("event {}", event.metadata().target());
        event.record(&mut Fields(&mut line));
        self.push(line);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

fn check(lines: &[String], expected: &[&[&str]]) {
    assert_eq!(lines.len(), expected.len(), "{lines:#?}");
    for (line, texts) in lines.iter().zip(expected) {
        for text in *texts {
            assert!(line.contains(text), "{text} is not in {line}");
        }
    }
}

#[tokio::test]
async fn calls_and_attempts_are_spans_and_retries_report_their_reason() {
    let server = Server::start(|number| if number == 0 { Act::Send(json("503 x", "{}")) } else { seen() }).await;
    let core = client(&api(&server));
    let (collected, guard) = Collected::install();
    Call::new(&core, look()).send().await.expect("seen");
    drop(guard);
    let port = format!("server.port={}", server.address().port());
    let common = ["http.request.method=\"GET\"", "url.template=\"/things/{id}\""];
    let call =
        [&common[..], &["otel.name=\"lookAtThing\"", "otel.kind=\"client\"", "server.address=\"127.0.0.1\"", &port]];
    check(&collected.lines("span call"), &[&call.concat()]);
    let attempts = ["http.request.resend_count=0", "http.request.resend_count=1"];
    check(&collected.lines("span attempt"), &[&attempts[..1], &attempts[1..]]);
    let why: &[&str] = &["is retried", "attempt=1", "kind=\"status\"", "status=503", "wait_ms="];
    let end: &[&str] = &["the call succeeded", "status=200", "attempts=2", "elapsed_ms="];
    check(&collected.lines("event"), &[why, end]);
    // The first attempt, the second, and the call.
    check(
        &collected.lines("record"),
        &[
            &["http.response.status_code=503"],
            &["error.type=\"503\""],
            &["http.response.status_code=200"],
            &["http.request.resend_count=1"],
            &["http.response.status_code=200"],
        ],
    );
}

#[tokio::test]
async fn the_end_of_a_call_reports_its_reason() {
    let server = Server::always(Act::Reset).await;
    let mut config = config(&api(&server));
    config.retry_config(sdk_runtime::RetryConfig::new().max_attempts(1));
    let core = config.build().expect("settings");
    let (collected, guard) = Collected::install();
    Call::new(&core, start()).send().await.expect_err("reset");
    Call::new(&core, look()).send().await.expect_err("reset");
    drop(guard);
    let ambiguous: &[&str] = &[
        "is not retried",
        "reason=\"the service may have processed the request, and the operation is not idempotent\"",
    ];
    let exhausted: &[&str] = &["is not retried", "reason=\"no attempts left\"", "kind=\"connection\""];
    let end: &[&str] = &["the call failed", "kind=\"connection\"", "attempts=1"];
    check(&collected.lines("event"), &[ambiguous, end, exhausted, end]);
}
