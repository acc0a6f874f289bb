//! How much of a processor this process has had, where the system says so.

use std::fs;
use std::time::Duration;

/// What its first thread has had so far, in seconds, the kernel's work for it included; `None` on systems without `/proc`.
#[must_use]
pub fn seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(|spent| Duration::from_nanos(spent).as_secs_f64())
}
