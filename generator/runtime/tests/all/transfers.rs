//! Large bodies over loopback need little memory.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use sdk_runtime::{Body, Call, Core};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::downloads::Fetch;
use crate::operations::config;
use crate::uploads::Put;

/// The length of a body in bytes.
const LENGTH: u64 = 256 * 1024 * 1024;

/// How much memory a transfer may need, in bytes.
const MEMORY: u64 = 4 * 1024 * 1024;

/// Starts a server that sends a long body to each request, and returns its URL.
async fn sender(length: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The request is shorter than the buffer.
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.is_ok_and(|length| length > 0));
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("the client reads");
            let piece = vec![7; 64 * 1024];
            for _ in 0..length / 65_536 {
                stream.write_all(&piece).await.expect("the client reads");
            }
        }
    });
    url
}

/// Starts a server that reads a body of this length from each request, and returns its URL.
async fn receiver(length: u64) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (mut buffer, mut head) = (vec![0; 64 * 1024], Vec::new());
            let end = loop {
                let read = stream.read(&mut buffer).await.expect("the client writes");
                head.extend_from_slice(&buffer[..read]);
                if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                    break end + 4;
                }
            };
            assert!(String::from_utf8_lossy(&head).contains(&format!("content-length: {length}\r\n")));
            let mut read = (head.len() - end) as u64;
            while read < length {
                read += stream.read(&mut buffer).await.expect("the client writes") as u64;
            }
            assert_eq!(read, length);
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("the client reads");
        }
    });
    url
}

/// A stream of a long body.
struct Long(u64);

impl Stream for Long {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(left) = self.0.checked_sub(65_536) else { return Poll::Ready(None) };
        self.0 = left;
        Poll::Ready(Some(Ok(vec![7; 64 * 1024].into())))
    }
}

/// Runs a transfer with a client and a server in this thread, and returns the most memory that it needed at once.
fn memory_of<F: Future<Output = ()>>(server: impl Future<Output = String>, transfer: impl FnOnce(Core) -> F) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut config = config(&runtime.block_on(server));
    config.timeout(Duration::from_secs(1_800));
    let core = config.build().expect("the settings are valid");
    let transfer = transfer(core);
    let memory = allocation_counter::measure(|| runtime.block_on(transfer));
    memory.bytes_max
}

/// The memory that a download of this length needs.
fn memory_of_download(length: u64) -> u64 {
    memory_of(sender(length), |core| async move {
        let download = Call::new(&core, Fetch).download().idle_timeout(Duration::from_secs(60));
        let mut download = download.await.expect("a response");
        while let Some(piece) = download.next().await {
            assert_eq!(piece.expect("a piece").last(), Some(&7));
        }
        assert_eq!(download.position(), length);
    })
}

/// The memory that an upload of this length needs.
fn memory_of_upload(length: u64) -> u64 {
    let body = Body::from_stream(Long(length)).with_length(length);
    memory_of(receiver(length), |core| async move {
        Call::new(&core, Put(body)).await.expect("it is sent");
    })
}

#[test]
fn large_bodies_need_little_memory() {
    let most = [memory_of_download(LENGTH), memory_of_upload(LENGTH)];
    assert!(most.iter().all(|most| *most < MEMORY), "{most:?} bytes");
}

#[test]
#[ignore = "it sends 20 GB, and takes minutes without optimizations"]
fn ten_gigabytes_need_little_memory() {
    let length = 10_000_000_000 / 65_536 * 65_536;
    let most = [memory_of_download(length), memory_of_upload(length)];
    println!("{length} bytes: a download needs {} bytes of memory, an upload {}", most[0], most[1]);
    assert!(most.iter().all(|most| *most < MEMORY), "{most:?} bytes");
}
