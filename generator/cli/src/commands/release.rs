//! `generate --bump`: chooses the version of a crate by what changed since an earlier one, and writes the changelog.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use generator::tree::CrateTree;
use semver::{Prerelease, Version};
use toml_edit::{DocumentMut, Item, Table, value};

use super::diff::{impact, summary, texts};
use super::generate::{Generator, read_with};
use crate::changelog;
use crate::config::{Config, Package};
use crate::console::Console;
use crate::drift::has_marker;
use crate::git::Revision;
use crate::owned::{LIST, Owned};
use crate::paths::shown;
use crate::spec::READ;
use crate::surface::{Change, Impact, Surface, bumped, compare};

/// How the version is raised.
#[derive(Debug, Clone)]
pub struct Bump {
    /// The git revision with the earlier crate. By default `HEAD`, and the files in the folder if that has no crate.
    pub since: Option<String>,
    /// The configuration, which keeps the version.
    pub config: PathBuf,
}

/// A new version.
#[derive(Debug)]
pub struct Release {
    earlier: String,
    version: String,
    changes: Vec<Change>,
    /// The configuration, if the version has to be written to it.
    config: Option<PathBuf>,
}

/// The crate that the new one is compared with.
struct Base {
    surface: Surface,
    files: BTreeMap<String, String>,
}

/// Plans the next version. Returns the configuration that has it. A document with errors has no plan.
pub(super) fn plan(
    config: &Config,
    bump: &Bump,
    has_custom_module: bool,
    console: &mut Console,
) -> Result<(Config, Option<Release>)> {
    let mut config = config.clone();
    let Some(base) = base(&config.output, bump.since.as_deref())? else {
        console.print("there is no earlier version: the version stays");
        return Ok((config, None));
    };
    let Some(tree) = generate_tree(&config, has_custom_module)? else { return Ok((config, None)) };
    let new = Surface::read(tree.iter())?;
    let changes = compare(&base.surface, &new);
    let earlier = base.surface.version.clone();
    let required = if changes.is_empty() {
        let package = Package { version: Some(earlier.clone()), ..config.package.clone() };
        let same_version = Config { package, ..config.clone() };
        match generate_tree(&same_version, has_custom_module)? {
            Some(tree) if !base.is(&tree) => bumped(&earlier, Impact::Patch)?,
            _ => earlier.clone(),
        }
    } else {
        bumped(&earlier, impact(&changes).unwrap_or(Impact::Patch))?
    };
    let is_lower = is_lower(&new.version, &earlier, &required)?;
    let version = if is_lower { required } else { new.version };
    if is_lower {
        config.package.version = Some(version.clone());
    }
    let file = is_lower.then(|| bump.config.clone());
    if version == earlier {
        console.print(&format!("nothing changed since {earlier}: the version stays"));
        if file.is_none() {
            return Ok((config, None));
        }
    }
    Ok((config, Some(Release { earlier, version, changes, config: file })))
}

/// Generates the crate. `None` for a document with errors.
fn generate_tree(config: &Config, has_custom_module: bool) -> Result<Option<CrateTree>> {
    let spec = read_with(config, READ)?;
    let generator = Generator { config, spec: &spec, marker: None, has_custom_module };
    Ok(generator.run(&mut |_| {})?.ok().map(|output| output.tree))
}

/// Whether the stated version is too low. A pre-release of the required version is high enough: a series of them can be
/// started by hand.
fn is_lower(stated: &str, earlier: &str, required: &str) -> Result<bool> {
    let version = parse(stated)?;
    let release = Version { pre: Prerelease::EMPTY, ..version.clone() };
    Ok(version <= parse(earlier)? && required != stated || release < parse(required)?)
}

fn parse(version: &str) -> Result<Version> {
    version.parse().with_context(|| format!("{version:?} is not a version"))
}

/// Reads the earlier crate, from git or from the folder. `None` for the first version.
fn base(output: &Path, since: Option<&str>) -> Result<Option<Base>> {
    let revision =
        Revision::find(since.unwrap_or("HEAD"), output).or_else(|error| since.map_or(Ok(None), |_| Err(error)))?;
    if let Some(revision) = &revision
        && let Ok(list) = revision.read(&output.join(LIST))
    {
        let owned = Owned::parse(&String::from_utf8_lossy(&list), &output.join(LIST))?;
        return Base::of(revision.files(output, |path| owned.contains(Path::new(path)))?).map(Some);
    }
    if let Some(since) = since {
        bail!("{since} contains no generated crate in {}", shown(output));
    }
    let owned = Owned::read(output)?;
    let read = |path: &Path| Some((path.to_str()?.replace('\\', "/"), fs::read_to_string(output.join(path)).ok()?));
    let files: Vec<_> = owned.paths().filter_map(read).collect();
    if files.is_empty() { Ok(None) } else { Base::of(files).map(Some) }
}

