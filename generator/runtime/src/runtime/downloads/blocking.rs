//! Downloads without an async runtime.

use std::fmt;
use std::io::{self, Read};

use bytes::{Buf, Bytes};

use super::{Download, StartDownload};
use crate::runtime::blocking::run;
use crate::runtime::error::Error;

impl<'a> StartDownload<'a> {
    /// Sends the request and returns the body as a reader. Blocks the calling thread until the response starts.
    ///
    /// Requires the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the download, and if no thread can be started for blocking calls.
    pub fn blocking(self) -> Result<DownloadReader<'a>, Error> {
        let download = run(self)??;
        Ok(DownloadReader { download, piece: Bytes::new() })
    }
}

/// The body of a download as a reader, which blocks the calling thread while it waits. Returned by
/// [`StartDownload::blocking`].
///
/// The error of a read contains the [`Error`] of the download: [`io::Error::get_ref`] returns it. After an error, the
/// reader is at its end.
///
/// Requires the feature `blocking`.
pub struct DownloadReader<'a> {
    download: Download<'a>,
    piece: Bytes,
}

impl<'a> DownloadReader<'a> {
    /// Returns the download: its head and its position, including what this reader has received, but not returned yet.
    pub fn download(&self) -> &Download<'a> {
        &self.download
    }
}

/// Shows the download, but no bytes.
impl fmt::Debug for DownloadReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadReader").field("download", &self.download).finish_non_exhaustive()
    }
}

impl Read for DownloadReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() && !buffer.is_empty() {
            match run(self.download.next()).map_err(io::Error::other)? {
                Some(piece) => self.piece = piece.map_err(io::Error::other)?,
                None => return Ok(0),
            }
        }
        let length = self.piece.len().min(buffer.len());
        let (target, _) = buffer.split_at_mut(length);
        self.piece.copy_to_slice(target);
        Ok(length)
    }
}
