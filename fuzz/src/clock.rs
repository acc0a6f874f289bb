//! How long things take: the processor's time of a run, and the end of a process in which one input takes too long, as there
//! is no other way to end a loop that never does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::session::TOO_SLOW;

/// A clock that is set back at each input.
pub(crate) struct Clock {
    started: Instant,
    /// When the input began, in milliseconds since the start.
    begun: Arc<AtomicU64>,
}

impl Clock {
    /// Watches from a thread of its own, which ends with the process.
    pub(crate) fn start(limit: Duration) -> Self {
        let (started, begun) = (Instant::now(), Arc::new(AtomicU64::new(0)));
        let seen = Arc::clone(&begun);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(limit / 8);
                let begun = Duration::from_millis(seen.load(Ordering::Relaxed));
                if started.elapsed().saturating_sub(begun) > limit {
                    std::process::exit(TOO_SLOW);
                }
            }
        });
        Self { started, begun }
    }

    /// An input begins.
    pub(crate) fn begin(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.begun.store(now, Ordering::Relaxed);
    }
}

/// How long this thread has had a processor, where the system says so: the first number, in nanoseconds.
pub(crate) fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).map_or(Duration::ZERO, Duration::from_nanos)
}
