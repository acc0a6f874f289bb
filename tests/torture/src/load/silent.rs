//! Calls over HTTP/2 to a server whose connections fall silent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use intuned_client::reqwest::ClientBuilder;
use intuned_client::{IntunedClient, RetryBudget};
use tokio::task::JoinSet;

use crate::id::Id;
use crate::plan::Plan;
use crate::silent::SilentServer;
use crate::work::operation_id;

/// The number of concurrent calls.
const CALLERS: u32 = 8;

/// The pause before the next call. Together with the attempt timeout, it prevents callers that wait on a silent connection from
/// moving to one that has fallen silent in the meantime.
const PAUSE: Duration = Duration::from_millis(10);

/// The attempt timeout.
const ATTEMPT: Duration = Duration::from_millis(300);

/// The results of the calls.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Silences {
    /// The number of calls.
    pub calls: u64,
    /// The number of successful calls.
    pub good: u64,
    /// The number of retries.
    pub retries: u64,
    /// The number of connections.
    pub connections: u64,
    /// The number of connections that fell silent.
    pub silent: u64,
    /// The first error.
    pub error: Option<String>,
}

impl Silences {
    /// The maximum number of retries: each silent connection costs each caller one attempt.
    #[must_use]
    pub fn allowed_retries(&self) -> u64 {
        self.connections * u64::from(CALLERS)
    }
}

/// An HTTP/2 client with the limits of the plan and a short attempt timeout.
///
/// # Errors
/// The settings are invalid.
pub fn client(plan: &Plan, url: &str) -> Result<IntunedClient> {
    let builder = super::builder(plan, url)
        .attempt_timeout(ATTEMPT)
        .retry_budget(RetryBudget::new(100, 1_000))
        // A silent connection must be dropped because it is silent, not because it is idle.
        .non_idempotent_idle_timeout(Duration::from_mins(1));
    builder.http_client(ClientBuilder::http2_prior_knowledge).build().context("the settings are invalid")
}

/// Makes a twentieth of the calls of the plan, but enough for one silence. Every second connection answers only a few.
///
/// # Errors
/// A port, a thread or a client is not available.
pub async fn run(plan: &Plan) -> Result<Silences> {
    let seeds = plan.clone();
    let server = SilentServer::start(plan.clone(), move |connection| {
        let most = if connection.is_multiple_of(2) { 1..20 } else { 400..800 };
        seeds.random(connection ^ (1 << 61)).u64(most)
    })?;
    let client = client(plan, &server.url())?;
    let (calls, next) = ((plan.calls / 20).max(50), Arc::new(AtomicU32::new(0)));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        callers.spawn(call_on(client.clone(), calls, Arc::clone(&next)));
    }
    let mut all = Silences { calls: u64::from(calls), ..Silences::default() };
    while let Some(caller) = callers.join_next().await {
        let Silences { good, retries, error, .. } = caller.context("a caller panicked")?;
        all.good += good;
        all.retries += retries;
        all.error = all.error.or(error);
    }
    (all.connections, all.silent) = server.counts();
    server.stop();
    Ok(all)
}

async fn call_on(client: IntunedClient, calls: u32, next: Arc<AtomicU32>) -> Silences {
    let mut seen = Silences::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= calls {
            return seen;
        }
        let id = Id::look(number);
        let (session, operation) = (id.to_string(), operation_id(id));
        let call = client.project().auth_sessions().update().result("calls", &session, &operation);
        match call.send_with_response().await {
            Ok(response) => {
                seen.good += 1;
                seen.retries += u64::from(response.attempts().saturating_sub(1));
            }
            Err(error) => {
                seen.retries += u64::from(error.attempts().saturating_sub(1));
                seen.error = seen.error.or_else(|| Some(error.to_string()));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}
