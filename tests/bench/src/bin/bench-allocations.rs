//! Makes sequential calls, and prints the number of allocations and of allocated bytes as JSON. A reallocation counts as one
//! allocation.

use allocation_counter::{AllocationInfo, measure};
use bench::asked::{Asked, Variant};
use bench::by_hand::ByHand;
use bench::client::{Client, Result};
use bench::ours::Ours;
use bench::untouched::Untouched;
use serde_json::json;
use tokio::runtime::Builder;

/// Warm-up calls, which open the connection and let its buffers grow.
const WARM_UP: usize = 50;

fn main() -> Result<()> {
    let asked = Asked::read()?;
    let counted = match asked.variant {
        Variant::Ours => count::<Ours>(&asked),
        Variant::ByHand => count::<ByHand>(&asked),
        Variant::Untouched => count::<Untouched>(&asked),
    }?;
    println!("{}", json!({"allocations": counted.count_total, "bytes": counted.bytes_total}));
    Ok(())
}

/// Everything runs on this thread, so all allocations are counted.
fn count<C: Client>(asked: &Asked) -> Result<AllocationInfo> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = runtime.block_on(async { C::of(&asked.server) })?;
    runtime.block_on(asked.operation.call(&client, WARM_UP))?;
    let mut outcome = Ok(());
    let counted = measure(|| outcome = runtime.block_on(asked.operation.call(&client, asked.calls)));
    outcome.map(|()| counted)
}
