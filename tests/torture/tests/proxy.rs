//! A short run of the program with a proxy in its environment.

use std::process::Command;

#[test]
fn nothing_reaches_the_proxy_of_the_environment() {
    let arguments = ["--calls", "400", "--operations", "20", "--concurrency", "32"];
    let program = Command::new(env!("CARGO_BIN_EXE_torture")).args(arguments).output().expect("it can be run");
    let printed = String::from_utf8_lossy(&program.stdout);
    // The other checks of such a short run depend on the machine; `short` covers them.
    let broken: Vec<_> =
        printed.lines().filter(|line| line.starts_with("broken: ") && line.contains("proxy")).collect();
    assert!(broken.is_empty(), "{printed}\n{}", String::from_utf8_lossy(&program.stderr));
    let line =
        printed.lines().find(|line| line.starts_with("reached the proxy")).expect("the report contains the proxy");
    assert!(line.ends_with(" 0 connections"), "{line}");
}
