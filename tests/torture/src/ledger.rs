//! Records the requests at the server. Its size is fixed, so that it does not affect the measured growth of memory.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::id::{Id, Kind};
use crate::plan::Plan;

/// The number of requests by kind.
#[derive(Debug)]
pub struct Ledger {
    /// All requests.
    arrivals: AtomicU64,
    outage: Outage,
    idle: Idle,
    calls: Vec<Entry>,
    operations: Vec<Entry>,
}

/// The requests of single calls while the service was down.
#[derive(Debug, Default)]
pub struct Outage {
    first: AtomicU64,
    again: AtomicU64,
}

impl Outage {
    /// Records a request of a call that had this number of earlier requests.
    pub(crate) fn note(&self, before: u32) {
        if before == 0 { &self.first } else { &self.again }.fetch_add(1, Ordering::SeqCst);
    }

    /// The number of first requests and of retries.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.first.load(Ordering::SeqCst), self.again.load(Ordering::SeqCst))
    }
}

/// Connections that the server closed because they were idle.
#[derive(Debug, Default)]
pub struct Idle {
    closed: AtomicU64,
    crossed: AtomicU64,
}

impl Idle {
    /// Records that the server closed an idle connection.
    pub(crate) fn note_closed(&self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }

    /// Records a start on a connection that the server had closed.
    pub(crate) fn note_crossed(&self) {
        self.crossed.fetch_add(1, Ordering::SeqCst);
    }

    /// The number of closed connections, and of starts that were on the wire to one of them.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.closed.load(Ordering::SeqCst), self.crossed.load(Ordering::SeqCst))
    }
}

/// The requests with one id.
#[derive(Debug, Default)]
pub struct Entry {
    starts: AtomicU32,
    acted: AtomicU32,
    looks: AtomicU32,
    attempts: AtomicU32,
    surely_unsent: AtomicBool,
}

impl Ledger {
    /// Creates an empty ledger.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let entries = |count: u32| (0..count).map(|_| Entry::default()).collect();
        Self {
            arrivals: AtomicU64::default(),
            outage: Outage::default(),
            idle: Idle::default(),
            calls: entries(plan.calls),
            operations: entries(plan.operations),
        }
    }

    /// The entry of an id, if the id is valid.
    #[must_use]
    pub fn entry(&self, id: Id) -> Option<&Entry> {
        let entries = if id.kind == Kind::Operation { &self.operations } else { &self.calls };
        entries.get(id.number as usize)
    }

    /// Records a request; returns the number of earlier ones.
    pub(crate) fn note_arrival(&self) -> u64 {
        self.arrivals.fetch_add(1, Ordering::SeqCst)
    }

    /// The requests while the service was down.
    #[must_use]
    pub fn outage(&self) -> &Outage {
        &self.outage
    }

    /// The connections that were closed because they were idle.
    #[must_use]
    pub fn idle(&self) -> &Idle {
        &self.idle
    }

    /// All single calls, by number.
    pub fn calls(&self) -> impl Iterator<Item = &Entry> {
        self.calls.iter()
    }

    /// All jobs, by number.
    pub fn operations(&self) -> impl Iterator<Item = &Entry> {
        self.operations.iter()
    }
}

impl Entry {
    /// Records a start; returns the number of earlier ones.
    pub(crate) fn note_start(&self) -> u32 {
        self.starts.fetch_add(1, Ordering::SeqCst)
    }

    /// Records that a start was processed.
    pub(crate) fn note_acted(&self) {
        self.acted.fetch_add(1, Ordering::SeqCst);
    }

    /// Records a poll; returns the number of earlier ones.
    pub(crate) fn note_look(&self) -> u32 {
        self.looks.fetch_add(1, Ordering::SeqCst)
    }

    /// Records the result that the client reports for the call.
    pub(crate) fn note_end(&self, attempts: u32, surely_unsent: bool) {
        self.attempts.store(attempts, Ordering::SeqCst);
        self.surely_unsent.store(surely_unsent, Ordering::SeqCst);
    }

    /// The number of attempts that the client reports.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::SeqCst)
    }

    /// Whether the client reports that the call was certainly not processed.
    #[must_use]
    pub fn surely_unsent(&self) -> bool {
        self.surely_unsent.load(Ordering::SeqCst)
    }

    /// The number of starts.
    #[must_use]
    pub fn starts(&self) -> u32 {
        self.starts.load(Ordering::SeqCst)
    }

    /// The number of processed starts.
    #[must_use]
    pub fn acted(&self) -> u32 {
        self.acted.load(Ordering::SeqCst)
    }

    /// The number of requests of both kinds.
    #[must_use]
    pub fn arrivals(&self) -> u32 {
        self.starts() + self.looks()
    }

    /// The number of polls.
    #[must_use]
    pub fn looks(&self) -> u32 {
        self.looks.load(Ordering::SeqCst)
    }
}
