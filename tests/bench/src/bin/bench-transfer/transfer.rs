//! Long bodies: the memory that a client and a server in the same thread need for them.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use sdk_runtime::{
    Body, Call, ClientSpec, Config, Core, Error, HttpMethod, Method, Operation, OperationMeta, RawResponse,
    RequestWriter, RetryDefaults, RetryStrategy,
};
use test_server::long::{receiver, sender};
use tokio::runtime::Builder;

use bench::client::Result;

/// The length of a piece in bytes. Lengths of bodies are multiples of it.
const PIECE: u64 = 64 * 1024;

static SPEC: ClientSpec = ClientSpec {
    user_agent: "bench-transfer",
    server_url: None,
    retry: RetryDefaults {
        strategy: RetryStrategy::None,
        initial_interval_ms: 500,
        max_interval_ms: 60_000,
        exponent: 1.5,
        max_elapsed_time_ms: 60_000,
        codes: &[],
        retry_connection_errors: false,
    },
    security: &[],
    schemes: &[],
};

const fn meta(method: Method) -> OperationMeta {
    OperationMeta {
        id: "file",
        method: HttpMethod::Known(method),
        path: "/file",
        accept: None,
        idempotent: true,
        idempotency_key: None,
        retry: None,
        security: &[],
        server: None,
    }
}

/// Gets a file.
struct Fetch;

impl Operation for Fetch {
    type Output = Bytes;

    const META: OperationMeta = meta(Method::GET);

    fn encode(&self, request: &mut RequestWriter) -> std::result::Result<(), Error> {
        request.path("/file");
        Ok(())
    }

    fn decode(response: &RawResponse) -> std::result::Result<Bytes, Error> {
        response.expect_status(&[200])?;
        Ok(response.body().clone())
    }
}

/// Sends a file.
struct Put(Body);

impl Operation for Put {
    type Output = ();

    const META: OperationMeta = meta(Method::PUT);

    fn encode(&self, request: &mut RequestWriter) -> std::result::Result<(), Error> {
        request.path("/file");
        request.upload("application/octet-stream", &self.0);
        Ok(())
    }

    fn decode(response: &RawResponse) -> std::result::Result<(), Error> {
        response.expect_status(&[204])
    }
}

/// A stream of a long body.
struct Long(u64);

impl Stream for Long {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(left) = self.0.checked_sub(PIECE) else { return Poll::Ready(None) };
        self.0 = left;
        Poll::Ready(Some(Ok(vec![7; 64 * 1024].into())))
    }
}

/// Returns the memory that a download needs.
///
/// # Errors
///
/// The download fails.
pub(crate) fn memory_of_download(length: u64) -> Result<u64> {
    let length = whole(length);
    memory_of(sender(length), |core| async move {
        let mut download = Call::new(&core, Fetch).download().idle_timeout(Duration::from_mins(1)).await?;
        while let Some(piece) = download.next().await {
            piece?;
        }
        if download.position() == length { Ok(()) } else { Err("the download is incomplete".into()) }
    })
}

/// Returns the memory that an upload needs.
///
/// # Errors
///
/// The upload fails.
pub(crate) fn memory_of_upload(length: u64) -> Result<u64> {
    let length = whole(length);
    let body = Body::from_stream(Long(length)).with_length(length);
    memory_of(receiver(length), |core| async move { Ok(Call::new(&core, Put(body)).await?) })
}

fn whole(length: u64) -> u64 {
    length / PIECE * PIECE
}

/// Runs a transfer with a client and a server in this thread, and returns the most memory that it needed at once.
fn memory_of<F: Future<Output = Result<()>>>(
    server: impl Future<Output = String>,
    transfer: impl FnOnce(Core) -> F,
) -> Result<u64> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut config = Config::new(&SPEC);
    config.server_url(runtime.block_on(server));
    config.timeout(Duration::from_mins(30));
    let transfer = transfer(config.build()?);
    let mut outcome = Ok(());
    let memory = allocation_counter::measure(|| outcome = runtime.block_on(transfer));
    outcome.map(|()| memory.bytes_max)
}
