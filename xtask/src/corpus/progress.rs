//! Shows the progress of a run: a bar on a terminal, otherwise a line per document.

use generator::diagnostics::Palette;

use clientsmith::console::Console;

/// The width of the bar, in characters.
const WIDTH: usize = 24;

/// The progress of one step over all documents.
pub(crate) struct Progress {
    step: &'static str,
    done: usize,
    total: usize,
}

impl Progress {
    /// Creates the progress of a step that has not started.
    pub(crate) fn new(step: &'static str, total: usize) -> Self {
        Self { step, done: 0, total }
    }

    /// Shows which document is being processed, on a terminal.
    pub(crate) fn begin(&self, name: &str, console: &mut Console) {
        if console.can_redraw() {
            console.redraw(&self.bar(name, console.error_palette()));
        }
    }

    /// Reports that a document is done.
    pub(crate) fn end(&mut self, name: &str, outcome: &str, console: &mut Console) {
        self.done += 1;
        if console.can_redraw() {
            console.redraw(&self.bar(name, console.error_palette()));
        } else {
            console.eprint(&format!("{} {}/{} {name}: {outcome}", self.step, self.done, self.total));
        }
    }

    /// Clears the bar.
    pub(crate) fn clear(console: &mut Console) {
        if console.can_redraw() {
            console.redraw("");
        }
    }

    fn bar(&self, name: &str, palette: Palette) -> String {
        let full = (WIDTH * self.done).checked_div(self.total).unwrap_or(WIDTH);
        let (full, rest) = ("█".repeat(full), "░".repeat(WIDTH - full));
        let full = match palette {
            Palette::Plain => full,
            Palette::Ansi => format!("\u{1b}[32m{full}\u{1b}[0m"),
        };
        format!("{} {full}{rest} {}/{} {}", self.step, self.done, self.total, name.chars().take(40).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_and_has_colours_only_where_they_are_shown() {
        let bar = |done, palette| Progress { step: "generate", done, total: 4 }.bar("pets", palette);
        assert_eq!(bar(1, Palette::Plain), format!("generate {}{} 1/4 pets", "█".repeat(6), "░".repeat(18)));
        assert_eq!(bar(4, Palette::Plain), format!("generate {} 4/4 pets", "█".repeat(24)));
        assert!(bar(2, Palette::Ansi).contains("\u{1b}[32m████████████\u{1b}[0m"));
    }
}
