//! Writes a download to a writer, or to a file that appears only when it is complete.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Buf;
use tokio::fs::{self, File};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Download;
use crate::runtime::error::Error;
use crate::runtime::error::kind::ErrorKind;

impl Download<'_> {
    /// Writes the rest of the body to a writer and flushes it. Returns the number of bytes that were written.
    ///
    /// The next piece is read when the writer has taken the one before. The time that the writer takes is not limited.
    ///
    /// After a failure, or if the future is dropped, [`position`](Self::position) counts what the writer has taken. A writer
    /// with a buffer, such as `tokio::fs::File`, may have lost a part of that unless it is flushed.
    ///
    /// Requires the feature `fs`.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and [`Destination`](crate::runtime::ErrorKind::Destination) if the writer fails.
    pub async fn write_to<W: AsyncWrite + Unpin + ?Sized>(&mut self, writer: &mut W) -> Result<u64, Error> {
        let start = self.position;
        while let Some(piece) = self.next().await {
            let piece = piece?;
            self.position = self.position.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            self.unwritten = piece;
            self.write_piece(writer).await.map_err(|error| self.failed("the writer failed", error))?;
        }
        writer.flush().await.map_err(|error| self.failed("the writer failed", error))?;
        Ok(self.position.saturating_sub(start))
    }

    /// Writes the rest of the body to a file. Returns the number of bytes that were written.
    ///
    /// After [`resume_from`](super::StartDownload::resume_from) that is not the whole resource: use
    /// [`write_to`](Self::write_to) with a file that is opened to append.
    ///
    /// The bytes are written to a temporary file in the same folder, whose name starts with a dot and ends with `.part`. When
    /// it is complete and on the disk, it is renamed to `path`, and replaces a file of that name. If the download fails or the
    /// future is dropped before that, the temporary file is removed, and `path` is unchanged.
    ///
    /// Requires the feature `fs`.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and [`Destination`](crate::runtime::ErrorKind::Destination) if the file cannot be written.
    #[doc = include_str!("../../doc_examples/save.md")]
    pub async fn save(mut self, path: impl AsRef<Path> + Send) -> Result<u64, Error> {
        let path = path.as_ref();
        let (mut file, temporary) =
            create(path).await.map_err(|error| self.failed("the temporary file cannot be created", error))?;
        let written = self.write_to(&mut file).await?;
        let completed = complete(file, temporary, path).await;
        completed.map_err(|error| self.failed("the file cannot be completed", error))?;
        Ok(written)
    }

    /// Writes what is left of a piece. Each write is counted, so that a dropped future loses nothing.
    async fn write_piece<W: AsyncWrite + Unpin + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        while !self.unwritten.is_empty() {
            let length = writer.write(&self.unwritten).await?;
            if length == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.unwritten.advance(length);
            self.position = self.position.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    fn failed(&self, reason: &str, error: io::Error) -> Error {
        let message = format!("{reason} after {} bytes", self.position);
        let error = Error::new(ErrorKind::Destination, message).with_source(error);
        error.with_maybe_sent(true).for_operation(self.operation_id)
    }
}

/// The path of a file that is removed unless it is kept.
struct Temporary {
    path: PathBuf,
    is_kept: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nobody is left to report the error to.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Creates a file beside `path`.
async fn create(path: &Path) -> io::Result<(File, Temporary)> {
    let name =
        path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"))?;
    let mut own = std::ffi::OsString::from(".");
    own.push(name);
    own.push(format!(".{:016x}.part", fastrand::u64(..)));
    let path = path.with_file_name(own);
    // One blocking task, so that a file that is created after the future was dropped is removed as well.
    let creating = tokio::task::spawn_blocking(move || {
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        io::Result::Ok((file, Temporary { path, is_kept: false }))
    });
    let (file, temporary) = creating.await.map_err(io::Error::other)??;
    Ok((File::from_std(file), temporary))
}

/// Writes the file to the disk and gives it its name.
async fn complete(file: File, mut temporary: Temporary, path: &Path) -> io::Result<()> {
    file.sync_all().await?;
    // Windows does not rename a file that is open.
    drop(file.into_std().await);
    fs::rename(&temporary.path, path).await?;
    temporary.is_kept = true;
    Ok(())
}
