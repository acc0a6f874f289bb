//! Minimal programs that call both operations, one crate per client, with the sources that `bench call` measures.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::workspace;

/// The crypto provider of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    /// aws-lc-rs, the default of reqwest.
    AwsLc,
    /// ring, which a program has to install itself.
    Ring,
}

/// A program that uses one client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consumer {
    /// The client's name in the table.
    pub(super) title: &'static str,
    /// The module of the package `bench`.
    module: &'static str,
    /// The type of the client in that module.
    client: &'static str,
    provider: Provider,
}

/// All clients, with aws-lc-rs.
pub(super) const ALL: [Consumer; 3] = [
    Consumer { title: "ours", module: "ours", client: "Ours", provider: Provider::AwsLc },
    Consumer { title: "by hand", module: "by_hand", client: "ByHand", provider: Provider::AwsLc },
    Consumer { title: "progenitor's", module: "untouched", client: "Untouched", provider: Provider::AwsLc },
];

/// Two of the clients, with ring.
pub(super) const WITH_RING: [Consumer; 2] = [
    Consumer { title: "ours", module: "ours", client: "Ours", provider: Provider::Ring },
    Consumer { title: "by hand", module: "by_hand", client: "ByHand", provider: Provider::Ring },
];

/// The dependencies of every program. The lock file determines the versions.
const COMMON: &str =
    "serde_json = '*'\ntokio = { version = '*', default-features = false, features = ['macros', 'rt'] }\n";

/// The dependency of a program with ring.
const RING: &str = "rustls = { version = '*', default-features = false, features = ['ring', 'std', 'tls12'] }\n";

impl Consumer {
    /// The name of the package.
    pub(super) fn name(&self) -> String {
        let provider = if self.provider == Provider::Ring { "-ring" } else { "" };
        format!("{}{provider}", self.module)
    }

    /// Writes the package into a folder.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let source = workspace::root().join("tests/bench/src");
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), self.manifest())?;
        fs::write(folder.join("src/main.rs"), self.program())?;
        fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
        for module in ["client", "exchange", self.module] {
            let file = format!("{module}.rs");
            fs::copy(source.join(&file), folder.join("src").join(&file))
                .with_context(|| format!("cannot copy {file}"))?;
        }
        Ok(())
    }

    fn manifest(&self) -> String {
        let name = self.name();
        let (dependencies, common) = (self.dependencies(), COMMON);
        let ring = if self.provider == Provider::Ring { RING } else { "" };
        format!(
            "[package]\nname = '{name}'\nversion = '0.0.0'\nedition = '2024'\n\n[workspace]\n\n[profile.release]\n\
             strip = true\n\n[dependencies]\n{dependencies}{common}{ring}"
        )
    }

    fn dependencies(&self) -> String {
        let tls = if self.provider == Provider::Ring { "rustls-no-provider" } else { "rustls" };
        let reqwest = |more: &str| {
            format!("reqwest = {{ version = '*', default-features = false, features = ['{tls}'{more}] }}\n")
        };
        let serde = "serde = { version = '*', features = ['derive'] }\n";
        match (self.module, self.provider) {
            ("ours", Provider::AwsLc) => ours(""),
            ("ours", Provider::Ring) => {
                ours(", default-features = false, features = ['full', 'tracing']") + &reqwest("")
            }
            ("by_hand", _) => format!("{}percent-encoding = '*'\n{serde}", reqwest(", 'json'")),
            _ => format!(
                "{}bytes = '*'\nfutures-core = '*'\nprogenitor-client = '*'\n{serde}\
                 uuid = {{ version = '*', features = ['serde'] }}\n",
                reqwest("")
            ),
        }
    }

    fn program(&self) -> String {
        let (module, client) = (self.module, self.client);
        let install = match self.provider {
            Provider::AwsLc => "",
            Provider::Ring => "    let _ = rustls::crypto::ring::default_provider().install_default();\n",
        };
        format!(
            "#![allow(dead_code)]\n\nmod client;\nmod exchange;\nmod {module};\n\nuse client::Client as _;\n\n\
             #[tokio::main(flavor = \"current_thread\")]\nasync fn main() -> client::Result<()> {{\n{install}    \
             let server = std::env::args().nth(1).unwrap_or_default();\n    let client = {module}::{client}::of(&server)?;\n    \
             println!(\"{{}} {{}}\", client.start().await?, client.result().await?);\n    Ok(())\n}}\n"
        )
    }
}

fn ours(more: &str) -> String {
    format!("intuned-client = {{ path = {:?}{more} }}\n", workspace::client().display().to_string())
}
