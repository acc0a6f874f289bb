//! Takes the steps of a fault on a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One thing that is done to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Bytes are sent.
    Send(Vec<u8>),
    /// Time passes.
    Pause(Duration),
    /// The same bytes are sent again and again, with a pause between, until the client closes.
    Repeat(Vec<u8>, Duration),
    /// Nothing is sent until the client closes.
    Hang,
    /// The connection is closed in good order.
    Close,
    /// The connection is reset.
    Reset,
}

/// Whether the connection goes on after the steps.
pub async fn play(stream: &mut TcpStream, steps: &[Step]) -> bool {
    for step in steps {
        let goes_on = match step {
            Step::Send(bytes) => stream.write_all(bytes).await.is_ok(),
            Step::Pause(time) => {
                tokio::time::sleep(*time).await;
                true
            }
            Step::Repeat(bytes, pause) => {
                while stream.write_all(bytes).await.is_ok() && !is_closed_within(stream, *pause).await {}
                false
            }
            Step::Hang => {
                is_closed(stream).await;
                false
            }
            Step::Close => {
                // Whoever closes while something is unread resets, which would be another fault.
                let _ = stream.shutdown().await;
                is_closed_within(stream, Duration::from_millis(200)).await;
                false
            }
            Step::Reset => {
                let _ = stream.set_zero_linger();
                false
            }
        };
        if !goes_on {
            return false;
        }
    }
    true
}

async fn is_closed(stream: &mut TcpStream) {
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}

async fn is_closed_within(stream: &mut TcpStream, time: Duration) -> bool {
    tokio::time::timeout(time, is_closed(stream)).await.is_ok()
}
