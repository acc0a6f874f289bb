//! The command line: what can be asked for, and the exit code of the answer. Does nothing of it itself.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{bench, corpus, explain, inspect, mock, regen, torture};
use crate::console::Console;
use crate::mock::Inject;
use crate::workspace;

/// Maintain the generated client: write it anew, check it for drift, look inside the generator.
///
/// Exit codes: 0 all is well; 1 the client has drifted, or the document has errors; 2 the command could not be
/// carried out.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate the client from the OpenAPI document and replace the old one, as a whole or not at all.
    Regen(Regen),
    /// Show what the generator thinks: the API as understood, or what one of its steps changes.
    #[command(arg_required_else_help = true)]
    Inspect {
        #[command(subcommand)]
        what: Inspect,
    },
    /// Play the service of the document on this machine, for clients in any language, until Ctrl-C.
    ///
    /// Replies are the document's examples or made from its schemas. A start of work is remembered, and the operation that
    /// asks for the work tells one state after the other. Requests that break the document get a 4xx that names the rule.
    Mock(Mock),
    /// Explain a diagnostic by its code, such as E006.
    Explain {
        /// The code; all of them are listed when there is none.
        code: Option<String>,
    },
    /// Generate from every document of a folder, compile what is asked for, and show a table of what came of each.
    ///
    /// Documents that are refused are no failure. The exit code is 1 when the generator crashed on one or took too long, or
    /// what it wrote does not compile. What is finished is remembered, until the document or the generator changes.
    Corpus(Corpus),
    /// Measure calls, builds and the generator; without a word, all of them. Writes `docs/BENCHMARKS.md`.
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
        /// Where the figures are written, each part in place of what stood there: `docs/BENCHMARKS.md` of the workspace when
        /// there is none.
        #[arg(long, value_name = "FILE", global = true)]
        page: Option<PathBuf>,
    },
    /// Put the client to work against a server that does everything wrong, and see what holds.
    ///
    /// Built as a release and run by itself. The exit code is 1 when something does not hold, which is named.
    Torture(Torture),
    /// What `corpus` runs for each document, in a process of its own.
    #[command(hide = true)]
    CorpusDocument(CorpusDocument),
}

/// What `corpus` is asked to do.
#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// The folder of the documents: its files that end in yaml, yml or json.
    pub(crate) folder: PathBuf,
    /// Compile the clients, without linking: those of these documents, or all. One after the other, the smallest first.
    #[arg(long, value_name = "NAME", num_args = 0..)]
    pub(crate) check: Option<Vec<String>>,
    /// Let clippy look at them too, with the lints that their manifests state.
    #[arg(long, requires = "check")]
    pub(crate) clippy: bool,
    /// How many documents are generated from at once.
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN)]
    pub(crate) jobs: NonZeroUsize,
    /// How long one document may take to generate from, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) timeout: u64,
    /// Where clients, what is remembered, and what is compiled are kept, `target/corpus` of the workspace when there is
    /// none. Documents of the same name in two folders need two of them.
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Forget what was finished.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Also write the table as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// What one document of `corpus` is asked for.
#[derive(Debug, Args)]
pub(crate) struct CorpusDocument {
    /// The document.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// The folder of its client.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// What `mock` is asked to do.
#[derive(Debug, Args)]
pub(crate) struct Mock {
    #[command(flatten)]
    pub(crate) spec: SpecFile,
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, value_name = "N", default_value_t = 4010)]
    pub(crate) port: u16,
    /// Work that is started ends in failure.
    #[arg(long, conflicts_with = "cancel")]
    pub(crate) fail: bool,
    /// Work that is started is called off.
    #[arg(long)]
    pub(crate) cancel: bool,
    /// How long work takes, in seconds. No state is left out, however late a client asks.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, allow_negative_numbers = true)]
    pub(crate) delay: f64,
    /// Answers every Nth request with the next of these statuses.
    #[arg(long, value_name = "STATUS[,STATUS…]:N")]
    pub(crate) inject: Option<Inject>,
}

