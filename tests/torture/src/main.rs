//! The command line: `cargo xtask torture` builds and runs this.

use std::process::ExitCode;

use clap::Parser;
use torture::plan::Plan;

/// Put the client to work against a server that does everything wrong, and see what holds.
///
/// Exit codes: 0 all holds; 1 something does not, and is named; 2 the run could not be carried out.
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Cli {
    /// How many single calls.
    #[arg(long, value_name = "N", default_value_t = Plan::full().calls)]
    calls: u32,
    /// How many whole operations.
    #[arg(long, value_name = "N", default_value_t = Plan::full().operations)]
    operations: u32,
    /// How many go on at once.
    #[arg(long, value_name = "N", default_value_t = Plan::full().concurrency)]
    concurrency: usize,
    /// What every fault is drawn from.
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
