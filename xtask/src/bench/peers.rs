//! Other generators, measured beside ours if they are installed: ploidy and openapi-to-rust.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use clientsmith::paths::shown;

use super::compile;
use super::watch::{self, Usage};

/// A generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Ploidy,
    OpenapiToRust,
}

/// What a generator needs for a document. `None` for what failed or could not be measured.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Costs {
    pub(crate) generate: Option<Usage>,
    /// The processor time of `cargo check`, in seconds.
    pub(crate) check: Option<f64>,
}

impl Peer {
    const ALL: [Self; 2] = [Self::Ploidy, Self::OpenapiToRust];

    /// Returns the generators that are installed, with their versions.
    pub(crate) fn installed() -> Vec<(Self, String)> {
        let version = |peer: Self| {
            let output = Command::new(peer.name()).arg("--version").output().ok()?;
            output.status.success().then(|| (peer, String::from_utf8_lossy(&output.stdout).trim().to_owned()))
        };
        Self::ALL.into_iter().filter_map(version).collect()
    }

    /// The name of the package and the program.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ploidy => "ploidy",
            Self::OpenapiToRust => "openapi-to-rust",
        }
    }

    /// Generates and compiles the client of a document. `target` is where dependencies are compiled.
    pub(crate) fn measure(self, document: &Path, target: &Path, is_compiled: bool) -> Result<Costs> {
        let folder = tempfile::tempdir()?;
        let client = folder.path();
        let document = fs::canonicalize(document).with_context(|| format!("cannot find {}", shown(document)))?;
        let Some(generate) = watch::run(&mut self.command(&document, client))? else { return Ok(Costs::default()) };
        self.complete(client)?;
        let check = if is_compiled { fastest_check(client, &target.join(self.name()))? } else { None };
        Ok(Costs { generate: Some(generate), check })
    }

    fn command(self, document: &Path, client: &Path) -> Command {
        let mut command = Command::new(self.name());
        match self {
            Self::Ploidy => {
                command.args(["generate", "rust", "--name", "peer-client", "--output"]).arg(client).arg(document);
            }
            Self::OpenapiToRust => {
                command.arg("generate").arg(document).arg("--output-dir").arg(client.join("src/generated"));
            }
        }
        command
    }

    /// Makes a crate of what the generator wrote.
    fn complete(self, client: &Path) -> Result<()> {
        if self == Self::OpenapiToRust {
            let fragment = client.join("src/generated/REQUIRED_DEPS.toml");
            let fragment =
                fs::read_to_string(&fragment).with_context(|| format!("cannot read {}", shown(&fragment)))?;
            let package = "[package]\nname = \"peer-client\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n";
            fs::write(client.join("Cargo.toml"), format!("{package}{fragment}"))?;
            fs::write(client.join("src/lib.rs"), "pub mod generated;\n")?;
        }
        Ok(())
    }
}

/// Returns the processor time of `cargo check` with the default features. `None` if the client does not compile.
fn fastest_check(client: &Path, target: &Path) -> Result<Option<f64>> {
    compile::fastest(client, || {
        let mut cargo = Command::new(cargo());
        cargo.args(["check", "--lib", "--quiet"]).current_dir(client);
        cargo.env("CARGO_TARGET_DIR", target).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("RUSTFLAGS");
        Ok(watch::run(&mut cargo)?.map(|usage| usage.seconds))
    })
}

fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Measures our own generator as the others are measured. `program` is a release build of this package.
pub(crate) fn ours(document: &Path, program: &Path, target: &Path, is_compiled: bool) -> Result<Costs> {
    let client = tempfile::tempdir()?;
    let mut command = Command::new(program);
    command.args(["corpus-document", "--spec"]).arg(document).arg("--out").arg(client.path());
    let Some(generate) = watch::run(&mut command)? else { bail!("{} was rejected", shown(document)) };
    let check = if is_compiled { fastest_check(client.path(), &target.join("ours"))? } else { None };
    Ok(Costs { generate: Some(generate), check })
}