impl Base {
    fn of(files: Vec<(String, String)>) -> Result<Self> {
        let surface = Surface::read(texts(&files))?;
        let generated = files.into_iter().filter(|(_, text)| has_marker(text.as_bytes()));
        Ok(Self { surface, files: generated.map(|(path, text)| (path, without_marker(&text))).collect() })
    }

    /// Whether these are the same files. Their first line is not compared: it names the configuration.
    fn is(&self, tree: &CrateTree) -> bool {
        let files = tree.iter().filter(|(_, text)| has_marker(text.as_bytes()));
        files.map(|(path, text)| (path.to_owned(), without_marker(text))).collect::<BTreeMap<_, _>>() == self.files
    }
}

fn without_marker(text: &str) -> String {
    text.split_once('\n').map_or("", |(_, rest)| rest).replace("\r\n", "\n")
}

impl Release {
    /// Writes the version to the configuration, and the changes to the changelog.
    pub(super) fn write(&self, folder: &Path, console: &mut Console) -> Result<()> {
        let path = folder.join(changelog::FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", shown(&path))),
        };
        let changed =
            if self.is_new() { changelog::with_entry(&text, &self.version, &self.changes) } else { text.clone() };
        // Everything is read before anything is written.
        if let Some(config) = &self.config {
            let text = fs::read_to_string(config).with_context(|| format!("cannot read {}", shown(config)))?;
            write(config, &with_version(&text, &self.version)?)?;
        }
        if changed != text {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", shown(folder)))?;
            write(&path, &changed)?;
        }
        console.print(&self.summary());
        Ok(())
    }

    /// Whether the version differs from the earlier one. Otherwise the configuration only gets back what it has lost.
    fn is_new(&self) -> bool {
        self.version != self.earlier
    }

    /// Returns the name of the file that a dry run would write.
    pub(super) fn target(&self) -> String {
        match &self.config {
            Some(config) if !self.is_new() => shown(config),
            _ => changelog::FILE.to_owned(),
        }
    }

    /// Returns the versions and the number of changes in words.
    pub(super) fn summary(&self) -> String {
        if !self.is_new() {
            return format!("version {}, which the configuration did not state", self.version);
        }
        let changes = if self.changes.is_empty() {
            "the public API is the same, but not all files".to_owned()
        } else {
            summary(&self.changes)
        };
        format!("version {} follows {}: {changes}", self.version, self.earlier)
    }
}

/// Replaces a file at once, so that a process that is killed leaves the old or the new content.
fn write(path: &Path, text: &str) -> Result<()> {
    // A link stays a link to the new content.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    fs::write(&new, text).and_then(|()| fs::rename(&new, path)).with_context(|| format!("cannot write {}", shown(path)))
}

/// Sets the version in the text of a configuration.
fn with_version(config: &str, version: &str) -> Result<String> {
    if config.contains("\r\n") {
        return Ok(with_version(&config.replace("\r\n", "\n"), version)?.replace('\n', "\r\n"));
    }
    if let Some(rest) = config.strip_prefix('\u{feff}') {
        return Ok(format!("\u{feff}{}", with_version(rest, version)?));
    }
    let mut config: DocumentMut = config.parse().context("the configuration is not TOML")?;
    let package = config.entry("package").or_insert_with(|| Item::Table(Table::new()));
    let package = package.as_table_like_mut().context("`package` is not a table")?;
    match package.get_mut("version").and_then(Item::as_value_mut) {
        Some(own) => {
            let decor = own.decor().clone();
            *own = version.into();
            *own.decor_mut() = decor;
        }
        None => _ = package.insert("version", value(version)),
    }
    Ok(config.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_configuration_stays() {
        let cases = [
            ("document = \"a.yaml\" # mine\n", "document = \"a.yaml\" # mine\n\n[package]\nversion = \"2.0.0\"\n"),
            (
                "# Top.\n[package]\n# name = \"a\"\nversion = \"1.0.0\" # now\n\n[client]\n",
                "# Top.\n[package]\n# name = \"a\"\nversion = \"2.0.0\" # now\n\n[client]\n",
            ),
            ("document = \"a\"\r\n", "document = \"a\"\r\n\r\n[package]\r\nversion = \"2.0.0\"\r\n"),
            ("\u{feff}package.version = \"1.0.0\"\n", "\u{feff}package.version = \"2.0.0\"\n"),
            ("package = { name = \"a\" }\n", "package = { name = \"a\" , version = \"2.0.0\" }\n"),
        ];
        for (config, expected) in cases {
            assert_eq!(with_version(config, "2.0.0").unwrap(), expected);
        }
    }
}
