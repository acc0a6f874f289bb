//! Splits bytes into lines of JSON. They may come in pieces of any size. Nothing is decoded here.

use bytes::{Buf, Bytes};

use super::events::{Event, TooLong};

/// The current piece, and the incomplete line.
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

    /// Sets the next piece. All lines of the last one must have been taken.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// Returns the next line that is not empty. `None` if the next piece is needed for it.
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

    /// Returns the incomplete line, as the last line may lack its end.
    pub(crate) fn finish(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        (!text.is_empty()).then(|| Event { data: text.to_owned(), ..Event::default() })
    }
}
