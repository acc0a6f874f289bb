//! Executes the steps of a fault on a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A step on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send bytes.
    Send(Vec<u8>),
    /// Wait.
    Pause(Duration),
    /// Send the same bytes repeatedly, with pauses, until the client closes the connection.
    Repeat(Vec<u8>, Duration),
    /// Send nothing until the client closes the connection.
    Hang,
    /// Close the connection gracefully.
    Close,
    /// Reset the connection.
    Reset,
}

/// Whether the connection continues after the steps.
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
                // Closing a socket with unread data resets the connection, which would be a different fault.
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
