//! Bodies from files and readers.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use sdk_runtime::{Body, Call, ErrorKind, Multipart, StopReason};
use test_server::{Act, Server, response};
use tokio::io::AsyncSeekExt;

use crate::downloads_saved::Folder;
use crate::operations::client;
use crate::service::api;
use crate::uploads::{Put, PutForm};

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
    assert!(error.to_string().contains("the file `missing` of the request body"), "{error}");
    assert!(!error.to_string().contains(&*folder.path().to_string_lossy()), "{error}");
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind);
    assert_eq!((source, server.connections()), (Some(io::ErrorKind::NotFound), 0));
}

/// A stream of one piece that changes a file when it is read.
struct Writing(Option<PathBuf>);

impl Stream for Writing {
    type Item = io::Result<&'static [u8]>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let written = self.0.take().map(|path| std::fs::write(path, "new"));
        Poll::Ready(written.map(|written| written.map(|()| b"first".as_slice())))
    }
}

#[tokio::test]
async fn the_files_of_a_form_are_opened_one_after_another() {
    let (folder, server) = (Folder::new(), Server::always(Act::Send(response("204 No Content", &[], b""))).await);
    let core = client(&api(&server));
    let path = folder.path().join("file");
    std::fs::write(&path, "old").expect("the folder can be written to");
    let form = |first: Body| {
        Multipart::new().file_from("a", "a", "text/plain", first).file_from(
            "b",
            "b",
            "text/plain",
            Body::from_file(&path),
        )
    };
    Call::new(&core, PutForm(form(Body::from_stream(Writing(Some(path.clone())))))).await.expect("it is sent");
    let sent = server.only().text().to_owned();
    assert!(sent.contains("first") && sent.contains("new"), "{sent}");
    std::fs::remove_file(&path).expect("it is there");
    let error = Call::new(&core, PutForm(form("first".into()))).await.expect_err("there is no second file");
    assert_eq!((error.kind(), server.arrivals()), (ErrorKind::RequestBody, 1));
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
