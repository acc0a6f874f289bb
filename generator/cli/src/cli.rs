//! The command line: arguments and exit codes. The work itself is in [`crate::commands`].

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};

use crate::commands::generate::{Mode, Options, Ownership};
use crate::commands::release::Bump;
use crate::commands::{Document, Format, Outcome, diff, explain, generate, init, inspect, mock};
use crate::config::{Config, FILE};
use crate::console::{Color, Console};
use crate::paths::shown;

/// Generate Rust client crates from OpenAPI documents.
///
/// Exit codes: 0 success; 1 the crate has drifted, the document has errors, or a warning is denied; 2 the command could not run.
#[derive(Debug, Parser)]
#[command(name = "clientsmith", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print only errors and warnings.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Whether messages have colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a commented `clientsmith.toml` for a document.
    Init {
        /// The OpenAPI document.
        document: PathBuf,
    },
    /// Generate the crate of a configuration, or of a document alone.
    Generate(Generate),
    /// Generate, and compare with the files in the folder. Writes nothing.
    ///
    /// The exit code is 1 if they differ.
    Check(Check),
    /// Compare the public APIs of two clients: what is added, removed, renamed or changed, and what breaks programs.
    Diff(Diff),
    /// Show the generator's view of a document: its model of the API, or what one of its steps changes.
    #[command(arg_required_else_help = true)]
    Inspect {
        /// The OpenAPI document; `-` reads it from standard input.
        document: PathBuf,
        #[command(subcommand)]
        what: inspect::What,
    },
    /// Explain diagnostics by their codes, such as E006.
    Explain {
        /// The codes. If none is given, all codes are listed.
        codes: Vec<String>,
    },
    /// Run a mock server for a document on this machine, for clients in any language, until Ctrl-C.
    Mock {
        /// The OpenAPI document; `-` reads it from standard input.
        document: PathBuf,
        #[command(flatten)]
        options: mock::Options,
    },
}

/// What is generated from what.
#[derive(Debug, Args)]
struct Source {
    /// The OpenAPI document, instead of that of the configuration; `-` reads it from standard input. References to other files are
    /// then relative to the current folder.
    document: Option<PathBuf>,
    /// The configuration. By default `clientsmith.toml` in the current folder, if it exists and no document is given.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the crate, instead of that of the configuration. Required with a document.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the smallest parts of the document with errors, with a warning for each.
    #[arg(long)]
    lenient: bool,
    /// Treat all warnings that the configuration does not accept as errors.
    #[arg(long)]
    deny_warnings: bool,
    /// How errors and warnings are written to standard error.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Arguments of `generate`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of the command line")]
struct Generate {
    #[command(flatten)]
    source: Source,
    /// Compile the crate afterwards, with `cargo check`.
    #[arg(long)]
    check: bool,
    /// Write nothing; list the files that would change.
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Keep each generated file that was edited as `.orig`, and overwrite it.
    #[arg(long)]
    keep_edited: bool,
    /// Raise the version by what changed since the crate in `HEAD` or another git revision, and add an entry to CHANGELOG.md.
    ///
    /// The version is written to the configuration. Without a crate in `HEAD`, the files in the folder are the earlier version.
    #[arg(long, value_name = "REVISION", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "the value of the option is optional")]
    bump: Option<Option<String>>,
    /// List the files that change, and print how long each stage took.
    #[arg(short, long)]
    verbose: bool,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
struct Diff {
    /// The earlier client: a document (`-` for standard input), the folder of a crate, a git revision that contains the
    /// crate, or a path in a revision, such as `v1.0:openapi.yaml`. By default the crate in `HEAD`.
    old: Option<String>,
    /// The later client, in the same forms as OLD. By default what the configuration generates.
    new: Option<String>,
    /// The configuration. By default `clientsmith.toml` in the current folder, if it exists.
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How the comparison is printed to standard output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: diff::Layout,
    /// Exit with code 1 if there are breaking changes.
    #[arg(long)]
    deny_breaking: bool,
}

impl Diff {
    fn run(&self, console: &mut Console) -> Result<Outcome> {
        let config = match &self.config {
            Some(file) => Some(Config::read(file)?),
            None if Path::new(FILE).exists() => Some(Config::read(Path::new(FILE))?),
            None => None,
        };
        let options = diff::Options {
            old: self.old.clone(),
            new: self.new.clone(),
            layout: self.format,
            denies_breaking: self.deny_breaking,
        };
        diff::run(config.as_ref(), &options, console)
    }
}

impl Generate {
    fn bump(&self) -> Result<Option<Bump>> {
        let Some(since) = &self.bump else { return Ok(None) };
        if self.source.document.is_some() {
            bail!(
                "--bump needs a configuration, which keeps the version\nhelp: `clientsmith init DOCUMENT` writes one; a revision is written as `--bump=REVISION`"
            );
        }
        Ok(Some(Bump { since: since.clone(), config: self.source.config_file() }))
    }
}

/// Arguments of `check`.
#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    source: Source,
    /// Show the whole diff of each file, also of missing ones, and print how long each stage took.
    #[arg(short, long)]
    verbose: bool,
}

/// A configuration, and where it comes from.
struct Resolved {
    config: Config,
    /// What the first line of each file states.
    marker: String,
    /// The command that generates the same.
    command: String,
}

impl Source {
    fn config_file(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| PathBuf::from(FILE))
    }

