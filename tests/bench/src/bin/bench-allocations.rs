//! Makes calls one after the other, and says how often they allocated and how many bytes, as JSON. A block that grows counts
//! as a new one.

use allocation_counter::{AllocationInfo, measure};
use bench::asked::{Asked, Variant};
use bench::by_hand::ByHand;
use bench::client::{Client, Result};
use bench::ours::Ours;
use bench::untouched::Untouched;
use serde_json::json;
use tokio::runtime::Builder;

/// Calls before the counted ones, which open the connection and let its buffers grow.
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

/// All runs on this one thread, whose allocations are counted.
fn count<C: Client>(asked: &Asked) -> Result<AllocationInfo> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = runtime.block_on(async { C::of(&asked.server) })?;
    runtime.block_on(asked.operation.call(&client, WARM_UP))?;
    let mut outcome = Ok(());
    let counted = measure(|| outcome = runtime.block_on(asked.operation.call(&client, asked.calls)));
    outcome.map(|()| counted)
}
