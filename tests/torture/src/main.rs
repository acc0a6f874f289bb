//! The command line: `cargo xtask torture` builds and runs this.

use std::process::ExitCode;

use clap::Parser;
use torture::plan::Plan;

/// Stress-test the client against a faulty server and check its guarantees.
///
/// Exit codes: 0 all guarantees hold; 1 a guarantee is violated and is listed; 2 the run failed.
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Cli {
    /// The number of single calls.
    #[arg(long, value_name = "N", default_value_t = Plan::full().calls)]
    calls: u32,
    /// The number of jobs run from start to end.
    #[arg(long, value_name = "N", default_value_t = Plan::full().operations)]
    operations: u32,
    /// How many run concurrently.
    #[arg(long, value_name = "N", default_value_t = Plan::full().concurrency)]
    concurrency: usize,
    /// The seed for all faults.
    #[arg(long, value_name = "N", default_value_t = Plan::full().seed)]
    seed: u64,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match torture::trap::run_again() {
        Ok(Some(code)) => ExitCode::from(code),
        Ok(None) => run(&cli),
        Err(error) => failed(&error),
    }
}

fn run(cli: &Cli) -> ExitCode {
    let &Cli { calls, operations, concurrency, seed } = cli;
    let growth = if calls < Plan::full().calls / 2 { Plan::FIRST_CALLS } else { 0 };
    let plan = Plan { seed, calls, operations, concurrency, growth, ..Plan::full() };
    let report = match torture::run(&plan) {
        Ok(report) => report,
        Err(error) => return failed(&error),
    };
    print!("{}", report.figures());
    let broken = report.broken();
    for line in &broken {
        println!("broken: {line}");
    }
    println!("{}", if broken.is_empty() { "all holds" } else { "it does not hold" });
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::from(2)
}
