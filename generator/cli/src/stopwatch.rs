//! Measures how long the stages of a command take. No generated output depends on it.

use std::time::{Duration, Instant};

/// Measures one stage after another.
pub struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts the first stage.
    #[must_use]
    pub fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a stage and starts the next.
    pub fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }

    /// The stages so far, with their times.
    pub fn laps(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        self.laps.iter().copied()
    }

    /// One line with the time of each stage, in milliseconds.
    #[must_use]
    pub fn report(&self) -> String {
        let laps = self.laps.iter().map(|(stage, time)| format!("{stage} {:.1} ms", time.as_secs_f64() * 1000.0));
        format!("took: {}", laps.collect::<Vec<_>>().join(", "))
    }
}
