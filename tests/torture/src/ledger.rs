//! What arrived at the server. Its size is known from the start, so that it is no part of how memory grows.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use crate::id::{Id, Kind};
use crate::plan::Plan;

/// How often what arrived.
#[derive(Debug)]
pub struct Ledger {
    /// All requests, whatever for.
    arrivals: AtomicU64,
    outage: Outage,
    idle: Idle,
    calls: Vec<Entry>,
    operations: Vec<Entry>,
}

/// What arrived for single calls while the service was down.
#[derive(Debug, Default)]
pub struct Outage {
    first: AtomicU64,
    again: AtomicU64,
}

impl Outage {
    /// A call arrived, so many times before.
    pub(crate) fn note(&self, before: u32) {
        if before == 0 { &self.first } else { &self.again }.fetch_add(1, Ordering::SeqCst);
    }

    /// How many calls arrived for the first time, and how many again.
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
    /// The server closes an idle connection.
    pub(crate) fn note_closed(&self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }

    /// A start arrived on a connection that the server had closed.
    pub(crate) fn note_crossed(&self) {
        self.crossed.fetch_add(1, Ordering::SeqCst);
    }

    /// How many connections were closed, and how many starts were on their way to one of them.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.closed.load(Ordering::SeqCst), self.crossed.load(Ordering::SeqCst))
    }
}

/// What arrived for one id.
#[derive(Debug, Default)]
pub struct Entry {
    starts: AtomicU32,
    acted: AtomicU32,
    looks: AtomicU32,
    attempts: AtomicU32,
    surely_unsent: AtomicBool,
}

impl Ledger {
    /// An empty one.
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

    /// What arrived for an id, if there is such a one.
    #[must_use]
    pub fn entry(&self, id: Id) -> Option<&Entry> {
        let entries = if id.kind == Kind::Operation { &self.operations } else { &self.calls };
        entries.get(id.number as usize)
    }

    /// A request arrived; says how many did before.
    pub(crate) fn note_arrival(&self) -> u64 {
        self.arrivals.fetch_add(1, Ordering::SeqCst)
    }

    /// What arrived while the service was down.
    #[must_use]
    pub fn outage(&self) -> &Outage {
        &self.outage
    }

    /// The connections that were closed because they were idle.
    #[must_use]
    pub fn idle(&self) -> &Idle {
        &self.idle
    }

    /// All single calls, by their numbers.
    pub fn calls(&self) -> impl Iterator<Item = &Entry> {
        self.calls.iter()
    }

    /// All operations, by their numbers.
    pub fn operations(&self) -> impl Iterator<Item = &Entry> {
        self.operations.iter()
    }
}

impl Entry {
    /// A start arrived; says how many did before.
    pub(crate) fn note_start(&self) -> u32 {
        self.starts.fetch_add(1, Ordering::SeqCst)
    }

    /// A start was carried out.
    pub(crate) fn note_acted(&self) {
        self.acted.fetch_add(1, Ordering::SeqCst);
    }

    /// A question for a result arrived; says how many did before.
    pub(crate) fn note_look(&self) -> u32 {
        self.looks.fetch_add(1, Ordering::SeqCst)
    }

    /// The client's call has ended: what it says of it.
    pub(crate) fn note_end(&self, attempts: u32, surely_unsent: bool) {
        self.attempts.store(attempts, Ordering::SeqCst);
        self.surely_unsent.store(surely_unsent, Ordering::SeqCst);
    }

    /// How many attempts the client says it made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::SeqCst)
    }

    /// Whether the client says that the call was surely not carried out.
    #[must_use]
    pub fn surely_unsent(&self) -> bool {
        self.surely_unsent.load(Ordering::SeqCst)
    }

    /// How many starts arrived.
    #[must_use]
    pub fn starts(&self) -> u32 {
        self.starts.load(Ordering::SeqCst)
    }

    /// How many starts were carried out.
    #[must_use]
    pub fn acted(&self) -> u32 {
        self.acted.load(Ordering::SeqCst)
    }

    /// How many requests of either kind arrived.
    #[must_use]
    pub fn arrivals(&self) -> u32 {
        self.starts() + self.looks()
    }

    /// How many questions for a result arrived.
    #[must_use]
    pub fn looks(&self) -> u32 {
        self.looks.load(Ordering::SeqCst)
    }
}
