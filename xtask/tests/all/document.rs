//! Invalid documents: the error has a location and help, and no file changes.

use std::fs;

use crate::sandbox::{SPEC, Sandbox, contains};

/// Asserts that a run on this document exits with 1, prints `expect` to standard error and changes no file.
#[track_caller]
fn rejected(spec: &str, expect: &[&str]) {
    for option in [None, Some("--check"), Some("--dry-run")] {
        let sandbox = Sandbox::with_client();
        sandbox.write("spec.yaml", spec);
        let before = sandbox.files();
        let run = sandbox.regen(option.as_slice()).ends_with(1);
        for part in expect {
            contains(&run.err, part);
        }
        assert_eq!(run.out, "");
        assert_eq!(sandbox.files(), before);
    }
}

#[test]
fn an_error_has_a_location_a_source_line_help_and_a_summary() {
    let spec = SPEC.replace("  /pets:", "  pets:");
    rejected(
        &spec,
        &[
            "error[E028]: ",
            "\n --> spec.yaml:5:",
            "\n5 |   pets:\n",
            "= help: write the path as",
            "\n1 error: nothing was written\n",
        ],
    );
}

#[test]
fn invalid_yaml_is_rejected() {
    rejected("openapi: [3.0", &["error[E001]: ", " --> spec.yaml:", "= help: ", "1 error: nothing was written"]);
}

#[test]
fn a_warning_is_shown_and_the_client_is_written() {
    let sandbox = Sandbox::new(&format!("{SPEC}x-sdk: {{unheardOf: true}}\n"));
    let run = sandbox.regen(&[]).succeeds();
    contains(&run.err, "warning[W001]: ");
    assert!(run.err.ends_with("\n1 warning\n"), "{}", run.err);
    contains(&run.out, "wrote out: ");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let sandbox = Sandbox::new(SPEC);
    let run = sandbox.run(&["regen", "--spec", "nowhere.yaml", "--out", "out"]).ends_with(2);
    contains(&run.err, "error: cannot read the document nowhere.yaml: ");
    fs::write(sandbox.path("spec.yaml"), b"openapi: \xff").unwrap();
    contains(&sandbox.regen(&[]).ends_with(2).err, "the document spec.yaml is not valid UTF-8 (line 1, byte 9)");
    assert!(!sandbox.path("out").exists());
}