/// What `torture` is asked to do; what is left out is as the program has it.
#[derive(Debug, Args)]
pub(crate) struct Torture {
    /// How many single calls, 100,000 if it is not said.
    #[arg(long, value_name = "N")]
    pub(crate) calls: Option<u32>,
    /// How many whole operations, 2,000 if it is not said.
    #[arg(long, value_name = "N")]
    pub(crate) operations: Option<u32>,
    /// How many go on at once, 256 if it is not said.
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<u32>,
    /// What every fault is drawn from, 1 if it is not said.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// What `regen` is asked to do.
#[derive(Debug, Args)]
pub(crate) struct Regen {
    #[command(flatten)]
    pub(crate) spec: SpecFile,
    /// The folder of the client. For the document of the workspace, and only for that, it is `generated-client` when there is
    /// none.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing; list all drift as diffs, and exit with 1 when there is any.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) check: bool,
    /// Write nothing; list the files that would change.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say how long each stage took.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// The document that a command reads, and how what is found in it is told.
#[derive(Debug, Args)]
pub(crate) struct SpecFile {
    /// The OpenAPI document, `openapi.yaml` of the workspace when there is none.
    #[arg(long = "spec", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
    /// An overlay (OpenAPI Overlay 1.0 or 1.1) to apply to the document first; several are applied in this order.
    #[arg(long = "overlay", value_name = "FILE")]
    pub(crate) overlays: Vec<PathBuf>,
    /// Leave operations out that nothing can be made of, with a warning each.
    #[arg(long)]
    pub(crate) lenient: bool,
    /// How errors and warnings are written to standard error.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the line of the document, for people.
    Text,
    /// One JSON object a line, and nothing else, for programs.
    Json,
}

impl SpecFile {
    /// Where it stands.
    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(workspace::spec)
    }
}

/// What `inspect` is asked to show.
#[derive(Debug, Subcommand)]
pub(crate) enum Inspect {
    /// The API as the generator understood it.
    Ir {
        #[command(flatten)]
        spec: SpecFile,
    },
    /// What a pass over the types changes, as a diff; without a name, how much each of them does.
    Pass(Step),
    /// What a rewrite of the document changes, as a diff, and what it reports; without a name, how much each of them does.
    Normalise(Step),
}

/// A step of the generator, and how much of it is shown.
#[derive(Debug, Args)]
pub(crate) struct Step {
    /// The step.
    pub(crate) name: Option<String>,
    /// Show all that there is after the step, in place of what it changes.
    #[arg(long, requires = "name")]
    pub(crate) whole: bool,
    #[command(flatten)]
    pub(crate) spec: SpecFile,
}

/// What `bench` is asked to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// A call by the client, beside reqwest by hand and progenitor's output: speed, processor time, allocations, and
    /// instructions where valgrind is installed.
    Call(BenchCall),
    /// The build of a program that uses the client, beside the same two: crates, times, the program's size. Takes some
    /// twenty minutes.
    Build,
    /// The stages of the generator on synthetic documents: times, memory, and how they grow with the size.
    ///
    /// What is measured is a release build, which is made first.
    Generate(BenchGenerate),
    /// What `generate` runs for each document, in a process of its own.
    #[command(hide = true)]
    GenerateOnce {
        /// How many operations the document has.
        operations: usize,
    },
}

/// How much `bench call` measures.
#[derive(Debug, Args)]
pub(crate) struct BenchCall {
    /// How often each client has its turn.
    #[arg(long, value_name = "N", default_value_t = ROUNDS)]
    pub(crate) rounds: NonZeroUsize,
    /// Calls in a turn.
    #[arg(long, value_name = "N", default_value_t = CALLS)]
    pub(crate) calls: NonZeroUsize,
}

const ROUNDS: NonZeroUsize = NonZeroUsize::new(15).expect("it is not zero");
const CALLS: NonZeroUsize = NonZeroUsize::new(3200).expect("it is not zero");

impl Default for BenchCall {
    fn default() -> Self {
        Self { rounds: ROUNDS, calls: CALLS }
    }
}

/// What `bench generate` generates from.
#[derive(Debug, Args)]
pub(crate) struct BenchGenerate {
    /// How many operations the documents have.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = OPERATIONS,
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub(crate) operations: Vec<usize>,
    /// How often each is generated from; the least that a stage took counts.
    #[arg(long, value_name = "N", default_value_t = RUNS)]
    pub(crate) runs: usize,
    /// Count the instructions too, of documents of up to a thousand operations, which takes minutes. Needs valgrind.
    #[arg(long)]
    pub(crate) instructions: bool,
    /// Measure this program as it was built, and build none for release.
    #[arg(long, hide = true)]
    pub(crate) as_built: bool,
}

const OPERATIONS: [usize; 4] = [10, 100, 1000, 5000];
const RUNS: usize = 3;

impl Default for BenchGenerate {
    fn default() -> Self {
        Self { operations: OPERATIONS.to_vec(), runs: RUNS, instructions: false, as_built: false }
    }
}

/// How a command ended that could be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is nothing to complain of.
    Sound,
    /// The client has drifted, or the document has errors; what is wrong was shown.
    Unsound,
}

/// The program: reads the arguments of the process, does what they say, and reports on its standard streams.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            // Help that nobody reads to its end is no failure.
            let _ = answer.print();
            return if answer.exit_code() == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    let mut console = Console::of_process();
    let verdict = run(&cli.command, &mut console);
    if let Err(error) = &verdict {
        console.complain(&format!("{error:#}"));
    }
    match (verdict, console.finish()) {
        (Ok(Verdict::Sound), Ok(())) => ExitCode::SUCCESS,
        (Ok(Verdict::Unsound), Ok(())) => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

fn run(command: &Command, console: &mut Console) -> Result<Verdict> {
    match command {
        Command::Regen(asked) => regen::run(asked, console),
        Command::Inspect { what } => inspect::run(what, console),
        Command::Mock(asked) => mock::run(asked, console),
        Command::Explain { code } => explain::run(code.as_deref(), console),
        Command::Bench { what, page } => bench::run(what.as_ref(), page.as_deref(), console),
        Command::Corpus(asked) => corpus::run(asked, console),
        Command::Torture(asked) => torture::run(asked),
        Command::CorpusDocument(asked) => corpus::document(asked, console),
    }
}
