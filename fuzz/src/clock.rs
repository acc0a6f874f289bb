//! Measures the CPU time of a run, and exits the process if one input takes too long: there is no other way to stop an
//! endless loop.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The exit code of a batch in which one input took too long.
pub const TOO_SLOW: i32 = 3;

/// The factor by which an input may exceed its limit in wall time, as it may wait for a lock or for a processor.
const PATIENCE: u32 = 30;

/// A clock that restarts for each input.
pub(crate) struct Clock {
    /// The number of inputs started.
    inputs: Arc<AtomicU64>,
}

impl Clock {
    /// Watches the current thread from a background thread, which runs until the process ends.
    pub(crate) fn start(limit: Duration) -> Self {
        let inputs = Arc::new(AtomicU64::new(0));
        let (seen, thread) = (Arc::clone(&inputs), this_thread());
        std::thread::spawn(move || {
            let mut started = Started::now(&seen, &thread);
            loop {
                std::thread::sleep(limit / 8);
                if seen.load(Ordering::Relaxed) != started.input {
                    started = Started::now(&seen, &thread);
                } else if started.is_over(limit, &thread) {
                    std::process::exit(TOO_SLOW);
                }
            }
        });
        Self { inputs }
    }

    /// Restarts the clock for the next input.
    pub(crate) fn start_input(&self) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
    }
}

/// When the current input was first seen.
struct Started {
    input: u64,
    at: Instant,
    processor: Duration,
}

impl Started {
    fn now(inputs: &AtomicU64, thread: &Path) -> Self {
        Self { input: inputs.load(Ordering::Relaxed), at: Instant::now(), processor: time_of(thread) }
    }

    /// Whether the input has exceeded the limit in CPU time, or the much longer limit in wall time.
    fn is_over(&self, limit: Duration, thread: &Path) -> bool {
        time_of(thread).saturating_sub(self.processor) > limit || self.at.elapsed() > limit * PATIENCE
    }
}

/// The CPU time of the current thread, where the system reports it.
pub(crate) fn processor_time() -> Duration {
    time_of(&this_thread())
}

/// The file with the CPU time of the current thread.
fn this_thread() -> PathBuf {
    let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
    Path::new("/proc").join(thread).join("schedstat")
}

/// Reads the CPU time: the first number of the file, in nanoseconds.
fn time_of(thread: &Path) -> Duration {
    let text = fs::read_to_string(thread).unwrap_or_default();
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).map_or(Duration::ZERO, Duration::from_nanos)
}
