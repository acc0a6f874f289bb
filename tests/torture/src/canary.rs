//! Measures the scheduling delay of this machine: a task that sleeps repeatedly and records how late it wakes up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The duration of a sleep.
const NAP: Duration = Duration::from_millis(10);

/// The task.
pub(crate) struct Canary {
    latest: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Canary {
    pub(crate) fn start() -> Self {
        let latest = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&latest);
        let task = tokio::spawn(async move {
            loop {
                let due = Instant::now() + NAP;
                tokio::time::sleep_until(due).await;
                let late = u64::try_from(due.elapsed().as_millis()).unwrap_or(u64::MAX);
                seen.fetch_max(late, Ordering::Relaxed);
            }
        });
        Self { latest, task }
    }

    /// Stops the task and returns its maximum delay.
    pub(crate) async fn stop(self) -> Duration {
        self.task.abort();
        let _ = self.task.await;
        Duration::from_millis(self.latest.load(Ordering::Relaxed))
    }
}
