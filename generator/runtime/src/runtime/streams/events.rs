//! Parses server-sent events, by the rules of the HTML standard ("Interpreting an event stream"). The bytes may come in
//! pieces of any size.
//!
//! Nothing is decoded here. No more than one event and the current piece are kept.

use std::time::Duration;

use bytes::{Buf, Bytes};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One part of a stream: an event, or a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// The type of the event, if it has one.
    pub(crate) name: Option<String>,
    pub(crate) data: String,
    /// The last id that was received, with this event or an earlier one.
    pub(crate) id: Option<String>,
    /// How long to wait before a reconnect, if the event contains it.
    pub(crate) retry: Option<Duration>,
}

/// An event or a line is longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// The state of the parser: the current piece, the incomplete line, and the incomplete event.
#[derive(Debug)]
pub(crate) struct EventReader {
    limit: usize,
    piece: Bytes,
    line: Vec<u8>,
    is_first_line: bool,
    /// Whether the last line ended with a carriage return, so that a line feed may follow.
    after_return: bool,
    name: Option<String>,
    data: String,
    id: Option<String>,
    retry: Option<Duration>,
}

impl EventReader {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            piece: Bytes::new(),
            line: Vec::new(),
            is_first_line: true,
            after_return: false,
            name: None,
            data: String::new(),
            id: None,
            retry: None,
        }
    }

    /// Sets the next piece. All events of the last one must have been taken.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.piece = piece;
    }

    /// Returns the next event. `None` if the next piece is needed for it.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, TooLong> {
        loop {
            if !self.read_line()? {
                return Ok(None);
            }
            let line = std::mem::take(&mut self.line);
            let line = match line.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) if self.is_first_line => rest,
                _ => &line,
            };
            self.is_first_line = false;
            if !line.is_empty() {
                self.field(line);
            } else if let Some(event) = self.dispatch() {
                return Ok(Some(event));
            }
        }
    }

    /// Reads up to the end of the line, if the piece contains it. A line ends with a carriage return, a line feed, or
    /// both.
    fn read_line(&mut self) -> Result<bool, TooLong> {
        if self.after_return
            && let Some(first) = self.piece.first()
        {
            self.after_return = false;
            if *first == b'\n' {
                self.piece.advance(1);
            }
        }
        let end = self.piece.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let taken = self.piece.split_to(end.unwrap_or(self.piece.len()));
        if self.line.len() + taken.len() + self.data.len() > self.limit {
            return Err(TooLong);
        }
        self.line.extend_from_slice(&taken);
        if end.is_none() {
            return Ok(false);
        }
        self.after_return = self.piece.first() == Some(&b'\r');
        self.piece.advance(1);
        Ok(true)
    }

    fn field(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.name = Some(value.to_owned()),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
            }
            // A comment, or an unknown field.
            _ => {}
        }
    }

    /// Returns the event that an empty line ends. An event without data is dropped.
    fn dispatch(&mut self) -> Option<Event> {
        let (name, mut data) = (self.name.take(), std::mem::take(&mut self.data));
        let retry = self.retry.take();
        data.pop()?;
        let name = name.filter(|name| !name.is_empty());
        let id = self.id.clone().filter(|id| !id.is_empty());
        Some(Event { name, data, id, retry })
    }
}
