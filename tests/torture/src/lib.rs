//! A server that does everything wrong, the client at work against it, and what must hold all the same.
//!
//! [`fault`] says what can go wrong with a reply, as steps that [`wire`] takes on a connection; [`server`] draws a fault for
//! every request from a seed and notes in the [`ledger`] what arrived. [`load`] makes the calls and waits for the work,
//! [`report`] puts both together and says what does not hold. [`run`] is all of it.
//!
//! Three things have servers of their own: connections of HTTP/2 that fall silent ([`silent`]), a proxy that must not be used
//! ([`trap`]), and a slow network between client and server ([`relay`]).

#![expect(
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "a tool of tests, over inputs of its own: a mistake of its own is to end it"
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

/// How long tasks and sockets may take to end once nobody needs them.
const ENDING: Duration = Duration::from_secs(10);

/// Makes all calls, and says what came of them. The server has a thread and a runtime of its own, so that what is left over
/// in the client's is the client's.
///
/// # Errors
/// If there is no port, no thread or no memory for it.
pub fn run(plan: &Plan) -> Result<Report> {
    let ledger = Arc::new(Ledger::new(plan));
    let server = Server::start(plan.clone(), Arc::clone(&ledger))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let seen = runtime.block_on(load::run(plan, &server.url(), Arc::clone(&ledger)))?;
    let silences = runtime.block_on(load::silent::run(plan))?;
    let trapped = runtime.block_on(trap::look(plan, &server.url()))?;
    let leftovers = runtime.block_on(async {
        let tasks = || runtime.metrics().num_alive_tasks();
        let connections = || server.open_connections();
        settled(|| tasks() == 0 && connections() == 0).await;
        Leftovers { tasks: tasks(), connections: connections() }
    });
    let (restarts, connections) = (server.restarts(), server.connections());
    server.stop();
    Ok(Report { plan: plan.clone(), seen, silences, trapped, ledger, leftovers, restarts, connections })
}

async fn settled(is_settled: impl Fn() -> bool) {
    let end = tokio::time::Instant::now() + ENDING;
    while !is_settled() && tokio::time::Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
