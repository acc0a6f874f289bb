//! One line on a terminal that names the running stage of the generator, if it takes long. It is erased at the end.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long the generator runs before the line appears.
const DELAY: Duration = Duration::from_secs(1);

/// The stages after each stage that ended, as users see them.
const NEXT: [(&str, &str); 4] = [
    ("understand", "generating types"),
    ("types", "refining types"),
    ("passes", "generating code"),
    ("emit", "formatting code"),
];

/// The line. Nothing is shown after it is dropped.
pub struct Progress {
    ended: Option<Sender<&'static str>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Shows the line on standard error, from one second on.
    #[must_use]
    pub fn on_terminal() -> Self {
        Self::on(io::stderr(), DELAY)
    }

    /// Shows nothing.
    #[must_use]
    pub const fn hidden() -> Self {
        Self { ended: None, thread: None }
    }

    fn on(terminal: impl Write + Send + 'static, delay: Duration) -> Self {
        let (ended, stages) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || show(terminal, delay, &stages));
        Self { ended: Some(ended), thread: thread.ok() }
    }

    /// Reports that a stage has ended.
    pub fn ended(&self, stage: &'static str) {
        if let Some(ended) = &self.ended {
            // Without the thread, nothing is shown.
            let _ = ended.send(stage);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.ended.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Shows the stages until the channel is closed. A failed write is ignored: the line is only information.
fn show(mut terminal: impl Write, delay: Duration, stages: &Receiver<&'static str>) {
    let start = Instant::now();
    let mut stage = "reading the document";
    let mut is_shown = false;
    loop {
        let ended = if is_shown {
            stages.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            stages.recv_timeout(delay.saturating_sub(start.elapsed()))
        };
        match ended {
            Ok(ended) => stage = NEXT.iter().find(|(before, _)| *before == ended).map_or(stage, |(_, next)| next),
            Err(RecvTimeoutError::Timeout) => is_shown = true,
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if is_shown {
            let _ = write!(terminal, "\r\u{1b}[2K{stage}…").and_then(|()| terminal.flush());
        }
    }
    if is_shown {
        let _ = write!(terminal, "\r\u{1b}[2K").and_then(|()| terminal.flush());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A terminal that keeps what is written.
    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl Terminal {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_long_run_shows_its_stages_and_erases_them() {
        let terminal = Terminal::default();
        let progress = Progress::on(terminal.clone(), Duration::ZERO);
        while !terminal.text().contains("reading") {
            thread::yield_now();
        }
        progress.ended("understand");
        progress.ended("render");
        drop(progress);
        let text = terminal.text();
        assert!(text.starts_with("\r\u{1b}[2Kreading the document…\r\u{1b}[2Kgenerating types…"), "{text:?}");
        assert!(text.ends_with("\r\u{1b}[2K"), "{text:?}");
    }

    #[test]
    fn a_short_run_shows_nothing() {
        let terminal = Terminal::default();
        let progress = Progress::on(terminal.clone(), Duration::MAX);
        progress.ended("understand");
        drop(progress);
        assert_eq!(terminal.text(), "");
    }
}
