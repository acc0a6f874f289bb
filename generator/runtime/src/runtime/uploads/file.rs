//! Bodies from files and readers.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::stream::{ByteStream, Source};
use super::{Body, Content, broken};
use crate::runtime::error::Error;
use crate::runtime::error::server_message::one_line;

/// The longest piece that is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// The longest name of a file in an error, in characters.
const NAME: usize = 100;

impl Body {
    /// Creates a body from the file at a path. It is opened when the body is sent, and again for each retry.
    ///
    /// The length is that of the file when it is opened. If the file cannot be opened, the call fails with
    /// [`RequestBody`](crate::runtime::ErrorKind::RequestBody), and nothing is sent. The error names the file without its folder.
    ///
    /// Requires the feature `fs`.
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        Self::of(Content::File(path.into().into()))
    }

    /// Creates a body from an open file, from its current position to its end. It can be sent only once.
    ///
    /// Requires the feature `fs`.
    #[must_use]
    pub fn from_tokio_file(file: File) -> Self {
        Self::from_reader(file)
    }

    /// Creates a body from a reader, up to its end. It can be sent only once.
    ///
    /// If the reader fails, the call fails with [`RequestBody`](crate::runtime::ErrorKind::RequestBody), and the error is its
    /// source.
    ///
    /// Requires the feature `fs`.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::once(stream(reader))
    }
}

/// Opens a file: returns its content and its length.
pub(crate) async fn open(path: &Path) -> Result<(ByteStream, Option<u64>), Error> {
    let opening = async {
        let file = File::open(path).await?;
        let metadata = file.metadata().await?;
        // Other kinds of files, such as pipes, have no length.
        io::Result::Ok((file, metadata.is_file().then_some(metadata.len())))
    };
    let opened = opening.await.map_err(|error| {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
        broken(format!("the file `{}` of the request body cannot be opened", one_line(&name, NAME))).with_source(error)
    });
    opened.map(|(file, length)| (stream(file), length))
}

/// Checks that a file can be opened, and returns its content, for which it is opened again, and its length. What is not a regular
/// file, such as a pipe, stays open.
pub(crate) async fn open_later(path: &Arc<Path>) -> Result<(ByteStream, Option<u64>), Error> {
    let (open_now, length) = open(path).await?;
    if length.is_none() {
        return Ok((open_now, None));
    }
    let path = path.clone();
    let opening = async move { open(&path).await.map(|(stream, _)| stream) };
    Ok((Box::pin(Later::Opening(Box::pin(opening))), length))
}

/// The content of a file that is opened when the first piece is needed.
enum Later {
    Opening(Pin<Box<dyn Future<Output = Result<ByteStream, Error>> + Send>>),
    Open(ByteStream),
    Failed,
}

impl Stream for Later {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            *self = match &mut *self {
                Self::Opening(opening) => match ready!(opening.as_mut().poll(context)) {
                    Ok(stream) => Self::Open(stream),
                    Err(error) => {
                        *self = Self::Failed;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Self::Open(stream) => return stream.as_mut().poll_next(context),
                Self::Failed => return Poll::Ready(None),
            };
        }
    }
}

fn stream(reader: impl AsyncRead + Send + 'static) -> ByteStream {
    Box::pin(Source::new(Pieces { reader: Box::pin(reader), buffer: BytesMut::new() }))
}

/// A reader as a stream.
struct Pieces<R> {
    reader: Pin<Box<R>>,
    buffer: BytesMut,
}

impl<R: AsyncRead> Stream for Pieces<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { reader, buffer } = &mut *self;
        if buffer.capacity() < PIECE / 4 {
            buffer.reserve(PIECE);
        }
        // The future has no state of its own, so it can be created for each poll.
        pin!(reader.read_buf(buffer)).poll(context).map(|read| match read {
            Ok(0) => None,
            Ok(_) => Some(Ok(buffer.split().freeze())),
            Err(error) => Some(Err(error)),
        })
    }
}
