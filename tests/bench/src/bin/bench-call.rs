//! Makes calls, and prints their duration and CPU time as JSON.

use std::time::Instant;

use bench::arguments::{Arguments, Variant};
use bench::by_hand::ByHand;
use bench::client::{Client, Result};
use bench::ours::Ours;
use bench::processor;
use bench::untouched::Untouched;
use serde_json::json;
use tokio::task::JoinSet;

/// Warm-up calls per concurrent task, which open the connections.
const WARM_UP: usize = 20;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.variant {
            Variant::Ours => measure::<Ours>(&arguments).await,
            Variant::ByHand => measure::<ByHand>(&arguments).await,
            Variant::Untouched => measure::<Untouched>(&arguments).await,
        }
    })
}

async fn measure<C: Client>(arguments: &Arguments) -> Result<()> {
    let client = C::of(&arguments.server)?;
    calls(&client, arguments, WARM_UP).await?;
    let (begun, spent) = (Instant::now(), processor::seconds());
    calls(&client, arguments, arguments.calls / arguments.at_once).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let processor_seconds = processor::seconds().zip(spent).map(|(end, begin)| end - begin);
    println!("{}", json!({"seconds": seconds, "processor_seconds": processor_seconds}));
    Ok(())
}

/// Runs the concurrent tasks, each with this number of calls.
async fn calls<C: Client>(client: &C, arguments: &Arguments, each: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for _ in 0..arguments.at_once {
        let (client, operation) = (client.clone(), arguments.operation);
        tasks.spawn(async move { operation.call(&client, each).await });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
