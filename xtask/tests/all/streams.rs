//! Standard output and standard error: no colours in a pipe, and closed pipes.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::sandbox::{SPEC, Sandbox, contains};

#[test]
fn no_escape_sequences_are_written_to_a_pipe() {
    let sandbox = Sandbox::with_client();
    fs::remove_file(sandbox.path("out/src/error.rs")).unwrap();
    let drifted = sandbox.regen(&["--check"]).ends_with(1);
    sandbox.write("spec.yaml", "[]");
    let rejected = sandbox.regen(&[]).ends_with(1);
    for text in [drifted.out, drifted.err, rejected.out, rejected.err] {
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_changes_neither_the_exit_code_nor_the_files() {
    let sandbox = Sandbox::new(SPEC);
    let mut command = sandbox.command();
    command.args(["regen", "--spec", "spec.yaml", "--out", "out", "--check"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(1), ""));

    let mut command = sandbox.command();
    command.args(["regen", "--spec", "spec.yaml", "--out", "out"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    contains(&sandbox.regen(&["--check"]).succeeds().out, "up to date");
}

#[cfg(target_os = "linux")]
#[test]
fn a_failed_write_to_standard_output_is_a_failure() {
    let sandbox = Sandbox::new(SPEC);
    let mut command = sandbox.command();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let status = command.args(["inspect", "ir", "--spec", "spec.yaml"]).stdout(full).stderr(Stdio::null()).status();
    assert_eq!(status.unwrap().code(), Some(2));
}
