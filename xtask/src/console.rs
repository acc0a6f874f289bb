//! The two standard streams: whether they show colours, and what becomes of a write that fails.
//!
//! Knows no message of any command.

use std::env;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, IsTerminal, Write};

use generator::diagnostics::Palette;

/// Where reports and complaints go.
pub(crate) struct Console {
    out: Stream,
    err: Stream,
}

/// A stream that never stops a command half-way: what cannot be written is dropped, and the first failure is kept.
struct Stream {
    writer: Box<dyn Write>,
    palette: Palette,
    failure: Option<io::Error>,
}

impl Console {
    /// The streams of this process.
    pub(crate) fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let (out_palette, err_palette) = (palette(&out), palette(&err));
        Self {
            out: Stream { writer: Box::new(out), palette: out_palette, failure: None },
            err: Stream { writer: Box::new(err), palette: err_palette, failure: None },
        }
    }

    /// Whether the report is read on a terminal with colours.
    pub(crate) fn palette(&self) -> Palette {
        self.out.palette
    }

    /// Whether complaints are.
    pub(crate) fn error_palette(&self) -> Palette {
        self.err.palette
    }

    /// Adds text to the report, with a line's end.
    pub(crate) fn say(&mut self, text: &str) {
        self.out.write(text);
    }

    /// Adds text to the complaints, with a line's end.
    pub(crate) fn remark(&mut self, text: &str) {
        self.err.write(text);
    }

    /// Says why a command was not carried out.
    pub(crate) fn complain(&mut self, why: &str) {
        let word = match self.err.palette {
            Palette::Plain => "error",
            Palette::Ansi => "\u{1b}[1;31merror\u{1b}[0m",
        };
        self.err.write(&format!("{word}: {why}"));
    }

    /// The failure of the report, if it got lost. A reader that has seen enough (`| head`) is none.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush();
        self.out.failure.filter(|failure| failure.kind() != ErrorKind::BrokenPipe).map_or(Ok(()), Err)
    }
}

impl Stream {
    fn write(&mut self, text: &str) {
        if self.failure.is_none() {
            let newline = if text.ends_with('\n') { "" } else { "\n" };
            self.failure = write!(self.writer, "{text}{newline}").err();
        }
    }

    fn flush(&mut self) {
        if self.failure.is_none() {
            self.failure = self.writer.flush().err();
        }
    }
}

fn palette(stream: &impl IsTerminal) -> Palette {
    choose(stream.is_terminal(), env::var_os("NO_COLOR").as_deref())
}

/// <https://no-color.org>: any text in `NO_COLOR` switches colours off.
fn choose(is_terminal: bool, no_color: Option<&OsStr>) -> Palette {
    if is_terminal && no_color.is_none_or(OsStr::is_empty) { Palette::Ansi } else { Palette::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_need_a_terminal_and_no_objection() {
        assert_eq!(choose(true, None), Palette::Ansi);
        assert_eq!(choose(true, Some(OsStr::new(""))), Palette::Ansi);
        assert_eq!(choose(true, Some(OsStr::new("1"))), Palette::Plain);
        assert_eq!(choose(false, None), Palette::Plain);
    }
}
