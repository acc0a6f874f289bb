//! Makes sequential calls, and prints the number of allocations and of allocated bytes as JSON. A reallocation counts as one
//! allocation.

use allocation_counter::{AllocationInfo, measure};
use bench::arguments::{Arguments, Variant};
use bench::by_hand::ByHand;
use bench::client::{Client, Result};
use bench::ours::Ours;
use bench::untouched::Untouched;
use serde_json::json;
use tokio::runtime::Builder;

/// Warm-up calls, which open the connection and let its buffers grow.
const WARM_UP: usize = 50;

fn main() -> Result<()> {
    let arguments = Arguments::read()?;
    let counted = match arguments.variant {
        Variant::Ours => count::<Ours>(&arguments),
        Variant::ByHand => count::<ByHand>(&arguments),
        Variant::Untouched => count::<Untouched>(&arguments),
    }?;
    println!("{}", json!({"allocations": counted.count_total, "bytes": counted.bytes_total}));
    Ok(())
}

/// Everything runs on this thread, so all allocations are counted.
fn count<C: Client>(arguments: &Arguments) -> Result<AllocationInfo> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = runtime.block_on(async { C::of(&arguments.server) })?;
    runtime.block_on(arguments.operation.call(&client, WARM_UP))?;
    let mut outcome = Ok(());
    let counted = measure(|| outcome = runtime.block_on(arguments.operation.call(&client, arguments.calls)));
    outcome.map(|()| counted)
}
