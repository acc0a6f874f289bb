//! Standard output and standard error: whether they use colours, and what happens when a write fails.
//!
//! Contains no messages of commands.

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, IsTerminal, Write};

use generator::diagnostics::Palette;

/// Standard output for reports, standard error for errors, warnings and progress.
pub(crate) struct Console {
    out: Stream,
    err: Stream,
}

/// A stream that never interrupts a command: output that cannot be written is dropped, and the first failure is kept.
struct Stream {
    writer: Box<dyn Write>,
    palette: Palette,
    is_terminal: bool,
    failure: Option<io::Error>,
}

impl Console {
    /// The streams of this process.
    pub(crate) fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        Self { out: Stream::new(out), err: Stream::new(err) }
    }

    /// Whether standard output uses colours.
    pub(crate) fn palette(&self) -> Palette {
        self.out.palette
    }

    /// Whether standard error uses colours.
    pub(crate) fn error_palette(&self) -> Palette {
        self.err.palette
    }

    /// Writes text to standard output, followed by a newline if it has none.
    pub(crate) fn print(&mut self, text: &str) {
        self.out.write(text);
    }

    /// Writes text to standard error, followed by a newline if it has none.
    pub(crate) fn eprint(&mut self, text: &str) {
        self.err.write(text);
    }

    /// Whether [`Self::redraw`] may be used: standard error is a terminal.
    pub(crate) fn can_redraw(&self) -> bool {
        self.err.is_terminal
    }

    /// Overwrites the current line of standard error; an empty `line` clears it. Only for terminals.
    pub(crate) fn redraw(&mut self, line: &str) {
        self.err.write_as_is(&format!("\r\u{1b}[2K{line}"));
        self.err.flush();
    }

    /// Writes why a command failed to standard error.
    pub(crate) fn print_error(&mut self, why: &str) {
        let word = match self.err.palette {
            Palette::Plain => "error",
            Palette::Ansi => "\u{1b}[1;31merror\u{1b}[0m",
        };
        self.err.write(&format!("{word}: {why}"));
    }

    /// Flushes standard output and returns the first write failure. A reader that closed the pipe (`| head`) is not a failure.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush();
        self.out.failure.filter(|failure| failure.kind() != ErrorKind::BrokenPipe).map_or(Ok(()), Err)
    }
}

impl Stream {
    fn new(stream: impl Write + IsTerminal + 'static) -> Self {
        let is_terminal = stream.is_terminal();
        let palette = choose(is_terminal, env::var_os("NO_COLOR").as_deref());
        Self { writer: Box::new(stream), palette, is_terminal, failure: None }
    }

    fn write(&mut self, text: &str) {
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        self.write_as_is(&format!("{text}{newline}"));
    }

    fn write_as_is(&mut self, text: &str) {
        if self.failure.is_none() {
            self.failure = self.writer.write_all(text.as_bytes()).err();
        }
    }

    fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.writer.flush().err();
        }
    }
}

/// <https://no-color.org>: any value of `NO_COLOR` other than the empty string turns colours off.
fn choose(is_terminal: bool, no_color: Option<&OsStr>) -> Palette {
    if is_terminal && no_color.is_none_or(OsStr::is_empty) { Palette::Ansi } else { Palette::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_need_a_terminal_and_no_color_unset() {
        assert_eq!(choose(true, None), Palette::Ansi);
        assert_eq!(choose(true, Some(OsStr::new(""))), Palette::Ansi);
        assert_eq!(choose(true, Some(OsStr::new("1"))), Palette::Plain);
        assert_eq!(choose(false, None), Palette::Plain);
    }
}
