//! `--overlay`, `--lenient` and `--format`: changed documents, omitted operations, and diagnostics as JSON.

use crate::sandbox::{SPEC, Sandbox, contains};

const OVERLAY: &str = "overlay: 1.0.0
info: {title: Names, version: '1'}
actions:
  - {target: $.paths.*.get, update: {x-speakeasy-group: zoo.animals}}
";

const BROKEN: &str = "overlay: 1.0.0
info: {title: Names, version: '1'}
actions:
  - {target: '$.paths[', remove: true}
  - {target: $.gone, remove: true}
";

#[test]
fn the_client_is_generated_from_the_document_with_overlays() {
    let sandbox = Sandbox::new(SPEC);
    sandbox.write("ours.yaml", OVERLAY);
    sandbox.write("last.yaml", &OVERLAY.replace("zoo.animals", "farm"));
    sandbox.regen(&["--overlay", "ours.yaml"]).succeeds();
    contains(&sandbox.read("out/src/api.rs"), "zoo");
    sandbox.regen(&["--overlay", "ours.yaml", "--check"]).succeeds();
    sandbox.regen(&["--overlay", "ours.yaml", "--overlay", "last.yaml"]).succeeds();
    contains(&sandbox.read("out/src/api.rs"), "farm");
    let run = sandbox.regen(&["--overlay", "ours.yaml", "--check"]).ends_with(1);
    contains(&run.out, "to fix it, run: cargo xtask regen --spec spec.yaml --overlay ours.yaml --out out\n");
}

#[test]
fn inspect_shows_the_document_with_overlays() {
    let sandbox = Sandbox::new(SPEC);
    sandbox.write("ours.yaml", OVERLAY);
    let run = sandbox.run(&["inspect", "ir", "--spec", "spec.yaml", "--overlay", "ours.yaml"]).succeeds();
    contains(&run.out, "zoo");
}

#[test]
fn errors_of_an_overlay_are_located_in_its_file() {
    let sandbox = Sandbox::new(SPEC);
    sandbox.write("ours.yaml", BROKEN);
    let run = sandbox.regen(&["--overlay", "ours.yaml"]).ends_with(1);
    contains(&run.err, " --> ours.yaml:4:6\n");
    contains(&run.err, "\n1 error, 1 warning: nothing was written\n");
    assert!(!sandbox.path("out").exists());
}

#[test]
fn an_overlay_that_cannot_be_read_is_named() {
    let run = Sandbox::new(SPEC).regen(&["--overlay", "nowhere.yaml"]).ends_with(2);
    contains(&run.err, "error: cannot read the overlay nowhere.yaml: ");
}

#[test]
fn lenient_reports_omitted_operations_and_writes_the_rest() {
    let broken = "  /broken: {get: {operationId: broken, parameters: [{$ref: '#/components/parameters/Nowhere'}], responses: {'204': {description: none}}}}\n";
    let sandbox = Sandbox::new(&format!("{SPEC}{broken}"));
    sandbox.regen(&[]).ends_with(1);
    let run = sandbox.regen(&["--lenient"]).succeeds();
    contains(&run.err, "warning[W037]: `GET /broken` is left out: ");
    contains(&run.out, "read spec.yaml: 1 operation, ");
    let run = sandbox.run(&["inspect", "ir", "--spec", "spec.yaml", "--lenient"]).succeeds();
    assert!(!run.out.contains("broken"), "{}", run.out);
    sandbox.write("out/src/lib.rs", crate::sandbox::MARKER);
    let run = sandbox.regen(&["--lenient", "--check"]).ends_with(1);
    contains(&run.out, "to fix it, run: cargo xtask regen --spec spec.yaml --out out --lenient\n");
}

#[test]
fn diagnostics_can_be_printed_as_json() {
    let sandbox = Sandbox::new(SPEC);
    sandbox.write("ours.yaml", BROKEN);
    for command in [&["regen", "--out", "out"][..], &["inspect", "ir"], &["mock", "--port", "0"]] {
        let arguments = [command, &["--spec", "spec.yaml", "--overlay", "ours.yaml", "--format", "json"]].concat();
        let run = sandbox.run(&arguments).ends_with(1);
        let lines: Vec<serde_json::Value> =
            run.err.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect();
        assert_eq!(lines.len(), 2, "{}", run.err);
        let help = generator::diagnostics::catalogue::BAD_JSONPATH.help;
        let expect = serde_json::json!({
            "code": "E052", "severity": "error", "message": lines[0]["message"], "file": "ours.yaml", "line": 4, "column": 6,
            "pointer": "/actions/0/target", "help": help,
        });
        assert_eq!(lines[0], expect);
        assert_eq!((&lines[1]["severity"], &lines[1]["line"]), (&"warning".into(), &5.into()));
    }
    let run = Sandbox::new("[").regen(&["--format", "json"]).ends_with(1);
    contains(&run.err, "\"file\":\"spec.yaml\",\"line\":1,\"column\":1,");
}
