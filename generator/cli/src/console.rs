//! Standard output and standard error: whether they use colours, and what happens when a write fails.
//!
//! Contains no messages of commands.

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;
use generator::diagnostics::Palette;

use crate::commands::Outcome;

/// Whether messages have colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Standard output for reports, standard error for errors, warnings and progress.
pub struct Console {
    out: Stream,
    err: Stream,
    is_quiet: bool,
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
    #[must_use]
    pub fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        Self { out: Stream::new(out), err: Stream::new(err), is_quiet: false }
    }

    /// Sets whether messages have colours.
    #[must_use]
    pub fn with_color(mut self, color: Color) -> Self {
        let palette = match color {
            Color::Auto => return self,
            Color::Always => Palette::Ansi,
            Color::Never => Palette::Plain,
        };
        (self.out.palette, self.err.palette) = (palette, palette);
        self
    }

    /// Drops everything that is written to standard output, and shows no progress.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.is_quiet = true;
        self.out.writer = Box::new(io::sink());
        self
    }

    /// Prints why a command failed, and returns the exit code of the process.
    #[must_use]
    pub fn exit_code(mut self, outcome: Result<Outcome>) -> ExitCode {
        if let Err(error) = &outcome {
            self.print_error(&format!("{error:#}"));
        }
        match (outcome, self.finish()) {
            (Ok(Outcome::Passed), Ok(())) => ExitCode::SUCCESS,
            (Ok(Outcome::Failed), Ok(())) => ExitCode::from(1),
            _ => ExitCode::from(2),
        }
    }

    /// Whether standard output uses colours.
    #[must_use]
    pub fn palette(&self) -> Palette {
        self.out.palette
    }

    /// Whether standard error uses colours.
    #[must_use]
    pub fn error_palette(&self) -> Palette {
        self.err.palette
    }

    /// Writes text to standard output, followed by a newline if it has none.
    pub fn print(&mut self, text: &str) {
        self.out.write(text);
    }

    /// Writes text to standard error, followed by a newline if it has none.
    pub fn eprint(&mut self, text: &str) {
        self.err.write(text);
    }

    /// Whether the progress of a command is shown: standard error is a terminal, and the console is not quiet.
    #[must_use]
    pub fn shows_progress(&self) -> bool {
        self.err.is_terminal && !self.is_quiet
    }

    /// Whether [`Self::redraw`] may be used: standard error is a terminal.
    #[must_use]
    pub fn can_redraw(&self) -> bool {
        self.err.is_terminal
    }

    /// Overwrites the current line of standard error; an empty `line` clears it. Only for terminals.
    pub fn redraw(&mut self, line: &str) {
        self.err.write_as_is(&format!("\r\u{1b}[2K{line}"));
        self.err.flush();
    }

    /// Writes why a command failed to standard error.
    pub fn print_error(&mut self, why: &str) {
        let word = match self.err.palette {
            Palette::Plain => "error",
            Palette::Ansi => "\u{1b}[1;31merror\u{1b}[0m",
        };
        self.err.write(&format!("{word}: {why}"));
    }

    /// Flushes standard output and returns the first write failure. A reader that closed the pipe (`| head`) is not a failure.
    fn finish(mut self) -> io::Result<()> {
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
