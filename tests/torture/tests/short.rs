//! The short version of `cargo xtask torture`, which takes a few seconds. It is a separate test binary because it checks for
//! leftover resources of the process.

use torture::plan::Plan;

#[test]
fn every_guarantee_holds_whatever_the_server_does() {
    let report = torture::run(&Plan::short(1)).expect("the run succeeds");
    assert!(report.broken().is_empty(), "{}\n{}", report.broken().join("\n"), report.figures());
}