    fn resolve(&self) -> Result<Resolved> {
        if let (Some(config), Some(document)) = (&self.config, &self.document) {
            bail!(
                "--config and a document cannot be combined: the configuration {} states its own document\nhelp: leave out {}, and \
                 state the document in the configuration (`document = …`); or leave out --config",
                shown(config),
                shown(document)
            );
        }
        let file = self.config_file();
        let mut resolved = match &self.document {
            Some(document) => {
                let Some(output) = &self.output else {
                    bail!(
                        "a document without a configuration needs --output DIR\nhelp: `clientsmith init DOCUMENT` writes a configuration"
                    );
                };
                Resolved {
                    config: Config::of_document(document.clone(), output.clone()),
                    marker: "`clientsmith generate`. Edit the document, not this file.".to_owned(),
                    command: format!("clientsmith generate {} --output {}", quoted(document), quoted(output)),
                }
            }
            None => {
                let name = file.file_name().unwrap_or_default().to_string_lossy().replace(char::is_control, "?");
                let option =
                    self.config.as_ref().map_or_else(String::new, |file| format!(" --config {}", quoted(file)));
                Resolved {
                    config: Config::read(&file)?,
                    marker: format!(
                        "`clientsmith generate` as `{name}` states. Edit the document or the configuration, not this file."
                    ),
                    command: format!("clientsmith generate{option}"),
                }
            }
        };
        if let (None, Some(output)) = (&self.document, &self.output) {
            resolved.config.output.clone_from(output);
        }
        resolved.config.lenient |= self.lenient;
        if self.deny_warnings {
            resolved.config.warnings.deny = crate::config::all_warnings();
        }
        Ok(resolved)
    }

    fn run(&self, mut options: Options, console: &mut Console) -> Result<(Outcome, PathBuf)> {
        let Resolved { config, marker, command } = self.resolve()?;
        options.fix_command = command;
        let configuration = config.output.join(FILE);
        if self.document.is_some() && options.mode == Mode::Write && configuration.exists() {
            bail!(
                "{} already configures the client in {}\nhelp: run `clientsmith generate` in that folder, or name another --output",
                shown(&configuration),
                shown(&config.output)
            );
        }
        Ok((generate::run(&config, Some(&marker), &options, console)?, config.output))
    }

    fn options(&self, mode: Mode) -> Options {
        Options {
            mode,
            ownership: Ownership::Written,
            lists_files: false,
            shows_times: false,
            keeps_edited: false,
            fix_command: String::new(),
            format: self.format,
            bump: None,
        }
    }
}

/// Parses the arguments of the process.
///
/// # Errors
///
/// The arguments are invalid or ask for help, which is printed. The error is the exit code.
pub fn parse<T: Parser>() -> Result<T, ExitCode> {
    T::try_parse().map_err(|error| {
        // A closed pipe while printing help is not a failure.
        let _ = error.print();
        if error.exit_code() == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) }
    })
}

/// Runs the command given by the arguments of the process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli: Cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let mut console = Console::of_process().with_color(cli.color);
    if cli.quiet {
        console = console.quiet();
    }
    let outcome = run(&cli.command, &mut console);
    console.exit_code(outcome)
}

fn run(command: &Command, console: &mut Console) -> Result<Outcome> {
    match command {
        Command::Init { document } => init::run(document, console),
        Command::Generate(args) => {
            let mode = if args.dry_run { Mode::DryRun } else { Mode::Write };
            let options = Options {
                lists_files: args.verbose || args.dry_run,
                shows_times: args.verbose,
                keeps_edited: args.keep_edited,
                bump: args.bump()?,
                ..args.source.options(mode)
            };
            let (outcome, folder) = args.source.run(options, console)?;
            if outcome == Outcome::Passed && args.check { generate::compile(&folder, console) } else { Ok(outcome) }
        }
        Command::Check(Check { source, verbose }) => {
            let options = Options { lists_files: *verbose, shows_times: *verbose, ..source.options(Mode::Check) };
            Ok(source.run(options, console)?.0)
        }
        Command::Diff(args) => args.run(console),
        Command::Inspect { document, what } => inspect::run(what, &of(document), console),
        Command::Explain { codes } => explain::run(codes, console),
        Command::Mock { document, options } => mock::run(&of(document), options, console),
    }
}

/// Returns a document without overlays.
fn of(path: &Path) -> Document {
    Document { path: path.to_path_buf(), overlays: Vec::new(), lenient: false, format: Format::default() }
}

/// A path quoted for a shell.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(is_plain) { text.into_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
