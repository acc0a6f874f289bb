//! Bodies from files and readers.

use std::error::Error as _;
use std::io;

use sdk_runtime::{Body, Call, ErrorKind, StopReason};
use test_server::{Act, Server, response};
use tokio::io::AsyncSeekExt;

use crate::downloads_saved::Folder;
use crate::operations::client;
use crate::service::api;
use crate::uploads::Put;

async fn server() -> Server {
    let acts = [response("503 Service Unavailable", &[], b""), response("204 No Content", &[], b"")];
    Server::replay(acts.map(Act::Send)).await
}

#[tokio::test]
async fn a_file_is_opened_for_each_attempt() {
    let (folder, server) = (Folder::new(), server().await);
    let path = folder.path().join("file");
    let content: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
    std::fs::write(&path, &content).expect("the folder can be written to");
    Call::new(&client(&api(&server)), Put(Body::from_file(&path))).await.expect("the second attempt succeeds");
    let requests = server.received();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.one("content-length"), "300000");
        assert!(request.body == content);
    }
}

#[tokio::test]
async fn a_file_of_another_length_than_stated_is_an_error() {
    let (folder, server) = (Folder::new(), server().await);
    let path = folder.path().join("file");
    std::fs::write(&path, "0123").expect("the folder can be written to");
    let body = Body::from_file(&path).with_length(5);
    let error = Call::new(&client(&api(&server)), Put(body)).await.expect_err("it is shorter");
    assert_eq!((error.kind(), server.arrivals()), (ErrorKind::RequestBody, 0));
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_an_error_before_anything_is_sent() {
    let (folder, server) = (Folder::new(), server().await);
    let body = Body::from_file(folder.path().join("missing"));
    assert!(!format!("{body:?}").contains("missing"));
    let error = Call::new(&client(&api(&server)), Put(body)).await.expect_err("there is no file");
    assert_eq!((error.kind(), error.maybe_sent(), error.attempts()), (ErrorKind::RequestBody, false, 0));
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
    assert_eq!((source, server.connections()), (Some(io::ErrorKind::NotFound), 0));
}

#[tokio::test]
async fn an_open_file_and_a_reader_are_sent_once() {
    let (folder, server) = (Folder::new(), Server::always(Act::Send(response("204 No Content", &[], b""))).await);
    let core = client(&api(&server));
    let path = folder.path().join("file");
    std::fs::write(&path, "0123456789").expect("the folder can be written to");
    let mut file = tokio::fs::File::open(&path).await.expect("the file is there");
    file.seek(io::SeekFrom::Start(4)).await.expect("it is long enough");
    Call::new(&core, Put(Body::from_tokio_file(file).with_length(6))).await.expect("it is sent");
    let reader = io::Cursor::new(b"0123456789");
    Call::new(&core, Put(Body::from_reader(reader))).await.expect("it is sent");
    let requests = server.received();
    assert_eq!((requests[0].one("content-length"), requests[0].text()), ("6", "456789"));
    assert_eq!((requests[1].one("transfer-encoding"), requests[1].text()), ("chunked", "0123456789"));
    let server = self::server().await;
    let body = Body::from_reader(io::Cursor::new(b"0123"));
    let error = Call::new(&client(&api(&server)), Put(body)).await.expect_err("it cannot be read again");
    assert_eq!(error.stop_reason(), Some(StopReason::BodyConsumed));
}
