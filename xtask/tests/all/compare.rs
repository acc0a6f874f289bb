//! `compare`: a line for each document, and the exit code.

use crate::sandbox::{SPEC, Sandbox, contains};

#[test]
fn a_folder_has_a_line_for_each_document_and_a_total() {
    let sandbox = Sandbox::new(SPEC);
    sandbox.write("documents/good.yaml", SPEC);
    sandbox.write("documents/rejected.yaml", &SPEC.replace("  /pets:", "  pets:"));
    sandbox.write("documents/notes.txt", "not a document");
    let run = sandbox.run(&["compare", "documents"]).succeeds();
    contains(&run.out, "documents/good.yaml: 0 differences\n");
    contains(&run.out, "documents/rejected.yaml: rejected, 1 error\n");
    contains(&run.out, "\n2 documents: 1 rejected, 0 failed, 0 with 0 differences\n");
}

#[test]
fn a_single_document_has_no_total() {
    let run = Sandbox::new(SPEC).run(&["compare", "spec.yaml"]).succeeds();
    assert_eq!(run.out, "spec.yaml: 0 differences\n");
}

#[test]
fn missing_documents_and_empty_folders_are_named() {
    let sandbox = Sandbox::new(SPEC);
    contains(&sandbox.run(&["compare", "none.yaml"]).ends_with(2).err, "cannot read the document none.yaml");
    sandbox.write("empty/notes.txt", "");
    contains(&sandbox.run(&["compare", "empty"]).ends_with(2).err, "contains no file with the extension");
}
