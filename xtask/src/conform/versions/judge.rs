//! Judges a pair of documents, with our rules and with cargo-semver-checks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clientsmith::surface::{Change, Impact, Surface, compare};
use generator::tree::CrateTree;

use super::cases::Pair;
use super::proof;

/// The verdicts on a pair. `None` is "no change of the public API that is worth a minor version".
pub(crate) struct Verdict {
    pub(crate) name: String,
    pub(crate) ours: Option<Impact>,
    pub(crate) theirs: Option<Impact>,
    /// Whether the packages have different names. The other tool does not compare them.
    pub(crate) is_renamed: bool,
    /// A change that programs cannot survive, if only we say so: whether a program proves it.
    pub(crate) proof: Option<Proof>,
}

/// The result of compiling programs.
pub(crate) enum Proof {
    /// A program compiles with the old version and not with the new one. The change that it uses.
    Found(String),
    /// None does.
    Missing,
}

/// Where clients, build artifacts and results are kept.
pub(crate) struct Judge {
    pub(crate) work: PathBuf,
}

impl Judge {
    /// Judges a pair.
    pub(crate) fn judge(&self, number: usize, pair: &Pair) -> Result<Verdict> {
        let (old, new) = (tree(pair, &pair.old)?, tree(pair, &pair.new)?);
        let surfaces = (Surface::read(old.iter())?, Surface::read(new.iter())?);
        let changes = compare(&surfaces.0, &surfaces.1);
        let folder = self.work.join(format!("{number}"));
        let (old, new) = (write(&folder.join("old"), &old)?, write(&folder.join("new"), &new)?);
        let (before, after) = (&surfaces.0.package, &surfaces.1.package);
        let is_renamed = before != after;
        let theirs =
            if is_renamed { None } else { self.compare(&self.rustdoc(&old, before)?, &self.rustdoc(&new, after)?)? };
        let ours = changes.iter().map(|change| change.impact).max();
        let is_stricter = ours == Some(Impact::Major) && theirs != Some(Impact::Major) && !is_renamed;
        let proof = if is_stricter { Some(self.prove(before, &folder, &changes)?) } else { None };
        Ok(Verdict { name: pair.name.clone(), ours, theirs, is_renamed, proof })
    }

    /// Writes the rustdoc of a crate as JSON, and returns its path.
    fn rustdoc(&self, folder: &Path, package: &str) -> Result<PathBuf> {
        let target = self.work.join("target");
        let mut command = Command::new("cargo");
        command.args(["rustdoc", "--quiet", "--lib", "--all-features", "--manifest-path"]);
        command.arg(folder.join("Cargo.toml")).args([
            "--",
            "-Zunstable-options",
            "--output-format",
            "json",
            "--cap-lints",
            "allow",
        ]);
        // The JSON of rustdoc is not stable. The other tool reads it from the stable compiler in the same way.
        command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", &target);
        succeed(&mut command)?;
        let path = folder.join("rustdoc.json");
        fs::copy(target.join(format!("doc/{}.json", proof::ident(package))), &path).context("rustdoc wrote no JSON")?;
        Ok(path)
    }

    fn compare(&self, old: &Path, new: &Path) -> Result<Option<Impact>> {
        let mut command = Command::new("cargo");
        command.args(["semver-checks", "--release-type", "patch", "--color", "never", "--baseline-rustdoc"]);
        command.arg(old).arg("--current-rustdoc").arg(new).current_dir(&self.work);
        let output = command.output().context("cannot start cargo semver-checks")?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        let summary = text.lines().find(|line| line.trim_start().starts_with("Summary")).unwrap_or_default();
        match summary {
            line if line.contains("requires new major version") => Ok(Some(Impact::Major)),
            line if line.contains("requires new minor version") => Ok(Some(Impact::Minor)),
            line if line.contains("no semver update required") => Ok(None),
            _ => bail!("cargo semver-checks printed no verdict:\n{text}"),
        }
    }

    /// Compiles programs until one is found that only the old version compiles.
    fn prove(&self, package: &str, folder: &Path, changes: &[Change]) -> Result<Proof> {
        for change in changes.iter().filter(|change| change.impact == Impact::Major) {
            let Some(program) = proof::program(package, change) else { continue };
            if self.compiles(package, &folder.join("old"), &program)?
                && !self.compiles(package, &folder.join("new"), &program)?
            {
                return Ok(Proof::Found(change.message.clone()));
            }
        }
        Ok(Proof::Missing)
    }

    fn compiles(&self, package: &str, client: &Path, program: &str) -> Result<bool> {
        let folder = self.work.join("proof");
        let path = client.to_string_lossy();
        let manifest = format!(
            "[package]\nname = \"proof\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             {package} = {{ path = {path:?}, features = [\"test-util\", \"blocking\"] }}\n"
        );
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/lib.rs"), program)?;
        let mut command = Command::new("cargo");
        command.args(["check", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml"));
        let output =
            command.env("CARGO_TARGET_DIR", self.work.join("target")).output().context("cannot start cargo")?;
        Ok(output.status.success())
    }
}

fn tree(pair: &Pair, spec: &clientsmith::spec::Spec) -> Result<CrateTree> {
    match spec.run(generator::generate)? {
        Ok(output) => Ok(output.tree),
        Err(diagnostics) => bail!("{}: {} has errors:\n{diagnostics}", pair.name, spec.shown),
    }
}

fn write(folder: &Path, tree: &CrateTree) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (path, text) in tree.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(folder.to_path_buf())
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
