//! The short version of `cargo xtask torture`: all of it that fits into some seconds. It has a process of its own, as it
//! looks at what is left over.

use torture::plan::Plan;

#[test]
fn whatever_the_server_does_every_promise_holds() {
    let report = torture::run(&Plan::short(1)).expect("the run can be carried out");
    assert!(report.broken().is_empty(), "{}\n{}", report.broken().join("\n"), report.figures());
}
