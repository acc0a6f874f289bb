//! Stress tests: the client makes calls to a faulty server, and its guarantees are checked.
//!
//! [`fault`] defines the faults of a response as steps, which [`wire`] executes on a connection. [`server`] draws a fault for
//! every request from a seed and records the requests in the [`ledger`]. [`load`] makes the calls and waits for the jobs.
//! [`report`] compares both sides and lists violated guarantees. [`run`] combines them.
//!
//! Four scenarios have separate servers: HTTP/2 connections that fall silent ([`silent`]), a proxy that must not be used
//! ([`trap`]), a slow network between client and server ([`relay`]), and files that are downloaded ([`transfer`]).

#![expect(
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a test tool on its own inputs: a bug should end the run"
)]

mod canary;
pub mod fault;
mod garbage;
pub mod id;
pub mod ledger;
pub mod load;
mod memory;
pub mod plan;
pub mod relay;
pub mod report;
mod request;
pub mod server;
pub mod silent;
mod tally;
pub mod transfer;
pub mod trap;
pub mod wire;
pub mod work;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::report::{Leftovers, Report};
use crate::server::Server;

/// The time limit for unused tasks and sockets to end.
const ENDING: Duration = Duration::from_secs(10);

/// Makes all calls and returns the report. The server has a separate thread and runtime, so that leftover tasks in the runtime
/// of the client belong to the client.
///
/// # Errors
/// A port, a thread or memory is not available.
pub fn run(plan: &Plan) -> Result<Report> {
    let ledger = Arc::new(Ledger::new(plan));
    let server = Server::start(plan.clone(), Arc::clone(&ledger))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let seen = runtime.block_on(load::run(plan, &server.url(), Arc::clone(&ledger)))?;
    let silences = runtime.block_on(load::silent::run(plan))?;
    let transfers = runtime.block_on(load::transfer::run(plan))?;
    let trapped = runtime.block_on(trap::look(plan, &server.url()))?;
    let leftovers = runtime.block_on(async {
        let tasks = || runtime.metrics().num_alive_tasks();
        let connections = || server.open_connections();
        settled(|| tasks() == 0 && connections() == 0).await;
        Leftovers { tasks: tasks(), connections: connections() }
    });
    let (restarts, connections) = (server.restarts(), server.connections());
    server.stop();
    Ok(Report { plan: plan.clone(), seen, silences, transfers, trapped, ledger, leftovers, restarts, connections })
}

async fn settled(is_settled: impl Fn() -> bool) {
    let end = tokio::time::Instant::now() + ENDING;
    while !is_settled() && tokio::time::Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
