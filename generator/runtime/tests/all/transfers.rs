//! Large bodies over loopback need little memory.

use std::time::Duration;

use sdk_runtime::{Call, Core};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::downloads::Fetch;
use crate::operations::config;

/// The length of a body in bytes.
const LENGTH: u64 = 256 * 1024 * 1024;

/// How much memory a transfer may need, in bytes.
const MEMORY: u64 = 4 * 1024 * 1024;

/// Starts a server that sends a long body to each request, and returns its URL.
async fn sender() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The request is shorter than the buffer.
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.is_ok_and(|length| length > 0));
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("the client reads");
            let piece = [7; 64 * 1024];
            for _ in 0..LENGTH / 65_536 {
                stream.write_all(&piece).await.expect("the client reads");
            }
        }
    });
    url
}

/// Runs a transfer with a client and a server in this thread, and returns the most memory that it needed at once.
fn memory_of<F: Future<Output = ()>>(server: impl Future<Output = String>, transfer: impl FnOnce(Core) -> F) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut config = config(&runtime.block_on(server));
    config.timeout(Duration::from_mins(5));
    let core = config.build().expect("the settings are valid");
    let transfer = transfer(core);
    let memory = allocation_counter::measure(|| runtime.block_on(transfer));
    memory.bytes_max
}

#[test]
fn a_large_download_needs_little_memory() {
    let most = memory_of(sender(), |core| async move {
        let download = Call::new(&core, Fetch).download().idle_timeout(Duration::from_mins(1));
        let mut download = download.await.expect("a response");
        while let Some(piece) = download.next().await {
            assert_eq!(piece.expect("a piece").last(), Some(&7));
        }
        assert_eq!(download.position(), LENGTH);
    });
    assert!(most < MEMORY, "{most} bytes");
}
