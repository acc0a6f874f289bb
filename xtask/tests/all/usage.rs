//! The command line: help, and errors for invalid arguments.

use crate::sandbox::{SPEC, Sandbox, contains};

#[test]
fn without_a_command_the_help_is_shown() {
    let run = Sandbox::new(SPEC).run(&[]).ends_with(2);
    for part in ["Usage: cargo xtask <COMMAND>", "regen ", "inspect ", "explain "] {
        contains(&run.err, part);
    }
}

#[test]
fn help_names_options_defaults_and_exit_codes() {
    let sandbox = Sandbox::new(SPEC);
    contains(&sandbox.run(&["--help"]).succeeds().out, "Exit codes: 0 ");
    let help = sandbox.run(&["regen", "--help"]).succeeds().out;
    for part in
        ["--spec <FILE>", "openapi.yaml", "--out <DIR>", "generated-client", "--check", "--dry-run", "--verbose"]
    {
        contains(&help, part);
    }
}

#[test]
fn check_and_dry_run_exclude_each_other() {
    let run = Sandbox::new(SPEC).regen(&["--check", "--dry-run"]).ends_with(2);
    contains(&run.err, "cannot be used with");
}

#[test]
fn an_unknown_option_is_rejected() {
    Sandbox::new(SPEC).regen(&["--force"]).ends_with(2);
}

#[test]
fn arguments_of_torture_are_checked_before_anything_is_built() {
    let sandbox = Sandbox::new(SPEC);
    contains(&sandbox.run(&["torture", "--calls", "many"]).ends_with(2).err, "invalid value 'many'");
    contains(&sandbox.run(&["torture", "--help"]).succeeds().out, "--operations <N>");
}
