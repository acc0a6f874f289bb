//! Lines of JSON out of bytes, in whatever pieces they come. It decodes nothing.

use bytes::{Buf, Bytes};

use super::events::{Event, TooLong};

/// The piece that is being read, and the line that has begun.
#[derive(Debug)]
pub(crate) struct LineReader {
    limit: usize,
    piece: Bytes,
    line: Vec<u8>,
}

impl LineReader {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, piece: Bytes::new(), line: Vec::new() }
    }

    /// The next piece. All lines of the one before have been taken.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// The next line that is not empty; none if more must be read for it.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, TooLong> {
        loop {
            let end = self.piece.iter().position(|byte| *byte == b'\n');
            let taken = self.piece.split_to(end.unwrap_or(self.piece.len()));
            if self.line.len() + taken.len() > self.limit {
                return Err(TooLong);
            }
            self.line.extend_from_slice(&taken);
            if end.is_none() {
                return Ok(None);
            }
            self.piece.advance(1);
            if let Some(line) = self.finish() {
                return Ok(Some(line));
            }
        }
    }

    /// The line that has begun: the last need not end.
    pub(crate) fn finish(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        (!text.is_empty()).then(|| Event { data: text.to_owned(), ..Event::default() })
    }
}
