//! Servers of long bodies, which need little memory themselves.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Starts a server that sends a long body to each request, and returns its URL.
pub async fn sender(length: u64) -> String {
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
pub async fn receiver(length: u64) -> String {
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
