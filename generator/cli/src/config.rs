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
//! # Ok::<(), String>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use generator::diagnostics::catalogue;
use generator::emit::dependencies;
use generator::naming::{is_client_name, is_package_name, is_variable_prefix, is_version};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::{Spanned, Table};

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
    /// What happens to warnings.
    #[serde(default)]
    pub warnings: Warnings,
    /// More dependencies, as in `Cargo.toml`.
    #[serde(default)]
    pub dependencies: Table,
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
    /// The URL of its repository.
    pub repository: Option<String>,
    /// Its keywords.
    pub keywords: Option<Vec<String>>,
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

/// The values that are checked, with their locations.
#[derive(Deserialize)]
struct Checked {
    package: Option<CheckedPackage>,
    client: Option<CheckedClient>,
    #[serde(default)]
    dependencies: BTreeMap<Spanned<String>, toml::Value>,
    warnings: Option<CheckedWarnings>,
}

#[derive(Deserialize)]
struct CheckedPackage {
    name: Option<Spanned<String>>,
    version: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct CheckedClient {
    name: Option<Spanned<String>>,
    environment: Option<Spanned<String>>,
}

#[derive(Deserialize)]
struct CheckedWarnings {
    #[serde(default)]
    accept: Vec<Spanned<String>>,
    #[serde(default)]
    deny: Vec<Spanned<String>>,
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
            warnings: Warnings::default(),
            dependencies: Table::new(),
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
        let mut config = Self::parse(&text).map_err(|error| anyhow!("{}:{error}", shown(path)))?;
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
    /// The text is not TOML, has an unknown key, or has a value that is not allowed. The error starts with the line and the
    /// column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let located = |start: usize, message: &str| {
            let before = text.get(..start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
            format!("{line}:{column}: {message}")
        };
        let of_toml = |error: toml::de::Error| {
            let message = suggested(error.message());
            located(error.span().map_or(0, |span| span.start), &message)
        };
        let config: Self = toml::from_str(text).map_err(of_toml)?;
        let checked: Checked = toml::from_str(text).map_err(of_toml)?;
        let check = |value: &Option<Spanned<String>>, is_valid: fn(&str) -> bool, wanted: &str| match value {
            Some(value) if !is_valid(value.get_ref()) => {
                Err(located(value.span().start, &format!("{:?} is not {wanted}", value.get_ref())))
            }
            _ => Ok(()),
        };
        if let Some(package) = checked.package {
            check(&package.name, is_package_name, "the name of a package, such as `petstore-client`")?;
            check(&package.version, is_version, "a version, such as `0.1.0`")?;
        }
        if let Some(client) = checked.client {
            check(&client.name, is_client_name, "the name of a client, such as `PetstoreClient`")?;
            check(&client.environment, is_variable_prefix, "a prefix of environment variables, such as `PETSTORE`")?;
        }
        for (name, value) in &checked.dependencies {
            let (start, name) = (name.span().start, name.get_ref());
            if !name.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character)) {
                return Err(located(start, &format!("{name:?} is not the name of a package")));
            }
            if dependencies().any(|known| known == name) {
                return Err(located(start, &format!("every generated crate depends on `{name}` already")));
            }
            if !value.is_str() && !value.is_table() {
                return Err(located(start, &format!("the dependency `{name}` is neither a version nor a table")));
            }
        }
        let both = config.warnings.accept.intersection(&config.warnings.deny).next();
        let warnings =
            checked.warnings.into_iter().flat_map(|warnings| warnings.accept.into_iter().chain(warnings.deny));
        for code in warnings {
            if !all_warnings().contains(code.get_ref()) {
                let message =
                    format!("{:?} is not the code of a warning; `clientsmith explain` lists them", code.get_ref());
                return Err(located(code.span().start, &message));
            }
            if both == Some(code.get_ref()) {
                return Err(located(code.span().start, &format!("{:?} is both accepted and denied", code.get_ref())));
            }
        }
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

/// Adds the most similar key to a message about an unknown one.
fn suggested(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(unknown) = names.next().filter(|_| message.starts_with("unknown field")) else {
        return message.to_owned();
    };
    let close = names.map(|name| (strsim::damerau_levenshtein(unknown, name), name)).min();
    match close {
        Some((distance, name)) if distance <= 2 => format!("unknown key `{unknown}`; did you mean `{name}`?"),
        _ => message.replacen("unknown field", "unknown key", 1),
    }
}
