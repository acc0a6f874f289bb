//! Runs a target on the inputs generated from one seed, until a limit is reached or an input fails.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::clock::{self, Clock};
use crate::target::Target;

/// The stack size of a run: what `generator::generate` requires, and the same again for generating inputs.
const STACK: usize = 16 << 20;

/// The time limit for shrinking a failing input, in milliseconds.
const SHRINKING: u32 = 60_000;

/// Which inputs to run, and for how long.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The seed: the same seed generates the same inputs in the same order.
    pub seed: u64,
    /// The maximum number of inputs.
    pub cases: Option<u64>,
    /// The maximum duration of the run.
    pub time: Option<Duration>,
    /// A file to write each input to before running it, so that it is known if the process dies.
    pub note: Option<PathBuf>,
    /// The maximum CPU time per input. If it is exceeded, the process exits with status 3.
    pub limit: Option<Duration>,
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The number of inputs run, without those of shrinking.
    pub executions: u64,
    /// The CPU time of the run, where the system reports it.
    pub processor: Duration,
    /// The smallest failing input, and why it fails.
    pub finding: Option<Finding>,
}

/// An input that fails.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The violated property, or the message of the panic.
    pub reason: String,
    /// The input, as its `Debug` shows it.
    pub input: String,
}

/// Runs a target in a thread with a fixed stack size.
pub(crate) fn run<T: Target>(plan: &Plan) -> Outcome {
    std::thread::scope(|scope| {
        let running = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || run_inputs::<T>(plan));
        match running.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => failed("the fuzzer itself panicked"),
            Err(error) => failed(&format!("cannot start a thread: {error}")),
        }
    })
}

fn failed(reason: &str) -> Outcome {
    Outcome {
        executions: 0,
        processor: Duration::ZERO,
        finding: Some(Finding { reason: reason.to_owned(), input: String::new() }),
    }
}

fn run_inputs<T: Target>(plan: &Plan) -> Outcome {
    let started = Instant::now();
    let clock = plan.limit.map(Clock::start);
    let inputs = T::inputs();
    let mut runner = runner(plan.seed);
    let mut executions = 0;
    let continues = |executions| {
        plan.cases.is_none_or(|cases| executions < cases) && plan.time.is_none_or(|time| started.elapsed() < time)
    };
    while continues(executions) {
        let input = match inputs.new_tree(&mut runner) {
            Ok(input) => input,
            Err(reason) => return failed(&format!("cannot generate an input: {reason}")),
        };
        let outcome = runner.run_one(input, |input| {
            if let Some(note) = &plan.note {
                // If this fails, the caller notices that the file is missing.
                let _ = fs::write(note, format!("{input:#?}"));
            }
            clock.as_ref().inspect(|clock| clock.start_input());
            T::run(&input).map_err(TestCaseError::fail)
        });
        executions += 1;
        if let Err(TestError::Fail(reason, input)) = outcome {
            let finding = Finding { reason: reason.message().to_owned(), input: format!("{input:#?}") };
            return Outcome { executions, processor: clock::processor_time(), finding: Some(finding) };
        }
    }
    Outcome { executions, processor: clock::processor_time(), finding: None }
}

fn runner(seed: u64) -> TestRunner {
    let config = Config { failure_persistence: None, max_shrink_time: SHRINKING, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
