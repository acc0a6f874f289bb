//! The CPU time of this process, where the system reports it.

use std::fs;
use std::time::Duration;

/// The CPU time of the main thread in seconds, including kernel time. `None` on systems without `/proc`.
#[must_use]
pub fn seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(|spent| Duration::from_nanos(spent).as_secs_f64())
}
