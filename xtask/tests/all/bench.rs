//! `bench`: every measurement is reported. The values are not checked.

use crate::sandbox::{SPEC, Sandbox, contains};

#[test]
fn each_stage_has_a_time_for_each_size() {
    let sandbox = Sandbox::new(SPEC);
    let arguments = ["bench", "generate", "--operations", "2,13", "--runs", "1", "--as-built", "--page", "page.md"];
    let run = sandbox.run(&arguments).succeeds();
    contains(&run.out, "wrote page.md");
    contains(&sandbox.read("page.md"), "\n## Generating\n");
    contains(&run.out, "operations ");
    for row in
        ["understand, ms ", "types, ms ", "passes, ms ", "emit, ms ", "render, ms ", "total, ms ", "memory, MiB "]
    {
        let line =
            run.out.lines().find(|line| line.starts_with(row)).unwrap_or_else(|| panic!("no {row}:\n{}", run.out));
        assert!(line[row.len()..].split_whitespace().count() == 3, "{line}");
    }
}

#[test]
fn a_document_without_operations_is_rejected() {
    contains(&Sandbox::new(SPEC).run(&["bench", "generate", "--operations", "0"]).ends_with(2).err, "0 is not in");
}
