//! The report of a run: the measurements and the violated guarantees.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crate::id::Id;
use crate::ledger::{Entry, Ledger};
use crate::load::silent::Silences;
use crate::load::transfer::Transfers;
use crate::load::{BUDGET_PERCENT, Sample, Seen};
use crate::plan::Plan;
use crate::trap::Trapped;

/// The allowed delay of a call beyond its timeout, in addition to the scheduling delay.
const SLACK: Duration = Duration::from_millis(200);

/// The results of a run.
#[derive(Debug)]
pub struct Report {
    pub(crate) plan: Plan,
    pub(crate) seen: Seen,
    pub(crate) silences: Silences,
    pub(crate) transfers: Transfers,
    /// The connections to the proxy in the environment. `None` if the environment has no trap.
    pub(crate) trapped: Option<Trapped>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) leftovers: Leftovers,
    pub(crate) restarts: u32,
    pub(crate) connections: u64,
}

/// The resources left after the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leftovers {
    pub(crate) tasks: usize,
    pub(crate) connections: usize,
}

impl Report {
    /// The violated guarantees. Empty if all hold.
    #[must_use]
    pub fn broken(&self) -> Vec<String> {
        let mut broken = self.seen.tally.broken.clone();
        if self.seen.tally.broken_in_all > broken.len() as u64 {
            broken.push(format!("{} like these", self.seen.tally.broken_in_all));
        }
        self.check_ends(&mut broken);
        self.check_arrivals(&mut broken);
        self.check_amplification(&mut broken);
        self.check_memory(&mut broken);
        self.check_idle(&mut broken);
        self.check_silences(&mut broken);
        self.check_transfers(&mut broken);
        self.check_proxy(&mut broken);
        if self.leftovers.tasks > 0 || self.leftovers.connections > 0 {
            broken
                .push(format!("left over: {} tasks, {} connections", self.leftovers.tasks, self.leftovers.connections));
        }
        // In a short run, two restarts can coincide.
        if self.restarts < self.plan.restarts.min(1) {
            broken.push("the server never went away".to_owned());
        }
        broken
    }

    fn check_ends(&self, broken: &mut Vec<String>) {
        let tally = &self.seen.tally;
        let ended = tally.good + tally.errors.values().sum::<u64>();
        if ended != u64::from(self.plan.calls) {
            broken.push(format!("{ended} calls ended of {}", self.plan.calls));
        }
        if tally.good == 0 {
            broken.push("no call gave its value".to_owned());
        }
        let known = tally.started + tally.dropped + tally.unstarted.values().sum::<u64>();
        if tally.ended != tally.started || known != u64::from(self.plan.operations) {
            broken.push(format!(
                "of {} operations {} were started and {} brought to their end",
                self.plan.operations, tally.started, tally.ended
            ));
        }
        let allowed = SLACK + 3 * self.seen.lateness;
        if tally.overshoot > allowed {
            broken.push(format!(
                "a call ended {:?} after its limit, where {allowed:?} is this machine's",
                tally.overshoot
            ));
        }
    }

    fn check_arrivals(&self, broken: &mut Vec<String>) {
        let mut report = |number: usize, entry: &Entry, what: &str| {
            if broken.len() < 50 {
                broken.push(format!("number {number}: {what}: {entry:?}"));
            }
        };
        for (number, entry) in self.ledger.calls().enumerate() {
            let may_repeat = u32::try_from(number).is_ok_and(|number| Id::start(number).is_idempotent());
            if entry.acted() > 1 && !may_repeat {
                report(number, entry, "a start was processed twice");
            }
            if entry.surely_unsent() && entry.acted() > 0 {
                report(number, entry, "it was processed, but its error says that it was not");
            }
            if entry.arrivals() > entry.attempts() {
                report(number, entry, "more requests arrived than were sent");
            }
        }
        for (number, entry) in self.ledger.operations().enumerate() {
            if entry.acted() > 1 {
                report(number, entry, "the start of a job was processed twice");
            }
            if entry.surely_unsent() && entry.acted() > 0 {
                report(number, entry, "a job was started, but its error says that it was not");
            }
        }
    }

    fn check_amplification(&self, broken: &mut Vec<String>) {
        let tally = &self.seen.tally;
        let budget = |calls: u64| calls * u64::from(BUDGET_PERCENT) / 100 + u64::from(self.plan.burst);
        let allowed = budget(u64::from(self.plan.calls));
        if tally.retries_of_failed > allowed {
            broken.push(format!("{} retries failed, where the budget allows {allowed}", tally.retries_of_failed));
        }
        let (first, again) = self.ledger.outage().counts();
        // The retries of calls in progress at the start of the outage were granted earlier.
        let allowed = budget(first) + self.plan.concurrency as u64;
        if again > allowed {
            broken.push(format!("{again} calls of {first} came again while the service was down, {allowed} may"));
        }
        let sent = u64::from(self.plan.calls) + tally.retries_of_good + tally.retries_of_failed;
        let arrived: u64 = self.ledger.calls().map(|entry| u64::from(entry.arrivals())).sum();
        if arrived > sent {
            broken.push(format!("{arrived} requests arrived, where {sent} were sent"));
        }
    }

