//! The CPU time of child processes, where the system reports it.

use std::fs;

/// The unit of times in `/proc`.
const TICKS_A_SECOND: f64 = 100.0;

/// The CPU time of all child processes that have ended, and of their own children. `None` on systems without `/proc`.
pub(crate) fn seconds_of_children() -> Option<f64> {
    seconds(&fs::read_to_string("/proc/self/stat").ok()?)
}

/// proc_pid_stat(5): after the program's name, which may contain any characters, the 14th and 15th field are the times of the
/// children in user and kernel mode.
fn seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks: Vec<f64> =
        rest.split_whitespace().skip(13).take(2).map(|word| word.parse().ok()).collect::<Option<_>>()?;
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / TICKS_A_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_children_follow_the_name() {
        let stat = "7 (a) b) R 1 7 1 0 -1 4 107 0 0 0 11 12 250 50 20 0 1";
        assert_eq!(seconds(stat), Some(3.0));
        assert_eq!(seconds("7 (short) R 1"), None);
    }
}
