//! Slow checks of all clients: lints, documentation and documentation tests. `.ci/run` runs them.

mod examples;

use std::fs;
use std::process::Command;

use generator::{Output, emit};

use crate::client::clients::workspace;
use crate::client::docs;
use crate::client::workspace::{Member, TOKIO, Workspace};
use crate::generator::fixtures;
use crate::root;

/// A library that uses the operation added to the repository's document, with every option of it.
const CONSUMER: &str = r#"//! Uses the added operation as a user would.

use intuned_client::{Error, IntunedClient, types};

/// Ends a run.
///
/// # Errors
///
/// Returns an error if the call fails.
pub async fn terminate(client: &IntunedClient) -> Result<bool, Error> {
    let response: types::TerminateJobRunResponseBody = client
        .project()
        .jobs()
        .runs()
        .terminate("my-project", "job-1", "run-2")
        .force(true)
        .reasons(&["late".to_owned(), "costly".to_owned()])
        .attempts(&[1, 2])
        .x_request_id("r-1")
        .x_labels(&["a".to_owned()])
        .header("x-trace", "7")
        .timeout(std::time::Duration::from_secs(5))
        .await?;
    Ok(response.accepted)
}
"#;

/// Clients that only these tests compile, and libraries that use the clients.
pub(crate) fn members() -> Vec<Member> {
    let client = |folder: &str, text: &str| Member::client(folder, &fixtures::run(folder, text).tree);
    let consumer = "intuned-client = { path = \"../terminate\", default-features = false, features = [\"full\"] }\n";
    // Its documentation tests read pages, streams and typed errors from a local server.
    let several = fs::read_to_string(root().join("tests/client/checked_clients/several.rs"));
    let clients = ["pages", "streams", "failures"].map(|name| {
        format!("{name}-client = {{ path = \"../{name}\", default-features = false, features = [\"full\"] }}\n")
    });
    let mut members = vec![
        client("terminate", &fixtures::extended()),
        client("large", &fixtures::large(100)),
        client("wide", &fixtures::wide()),
        client("nasty", &docs::nasty_document()),
        Member::user("consumer", consumer, "src/lib.rs", CONSUMER.to_owned()),
        Member::user("several", &format!("{TOKIO}{}", clients.concat()), "src/lib.rs", several.expect("it is there")),
    ];
    members.extend(examples::members());
    members
}

#[test]
fn clippy_accepts_every_client_and_its_examples() {
    workspace().cargo(&["clippy", "--workspace", "--lib", "--examples"]);
}

/// A feature compiles without a warning if no other one is enabled. Each run of cargo compiles every client with one feature.
#[test]
fn every_client_compiles_with_each_single_part() {
    let in_parts: Vec<_> = fixtures::FIXTURES
        .map(|fixture| (fixture, fixtures::output(fixture)))
        .into_iter()
        .filter(|(_, output)| !output.api.features.is_empty())
        .collect();
    assert!(in_parts.len() > 5, "{}", in_parts.len());
    let members: Vec<_> = in_parts.iter().map(|(fixture, output)| Member::client(fixture, &output.tree)).collect();
    let workspace = Workspace::write("parts", &members);
    let parts = |output: &Output| emit::parts(output.tree.get("Cargo.toml").unwrap_or_default());
    let clients: Vec<_> = in_parts.iter().map(|(_, output)| (&output.api.package.name, parts(output))).collect();
    let most = clients.iter().map(|(_, parts)| parts.len()).max().unwrap_or_default();
    for number in 0..most {
        let enabled = clients.iter().filter_map(|(package, parts)| Some((package, parts.get(number)?)));
        let (packages, features): (Vec<_>, Vec<_>) =
            enabled.map(|(package, part)| (format!("--package={package}"), format!("{package}/{part}"))).unzip();
        let packages: Vec<_> = packages.iter().map(String::as_str).collect();
        workspace.cargo_with(&features.join(","), &[&["check", "--lib"][..], &packages].concat());
    }
}

#[test]
fn the_documentation_tests_of_every_client_pass() {
    // The client with a hundred operations takes long to document and covers nothing that the others do not.
    let others = ["--exclude", "synthetic-client"];
    workspace().cargo(&[&["test", "--workspace", "--doc"][..], &others].concat());
}

#[test]
fn rustdoc_accepts_every_description() {
    workspace().cargo(&["doc", "--no-deps", "--package", "nasty-client"]);
}

#[test]
fn the_values_of_examples_decode() {
    for name in examples::programs() {
        let output = Command::new(workspace().program(&name)).output().expect("the program runs");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
