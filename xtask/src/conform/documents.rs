//! The documents of the suite, and the client and the program that are generated from each.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use generator::diagnostics::Severity;
use generator::ir::Api;
use generator::progenitor;
use generator::tree::CrateTree;

use super::program;
use super::scenarios::Scenario;
use crate::cli::Version;
use clientsmith::paths::shown;
use clientsmith::spec::Spec;

/// A document of the suite.
pub(crate) struct Document {
    pub(crate) version: Version,
    /// The name of its file, without the extension.
    pub(crate) name: String,
    path: PathBuf,
}

/// A client and the program that calls it.
pub(crate) struct Client {
    pub(crate) api: Api,
    pub(crate) tree: CrateTree,
    /// The source of the program.
    pub(crate) program: String,
}

/// Lists the documents of a version, ordered by name.
pub(crate) fn list(folder: &Path, version: Version) -> Result<Vec<Document>> {
    let folder = folder.join(format!("openapi-{version}"));
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", shown(&folder)))?;
    let mut documents = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            documents.push(Document { version, name, path });
        }
    }
    documents.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(documents)
}

impl Document {
    /// Whether this is the document of a scenario, in any version of its API.
    pub(crate) fn describes(&self, scenario: &Scenario) -> bool {
        let rest = self.name.strip_prefix(&scenario.spec);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The version of the API, if the suite has several documents of the API.
    pub(crate) fn api_version(&self) -> Option<&str> {
        self.name.split_once('.').map(|(_, version)| version)
    }

    /// The name of the client's package, unique in the workspace.
    pub(crate) fn package(&self) -> String {
        format!("{}-{}", self.name, self.version)
            .replace(|character: char| !character.is_ascii_alphanumeric(), "-")
            .to_lowercase()
    }

    /// Generates the client and its program. The inner error is why the document is rejected.
    pub(crate) fn generate(&self) -> Result<Result<Client, String>> {
        let mut spec = Spec::read(&self.path)?;
        spec.add_overlay("package.json", self.overlay());
        let generated = spec.run(|input| {
            let output = generator::generate(input)?;
            let types = progenitor::types(&output.api)?;
            let program = program::source(&output.api, &types);
            Ok(Client { api: output.api, tree: output.tree, program })
        });
        // A panic concerns this document only.
        let generated = match generated {
            Ok(generated) => generated,
            Err(panic) => return Ok(Err(format!("{panic:#}"))),
        };
        Ok(generated.map_err(|diagnostics| {
            let errors = diagnostics.sorted();
            let error = errors.iter().find(|diagnostic| diagnostic.code.severity() == Severity::Error);
            error.map_or_else(String::new, |error| format!("{}: {}", error.code.id, error.message))
        }))
    }

    /// The overlay that names the package.
    fn overlay(&self) -> String {
        let update = serde_json::json!({"x-sdk": {"packageName": self.package()}});
        let info = serde_json::json!({"title": "Package names", "version": "1"});
        serde_json::json!({"overlay": "1.0.0", "info": info, "actions": [{"target": "$", "update": update}]})
            .to_string()
    }
}
