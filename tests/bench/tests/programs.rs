//! The programs make the same calls with every client, and a call with the generated client allocates no more often than a
//! hand-written one. No test depends on time.

#![expect(clippy::expect_used, reason = "a standalone test")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const CLIENTS: [&str; 3] = ["ours", "by-hand", "untouched"];
const OPERATIONS: [&str; 2] = ["start", "result"];

/// The running server; dropping it stops it.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bench-server"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut address = String::new();
        let output = child.stdout.take().expect("it was piped");
        BufReader::new(output).read_line(&mut address).expect("the server prints its address");
        Self { child, address: address.trim().to_owned() }
    }

    /// The output of a program.
    fn run(&self, program: &str, client: &str, operation: &str, calls: usize, at_once: usize) -> Value {
        let arguments = [client, operation, &self.address, &calls.to_string(), &at_once.to_string()];
        let output = Command::new(program).args(arguments).output().expect("the program starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{client} {operation}: {errors}");
        serde_json::from_slice(&output.stdout).expect("the output is JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[test]
fn all_clients_make_the_calls_that_the_server_expects() {
    let server = Server::start();
    for client in CLIENTS {
        for operation in OPERATIONS {
            let output = server.run(env!("CARGO_BIN_EXE_bench-call"), client, operation, 12, 4);
            assert!(output["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{output}");
        }
    }
}

/// How often the caller's own values allocate: the body of `start` is built for each call, while the client by hand prepares
/// its bytes once. That is the map of parameters with its two keys and values, their list, and the proxy.
const ALLOCATIONS_OF_VALUES: [u64; OPERATIONS.len()] = [7, 0];

#[test]
fn a_call_allocates_no_more_often_than_a_handwritten_one() {
    let server = Server::start();
    for (operation, of_values) in OPERATIONS.into_iter().zip(ALLOCATIONS_OF_VALUES) {
        let allocations = |client| {
            let output = server.run(env!("CARGO_BIN_EXE_bench-allocations"), client, operation, 100, 1);
            output["allocations"].as_u64().expect("a number")
        };
        let (ours, by_hand) = (allocations("ours") - 100 * of_values, allocations("by-hand"));
        assert!(ours <= by_hand, "100 calls of {operation}: {ours} allocations, by hand {by_hand}");
    }
}

#[test]
fn transfers_need_less_memory_than_their_bodies() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_bench-transfer")).arg("67108864").output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let memory: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    for transfer in ["download", "upload"] {
        assert!(memory[transfer].as_u64().is_some_and(|bytes| bytes > 0 && bytes < 8_000_000), "{memory}");
    }
}

#[test]
fn other_requests_are_rejected() {
    let server = Server::start();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench-call"));
    let address = format!("{}/elsewhere", server.address);
    let output = command.args(["by-hand", "result", &address, "1", "1"]).output().expect("the program starts");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("400"), "{output:?}");
}
