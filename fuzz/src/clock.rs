//! How long things take: the processor's time of a run, and the end of a process in which one input takes too long, as there
//! is no other way to end a loop that never does.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::session::TOO_SLOW;

/// How many times longer than its limit an input may wait, for a lock or for a processor that others have.
const PATIENCE: u32 = 30;

/// A clock that is set back at each input.
pub(crate) struct Clock {
    /// How many inputs have begun.
    inputs: Arc<AtomicU64>,
}

impl Clock {
    /// Watches this thread from one of its own, which ends with the process.
    pub(crate) fn start(limit: Duration) -> Self {
        let inputs = Arc::new(AtomicU64::new(0));
        let (seen, thread) = (Arc::clone(&inputs), this_thread());
        std::thread::spawn(move || {
            let mut begun = Begun::now(&seen, &thread);
            loop {
                std::thread::sleep(limit / 8);
                if seen.load(Ordering::Relaxed) != begun.input {
                    begun = Begun::now(&seen, &thread);
                } else if begun.is_over(limit, &thread) {
                    std::process::exit(TOO_SLOW);
                }
            }
        });
        Self { inputs }
    }

    /// An input begins.
    pub(crate) fn begin(&self) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
    }
}

/// When an input was first seen.
struct Begun {
    input: u64,
    at: Instant,
    processor: Duration,
}

impl Begun {
    fn now(inputs: &AtomicU64, thread: &Path) -> Self {
        Self { input: inputs.load(Ordering::Relaxed), at: Instant::now(), processor: time_of(thread) }
    }

    /// Whether it has had the processor for longer than the limit, or does nothing for very long.
    fn is_over(&self, limit: Duration, thread: &Path) -> bool {
        time_of(thread).saturating_sub(self.processor) > limit || self.at.elapsed() > limit * PATIENCE
    }
}

/// How long this thread has had a processor, where the system says so.
pub(crate) fn processor_time() -> Duration {
    time_of(&this_thread())
}

/// Where the system says how long this thread has had a processor.
fn this_thread() -> PathBuf {
    let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
    Path::new("/proc").join(thread).join("schedstat")
}

/// The first number, in nanoseconds.
fn time_of(thread: &Path) -> Duration {
    let text = fs::read_to_string(thread).unwrap_or_default();
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).map_or(Duration::ZERO, Duration::from_nanos)
}
