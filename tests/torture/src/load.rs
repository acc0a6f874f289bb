//! Generates the load: concurrent tasks, each of which makes the next call as soon as the last one has ended.

mod call;
mod operation;
pub mod silent;
pub mod transfer;

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

/// The maximum size of a response, in bytes.
const MAX_RESPONSE: usize = 256 << 10;

/// The retry budget per 100 calls, as by default.
pub(crate) const BUDGET_PERCENT: u32 = 20;

/// The results on the side of the client.
#[derive(Debug)]
pub struct Seen {
    pub(crate) tally: Tally,
    pub(crate) took: Duration,
    /// The maximum scheduling delay of this runtime.
    pub(crate) lateness: Duration,
    /// Memory during the run, in bytes.
    pub(crate) memory: Vec<Sample>,
}

/// Memory in bytes, by thousandths of the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) thousandth: u32,
    pub(crate) bytes: u64,
}

/// The state shared by all tasks.
struct Load {
    plan: Plan,
    ledger: Arc<Ledger>,
    /// The local server.
    url: String,
    /// For single calls. Its default server is unreachable: each call sets the server. It has a separate retry budget, so that
    /// the limit of the budget is known.
    calls: IntunedClient,
    /// For jobs. Its attempt timeout is much longer than the connect timeout, so it uses another connection pool.
    operations: IntunedClient,
    next: AtomicU32,
    memory: Mutex<Vec<Sample>>,
}

/// A client with the limits of the plan.
///
/// # Errors
/// The settings are invalid.
pub fn client(plan: &Plan, url: &str) -> Result<IntunedClient> {
    builder(plan, url).build().context("the settings are invalid")
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
/// The client cannot be built.
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
            Err(error) => tally.report(format!("a caller panicked: {error}")),
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
    builder.build().context("the settings are invalid")
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

    /// Samples the memory a thousand times, evenly over the run.
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
