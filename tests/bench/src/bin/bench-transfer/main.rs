//! Downloads and uploads a body of the given length, and prints the most bytes of memory that each needed at once, as JSON.

mod transfer;

use bench::client::Result;
use serde_json::json;

use crate::transfer::{memory_of_download, memory_of_upload};

fn main() -> Result<()> {
    let length: u64 = std::env::args().nth(1).ok_or("the length is missing")?.parse()?;
    println!("{}", json!({"download": memory_of_download(length)?, "upload": memory_of_upload(length)?}));
    Ok(())
}
