//! A short run with an environment that names a proxy, by the program itself.

use std::process::Command;

#[test]
fn nothing_reaches_the_proxy_of_the_environment() {
    let arguments = ["--calls", "400", "--operations", "20", "--concurrency", "32"];
    let program = Command::new(env!("CARGO_BIN_EXE_torture")).args(arguments).output().expect("it can be run");
    let printed = String::from_utf8_lossy(&program.stdout);
    // How often the server goes away in a run this short depends on the machine; every promise holds all the same.
    let broken: Vec<_> =
        printed.lines().filter(|line| line.starts_with("broken: ") && !line.contains("the server went away")).collect();
    assert!(broken.is_empty(), "{printed}\n{}", String::from_utf8_lossy(&program.stderr));
    let line = printed.lines().find(|line| line.starts_with("reached the proxy")).expect("it says what the proxy saw");
    assert!(line.ends_with(" 0 connections"), "{line}");
}
