//! The retry budget of a client: retries stop while most calls fail, so that they do not add load to a service in
//! trouble.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::runtime::error::Error;

/// Limits how many retries a client and its clones make together.
///
/// The budget starts with `burst` retries and never holds more. Each call adds `percent` hundredths of a retry, and
/// each retry takes one away. When a call receives a complete successful response, its retries are returned, even if
/// the response cannot be decoded. So while all calls fail, at most `calls × percent / 100 + burst` retries are sent.
/// The default is 20 % and a burst of 100.
///
/// A call that needs a retry while the budget is empty fails with
/// [`ErrorKind::BudgetExhausted`](crate::runtime::ErrorKind::BudgetExhausted).
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
    /// Creates a budget of `percent` retries per 100 calls, and of at most `burst` retries at once.
    ///
    /// With `new(0, 0)` nothing is retried. A `percent` greater than 100 is an error when the client is built.
    #[must_use]
    pub fn new(percent: u32, burst: u32) -> Self {
        Self { percent, burst, unlimited: false }
    }

    /// Creates a budget without a limit: only the retry settings of each call limit its retries.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { percent: 100, burst: u32::MAX, unlimited: true }
    }

    pub(crate) fn open(self) -> Result<Budget, Error> {
        if self.percent > 100 {
            let reason = "`percent` must be at most 100; use `RetryBudget::unlimited()` for no limit";
            return Err(Error::configuration("retry_budget", reason));
        }
        let full = u64::from(self.burst) * RETRY;
        let deposit = u64::from(self.percent) * RETRY / 100;
        Ok(Budget { unlimited: self.unlimited, full, deposit, left: AtomicU64::new(full) })
    }
}

/// One retry: the budget counts in thousandths of a retry.
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
    /// Adds the share of a call that starts.
    pub(crate) fn begin_call(&self) {
        self.put(self.deposit);
    }

    /// Returns the retries of a call that succeeded.
    pub(crate) fn give_back(&self, retries: u32) {
        self.put(u64::from(retries) * RETRY);
    }

    /// Takes one retry. Returns false if there is none left.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u64| left.checked_sub(RETRY);
        self.unlimited || self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    fn put(&self, amount: u64) {
        if self.unlimited || self.left.load(Ordering::Relaxed) >= self.full {
            return;
        }
        let put = |left: u64| Some(left.saturating_add(amount).min(self.full));
        // The closure always returns a value, so the update does not fail.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, put);
    }
}
