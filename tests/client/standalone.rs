//! Clients in a separate repository, as their owners have them: rustfmt and clippy run with their default
//! settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::tree::CrateTree;

use crate::client::docs;
use crate::generator::fixtures;
use crate::root;

/// A folder outside of this repository, so that its settings do not apply. It is removed at the end.
struct Repository(PathBuf);

impl Repository {
    /// Writes each client into a separate folder, without its `rustfmt.toml`: the defaults are enough here.
    fn with(name: &str, clients: &[(&str, &CrateTree)]) -> Self {
        let folder = std::env::temp_dir().join(format!("generated-{name}-{}", std::process::id()));
        let repository = Self(folder);
        for (client, tree) in clients {
            for (path, text) in tree.iter().filter(|(path, _)| *path != "rustfmt.toml") {
                repository.write(&format!("{client}/{path}"), text);
            }
        }
        let folders: Vec<_> = clients.iter().map(|(client, _)| *client).collect();
        let members = folders.join("\", \"");
        repository.write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = [\"{members}\"]\n"));
        let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lock file is there");
        repository.write("Cargo.lock", &lock);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    fn cargo(&self, command: &[&str]) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(command).current_dir(&self.0).env_remove("RUSTFLAGS").env_remove("CLIPPY_CONF_DIR");
        // The dependencies are those of the other clients, so they are compiled once.
        cargo.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("workspaces-target"));
        let output = cargo.output().expect("cargo runs");
        let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
        assert!(output.status.success(), "{out}{err}");
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A client with jobs, two with pages and streams, and a minimal one.
fn clients() -> Vec<(&'static str, CrateTree)> {
    let tiny = "openapi: 3.0.3\ninfo: {title: Tiny, version: 1.0.0}\npaths:\n  /ping:\n    get:\n      operationId: ping\n      \
                responses: {'204': {description: Nothing.}}\n";
    let own = fs::read_to_string(root().join("openapi.yaml")).expect("the document is there");
    let client = |name, text: &str| (name, fixtures::run(name, text).tree);
    vec![
        client("jobs", &own),
        client("pages", &fixtures::text("pages")),
        client("streams", &fixtures::text("streams")),
        client("tiny", tiny),
    ]
}

fn borrowed<'a>(clients: &'a [(&'a str, CrateTree)]) -> Vec<(&'a str, &'a CrateTree)> {
    clients.iter().map(|(name, tree)| (*name, tree)).collect()
}

#[test]
fn rustfmt_changes_nothing_in_any_client() {
    let mut clients = clients();
    clients.push(("nasty", fixtures::run("nasty", &docs::nasty_document()).tree));
    clients.push(("wide", fixtures::run("wide", &fixtures::wide()).tree));
    let others: Vec<_> = fixtures::all().filter(|(name, _)| !["pages", "streams"].contains(name)).collect();
    let mut clients = borrowed(&clients);
    clients.extend(others);
    Repository::with("formatted", &clients).cargo(&["fmt", "--all", "--check"]);
}

#[test]
fn the_crate_root_and_the_examples_are_really_formatted() {
    let (_, tree) = clients().swap_remove(0);
    let shown: Vec<_> =
        tree.iter().filter(|(path, _)| *path == "src/lib.rs" || path.starts_with("examples/")).collect();
    assert!(shown.len() > 5, "{shown:?}");
    for (path, text) in shown {
        assert!(!text.contains("rustfmt_skip"), "{path} is skipped");
    }
}

#[cfg(feature = "slow")]
#[test]
fn clippy_accepts_clients_with_its_default_settings() {
    let clients = clients();
    let features = ["--no-default-features", "--features", "full,tracing,blocking,test-util"];
    let command = ["clippy", "--workspace", "--all-targets", "--offline", "--quiet"];
    let deny = ["--", "-D", "warnings"];
    Repository::with("linted", &borrowed(&clients)).cargo(&[&command[..], &features, &deny].concat());
}
