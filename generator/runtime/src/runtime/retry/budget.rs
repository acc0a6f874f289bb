//! The retry budget of a client: retries stop while most calls fail, so that they do not keep a service down.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::runtime::error::Error;

/// Limits how many retries a client and its clones make.
///
/// The budget starts with `burst` retries and never holds more. Each call adds `percent` hundredths of a retry. Each retry
/// takes one out; a call that receives a whole response of success puts its retries back, even if the response does not
/// decode. So while all calls fail, at most `calls × percent / 100 + burst` retries are sent. The default is 20 % and a burst
/// of 100.
#[doc = include_str!("../../doc_examples/retry_budget.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryBudget {
    percent: u32,
    burst: u32,
    unlimited: bool,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(20, 100)
    }
}

impl RetryBudget {
    /// So many retries per 100 calls (0 to 100), and so many at once.
    #[must_use]
    pub fn new(percent: u32, burst: u32) -> Self {
        Self { percent, burst, unlimited: false }
    }

    /// No budget: only the policy of each call bounds its retries.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { percent: 100, burst: u32::MAX, unlimited: true }
    }

    pub(crate) fn open(self) -> Result<Budget, Error> {
        if self.percent > 100 {
            return Err(Error::configuration("retry_budget", "more than 100 retries per 100 calls bound nothing"));
        }
        let full = u64::from(self.burst) * RETRY;
        let deposit = u64::from(self.percent) * RETRY / 100;
        Ok(Budget { unlimited: self.unlimited, full, deposit, left: AtomicU64::new(full) })
    }
}

/// What one retry costs; the budget counts in thousandths.
const RETRY: u64 = 1000;

/// A budget in use.
#[derive(Debug)]
pub(crate) struct Budget {
    unlimited: bool,
    full: u64,
    deposit: u64,
    left: AtomicU64,
}

impl Budget {
    /// A call begins.
    pub(crate) fn begin_call(&self) {
        self.put(self.deposit);
    }

    /// A call that took this many retries has succeeded.
    pub(crate) fn give_back(&self, retries: u32) {
        self.put(u64::from(retries) * RETRY);
    }

    /// Takes one retry out, if there is one.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u64| left.checked_sub(RETRY);
        self.unlimited || self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn put(&self, amount: u64) {
        if self.unlimited || self.left.load(Ordering::Relaxed) >= self.full {
            return;
        }
        let put = |left: u64| Some(left.saturating_add(amount).min(self.full));
        // The closure always gives a value.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, put);
    }
}
