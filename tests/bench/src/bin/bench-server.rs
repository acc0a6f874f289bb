//! The server: prints its address, and serves until its standard input closes.

use std::io::Read as _;
use std::thread;

use bench::client::Result;
use tokio::net::TcpListener;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    println!("http://{}", listener.local_addr()?);
    thread::spawn(|| {
        // The result does not matter: the parent no longer waits for this process.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    Ok(runtime.block_on(bench::server::serve(listener))?)
}
