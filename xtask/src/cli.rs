//! The command line: arguments and exit codes. The work itself is in `commands`.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clientsmith::cli::parse;
use clientsmith::commands::{Document, Format, Outcome, explain, inspect, mock};
use clientsmith::console::Console;

use crate::commands::{bench, compare, conform, corpus, regen, torture};
use crate::workspace;

/// Maintain the generated client: regenerate it, check it for drift, inspect the generator.
///
/// Exit codes: 0 success; 1 the client has drifted, or the document has errors; 2 the command could not run.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate the client from the OpenAPI document and replace the old one atomically.
    Regen(Regen),
    /// Show the generator's view of a document: its model of the API, or what one of its steps changes.
    #[command(arg_required_else_help = true)]
    Inspect {
        #[command(subcommand)]
        what: Inspect,
    },
    /// Run a mock server for the document on this machine, for clients in any language, until Ctrl-C.
    ///
    /// Responses are the document's examples, or are built from its schemas. Each started job has its own id; the operation
    /// that polls it returns its states in order. A request that violates the document gets a 4xx that names the rule.
    Mock(Mock),
    /// Explain diagnostics by their codes, such as E006.
    Explain {
        /// The codes. If none is given, all codes are listed.
        codes: Vec<String>,
    },
    /// Generate from every document in a folder, optionally compile the clients, and show a table of the results.
    ///
    /// A rejected document is not a failure. The exit code is 1 if the generator crashed or timed out on a document, or if
    /// a client does not compile. Results are kept until the document or the generator changes.
    Corpus(Corpus),
    /// Compare documents with the clients that are generated from them, and show every difference that no warning reports.
    ///
    /// Compares operations, parameters, bodies, security requirements, properties, required flags, enum values and the tags of
    /// unions. A rejected document is not a failure. The exit code is 1 if there are differences, or if the generator crashed.
    Compare {
        /// A document, or a folder: its files with the extension yaml, yml or json.
        path: PathBuf,
    },
    /// Measure how exactly generated clients follow their documents. Writes sections of `docs/CONFORMANCE.md`.
    ///
    /// The exit code is 1 if a check failed.
    #[command(arg_required_else_help = true)]
    Conform {
        #[command(subcommand)]
        what: Conform,
    },
    /// Measure calls, builds, the generator and long transfers; without a subcommand, all of these. Writes `docs/BENCHMARKS.md`.
    Bench {
        #[command(subcommand)]
        what: Option<Bench>,
        /// The file to write the results to; only the measured sections are replaced. Defaults to `docs/BENCHMARKS.md` in the
        /// workspace.
        #[arg(long, value_name = "FILE", global = true)]
        page: Option<PathBuf>,
    },
    /// Stress-test the client against a server that misbehaves in every way, and check its guarantees.
    ///
    /// Builds and runs a separate release program. The exit code is 1 if a guarantee is violated; the report names it.
    Torture(Torture),
    /// Internal: run by `corpus` for each document, in a separate process.
    #[command(hide = true)]
    CorpusDocument(CorpusDocument),
}

/// Arguments of `corpus`.
#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// The folder of the documents: its files with the extension yaml, yml or json.
    pub(crate) folder: PathBuf,
    /// Run `cargo check` on the clients of these documents, or on all clients; one at a time, the smallest first.
    #[arg(long, value_name = "NAME", num_args = 0..)]
    pub(crate) check: Option<Vec<String>>,
    /// Also run clippy on them, with the lints that their manifests enable.
    #[arg(long, requires = "check")]
    pub(crate) clippy: bool,
    /// Also compile them with each feature that enables a part of the API, alone; warnings are errors.
    #[arg(long, requires = "check")]
    pub(crate) parts: bool,
    /// How many documents to process in parallel.
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN)]
    pub(crate) jobs: NonZeroUsize,
    /// The time limit for generating from one document, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) timeout: u64,
    /// Where to keep the clients, the results and the build artifacts. Defaults to `target/corpus` in the workspace. Use a
    /// separate one for each folder if documents in two folders have the same name.
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Discard the results of earlier runs.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Also write the table as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// The subcommands of `conform`.
#[derive(Debug, Subcommand)]
pub(crate) enum Conform {
    /// Run the scenarios of a suite, such as Spector, against clients generated from its documents.
    ///
    /// If the run is restricted, the section is printed instead of written.
    Scenarios(Scenarios),
    /// Decode and encode random values of all components of documents with the generated types.
    ///
    /// The results for a document are kept until the document, the generator or the settings change. If the run is restricted,
    /// the section is printed instead of written.
    Components(Components),
    /// Compare the verdicts of `clientsmith diff` with those of cargo-semver-checks, which must be installed.
    ///
    /// The pairs are changes of a document of this repository, and those in folders. Compiles each client once.
    Versions(Versions),
}

