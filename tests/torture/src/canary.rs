//! How late this machine is: a task that sleeps for a moment, again and again, and sees when it is woken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How long it sleeps.
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

    /// The latest that it was woken, and the end of it.
    pub(crate) async fn stop(self) -> Duration {
        self.task.abort();
        let _ = self.task.await;
        Duration::from_millis(self.latest.load(Ordering::Relaxed))
    }
}
