//! Generates a client from the unmodified `openapi.yaml` with progenitor and its default settings.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context as _, Result};
use progenitor_impl::Generator;

const DOCUMENT: &str = "../../openapi.yaml";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let text = fs::read_to_string(DOCUMENT).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let document = serde_yaml::from_str(&text)?;
    let tokens = Generator::default().generate_tokens(&document)?;
    let folder = env::var_os("OUT_DIR").context("cargo names no OUT_DIR")?;
    let source = prettyplease::unparse(&syn::parse2(tokens)?);
    fs::write(PathBuf::from(folder).join("untouched.rs"), source)?;
    Ok(())
}