/// Arguments of `conform versions`.
#[derive(Debug, Args)]
pub(crate) struct Versions {
    /// Folders of pairs: a folder for each pair, with the documents `old` and `new`.
    pub(crate) folders: Vec<PathBuf>,
    /// Compare only the pairs with these names.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// Where to keep the clients and the build artifacts. Defaults to `target/conform/versions` in the workspace.
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// The page to write the section to. Defaults to `docs/CONFORMANCE.md` in the workspace for a complete run.
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

/// Arguments of `conform components`.
#[derive(Debug, Args)]
pub(crate) struct Components {
    /// Folders of documents: their files with the extension yaml, yml or json. Files of the JSON Schema Test Suite are read as a document
    /// for each case, whose values are those of its tests.
    #[arg(required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// The number of random values for each component.
    #[arg(long, value_name = "N", default_value_t = SAMPLES)]
    pub(crate) samples: NonZeroUsize,
    /// The seed for all values.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Check only the documents with these names, without the extension.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// How many programs are compiled at the same time. They take space until the next ones replace them.
    #[arg(long, value_name = "N", default_value_t = BATCH)]
    pub(crate) batch: NonZeroUsize,
    /// Where to keep the programs and the results. Defaults to `target/conform/components` in the workspace.
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// The page to write the section to. Defaults to `docs/CONFORMANCE.md` in the workspace if all documents are checked.
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

const SAMPLES: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");
const BATCH: NonZeroUsize = NonZeroUsize::new(24).expect("not zero");

/// Arguments of `conform scenarios`.
#[derive(Debug, Args)]
pub(crate) struct Scenarios {
    /// The folder of the suite: `scenarios.json`, `openapi-3.0` and `openapi-3.1`. Defaults to the scenarios of this repository,
    /// `tests/conformance`.
    pub(crate) folder: Option<PathBuf>,
    /// Run only the scenarios of these documents.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// Use only the documents of this version of OpenAPI.
    #[arg(long)]
    pub(crate) version: Option<Version>,
    /// Where to keep the clients and the build artifacts. Defaults to `target/conform/scenarios` in the workspace.
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// The page to write the section to. Defaults to `docs/CONFORMANCE.md` in the workspace for a complete run.
    #[arg(long, value_name = "FILE")]
    pub(crate) page: Option<PathBuf>,
}

/// A version of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    /// OpenAPI 3.0.
    #[value(name = "3.0")]
    V30,
    /// OpenAPI 3.1.
    #[value(name = "3.1")]
    V31,
}

impl Version {
    /// All versions that the suite has.
    pub(crate) const ALL: [Self; 2] = [Self::V30, Self::V31];
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V30 => "3.0",
            Self::V31 => "3.1",
        })
    }
}

/// Arguments of `corpus-document`.
#[derive(Debug, Args)]
pub(crate) struct CorpusDocument {
    /// The document.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: PathBuf,
    /// The folder to write its client to.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// Arguments of `mock`.
#[derive(Debug, Args)]
pub(crate) struct Mock {
    #[command(flatten)]
    pub(crate) spec: SpecFile,
    #[command(flatten)]
    pub(crate) options: mock::Options,
}

/// Arguments of `torture`. The defaults are the program's own.
#[derive(Debug, Args)]
pub(crate) struct Torture {
    /// The number of single calls. Defaults to 100,000.
    #[arg(long, value_name = "N")]
    pub(crate) calls: Option<u32>,
    /// The number of jobs run from start to end. Defaults to 2,000.
    #[arg(long, value_name = "N")]
    pub(crate) operations: Option<u32>,
    /// How many run concurrently. Defaults to 256.
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<u32>,
    /// The seed for all faults. Defaults to 1.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// Arguments of `regen`.
#[derive(Debug, Args)]
pub(crate) struct Regen {
    #[command(flatten)]
    pub(crate) spec: SpecFile,
    /// The folder of the client. Defaults to `generated-client` in the workspace for the document of the workspace; required
    /// for any other document.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing; show all drift as diffs, and exit with 1 if there is any.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) check: bool,
    /// Write nothing; list the files that would change.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print how long each stage took.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// The document that a command reads, and how its diagnostics are reported.
#[derive(Debug, Args)]
pub(crate) struct SpecFile {
    /// The OpenAPI document. Defaults to `openapi.yaml` in the workspace.
    #[arg(long = "spec", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
    /// An OpenAPI Overlay (1.0 or 1.1) to apply to the document first. Repeat it to apply several in order.
    #[arg(long = "overlay", value_name = "FILE")]
    pub(crate) overlays: Vec<PathBuf>,
    /// Read the smallest schema around an error as any JSON, and leave out operations that have other errors, with a warning for each.
    #[arg(long)]
    pub(crate) lenient: bool,
    /// How errors and warnings are written to standard error.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

impl SpecFile {
    /// The path of the document.
    pub(crate) fn path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(workspace::spec)
    }

