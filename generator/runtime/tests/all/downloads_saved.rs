//! Downloads to writers and files.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use sdk_runtime::{BodyFailure, Call, ErrorKind};
use test_server::{Act, Server};
use tokio::io::AsyncWrite;

use crate::downloads::{Fetch, raw, rest, start};
use crate::operations::client;
use crate::service::api;

/// A folder that is removed at the end of a test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("sdk-runtime-{:016x}", fastrand::u64(..)));
        std::fs::create_dir(&path).expect("the folder is new");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The names of its files.
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder is there");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_download_is_written_to_a_writer() {
    let server = Server::replay([start(b"0123"), rest("4-9/10", b"456789")]).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    let first = download.next().await.expect("a piece").expect("the first bytes");
    let mut all = first.to_vec();
    let written = download.write_to(&mut all).await.expect("the rest");
    assert_eq!((all.as_slice(), written), (b"0123456789".as_slice(), 10 - first.len() as u64));
}

#[tokio::test]
async fn a_writer_that_fails_is_an_error() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    let mut full = io::Cursor::new(vec![0; 4].into_boxed_slice());
    let error = download.write_to(&mut full).await.expect_err("it is full");
    assert_eq!((error.kind(), error.operation_id()), (ErrorKind::Destination, Some("fetch")));
    assert!(std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<io::Error>), "{error:?}");
    assert!(error.to_string().contains("the writer failed after 4 bytes"), "{error}");
}

/// A writer that takes a number of bytes and then fails.
struct Short(usize);

impl AsyncWrite for Short {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = self.0.min(bytes.len());
        self.0 -= taken;
        Poll::Ready(if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn what_a_writer_does_not_take_is_not_lost() {
    let server = Server::always(start(b"0123456789")).await;
    let core = client(&api(&server));
    let mut download = Call::new(&core, Fetch).download().await.expect("a response");
    let error = download.write_to(&mut Short(3)).await.expect_err("it takes three bytes");
    assert_eq!((error.kind(), download.position()), (ErrorKind::Destination, 3));
    assert_eq!(download.resume_point().map(|point| point.offset()), Some(3));
    let mut rest = Vec::new();
    let written = download.write_to(&mut rest).await.expect("a writer without limits");
    assert_eq!((written, rest.as_slice(), download.position()), (7, b"3456789".as_slice(), 10));
}

#[tokio::test]
async fn a_saved_file_is_complete_and_replaces_an_older_one() {
    let (folder, server) = (Folder::new(), Server::replay([start(b"0123"), rest("4-9/10", b"456789")]).await);
    let core = client(&api(&server));
    let path = folder.path().join("file");
    std::fs::write(&path, "old").expect("the folder can be written to");
    let download = Call::new(&core, Fetch).download().await.expect("a response");
    assert_eq!(download.save(&path).await.expect("it is saved"), 10);
    assert_eq!(
        (std::fs::read(&path).expect("it is there"), folder.names()),
        (b"0123456789".to_vec(), vec!["file".to_owned()])
    );
}

#[tokio::test]
async fn a_failed_or_dropped_download_leaves_no_file() {
    let folder = Folder::new();
    let path = folder.path().join("file");
    std::fs::write(&path, "old").expect("the folder can be written to");
    let server = Server::always(Act::SendAndClose(raw("200 OK", &["content-length: 10"], b"0123"))).await;
    let core = client(&api(&server));
    let download = Call::new(&core, Fetch).download().await.expect("a response");
    let error = download.save(&path).await.expect_err("it breaks off");
    assert_eq!((error.kind(), folder.names()), (ErrorKind::Body(BodyFailure::Truncated), vec!["file".to_owned()]));
    let server = Server::always(Act::Hang(raw("200 OK", &["content-length: 10"], b"0123"))).await;
    let core = client(&api(&server));
    let download = Call::new(&core, Fetch).download().await.expect("a response");
    {
        let mut saving = std::pin::pin!(download.save(&path));
        while folder.names().len() == 1 {
            let pending = tokio::time::timeout(Duration::from_millis(5), saving.as_mut()).await;
            assert!(pending.is_err(), "the body never ends");
        }
    }
    assert_eq!(
        (std::fs::read(&path).expect("it is there"), folder.names()),
        (b"old".to_vec(), vec!["file".to_owned()])
    );
}

#[test]
fn a_download_that_is_dropped_while_its_file_is_created_leaves_no_file() {
    let folder = Folder::new();
    for _ in 0..20 {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let server = Server::always(start(b"0123456789")).await;
            let core = client(&api(&server));
            let download = Call::new(&core, Fetch).download().await.expect("a response");
            let mut saving = Box::pin(download.save(folder.path().join("file")));
            let first = std::future::poll_fn(|context| Poll::Ready(saving.as_mut().poll(context))).await;
            assert!(first.is_pending(), "the file is being created");
        });
        // Waits for blocking tasks that have started.
        drop(runtime);
        assert_eq!(folder.names(), [""; 0]);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_created_is_an_error() {
    let (folder, server) = (Folder::new(), Server::always(start(b"0123456789")).await);
    let core = client(&api(&server));
    for path in [folder.path().join("missing").join("file"), PathBuf::from("/"), folder.path().join("..")] {
        let download = Call::new(&core, Fetch).download().await.expect("a response");
        let error = download.save(&path).await.expect_err("it cannot be created");
        assert_eq!(error.kind(), ErrorKind::Destination);
    }
    assert_eq!(folder.names(), Vec::<String>::new());
}
