//! Measures how many starts fail because the server closes the idle connection while they are on the wire:
//! `cargo run --release -p torture --example idle`.
//!
//! A relay adds 80 ms to a round trip. The server behind it closes idle connections, as Node does after its `keepAliveTimeout`.
//! Thirty clients make ten starts each, after random idle times around that timeout. This takes two minutes, almost all of
//! them idle, and uses only local addresses.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use intuned_client::types::UpdateAuthSessionStartRequestBody;
use intuned_client::{Error, IntunedClient};
use tokio::task::JoinSet;
use torture::fault::Fault;
use torture::ledger::Ledger;
use torture::plan::Plan;
use torture::relay::Relay;
use torture::server::Server;

/// The number of clients.
const CLIENTS: u32 = 30;

/// The number of starts per client after an idle time. One more start opens the connection.
const STARTS: u32 = 10;

/// The one-way latency.
const LATENCY: Duration = Duration::from_millis(40);

/// A measurement.
struct Case {
    name: &'static str,
    /// The idle timeout of the server, in milliseconds.
    keep_alive: u64,
    /// The bounds of the idle times before the starts, in milliseconds.
    idle: RangeInclusive<u64>,
    /// The setting of the client. `None` is its default.
    threshold: Option<Duration>,
}

/// The results of the starts.
#[derive(Default)]
struct Counts {
    good: u32,
    maybe_sent: u32,
    other: u32,
}

#[tokio::main]
async fn main() -> Result<()> {
    let disabled = Some(Duration::from_mins(10));
    let below = Some(Duration::from_millis(500));
    let case = |name, keep_alive, idle, threshold| Case { name, keep_alive, idle, threshold };
    let cases = [
        case("1 s server, idle 0.7 to 2.1 s, threshold 600 s", 1_000, 700..=2_100, disabled),
        case("1 s server, idle 0.7 to 2.1 s, threshold 500 ms", 1_000, 700..=2_100, below),
        case("1 s server, idle 0.9 to 1.0 s, threshold 600 s", 1_000, 900..=1_000, disabled),
        case("1 s server, idle 0.9 to 1.0 s, threshold 500 ms", 1_000, 900..=1_000, below),
        // Some of these connections are reused.
        case("1 s server, idle 0.8 to 1.0 s, threshold 900 ms", 1_000, 800..=1_000, Some(Duration::from_millis(900))),
        case("5 s server, idle 4.5 to 5.5 s, threshold 600 s", 5_000, 4_500..=5_500, disabled),
        case("5 s server, idle 4.5 to 5.5 s, default threshold", 5_000, 4_500..=5_500, None),
    ];
    for case in cases {
        measure(&case).await?;
    }
    Ok(())
}

async fn measure(case: &Case) -> Result<()> {
    let keep_alive = Duration::from_millis(case.keep_alive);
    let plan = Plan { calls: CLIENTS * (STARTS + 1), operations: 0, keep_alive, ..Plan::full() };
    let ledger = Arc::new(Ledger::new(&plan));
    let server = Server::always(Fault::None, plan, Arc::clone(&ledger))?;
    let relay = Relay::start(server.address(), LATENCY).await?;
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(start_after_idle_times(client(case, &relay)?, number, case.idle.clone()));
    }
    let mut all = Counts::default();
    while let Some(counts) = clients.join_next().await {
        let Counts { good, maybe_sent, other } = counts.context("a client panicked")??;
        all.good += good;
        all.maybe_sent += maybe_sent;
        all.other += other;
    }
    let Counts { good, maybe_sent, other } = all;
    let (closed, crossed) = ledger.idle().counts();
    let acted = ledger.calls().filter(|entry| entry.acted() > 0).count();
    println!("{}:", case.name);
    println!("  {} starts: {good} good, {maybe_sent} maybe_sent, {other} other", CLIENTS * STARTS);
    println!(
        "  {acted} processed, including first starts; {} connections, {closed} closed as idle",
        server.connections()
    );
    println!("  {crossed} arrived on a connection that the server had closed");
    drop(relay);
    server.stop();
    Ok(())
}

/// A client with default settings except for the threshold.
fn client(case: &Case, relay: &Relay) -> Result<IntunedClient> {
    let builder = IntunedClient::builder()
        .workspace_id("123e4567-e89b-12d3-a456-426614174000")
        .api_key("key")
        .server_url(relay.url());
    let builder = match case.threshold {
        Some(threshold) => builder.non_idempotent_idle_timeout(threshold),
        None => builder,
    };
    Ok(builder.build()?)
}

async fn start_after_idle_times(client: IntunedClient, number: u32, idle: RangeInclusive<u64>) -> Result<Counts> {
    let mut random = fastrand::Rng::with_seed(u64::from(number));
    let mut counts = Counts::default();
    let first = number * (STARTS + 1);
    start(&client, first).await.context("the first connection is fresh")?;
    for number in first + 1..=first + STARTS {
        tokio::time::sleep(Duration::from_millis(random.u64(idle.clone()))).await;
        match start(&client, number).await {
            Ok(()) => counts.good += 1,
            Err(error) if error.maybe_sent() => counts.maybe_sent += 1,
            Err(_) => counts.other += 1,
        }
    }
    Ok(counts)
}

async fn start(client: &IntunedClient, number: u32) -> Result<(), Error> {
    let session = format!("start-{number}");
    let body = UpdateAuthSessionStartRequestBody::new([("username", "john.doe")]);
    client.project().auth_sessions().update().start("calls", &session, body).await.map(drop)
}
