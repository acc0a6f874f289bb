//! The peak memory of processes, where the system reports it.

use std::fs;

/// The peak of this process, in kibibytes. `None` on systems without `/proc`.
pub(crate) fn peak() -> Option<u64> {
    peak_in(&fs::read_to_string("/proc/self/status").ok()?)
}

/// proc_pid_status(5): `VmHWM` is the peak of the resident memory, in kibibytes.
pub(crate) fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_the_resident_memory_is_read() {
        assert_eq!(peak_in("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t  123 kB\nVmRSS:\t  100 kB\n"), Some(123));
        assert_eq!(peak_in("Name:\tx\n"), None);
    }
}
