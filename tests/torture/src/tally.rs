//! Counts the results of the calls. Its size does not depend on the number of calls.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use intuned_client::{Error as CallError, ErrorKind};

use crate::id::Id;
use crate::work::MARK;

/// The maximum number of violations that are described.
const TOLD: usize = 20;

/// The results of the calls.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Successful calls.
    pub(crate) good: u64,
    /// Failed calls, by the kind of the error.
    pub(crate) errors: BTreeMap<&'static str, u64>,
    /// Retries of calls that received a complete success response.
    pub(crate) retries_of_good: u64,
    /// Retries of calls that did not.
    pub(crate) retries_of_failed: u64,
    /// The maximum time by which a call exceeded its timeout.
    pub(crate) overshoot: Duration,
    /// Started jobs, as reported by the client.
    pub(crate) started: u64,
    /// Jobs that ended.
    pub(crate) ended: u64,
    /// Failed starts of jobs, by the kind of the error.
    pub(crate) unstarted: BTreeMap<&'static str, u64>,
    /// The number of resumed waits, with a handle from an error or a stored one.
    pub(crate) resumed: u64,
    /// Waits that were dropped before the response to the start.
    pub(crate) dropped: u64,
    /// Descriptions of the first few violations.
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
            // The client counts a complete success response before it decodes it.
            ErrorKind::Decode | ErrorKind::UnexpectedResponse => self.retries_of_good += retries,
            _ => self.retries_of_failed += retries,
        }
    }

    /// Checks that the output of an error contains no secrets of the request.
    pub(crate) fn check_secrets(&mut self, id: Id, error: &(dyn Error + 'static)) {
        let mut causes = std::iter::successors(Some(error), |error| (*error).source());
        let shows = |error: &(dyn Error + 'static)| {
            [error.to_string(), format!("{error:?}")].iter().any(|text| text.contains(MARK))
        };
        if causes.any(shows) {
            self.report(format!("the error of {id} shows a secret"));
        }
    }

    pub(crate) fn report(&mut self, violation: String) {
        self.broken_in_all += 1;
        if self.broken.len() < TOLD {
            self.broken.push(violation);
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