/// The most that our processor time of `cargo check` is of that of each other generator.
const CHECK_TARGET: f64 = 0.6;

/// The table of all generators, ours first. A time that misses its target is bold.
pub(crate) fn table(peers: &[(Peer, String)], rows: &[(String, Vec<Costs>)]) -> String {
    let versions: Vec<&str> = peers.iter().map(|(_, version)| version.as_str()).collect();
    let names: Vec<&str> = std::iter::once("ours").chain(peers.iter().map(|(peer, _)| peer.name())).collect();
    let mut text = format!(
        "### Beside other generators\n\n{}, as they are installed. Each writes its client to a folder, which is compiled with \
         `cargo check` and its default features, after the dependencies. Ours also writes \
         docs, pages and a test kit. Times are seconds of processor time, and memory is the peak of the generator. A time is bold if \
         ours misses its target: generating takes no longer than with openapi-to-rust, and compiling takes at most {CHECK_TARGET} of \
         the time of each other client. A dash is a document that the generator rejects, or a client that is not compiled or does not compile within five minutes.\n\n",
        versions.join(" and ")
    );
    let heads: Vec<String> = ["generate", "memory", "check"]
        .iter()
        .flat_map(|what| names.iter().map(move |name| format!("{what}: {name}")))
        .collect();
    text.push_str(&format!("| document | {} |\n|---|{}\n", heads.join(" | "), "---:|".repeat(heads.len())));
    for (document, costs) in rows {
        let generate: Vec<_> = costs.iter().map(|costs| costs.generate.and_then(|usage| usage.seconds)).collect();
        let memory = costs.iter().map(|costs| costs.generate.and_then(|usage| usage.memory_kib));
        let check: Vec<_> = costs.iter().map(|costs| costs.check).collect();
        let position = peers.iter().position(|(peer, _)| *peer == Peer::OpenapiToRust);
        let limit = position.and_then(|index| generate.get(index + 1).copied().flatten());
        let check_limit = check.iter().skip(1).flatten().copied().reduce(f64::min).map(|least| least * CHECK_TARGET);
        let memory = memory.map(|kib| kib.map_or("–".to_owned(), |kib| (kib / 1024).to_string()));
        let cells: Vec<String> = seconds(&generate, limit).chain(memory).chain(seconds(&check, check_limit)).collect();
        text.push_str(&format!("| {document} | {} |\n", cells.join(" | ")));
    }
    text
}

/// Formats times. The first is bold if it is above the limit.
fn seconds(times: &[Option<f64>], limit: Option<f64>) -> impl Iterator<Item = String> {
    times.iter().enumerate().map(move |(index, time)| match time {
        Some(time) if index == 0 && limit.is_some_and(|limit| *time > limit) => format!("**{time:.2}**"),
        Some(time) => format!("{time:.2}"),
        None => "–".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_miss_their_targets_are_bold() {
        let costs = |seconds, check| Costs {
            generate: Some(Usage { seconds: Some(seconds), memory_kib: Some(2048) }),
            check: Some(check),
        };
        let rows = [
            ("a.yaml".to_owned(), vec![costs(1.0, 5.0), costs(0.5, 10.0), costs(1.0, 9.0)]),
            ("b.yaml".to_owned(), vec![costs(1.1, 5.5), Costs::default(), costs(1.0, 9.0)]),
        ];
        let peers = [(Peer::Ploidy, "ploidy 1".to_owned()), (Peer::OpenapiToRust, "openapi-to-rust 2".to_owned())];
        let table = table(&peers, &rows);
        assert!(table.contains("| a.yaml | 1.00 | 0.50 | 1.00 | 2 | 2 | 2 | 5.00 | 10.00 | 9.00 |\n"), "{table}");
        assert!(table.contains("| b.yaml | **1.10** | – | 1.00 | 2 | – | 2 | **5.50** | – | 9.00 |\n"), "{table}");
    }
}
