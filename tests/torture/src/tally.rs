//! What the calls came to, in numbers: of a size that does not grow with the calls.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use intuned_client::{Error as CallError, ErrorKind};

use crate::id::Id;
use crate::work::MARK;

/// How many faults of one run are told in words.
const TOLD: usize = 20;

/// What the calls came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Calls that gave their value.
    pub(crate) good: u64,
    /// Calls that ended in an error, by the error's kind.
    pub(crate) errors: BTreeMap<&'static str, u64>,
    /// Retries of calls that received a whole response of success.
    pub(crate) retries_of_good: u64,
    /// Retries of calls that did not.
    pub(crate) retries_of_failed: u64,
    /// How much longer than its limit a call took, at most.
    pub(crate) overshoot: Duration,
    /// Work that was started, as far as its client knows.
    pub(crate) started: u64,
    /// Work that was brought to its end.
    pub(crate) ended: u64,
    /// Starts of work that failed, by the error's kind.
    pub(crate) unstarted: BTreeMap<&'static str, u64>,
    /// How often work was waited for anew, with the handle that an error had or that was kept.
    pub(crate) resumed: u64,
    /// Waits that were dropped before the start was answered.
    pub(crate) dropped: u64,
    /// What does not hold, in words; no more than the first few.
    pub(crate) broken: Vec<String>,
    pub(crate) broken_in_all: u64,
}

impl Tally {
    pub(crate) fn note_good(&mut self, attempts: u32) {
        self.good += 1;
        self.retries_of_good += u64::from(attempts.saturating_sub(1));
    }

    pub(crate) fn note_error(&mut self, error: &CallError) {
        *self.errors.entry(error.kind().name()).or_default() += 1;
        let retries = u64::from(error.attempts().saturating_sub(1));
        match error.kind() {
            // The client judges a whole response of success before it decodes it.
            ErrorKind::Decode | ErrorKind::UnexpectedReply => self.retries_of_good += retries,
            _ => self.retries_of_failed += retries,
        }
    }

    /// Nothing that is printed of an error may show what was sent.
    pub(crate) fn check_secrets(&mut self, id: Id, error: &(dyn Error + 'static)) {
        let mut causes = std::iter::successors(Some(error), |error| (*error).source());
        let shows = |error: &(dyn Error + 'static)| {
            [error.to_string(), format!("{error:?}")].iter().any(|text| text.contains(MARK))
        };
        if causes.any(shows) {
            self.complain(format!("the error of {id} shows a secret"));
        }
    }

    pub(crate) fn complain(&mut self, complaint: String) {
        self.broken_in_all += 1;
        if self.broken.len() < TOLD {
            self.broken.push(complaint);
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        let sum = |own: &mut BTreeMap<&'static str, u64>, other: BTreeMap<&'static str, u64>| {
            for (kind, count) in other {
                *own.entry(kind).or_default() += count;
            }
        };
        sum(&mut self.errors, other.errors);
        sum(&mut self.unstarted, other.unstarted);
        self.good += other.good;
        self.retries_of_good += other.retries_of_good;
        self.retries_of_failed += other.retries_of_failed;
        self.overshoot = self.overshoot.max(other.overshoot);
        self.started += other.started;
        self.ended += other.ended;
        self.resumed += other.resumed;
        self.dropped += other.dropped;
        self.broken_in_all += other.broken_in_all;
        self.broken.extend(other.broken);
        self.broken.truncate(TOLD);
    }
}
