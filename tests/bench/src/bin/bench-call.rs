//! Makes calls, and prints their duration and CPU time as JSON.

use std::time::Instant;

use bench::asked::{Asked, Variant};
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
    let asked = Asked::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match asked.variant {
            Variant::Ours => measure::<Ours>(&asked).await,
            Variant::ByHand => measure::<ByHand>(&asked).await,
            Variant::Untouched => measure::<Untouched>(&asked).await,
        }
    })
}

async fn measure<C: Client>(asked: &Asked) -> Result<()> {
    let client = C::of(&asked.server)?;
    calls(&client, asked, WARM_UP).await?;
    let (begun, spent) = (Instant::now(), processor::seconds());
    calls(&client, asked, asked.calls / asked.at_once).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let processor_seconds = processor::seconds().zip(spent).map(|(end, begin)| end - begin);
    println!("{}", json!({"seconds": seconds, "processor_seconds": processor_seconds}));
    Ok(())
}

/// Runs the concurrent tasks, each with this number of calls.
async fn calls<C: Client>(client: &C, asked: &Asked, each: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for _ in 0..asked.at_once {
        let (client, operation) = (client.clone(), asked.operation);
        tasks.spawn(async move { operation.call(&client, each).await });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