    /// The document as commands read it.
    fn document(&self) -> Document {
        Document { path: self.path(), overlays: self.overlays.clone(), lenient: self.lenient, format: self.format }
    }
}

/// The subcommands of `inspect`.
#[derive(Debug, Subcommand)]
pub(crate) enum Inspect {
    /// The generator's model of the API.
    Ir {
        #[command(flatten)]
        spec: SpecFile,
    },
    /// What a pass over the types changes, as a diff; without a name, the number of lines each pass changes.
    Pass {
        #[command(flatten)]
        step: inspect::Step,
        #[command(flatten)]
        spec: SpecFile,
    },
    /// What a rewrite of the document changes, as a diff, and its diagnostics; without a name, the number of lines each
    /// rewrite changes.
    Normalise {
        #[command(flatten)]
        step: inspect::Step,
        #[command(flatten)]
        spec: SpecFile,
    },
}

impl Inspect {
    fn run(&self, console: &mut Console) -> Result<Outcome> {
        let (what, spec) = match self {
            Self::Ir { spec } => (inspect::What::Ir, spec),
            Self::Pass { step, spec } => (inspect::What::Pass(step.clone()), spec),
            Self::Normalise { step, spec } => (inspect::What::Normalise(step.clone()), spec),
        };
        inspect::run(&what, &spec.document(), console)
    }
}

/// The subcommands of `bench`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// A call with the client, compared with hand-written reqwest code and with progenitor's output: throughput, CPU time,
    /// allocations, and instructions if valgrind is installed.
    Call(BenchCall),
    /// The build of a program that uses the client, compared with the same two: crates, build times, binary size. Takes
    /// about twenty minutes.
    Build,
    /// The stages of the generator on synthetic documents: time, memory, and how they grow with the size.
    ///
    /// Builds the generator in release mode first.
    Generate(BenchGenerate),
    /// Clients of the documents in a folder, which is the only benchmark that needs an argument: the time to generate and to compile each,
    /// memory, and lines of code.
    ///
    /// Measures ploidy and openapi-to-rust beside the generator if they are on the path.
    Check {
        /// The folder of the documents: its files with the extension yaml, yml or json. A file `documents.toml` can have a table
        /// for each of them, with `source`, and the targets `seconds` and `memory_mib`.
        folder: PathBuf,
    },
    /// The memory that a long download and a long upload need.
    Transfer {
        /// The length of each body.
        #[arg(long, value_name = "N", default_value_t = LENGTH)]
        bytes: u64,
    },
    /// Internal: run by `check` for each document, in a separate process.
    #[command(hide = true)]
    GenerateDocument {
        /// The document.
        document: PathBuf,
    },
    /// Internal: run by `generate` for each document, in a separate process.
    #[command(hide = true)]
    GenerateOnce {
        /// The number of operations in the document.
        operations: usize,
    },
}

/// The default length of the bodies of `bench transfer`, in bytes.
pub(crate) const LENGTH: u64 = 10_000_000_000;

/// Arguments of `bench call`.
#[derive(Debug, Args)]
pub(crate) struct BenchCall {
    /// The number of rounds; each client runs once per round.
    #[arg(long, value_name = "N", default_value_t = ROUNDS)]
    pub(crate) rounds: NonZeroUsize,
    /// Calls per client and round.
    #[arg(long, value_name = "N", default_value_t = CALLS)]
    pub(crate) calls: NonZeroUsize,
}

const ROUNDS: NonZeroUsize = NonZeroUsize::new(15).expect("not zero");
const CALLS: NonZeroUsize = NonZeroUsize::new(3200).expect("not zero");

impl Default for BenchCall {
    fn default() -> Self {
        Self { rounds: ROUNDS, calls: CALLS }
    }
}

/// Arguments of `bench generate`.
#[derive(Debug, Args)]
pub(crate) struct BenchGenerate {
    /// The numbers of operations in the documents.
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_values_t = OPERATIONS,
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub(crate) operations: Vec<usize>,
    /// Runs per document; the fastest time of each stage counts.
    #[arg(long, value_name = "N", default_value_t = RUNS)]
    pub(crate) runs: usize,
    /// Also count instructions, for documents of up to a thousand operations. Takes minutes and needs valgrind.
    #[arg(long)]
    pub(crate) instructions: bool,
    /// Measure this executable instead of a release build.
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

/// Runs the command given by the arguments of the process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli: Cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut console = Console::of_process();
    let outcome = run(&cli.command, &mut console);
    console.exit_code(outcome)
}

fn run(command: &Command, console: &mut Console) -> Result<Outcome> {
    match command {
        Command::Regen(args) => regen::run(args, console),
        Command::Inspect { what } => what.run(console),
        Command::Mock(args) => mock::run(&args.spec.document(), &args.options, console),
        Command::Explain { codes } => explain::run(codes, console),
        Command::Bench { what, page } => bench::run(what.as_ref(), page.as_deref(), console),
        Command::Corpus(args) => corpus::run(args, console),
        Command::Compare { path } => compare::run(path, console),
        Command::Conform { what } => conform::run(what, console),
        Command::Torture(args) => torture::run(args),
        Command::CorpusDocument(args) => corpus::document(args, console),
    }
}
