//! The smallest programs that use both operations, each a crate of its own: one over each client, with the sources that
//! `bench call` measures.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::workspace;

/// What does the cryptography of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    /// aws-lc-rs: what reqwest takes by itself.
    AwsLc,
    /// ring: what a program has to install by itself.
    Ring,
}

/// A program over one client.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consumer {
    /// As the table calls the client.
    pub(super) title: &'static str,
    /// The source of the package `bench`, and the client's type there.
    module: &'static str,
    client: &'static str,
    provider: Provider,
}

/// Over all clients, with the same TLS.
pub(super) const ALL: [Consumer; 3] = [
    Consumer { title: "ours", module: "ours", client: "Ours", provider: Provider::AwsLc },
    Consumer { title: "by hand", module: "by_hand", client: "ByHand", provider: Provider::AwsLc },
    Consumer { title: "progenitor's", module: "untouched", client: "Untouched", provider: Provider::AwsLc },
];

/// Over two of them with ring.
pub(super) const WITH_RING: [Consumer; 2] = [
    Consumer { title: "ours", module: "ours", client: "Ours", provider: Provider::Ring },
    Consumer { title: "by hand", module: "by_hand", client: "ByHand", provider: Provider::Ring },
];

/// What every client's source needs besides the client. The lock file says which versions.
const COMMON: &str =
    "serde_json = '*'\ntokio = { version = '*', default-features = false, features = ['macros', 'rt'] }\n";

/// What a program needs to bring ring.
const RING: &str = "rustls = { version = '*', default-features = false, features = ['ring', 'std', 'tls12'] }\n";

impl Consumer {
    /// Its name as a package.
    pub(super) fn name(&self) -> String {
        let provider = if self.provider == Provider::Ring { "-ring" } else { "" };
        format!("{}{provider}", self.module)
    }

    /// Writes it into a folder.
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
            ("ours", Provider::Ring) => ours(", default-features = false, features = ['tracing']") + &reqwest(""),
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
