//! The configuration file, `clientsmith.toml`.
//!
//! ```
//! let config = clientsmith::config::Config::parse(
//!     r#"
//!     document = "openapi.yaml"
//!
//!     [package]
//!     name = "petstore-client"
//!     "#,
//! )?;
//! assert_eq!(config.package.name.as_deref(), Some("petstore-client"));
//! # Ok::<(), Vec<clientsmith::config::Mistake>>(())
//! ```

mod check;
mod keys;
mod types;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::Settings;
use generator::diagnostics::catalogue;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Table;

pub use self::check::Mistake;
pub use self::keys::all as keys;
pub use self::types::Types;

use crate::paths::shown;

/// The name of the file.
pub const FILE: &str = "clientsmith.toml";

/// The configuration of a client. Paths are relative to the folder of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The OpenAPI document.
    pub document: PathBuf,
    /// OpenAPI Overlays to apply to it, in order.
    #[serde(default)]
    pub overlays: Vec<PathBuf>,
    /// The folder of the crate. By default, that of the configuration.
    #[serde(default = "here")]
    pub output: PathBuf,
    /// Whether the smallest parts of the document with errors are left out, with a warning for each.
    #[serde(default)]
    pub lenient: bool,
    /// The metadata of the crate.
    #[serde(default)]
    pub package: Package,
    /// The names in the client.
    #[serde(default)]
    pub client: Client,
    /// The features of the crate.
    #[serde(default)]
    pub features: Features,
    /// The pages beside the crate.
    #[serde(default)]
    pub docs: Docs,
    /// Derives and attributes of types.
    #[serde(default)]
    pub types: Types,
    /// What happens to warnings.
    #[serde(default)]
    pub warnings: Warnings,
    /// More dependencies, as in `Cargo.toml`.
    #[serde(default)]
    pub dependencies: Table,
    /// The path of the file as shown in messages, and its content. `None` without a file.
    #[serde(skip)]
    pub source: Option<(String, String)>,
}

/// The metadata of the crate. What is absent is taken from the document: the name from `info.title`, the version from
/// `info.version`, the licence from `info.license`, and the author from `info.contact`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Package {
    /// The name of the crate.
    pub name: Option<String>,
    /// Its version. `0.1.0` by default, if that of the document is not a version of a package.
    pub version: Option<String>,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// Its authors.
    #[serde(default)]
    pub authors: Vec<String>,
    /// Its description.
    pub description: Option<String>,
    /// The URL of its repository.
    pub repository: Option<String>,
    /// The URL of its home page.
    pub homepage: Option<String>,
    /// The URL of its documentation.
    pub documentation: Option<String>,
    /// Its keywords.
    pub keywords: Option<Vec<String>>,
    /// Whether its manifest enables lints.
    #[serde(default)]
    pub lints: bool,
}

/// The names in the client. What is absent is derived from the title of the document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    /// The name of the client type.
    pub name: Option<String>,
    /// The prefix of environment variables.
    pub environment: Option<String>,
}

/// The features of the crate.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Features {
    /// The default features, instead of the usual ones.
    pub default: Option<Vec<String>>,
}

/// The Markdown pages beside the crate.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Docs {
    /// Whether there is a page for each type. rustdoc describes types in any case.
    #[serde(default)]
    pub models: bool,
}

/// What happens to warnings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Warnings {
    /// The codes of warnings that are not shown.
    #[serde(default)]
    pub accept: BTreeSet<String>,
    /// The codes of warnings that are errors.
    #[serde(default)]
    pub deny: BTreeSet<String>,
}

/// Returns the codes of all warnings.
#[must_use]
pub fn all_warnings() -> BTreeSet<String> {
    catalogue::ALL.iter().filter(|code| code.id.starts_with('W')).map(|code| code.id.to_owned()).collect()
}

fn here() -> PathBuf {
    PathBuf::from(".")
}

impl Config {
    /// Returns the configuration of a document without a file.
    #[must_use]
    pub fn of_document(document: PathBuf, output: PathBuf) -> Self {
        Self {
            document,
            overlays: Vec::new(),
            output,
            lenient: false,
            package: Package::default(),
            client: Client::default(),
            features: Features::default(),
            docs: Docs::default(),
            types: Types::default(),
            warnings: Warnings::default(),
            dependencies: Table::new(),
            source: None,
        }
    }

    /// Reads a file. Its paths are then relative to the current folder.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not a configuration.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("there is no configuration {}\nhelp: `clientsmith init DOCUMENT` writes one", shown(path))
            }
            text => text.with_context(|| format!("cannot read the configuration {}", shown(path)))?,
        };
        let mut config = match Self::parse(&text) {
            Ok(config) => config,
            Err(mistakes) => {
                let mistakes = mistakes.iter().map(|mistake| format!("{}:{mistake}", shown(path)));
                bail!(mistakes.collect::<Vec<_>>().join("\nerror: "));
            }
        };
        config.source = Some((shown(path), text));
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in [&mut config.document, &mut config.output].into_iter().chain(&mut config.overlays) {
            *path = folder.join(&*path);
        }
        Ok(config)
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    ///
    /// The text is not TOML, has an unknown key, or has a value that is not allowed. All mistakes are returned.
    pub fn parse(text: &str) -> Result<Self, Vec<Mistake>> {
        check::check(text)?;
        let mut config: Self = toml::from_str(text).map_err(|error| vec![Mistake::of_toml(text, &error)])?;
        config.types.locate(text);
        config.source = Some((FILE.to_owned(), text.to_owned()));
        Ok(config)
    }

    /// Returns the overlay that states the settings in the document. `None` if there is nothing to state.
    #[must_use]
    pub fn overlay(&self) -> Option<Value> {
        let settings = [
            ("packageName", &self.package.name),
            ("packageVersion", &self.package.version),
            ("license", &self.package.license),
            ("clientName", &self.client.name),
            ("envPrefix", &self.client.environment),
        ];
        let settings: Map<String, Value> =
            settings.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into()))).collect();
        (!settings.is_empty()).then(|| {
            json!({
                "overlay": "1.0.0",
                "info": { "title": FILE, "version": "1" },
                "actions": [{ "target": "$", "update": { "x-sdk": settings } }],
            })
        })
    }

    /// Returns the settings of the crate that no overlay can state, except for its dependencies.
    #[must_use]
    pub fn settings(&self) -> Settings<'_> {
        let package = &self.package;
        Settings {
            authors: &package.authors,
            description: package.description.as_deref(),
            repository: package.repository.as_deref(),
            homepage: package.homepage.as_deref(),
            documentation: package.documentation.as_deref(),
            keywords: package.keywords.as_deref(),
            default_features: self.features.default.as_deref(),
            has_model_pages: self.docs.models,
            has_lints: package.lints,
            ..Settings::default()
        }
    }

    /// Returns the dependencies as lines of TOML.
    #[must_use]
    pub fn dependency_lines(&self) -> String {
        let mut lines = String::new();
        for (name, value) in &self.dependencies {
            lines.push_str(&format!("{name} = {value}\n"));
        }
        lines
    }
}
