//! The workspace of all clients and their programs: writes it and compiles it once.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;
use serde_json::Value;

use super::documents::Client;
use super::program::SUPPORT;
use super::suite::Package;
use crate::workspace;

/// The folder of the workspace and the artifacts of cargo.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

/// The programs that compile, and the errors of the packages that do not.
#[derive(Default)]
pub(crate) struct Built {
    programs: BTreeMap<String, PathBuf>,
    errors: BTreeMap<String, String>,
}

impl Built {
    /// The program of a client, or why it cannot be built.
    pub(crate) fn program_of(&self, package: &str) -> Result<&Path, String> {
        self.program(&program_name(package)).map_err(|reason| {
            let error = self.errors.get(package).cloned().unwrap_or(reason);
            format!("the client does not compile: {error}")
        })
    }

    /// The program of a package, or why it cannot be built.
    pub(crate) fn program(&self, package: &str) -> Result<&Path, String> {
        let found = self.programs.get(package);
        let error = || self.errors.get(package).cloned().unwrap_or_else(|| "no error was reported".to_owned());
        found.map(PathBuf::as_path).ok_or_else(error)
    }
}

/// The name of the package of the program that calls a client.
pub(crate) fn program_name(package: &str) -> String {
    format!("{package}-calls")
}

impl Workspace {
    pub(crate) fn new(work: &Path) -> Self {
        Self { root: work.join("workspace"), target: work.join("target") }
    }

    /// The folder of the packages.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes the clients and their programs. Unchanged files are not written again, so that cargo does not compile them again.
    pub(crate) fn write(&self, clients: &[(String, &Client)]) -> Result<()> {
        let mut members = Vec::new();
        for (name, client) in clients {
            for Package { name, files } in packages(name, client) {
                for (path, text) in files {
                    write_if_changed(&self.root.join(&name).join(path), &text)?;
                }
                members.push(name);
            }
        }
        self.write_root(&members)
    }

    /// Writes the manifest of the workspace, and the versions of dependencies that are locked in this repository.
    pub(crate) fn write_root(&self, members: &[String]) -> Result<()> {
        let profile = "[profile.dev]\ndebug = false\nincremental = false\n";
        let root = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{profile}");
        write_if_changed(&self.root.join("Cargo.toml"), &root)?;
        let lock = workspace::root().join("Cargo.lock");
        fs::copy(&lock, self.root.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
        Ok(())
    }

    /// Compiles all programs with these features instead of the default features, with the dependency versions locked in this
    /// repository and without network.
    pub(crate) fn build(&self, features: &[&str]) -> Result<Built> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--bins", "--no-default-features", "--offline", "--keep-going", "--message-format=json"]);
        cargo.arg("--features").arg(features.join(","));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target).env_remove("RUSTFLAGS");
        let output = cargo.stderr(Stdio::inherit()).output().context("cannot start cargo")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut built = Built::default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).for_each(|message| built.read(&message));
        if !output.status.success() && built.errors.is_empty() {
            bail!("cargo failed without an error of a client");
        }
        Ok(built)
    }
}

impl Built {
    /// Reads a message of cargo.
    fn read(&mut self, message: &Value) {
        let name = message.pointer("/target/name").and_then(Value::as_str).unwrap_or_default();
        if let Some(program) = message.get("executable").and_then(Value::as_str) {
            self.programs.insert(name.to_owned(), PathBuf::from(program));
        }
        let is_error = message.pointer("/message/level").and_then(Value::as_str) == Some("error");
        let rendered = message.pointer("/message/message").and_then(Value::as_str);
        if let (true, Some(text)) = (is_error, rendered) {
            // The name of a library has underscores in place of hyphens.
            self.errors.entry(name.replace('_', "-")).or_insert_with(|| text.to_owned());
        }
    }
}

/// The packages of a client and its program.
pub(crate) fn packages(name: &str, client: &Client) -> [Package; 2] {
    let files = client.tree.iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    let sources = [
        ("Cargo.toml", manifest(name, client)),
        ("src/main.rs", client.program.clone()),
        ("src/support.rs", SUPPORT.to_owned()),
    ];
    let program = sources.map(|(path, text)| (path.to_owned(), text)).into();
    [Package { name: name.to_owned(), files }, Package { name: program_name(name), files: program }]
}

fn manifest(package: &str, client: &Client) -> String {
    let name = program_name(package);
    let features = if client.tree.get("src/xml.rs").is_some() { ", \"xml\"" } else { "" };
    let client = format!(
        "client = {{ package = \"{package}\", path = \"../{package}\", default-features = false, features = [\"full\"{features}] }}"
    );
    let serde = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"";
    let tokio = "tokio = { version = \"1\", default-features = false, features = [\"macros\", \"rt\"] }";
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{client}\n{serde}\n{tokio}\n"
    )
}

/// Writes a file unless it has this content.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|earlier| earlier == text) {
        return Ok(());
    }
    let folder = path.parent().context("the path has no folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("cannot write {}", shown(path)))
}
