//! Measures a call: runs the programs of the package `bench` in separate processes, alternating between the clients.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::programs::Programs;
use super::table::{Row, markdown};
use super::{callgrind, machine};

/// The clients: the argument of the programs and the name in the table.
const CLIENTS: [(&str, &str); 3] = [("ours", "ours"), ("by-hand", "by hand"), ("untouched", "progenitor's")];

/// The operations: the argument of the programs and the title in the page.
const OPERATIONS: [(&str, &str); 2] = [("start", "start, a POST with a body"), ("result", "result, a GET")];

/// The numbers of concurrent calls.
const CONCURRENCY: [usize; 2] = [1, 64];

/// The number of calls over which allocations and instructions are counted.
const COUNTED: usize = 200;

/// The maximum ratio to the hand-written client, for instructions and allocations.
const AIM: f64 = 1.0;

/// How much is measured.
pub(crate) struct Extent {
    /// The number of rounds; each client runs once per round.
    pub(crate) rounds: usize,
    /// Calls per client and round.
    pub(crate) calls: usize,
}

/// The time of one round of a client.
#[derive(Deserialize)]
struct Timing {
    seconds: f64,
    processor_seconds: Option<f64>,
}

#[derive(Deserialize)]
struct Counted {
    allocations: f64,
    bytes: f64,
}

struct Bench<'a> {
    programs: &'a Programs,
    server: &'a str,
    /// The same server by name: an address is more expensive to parse, and the client parses its server URL only once.
    server_by_name: String,
    extent: &'a Extent,
}

/// Measures, and returns the section of the page.
pub(crate) fn measure(extent: &Extent) -> Result<String> {
    let programs = Programs::build("bench")?;
    let server = programs.serve()?;
    let bench = Bench {
        programs: &programs,
        server: &server.address,
        server_by_name: server.address.replace("127.0.0.1", "localhost"),
        extent,
    };
    let has_valgrind = callgrind::is_available();
    let mut text =
        format!("{}\n\n{}\n", machine::describe(&["reqwest", "hyper", "progenitor-impl"])?, introduction(extent));
    for (operation, title) in OPERATIONS {
        let mut rows = Vec::new();
        for concurrency in CONCURRENCY {
            rows.extend(bench.times(operation, concurrency)?);
        }
        for (server, how) in [(bench.server, ""), (&bench.server_by_name, ", `localhost`")] {
            rows.extend(bench.allocations(operation, server, how)?);
            if has_valgrind {
                rows.push(bench.instructions(operation, server, how)?);
            }
        }
        text.push_str(&format!("\n### {title}\n\n{}", markdown(&CLIENTS.map(|(_, name)| name), &rows)));
    }
    if !has_valgrind {
        text.push_str("\nInstructions were not counted because valgrind is not installed.\n");
    }
    Ok(text)
}

fn introduction(extent: &Extent) -> String {
    format!(
        "Three programs make the same calls to a server in a separate process on the loopback address, each on one thread \
         and over plain HTTP: the generated client with its defaults (retries, deadlines, checks, spans); hand-written reqwest \
         code that prepares its headers and its body once, before the calls, without timeouts and retries; and progenitor's output for `openapi.yaml`. The \
         server rejects any request without the expected path, header and JSON. Each client runs {} rounds of {} calls, \
         alternating with the others; the best round counts. Allocations (a reallocation counts as one) and instructions \
         (counted by callgrind in the client's process, without the kernel) are per call on an open connection, averaged over \
         {COUNTED} calls, once with the server's address and once with `localhost`: an address is more expensive to parse than \
         a name, and the client parses its server URL only once.",
        extent.rounds, extent.calls
    )
}

impl Bench<'_> {
    /// Calls per second, and CPU time per call.
    fn times(&self, operation: &str, concurrency: usize) -> Result<Vec<Row>> {
        let calls = self.extent.calls / concurrency * concurrency;
        let mut timings: [Vec<Timing>; 3] = Default::default();
        for _ in 0..self.extent.rounds {
            for (timings, (client, _)) in timings.iter_mut().zip(CLIENTS) {
                timings.push(self.run("bench-call", client, operation, self.server, [calls, concurrency])?);
            }
        }
        let calls = count(calls);
        let speed = |timings: &Vec<Timing>| Some(calls / min(timings.iter().map(|timing| timing.seconds)));
        let work = |timings: &Vec<Timing>| {
            let seconds: Option<Vec<f64>> = timings.iter().map(|timing| timing.processor_seconds).collect();
            seconds.map(|seconds| min(seconds.into_iter()) / calls * 1e6)
        };
        let how = if concurrency == 1 { "sequential".to_owned() } else { format!("{concurrency} concurrent") };
        Ok(vec![
            Row {
                name: format!("calls per second, {how}"),
                values: timings.iter().map(speed).collect(),
                decimals: 0,
                aim: None,
            },
            Row {
                name: format!("CPU time, {how}, µs"),
                values: timings.iter().map(work).collect(),
                decimals: 1,
                aim: None,
            },
        ])
    }

    fn allocations(&self, operation: &str, server: &str, how: &str) -> Result<[Row; 2]> {
        let (mut numbers, mut bytes) = (Vec::new(), Vec::new());
        for (client, _) in CLIENTS {
            let counted: Counted = self.run("bench-allocations", client, operation, server, [COUNTED, 1])?;
            numbers.push(Some(counted.allocations / count(COUNTED)));
            bytes.push(Some(counted.bytes / count(COUNTED)));
        }
        Ok([
            Row { name: format!("allocations{how}"), values: numbers, decimals: 1, aim: Some(AIM) },
            Row { name: format!("bytes allocated{how}"), values: bytes, decimals: 0, aim: None },
        ])
    }

    /// The difference between a run and one with twice the calls, which cancels out the cost of the setup.
    fn instructions(&self, operation: &str, server: &str, how: &str) -> Result<Row> {
        let mut values = Vec::new();
        for (client, _) in CLIENTS {
            let [few, many] = [COUNTED, 2 * COUNTED].map(|calls| {
                callgrind::instructions(&self.command("bench-call", client, operation, server, [calls, 1])?)
            });
            values.push(Some((many? - few?) / count(COUNTED)));
        }
        Ok(Row { name: format!("instructions{how}"), values, decimals: 0, aim: Some(AIM) })
    }

    fn command(
        &self,
        program: &str,
        client: &str,
        operation: &str,
        server: &str,
        [calls, concurrency]: [usize; 2],
    ) -> Result<Command> {
        let mut command = Command::new(self.programs.path(program)?);
        command.args([client, operation, server, &calls.to_string(), &concurrency.to_string()]);
        Ok(command)
    }

    fn run<T: for<'de> Deserialize<'de>>(
        &self,
        program: &str,
        client: &str,
        operation: &str,
        server: &str,
        extent: [usize; 2],
    ) -> Result<T> {
        let mut command = self.command(program, client, operation, server, extent)?;
        let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {program}"))?;
        if !output.status.success() {
            bail!("{program} {client} {operation} failed");
        }
        serde_json::from_slice(&output.stdout).with_context(|| format!("{program} printed invalid JSON"))
    }
}

fn min(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

#[expect(clippy::cast_precision_loss, reason = "a number for display")]
fn count(number: usize) -> f64 {
    number as f64
}
