//! The parameters of a run: its size and its seed. The source of all random decisions.

use std::time::Duration;

use crate::id::Id;

/// The size and the seed of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed of all random decisions.
    pub seed: u64,
    /// The number of single calls, alternately looks at results and starts.
    pub calls: u32,
    /// The number of jobs: a start and the wait for its end.
    pub operations: u32,
    /// How many run concurrently.
    pub concurrency: usize,
    /// How often the server restarts during the run.
    pub restarts: u32,
    /// The timeout of a call.
    pub timeout: Duration,
    /// The attempt timeout.
    pub attempt_timeout: Duration,
    /// The burst of the retry budget, in addition to 20 retries per 100 calls.
    pub burst: u32,
    /// The idle timeout of connections at the server.
    pub keep_alive: Duration,
    /// The maximum idle time of a connection that a start may use.
    pub idle_threshold: Duration,
    /// The allowed growth of memory from the middle to the end, in bytes, if that is more than a tenth.
    pub growth: u64,
}

impl Plan {
    /// The maximum memory that the first calls retain, in bytes. It dominates in short runs.
    pub const FIRST_CALLS: u64 = 16 << 20;

    /// A full run: 100,000 calls and 2,000 jobs, 256 concurrently.
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

    /// A run of a few seconds. Its memory is mostly what the first calls retain.
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

    /// All ids, with the jobs spread evenly among the calls.
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

    /// The timeouts of a call and of its attempts. Every fourth call has a random timeout, short enough to expire at any point,
    /// and a long attempt timeout.
    pub(crate) fn limits(&self, id: Id) -> (Duration, Duration) {
        if !(id.number / 2).is_multiple_of(4) {
            return (self.timeout, self.attempt_timeout);
        }
        let most = u64::try_from(self.attempt_timeout.as_millis()).unwrap_or(u64::MAX);
        let limit = Duration::from_millis(self.random(id.key() ^ 0x11f).u64(1..=most));
        (limit, 4 * self.timeout)
    }

    /// Whether the service is down for the request with this number: for a tenth of all requests.
    pub(crate) fn is_down(&self, arrivals: u64) -> bool {
        let tenth = u64::from(self.calls + self.operations) / 10;
        (tenth * 7..tenth * 8).contains(&arrivals)
    }

    /// A deterministic random number generator for an id.
    pub(crate) fn random(&self, what: u64) -> fastrand::Rng {
        // An odd constant spreads neighbours (2^64 over the golden ratio).
        fastrand::Rng::with_seed(
            self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what.wrapping_mul(0xd1b5_4a32_d192_ed03),
        )
    }
}
