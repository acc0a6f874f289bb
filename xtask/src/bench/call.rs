//! What a call costs: the programs of the package `bench`, each in a process of its own, the clients in turn.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::programs::Programs;
use super::table::{Row, markdown};
use super::{callgrind, machine};

/// The clients, as the programs call them and as the table does.
const CLIENTS: [(&str, &str); 3] = [("ours", "ours"), ("by-hand", "by hand"), ("untouched", "progenitor's")];

/// The operations, likewise.
const OPERATIONS: [(&str, &str); 2] = [("start", "start, a POST with a body"), ("result", "result, a GET")];

/// How many calls are under way at once.
const AT_ONCE: [usize; 2] = [1, 64];

/// Over how many calls allocations and instructions are counted.
const COUNTED: usize = 200;

/// Instructions and allocations are to be no more than by hand.
const AIM: f64 = 1.0;

/// How much is measured.
pub(crate) struct Extent {
    /// How often each client has its turn.
    pub(crate) rounds: usize,
    /// Calls in a turn.
    pub(crate) calls: usize,
}

/// What a turn took.
#[derive(Deserialize)]
struct Turn {
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
    /// The same server by its name: an address costs more to parse, and the client parses its server once.
    server_by_name: String,
    extent: &'a Extent,
}

/// Measures, and gives the section of the page.
pub(crate) fn measure(extent: &Extent) -> Result<String> {
    let programs = Programs::build("bench")?;
    let server = programs.serve()?;
    let bench = Bench {
        programs: &programs,
        server: &server.address,
        server_by_name: server.address.replace("127.0.0.1", "localhost"),
        extent,
    };
    let has_valgrind = callgrind::is_there();
    let mut text =
        format!("{}\n\n{}\n", machine::describe(&["reqwest", "hyper", "progenitor-impl"])?, introduction(extent));
    for (operation, title) in OPERATIONS {
        let mut rows = Vec::new();
        for at_once in AT_ONCE {
            rows.extend(bench.times(operation, at_once)?);
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
        text.push_str("\nInstructions were not counted, as valgrind is not installed.\n");
    }
    Ok(text)
}

fn introduction(extent: &Extent) -> String {
    format!(
        "Three programs make the same calls to a server in a separate process on the loopback address. Each uses \
         one thread and plain HTTP: the generated client with its defaults (retries, deadlines, checks, spans); \
         reqwest by hand, with headers set once, borrowing types, no timeout and no retries; and the client that \
         progenitor generates from `openapi.yaml`. The server rejects anything other than the expected path, \
         header and JSON. Each client has {} rounds of {} calls, in turn with the others, and its best round \
         counts. Allocations (growing a block counts as an allocation) and instructions (counted by callgrind in \
         the client's process, without the kernel) are per call, over {COUNTED} calls on an open connection. \
         They are measured once with the server's IP address and once with `localhost`: an address costs more to \
         parse than a name, and the client parses its server URL once.",
        extent.rounds, extent.calls
    )
}

impl Bench<'_> {
    /// Calls a second, and time of a processor for each.
    fn times(&self, operation: &str, at_once: usize) -> Result<Vec<Row>> {
        let calls = self.extent.calls / at_once * at_once;
        let mut turns: [Vec<Turn>; 3] = Default::default();
        for _ in 0..self.extent.rounds {
            for (turns, (client, _)) in turns.iter_mut().zip(CLIENTS) {
                turns.push(self.run("bench-call", client, operation, self.server, [calls, at_once])?);
            }
        }
        let calls = count(calls);
        let speed = |turns: &Vec<Turn>| Some(calls / least(turns.iter().map(|turn| turn.seconds)));
        let work = |turns: &Vec<Turn>| {
            let seconds: Option<Vec<f64>> = turns.iter().map(|turn| turn.processor_seconds).collect();
            seconds.map(|seconds| least(seconds.into_iter()) / calls * 1e6)
        };
        let how = if at_once == 1 { "one after the other".to_owned() } else { format!("{at_once} at once") };
        Ok(vec![
            Row {
                name: format!("calls a second, {how}"),
                values: turns.iter().map(speed).collect(),
                decimals: 0,
                aim: None,
            },
            Row {
                name: format!("processor time, {how}, µs"),
                values: turns.iter().map(work).collect(),
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

    /// The difference between so many calls and twice as many: what comes before the first call is the same.
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
        [calls, at_once]: [usize; 2],
    ) -> Result<Command> {
        let mut command = Command::new(self.programs.path(program)?);
        command.args([client, operation, server, &calls.to_string(), &at_once.to_string()]);
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
        serde_json::from_slice(&output.stdout).with_context(|| format!("{program} said something else than figures"))
    }
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn count(number: usize) -> f64 {
    number as f64
}
