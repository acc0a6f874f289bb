//! Injected failures: which statuses, and how often.

use std::str::FromStr;

/// Answers every Nth request with the next of a list of statuses: `503:3`, `429,500,503:2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inject {
    statuses: Vec<u16>,
    every: u64,
}

impl Inject {
    /// The injected status for a request, by its number, counted from one. `None` if it is answered normally.
    #[must_use]
    pub fn status(&self, number: u64) -> Option<u16> {
        let turn = number.checked_rem(self.every).filter(|rest| *rest == 0).map(|_| number / self.every - 1)?;
        let index = usize::try_from(turn).ok()?.checked_rem(self.statuses.len())?;
        self.statuses.get(index).copied()
    }
}

impl FromStr for Inject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (statuses, every) = text.split_once(':').ok_or("write STATUS:N, such as 503:3")?;
        let status = |text: &str| text.parse().ok().filter(|status| (400..600).contains(status));
        let statuses: Option<Vec<u16>> = statuses.split(',').map(status).collect();
        let every = every.parse().ok().filter(|every| *every > 0);
        Ok(Self {
            statuses: statuses.ok_or("a status must be a number from 400 to 599")?,
            every: every.ok_or("after the colon must be a number of at least 1")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nth_request_gets_the_next_status() {
        let inject: Inject = "429,503:2".parse().unwrap();
        let statuses: Vec<_> = (1..=6).map(|number| inject.status(number)).collect();
        assert_eq!(statuses, [None, Some(429), None, Some(503), None, Some(429)]);
    }

    #[test]
    fn invalid_values_are_rejected() {
        for text in ["503", "200:1", "503:0", ":1", "503,:1", "503:x"] {
            assert!(text.parse::<Inject>().is_err(), "{text}");
        }
    }
}
