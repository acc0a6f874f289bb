//! How long the stages of a command took, for `--verbose` alone: nothing that is written depends on it.

use std::time::{Duration, Instant};

/// Measures one stage after another.
pub(crate) struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Begins the first stage.
    pub(crate) fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a stage and begins the next.
    pub(crate) fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }

    /// All stages so far.
    pub(crate) fn laps(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        self.laps.iter().copied()
    }

    /// All stages, in milliseconds.
    pub(crate) fn report(&self) -> String {
        let laps = self.laps.iter().map(|(stage, time)| format!("{stage} {:.1} ms", time.as_secs_f64() * 1000.0));
        format!("took: {}", laps.collect::<Vec<_>>().join(", "))
    }
}
