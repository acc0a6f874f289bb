//! The client at work: so many at once, each taking the next call as soon as the last has ended.

mod call;
mod operation;
pub mod silent;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use intuned_client::{BackoffConfig, IntunedClient, IntunedClientBuilder, RetryBudget, RetryConfig};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::canary::Canary;
use crate::id::Kind;
use crate::ledger::Ledger;
use crate::memory;
use crate::plan::Plan;
use crate::tally::Tally;
use crate::work::KEY;

/// The most that is read of a reply, in bytes.
const MAX_RESPONSE: usize = 256 << 10;

/// How many retries the client makes for each 100 calls, as it does by default.
pub(crate) const BUDGET_PERCENT: u32 = 20;

/// What the client saw.
#[derive(Debug)]
pub struct Seen {
    pub(crate) tally: Tally,
    pub(crate) took: Duration,
    /// The latest that a task of this runtime was woken.
    pub(crate) lateness: Duration,
    /// Bytes of memory in the course of the run.
    pub(crate) memory: Vec<Sample>,
}

/// Bytes of memory when so many thousandths of the run were over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) thousandth: u32,
    pub(crate) bytes: u64,
}

/// What all who call share.
struct Load {
    plan: Plan,
    ledger: Arc<Ledger>,
    /// The server, which is on this machine.
    url: String,
    /// For single calls. Its own server is elsewhere: each call names the server. It has a retry budget of its own, so that
    /// what the budget allows is known.
    calls: IntunedClient,
    /// For operations. Its attempts are so much longer than connecting may take that they use other pools of connections.
    operations: IntunedClient,
    next: AtomicU32,
    memory: Mutex<Vec<Sample>>,
}

/// A client with the limits of the plan.
///
/// # Errors
/// If the settings make no sense.
pub fn client(plan: &Plan, url: &str) -> Result<IntunedClient> {
    builder(plan, url).build().context("the settings make no sense")
}

/// The settings of a client with the limits of the plan.
pub fn builder(plan: &Plan, url: &str) -> IntunedClientBuilder {
    let backoff =
        BackoffConfig::new().initial_interval(Duration::from_millis(5)).max_interval(Duration::from_millis(50));
    IntunedClient::builder()
        .workspace_id("123e4567-e89b-12d3-a456-426614174000")
        .api_key(KEY)
        .server_url(url)
        .timeout(plan.timeout)
        .attempt_timeout(plan.attempt_timeout)
        .connect_timeout(plan.attempt_timeout)
        .retry_config(RetryConfig::backoff(backoff).max_retry_after(Duration::from_secs(2)))
        .retry_budget(RetryBudget::new(BUDGET_PERCENT, plan.burst))
        .max_response_bytes(MAX_RESPONSE)
        .non_idempotent_idle_timeout(plan.idle_threshold)
}

/// Makes all calls of the plan.
///
/// # Errors
/// If there is no client.
pub async fn run(plan: &Plan, url: &str, ledger: Arc<Ledger>) -> Result<Seen> {
    let load = Arc::new(Load {
        plan: plan.clone(),
        ledger,
        url: url.to_owned(),
        calls: client(plan, "https://service.invalid")?,
        operations: for_operations(plan, url)?,
        next: AtomicU32::new(0),
        memory: Mutex::default(),
    });
    let (started, canary) = (Instant::now(), Canary::start());
    let mut callers = JoinSet::new();
    for _ in 0..plan.concurrency {
        callers.spawn(Arc::clone(&load).call_on());
    }
    let mut tally = Tally::default();
    while let Some(caller) = callers.join_next().await {
        match caller {
            Ok(seen) => tally.add(seen),
            Err(error) => tally.complain(format!("a caller panicked: {error}")),
        }
    }
    let (took, lateness) = (started.elapsed(), canary.stop().await);
    let memory = std::mem::take(&mut *load.memory.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Seen { tally, took, lateness, memory })
}

fn for_operations(plan: &Plan, url: &str) -> Result<IntunedClient> {
    let connect = plan.attempt_timeout / 4;
    let attempt = connect + Duration::from_millis(1_100);
    let builder = builder(plan, url).connect_timeout(connect).attempt_timeout(attempt);
    builder.build().context("the settings make no sense")
}

impl Load {
    async fn call_on(self: Arc<Self>) -> Tally {
        let mut tally = Tally::default();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(id) = self.plan.id(number) else { return tally };
            self.sample(number);
            match id.kind {
                Kind::Look => call::look(&self, id, &mut tally).await,
                Kind::Start => call::start(&self, id, &mut tally).await,
                Kind::Operation => operation::run(&self, id, &mut tally).await,
            }
        }
    }

    /// Looks at the memory a thousand times, at even parts of the run.
    fn sample(&self, number: u32) {
        let all = self.plan.calls + self.plan.operations;
        if !number.is_multiple_of((all / 1_000).max(1)) {
            return;
        }
        if let (Some(bytes), Ok(thousandth)) =
            (memory::resident(), u32::try_from(u64::from(number) * 1_000 / u64::from(all)))
        {
            let mut samples = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            samples.push(Sample { thousandth, bytes });
        }
    }
}
