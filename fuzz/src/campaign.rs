//! Tries the inputs that come of one seed, one after the other, until there are enough or one fails.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::clock::{self, Clock};
use crate::target::Target;

/// The stack of a run: what `generator::generate` says it needs, and as much again for making the inputs.
const STACK: usize = 16 << 20;

/// How long a failing input is made smaller, in milliseconds.
const SHRINKING: u32 = 60_000;

/// Which inputs are tried.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// What the inputs are made from: the same seed gives the same inputs in the same order.
    pub seed: u64,
    /// After how many inputs the run ends.
    pub cases: Option<u64>,
    /// After how long the run ends.
    pub time: Option<Duration>,
    /// Where each input is written before it is tried, to be found there if the process ends with it.
    pub note: Option<PathBuf>,
    /// After how much of the processor's time on one input the process ends, with the exit code [`TOO_SLOW`](crate::session::TOO_SLOW).
    pub limit: Option<Duration>,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How many inputs were tried, those of making one smaller not counted.
    pub executions: u64,
    /// How long that took the processor, where the system says so.
    pub processor: Duration,
    /// The smallest input found that fails, and why.
    pub finding: Option<Finding>,
}

/// An input that fails.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What does not hold, or the words of the panic.
    pub reason: String,
    /// The input, as its `Debug` shows it.
    pub input: String,
}

/// Tries inputs in a thread with a stack of a known size.
pub(crate) fn run<T: Target>(plan: &Plan) -> Outcome {
    std::thread::scope(|scope| {
        let running = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || tried::<T>(plan));
        match running.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => failed("the fuzzer itself panicked"),
            Err(error) => failed(&format!("no thread: {error}")),
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

fn tried<T: Target>(plan: &Plan) -> Outcome {
    let started = Instant::now();
    let clock = plan.limit.map(Clock::start);
    let inputs = T::inputs();
    let mut runner = runner(plan.seed);
    let mut executions = 0;
    let goes_on = |executions| {
        plan.cases.is_none_or(|cases| executions < cases) && plan.time.is_none_or(|time| started.elapsed() < time)
    };
    while goes_on(executions) {
        let input = match inputs.new_tree(&mut runner) {
            Ok(input) => input,
            Err(reason) => return failed(&format!("no input can be made: {reason}")),
        };
        let outcome = runner.run_one(input, |input| {
            if let Some(note) = &plan.note {
                // Whoever asked for the note finds that it is missing.
                let _ = fs::write(note, format!("{input:#?}"));
            }
            clock.as_ref().inspect(|clock| clock.begin());
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
