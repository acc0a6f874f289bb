//! `init`: writes a configuration for a document.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use generator::ir::Api;

use super::{Document, Findings, Format, Outcome};
use crate::config::FILE;
use crate::console::Console;
use crate::paths::shown;
use crate::spec::STDIN;

/// Writes `clientsmith.toml` into the current folder, with the names that the document suggests.
///
/// # Errors
///
/// The document cannot be read, or there is a configuration already.
pub fn run(document: &Path, console: &mut Console) -> Result<Outcome> {
    let file = Path::new(FILE);
    if fs::symlink_metadata(file).is_ok() {
        bail!("{FILE} exists\nhelp: edit it, or delete it first");
    }
    if document == Path::new(STDIN) {
        bail!("a configuration needs a document in a file\nhelp: save the document to a file, and pass its path");
    }
    let source =
        Document { path: document.to_path_buf(), overlays: Vec::new(), lenient: false, format: Format::default() };
    let spec = source.read()?;
    let api = match spec.run(|input| generator::understand(input).map(|(_, api, _)| api))? {
        Ok(api) => api,
        Err(diagnostics) => {
            let findings = Findings { spec: &spec, format: Format::default() };
            return Ok(findings.show_errors(&diagnostics, &format!("{FILE} was not written"), console));
        }
    };
    fs::write(file, text(document, &api)).with_context(|| format!("cannot write {FILE}"))?;
    console.print(&format!("wrote {FILE} for {}\nnext: clientsmith generate", shown(document)));
    if Path::new(".git").exists() && !ignores_target() {
        console.print("help: add `/target` to .gitignore, so that what cargo builds is not committed");
    }
    Ok(Outcome::Passed)
}

/// Whether version control ignores what cargo builds.
fn ignores_target() -> bool {
    let text = fs::read_to_string(".gitignore").unwrap_or_default();
    text.lines().any(|line| line.trim().trim_matches('/') == "target")
}

/// Returns a configuration that only states the document. Everything else is a comment with its default.
fn text(document: &Path, api: &Api) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let (package, client) = (&api.package, &api.client);
    format!(
        "# The configuration of `clientsmith`. Paths are relative to this file; commented lines show the defaults.\n\n\
         # The OpenAPI document. Overlays are applied to it in order.\n\
         document = {}\n\
         # overlays = [\"overlay.yaml\"]\n\n\
         # The folder of the crate.\n\
         # output = \".\"\n\n\
         # Whether parts of the document with errors are left out.\n\
         # lenient = false\n\n\
         [package]\n\
         # name = {}\n\
         # version = {}\n\
         # license = {}\n\
         # authors = []\n\
         # description = \"What the crate is for\"\n\
         # repository = \"https://example.com/repository\"\n\
         # homepage = \"https://example.com\"\n\
         # documentation = \"https://docs.rs/crate\"\n\
         # keywords = [{}]\n\
         # Whether the lints of the generated code apply to the whole crate: your modules, tests and examples.\n\
         # lints = false\n\n\
         [client]\n\
         # name = {}\n\
         # environment = {}\n\n\
         [features]\n\
         # The default features of the crate.\n\
         # default = {}\n\n\
         [docs]\n\
         # Whether there is a Markdown page for each type.\n\
         # models = false\n\n\
         [types.derives]\n\
         # More derives of types, by their names or for all of them.\n\
         # all = [\"utoipa::ToSchema\"]\n\n\
         [types.attributes]\n\
         # More attributes of types.\n\
         # Pet = [\"#[must_use]\"]\n\n\
         [types.formats]\n\
         # Types of other crates instead of those of formats, and below of schemas and properties.\n\
         # date-time = {{ path = \"jiff::Timestamp\", crate = \"jiff\", version = \"1\", features = [\"serde\"] }}\n\n\
         [types.schemas]\n\
         # Money = \"crate::custom::Money\"\n\n\
         [types.properties]\n\
         # \"Order.total\" = \"crate::custom::Money\"\n\n\
         [types.rename]\n\
         # Other names of types, fields and variants.\n\
         # Pet = \"Animal\"\n\
         # \"Pet.name\" = \"title\"\n\n\
         [warnings]\n\
         # Codes of warnings that are not shown, and of those that are errors.\n\
         # accept = []\n\
         # deny = []\n\n\
         # Dependencies of your own modules, as in Cargo.toml.\n\
         [dependencies]\n",
        quoted(&document.to_string_lossy()),
        quoted(&package.name),
        quoted(&package.version),
        quoted(&package.license),
        package.keywords.iter().map(|keyword| quoted(keyword)).collect::<Vec<_>>().join(", "),
        quoted(&client.name),
        quoted(&client.env_prefix),
        serde_json::Value::from(generator::emit::default_features(api)),
    )
}
