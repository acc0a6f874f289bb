//! What a run is: how much, from which seed. Everything that is drawn comes from here.

use std::time::Duration;

use crate::id::Id;

/// How much is done, and from which seed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What everything is drawn from.
    pub seed: u64,
    /// How many single calls: looks at results and starts, in turn.
    pub calls: u32,
    /// How many whole operations: a start, and waiting for its end.
    pub operations: u32,
    /// How many of them go on at once.
    pub concurrency: usize,
    /// How often the server goes away in the middle of it all.
    pub restarts: u32,
    /// The limit of a call.
    pub timeout: Duration,
    /// The limit of an attempt.
    pub attempt_timeout: Duration,
    /// How many retries the client makes at once, besides 20 for each 100 calls.
    pub burst: u32,
    /// After how much idle time the server closes a connection.
    pub keep_alive: Duration,
    /// How long a connection may have been idle before a start uses it.
    pub idle_threshold: Duration,
    /// By how many bytes memory may grow from the middle to the end, where that is more than a tenth.
    pub growth: u64,
}

impl Plan {
    /// The memory that the first calls leave behind, at most, in bytes: all there is to see in runs that are short.
    pub const FIRST_CALLS: u64 = 16 << 20;

    /// The whole of it: 100,000 calls and 2,000 operations, 256 at once.
    #[must_use]
    pub fn full() -> Self {
        Self {
            seed: 1,
            calls: 100_000,
            operations: 2_000,
            concurrency: 256,
            restarts: 5,
            timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(1),
            burst: 100,
            keep_alive: Duration::from_secs(1),
            idle_threshold: Duration::from_millis(100),
            growth: 0,
        }
    }

    /// What takes some seconds: its memory is mostly what the first calls leave behind.
    #[must_use]
    pub fn short(seed: u64) -> Self {
        Self {
            seed,
            calls: 3_000,
            operations: 90,
            concurrency: 64,
            restarts: 2,
            timeout: Duration::from_secs(2),
            attempt_timeout: Duration::from_millis(300),
            burst: 10,
            growth: Self::FIRST_CALLS,
            ..Self::full()
        }
    }

    /// All ids, the operations spread evenly among the calls.
    pub(crate) fn id(&self, number: u32) -> Option<Id> {
        let all = self.calls + self.operations;
        if number >= all {
            return None;
        }
        let operations_before = |number: u32| {
            let part = u64::from(number) * u64::from(self.operations) / u64::from(all.max(1));
            u32::try_from(part).unwrap_or(self.operations)
        };
        let (before, after) = (operations_before(number), operations_before(number + 1));
        if after > before {
            return Some(Id::operation(before));
        }
        let call = number - before;
        Some(if call.is_multiple_of(2) { Id::look(call) } else { Id::start(call) })
    }

    /// The limits of a call and of its attempts. Every fourth call has one that is drawn, short enough to be met in the middle
    /// of anything, and attempts that would go on for long.
    pub(crate) fn limits(&self, id: Id) -> (Duration, Duration) {
        if !(id.number / 2).is_multiple_of(4) {
            return (self.timeout, self.attempt_timeout);
        }
        let most = u64::try_from(self.attempt_timeout.as_millis()).unwrap_or(u64::MAX);
        let limit = Duration::from_millis(self.random(id.key() ^ 0x11f).u64(1..=most));
        (limit, 4 * self.timeout)
    }

    /// Whether the service is down: for a tenth of all requests, by the number of this one.
    pub(crate) fn is_down(&self, arrivals: u64) -> bool {
        let tenth = u64::from(self.calls + self.operations) / 10;
        (tenth * 7..tenth * 8).contains(&arrivals)
    }

    /// Numbers that are the same whenever the same thing is asked for.
    pub(crate) fn random(&self, what: u64) -> fastrand::Rng {
        // An odd constant spreads neighbours (2^64 over the golden ratio).
        fastrand::Rng::with_seed(
            self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what.wrapping_mul(0xd1b5_4a32_d192_ed03),
        )
    }
}
