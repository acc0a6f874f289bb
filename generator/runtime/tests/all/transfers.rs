//! Large bodies over loopback need little memory.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use sdk_runtime::{Body, Call, Core};
use test_server::long::{receiver, sender};

use crate::downloads::Fetch;
use crate::operations::config;
use crate::uploads::Put;

/// The length of a body in bytes.
const LENGTH: u64 = 256 * 1024 * 1024;

/// How much memory a transfer may need, in bytes.
const MEMORY: u64 = 4 * 1024 * 1024;

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