    fn check_memory(&self, broken: &mut Vec<String>) {
        if let (Some(middle), Some(end)) = (self.memory(450..550), self.memory(900..1_000)) {
            let allowed = middle + (middle / 10).max(self.plan.growth);
            if end > allowed {
                broken.push(format!("memory grew from {} KiB to {} KiB", middle / 1024, end / 1024));
            }
        }
    }

    fn check_idle(&self, broken: &mut Vec<String>) {
        let Plan { keep_alive, idle_threshold, .. } = self.plan;
        let (_, crossed) = self.ledger.idle().counts();
        // Several tasks pass a connection on between a response and the next request. Each may wake up late, so the client
        // measures a shorter idle time than the server.
        if crossed > 0 && 4 * self.seen.lateness < keep_alive.saturating_sub(idle_threshold) {
            broken.push(format!("{crossed} starts used connections that the server was closing as idle"));
        }
    }

    fn check_silences(&self, broken: &mut Vec<String>) {
        let Silences { calls, good, retries, connections, silent, error } = &self.silences;
        if good < calls {
            let error = error.as_deref().unwrap_or_default();
            broken.push(format!("with silent connections, {good} calls of {calls} gave their value: {error}"));
        }
        if *retries > self.silences.allowed_retries() {
            broken.push(format!("{silent} silent connections of {connections} cost {retries} attempts"));
        }
        if *silent == 0 {
            broken.push("no connection fell silent".to_owned());
        }
    }

    fn check_transfers(&self, broken: &mut Vec<String>) {
        let Transfers { downloads, good, errors, broken: faults, .. } = &self.transfers;
        broken.extend(faults.iter().take(20).cloned());
        let ended = good + errors.values().sum::<u64>();
        if ended != *downloads || *good == 0 {
            broken.push(format!("{ended} downloads ended of {downloads}, {good} of them complete"));
        }
    }

    fn check_proxy(&self, broken: &mut Vec<String>) {
        let Some(Trapped { elsewhere, connections }) = self.trapped else { return };
        if connections > 0 {
            broken.push(format!("{connections} connections reached the proxy"));
        }
        if elsewhere != Some(Trapped::STATUS) {
            broken.push(format!("a call to another machine did not reach the proxy: {elsewhere:?}"));
        }
    }

    /// The median of the memory in a part of the run.
    fn memory(&self, thousandths: std::ops::Range<u32>) -> Option<u64> {
        let samples = self.seen.memory.iter().filter(|sample| thousandths.contains(&sample.thousandth));
        let mut bytes: Vec<u64> = samples.map(|Sample { bytes, .. }| *bytes).collect();
        bytes.sort_unstable();
        bytes.get(bytes.len() / 2).copied()
    }

    /// The measurements, one per line.
    #[must_use]
    pub fn figures(&self) -> String {
        let Self { plan, seen, .. } = self;
        let tally = &seen.tally;
        let mut text = String::new();
        let mut say = |name: &str, value: String| {
            let _ = writeln!(text, "{name:28} {value}");
        };
        say("seed", plan.seed.to_string());
        say("took", format!("{:.1} s, {} at once", seen.took.as_secs_f64(), plan.concurrency));
        say("calls", format!("{}, {} successful", plan.calls, tally.good));
        say("errors of calls", kinds(&tally.errors));
        say("latest after its timeout", format!("{:?} (scheduling delay: {:?})", tally.overshoot, seen.lateness));
        let arrived: u64 = self.ledger.calls().map(|entry| u64::from(entry.arrivals())).sum();
        say("retries", format!("{} in successful calls, {} in others", tally.retries_of_good, tally.retries_of_failed));
        say("requests of calls", arrived.to_string());
        let (first, again) = self.ledger.outage().counts();
        say("requests while it was down", format!("{first} first attempts, {again} retries"));
        say("jobs", format!("{}, {} started, {} ended", plan.operations, tally.started, tally.ended));
        say("failed starts", kinds(&tally.unstarted));
        say("waits dropped before a response", tally.dropped.to_string());
        say("resumed waits", tally.resumed.to_string());
        say("server restarts", format!("{}; {} connections in total", self.restarts, self.connections));
        let (closed, crossed) = self.ledger.idle().counts();
        say("closed as idle", format!("{closed} connections, {crossed} with a start on the wire"));
        let Silences { calls, good, retries, connections, silent, .. } = &self.silences;
        say("over HTTP/2", format!("{calls} calls, {good} successful, {retries} retries"));
        say("silent connections", format!("{silent} of {connections}"));
        let Transfers { downloads, good, more, errors, faults, .. } = &self.transfers;
        say("downloads", format!("{downloads}, {good} complete, {more} more requests"));
        say("errors of downloads", kinds(errors));
        say(
            "faults of downloads",
            faults.iter().map(|(fault, count)| format!("{fault:?} {count}")).collect::<Vec<_>>().join(", "),
        );
        if let Some(Trapped { connections, .. }) = self.trapped {
            say("reached the proxy", format!("{connections} connections"));
        }
        if let (Some(middle), Some(end)) = (self.memory(450..550), self.memory(900..1_000)) {
            say("memory", format!("{} KiB in the middle, {} KiB at the end", middle / 1024, end / 1024));
        }
        say("leftovers", format!("{} tasks, {} connections", self.leftovers.tasks, self.leftovers.connections));
        text
    }
}

fn kinds(kinds: &BTreeMap<&'static str, u64>) -> String {
    kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
}
