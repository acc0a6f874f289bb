//! `regen`: generates the client of this repository, whose folder belongs to the generator as a whole.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clientsmith::cli::quoted;
use clientsmith::commands::Outcome;
use clientsmith::commands::generate::{self, Mode, Options, Ownership};
use clientsmith::config::{Config, Docs, Package};
use clientsmith::console::Console;
use clientsmith::paths::shown;

use crate::cli::Regen;
use crate::workspace;

pub(crate) fn run(args: &Regen, console: &mut Console) -> Result<Outcome> {
    let mode = match (args.check, args.dry_run) {
        (true, _) => Mode::Check,
        (_, true) => Mode::DryRun,
        _ => Mode::Write,
    };
    let config = Config {
        overlays: args.spec.overlays.clone(),
        lenient: args.spec.lenient,
        docs: Docs { models: true },
        package: Package { lints: true, ..Package::default() },
        ..Config::of_document(args.spec.path(), folder(args)?)
    };
    let options = Options {
        mode,
        ownership: Ownership::Folder,
        lists_files: true,
        shows_times: args.verbose,
        keeps_edited: false,
        bump: None,
        fix_command: fix_command(args),
        format: args.spec.format,
    };
    generate::run(&config, None, &options, console)
}

/// The folder of the client. The folder in the workspace is only for the document of the workspace.
fn folder(args: &Regen) -> Result<PathBuf> {
    let is_own = |path: &PathBuf| {
        let own = workspace::spec().canonicalize();
        own.is_ok_and(|own| path.canonicalize().is_ok_and(|path| path == own))
    };
    match (&args.out, &args.spec.path) {
        (Some(folder), _) => Ok(folder.clone()),
        (None, Some(path)) if !is_own(path) => bail!(
            "the client of {} would overwrite {}; choose another folder with --out DIR",
            shown(path),
            shown(&workspace::client())
        ),
        (None, _) => Ok(workspace::client()),
    }
}

/// The command that writes the client with the same arguments, to be run in the same folder.
fn fix_command(args: &Regen) -> String {
    let mut command = "cargo xtask regen".to_owned();
    let overlays = args.spec.overlays.iter().map(|path| ("--overlay", Some(path)));
    let options = [("--spec", args.spec.path.as_ref())].into_iter().chain(overlays);
    for (option, path) in options.chain([("--out", args.out.as_ref())]) {
        if let Some(path) = path {
            command.push_str(&format!(" {option} {}", quoted(path)));
        }
    }
    if args.spec.lenient {
        command.push_str(" --lenient");
    }
    command
}
